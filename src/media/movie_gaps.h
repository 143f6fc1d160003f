#ifndef LEASH_MEDIA_MOVIE_GAPS_H
#define LEASH_MEDIA_MOVIE_GAPS_H

#include "media/movie_path.h"

/* Media data that no sample covers: what a camera left there, or somebody put there.  Boxes `mdat` and tracks are told
 * as they are met; at the end the stretches of the one that none of the other reach are damage, unless they begin with
 * 4 kB of one repeated byte, or are no more than that. */
enum { MOVIE_MEDIA_MAX = 64, MOVIE_RUNS_MAX = 1 << 20 };

struct movie_gaps {
    struct { uint64_t from, to; } media[MOVIE_MEDIA_MAX];   /* offsets in the item */
    size_t media_count;
    struct movie_gap_run { uint64_t from, to; } *runs;      /* in the arena */
    size_t run_count, run_room;
    bool unknown;           /* not all runs are known, so nothing can be said */
};

void movie_gaps_media(struct movie_gaps *g, const struct box *mdat);
void movie_gaps_track(struct movie_gaps *g, const struct movie *m, const struct movie_track *track);
void movie_gaps_tell(struct movie_gaps *g, struct movie *m);

#endif
