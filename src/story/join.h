#ifndef LEASH_STORY_JOIN_H
#define LEASH_STORY_JOIN_H

#include "story/source.h"

/* Two sources that were not joined though much speaks for it. */
struct undecided {
    size_t a, b;
    struct text statement;
};

struct joining {
    struct sources *s;
    struct undecided *undecided;
    size_t undecided_count, undecided_room;
    size_t undecided_left_out, pairs_left_out;
};

void joining_init(struct joining *j, struct sources *s);
void joining_done(struct joining *j);

/* Whether any two sources could be joined at all, by times and boxes alone; sets `track.limit` of those whose
 * tracks that needs. */
bool join_needs_tracks(struct joining *j);

/* Joins sources with UTC: rules serial, twin, path and ends. */
void join_logs(struct joining *j);
/* Then those whose clock has no zone, and photos: rules clock and photo. */
void join_clocks_and_photos(struct joining *j);
/* Then looks for logs that are joined with nothing because their clock, or another's, is wrong: they are left
 * undecided. */
void find_wrong_clocks(struct joining *j);
/* Then videos with what their own tracks tell: rule file. */
void join_files(struct joining *j);

/* The number that all sources of one set have in common. */
size_t story_set(struct sources *s, size_t i);

/* Whether the two could be logs of one flight with different clocks, by all but their tracks; for join.c. */
bool wrong_clock_may_be(const struct source *a, const struct source *b);

/* For clock.c and wrong_clock.c. */
void story_join(struct joining *j, size_t to, size_t one, enum story_rule rule, struct timeline_fit fit);
__attribute__((format(printf, 4, 5)))
void leave_undecided(struct joining *j, size_t a, size_t b, const char *format, ...);
/* The second-best is too near the best to choose. */
static inline bool is_rival(double best_m, double other_m)
{
    return other_m <= STORY_RIVAL_FACTOR * best_m + STORY_RIVAL_M;
}

#endif
