#include <math.h>

#include "base/timestamp.h"
#include "story/join.h"

/* Two logs of different formats whose times say UTC and do not meet, or name other places when they do, and whose paths
 * are the same when one clock is moved: one flight told by two devices of which one has the wrong time, or the same path flown twice.  Which of the
 * two it was the logs do not tell, so they are not joined, and that is said. */

enum {
    REACH_H = 15,             /* UTC-12 to UTC+14, and a clock that is not quite right */
    POINTS = 64, POINTS_MIN = 10,
    PAIRS_MAX = 500,          /* compared in one case */
    LENGTH_SHARE = 80,        /* of 100 of the longer one's time: logs of one flight are about equally long */
    COARSE_STEPS = 60,        /* seconds to either side of where the beginnings, or the ends, meet */
    FINE_STEPS = 10,          /* tenths */
};

#define EXTENT_MIN_M 50.0     /* what stays in one place fits any clock */
#define EXACT_M 0.5           /* no aircraft flies a path twice like that: asked where no serial number says that it is one */

static bool is_log(const struct source *x)
{
    return !x->media && !x->local && fact_known_int(x->from_ns) && fact_known_int(x->to_ns);
}

static bool about_as_long(const struct source *a, const struct source *b)
{
    const double one_s = time_between_s(a->from_ns, a->to_ns), other_s = time_between_s(b->from_ns, b->to_ns);

    return fmin(one_s, other_s) * 100 >= fmax(one_s, other_s) * LENGTH_SHARE && fmin(one_s, other_s) > 0;
}

bool wrong_clock_may_be(const struct source *a, const struct source *b)
{
    if (!is_log(a) || !is_log(b) || text_equal(a->format, b->format) || !about_as_long(a, b))
        return false;
    if (text_known(a->serial) && text_known(b->serial) && !text_equal(a->serial, b->serial))
        return false;
    const double apart_s = fmax(time_between_s(a->to_ns, b->from_ns), time_between_s(b->to_ns, a->from_ns));
    return apart_s <= REACH_H * 3600.0; /* below 0 while both were in the air */
}

struct moved { struct timeline_fit fit; int64_t shift_ns; };

static void try_shift(const struct source *a, const struct source *b, int64_t shift_ns, struct moved *best)
{
    const struct timeline_fit fit = timeline_compare(&a->track, &b->track, shift_ns, POINTS);

    if (fit.points >= POINTS_MIN && !(best->fit.median_m <= fit.median_m))
        *best = (struct moved){ fit, shift_ns };
}

/* The clock of b moved so that the paths fit best: from where the beginnings meet, and from where the ends do. */
static struct moved move_clock(const struct source *a, const struct source *b)
{
    const int64_t starts[] = { time_add(a->from_ns, -b->from_ns), time_add(a->to_ns, -b->to_ns) };
    struct moved best = { { 0, NAN, NAN, NAN }, 0 };

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        for (int s = -COARSE_STEPS; s <= COARSE_STEPS; s++)
            try_shift(a, b, time_add(starts[i], s * NS_PER_S), &best);
    const int64_t middle_ns = best.shift_ns;
    for (int tenth = -FINE_STEPS; tenth <= FINE_STEPS && best.fit.points; tenth++)
        try_shift(a, b, time_add(middle_ns, tenth * (NS_PER_S / 10)), &best);
    return best;
}

static void compare(struct joining *j, size_t one, size_t other)
{
    const struct source *a = &j->s->at[one], *b = &j->s->at[other];
    const bool same_aircraft = text_known(a->serial) && text_equal(a->serial, b->serial);

    if (a->track.count < POINTS_MIN || b->track.count < POINTS_MIN ||
        timeline_extent_m(&b->track, b->from_ns, b->to_ns) < EXTENT_MIN_M)
        return;
    const struct moved m = move_clock(a, b);
    if (!m.fit.points || fabs(time_between_s(0, m.shift_ns)) < STORY_TELL_CLOCK_S ||
        m.fit.median_m > (same_aircraft ? STORY_PATH_M : EXACT_M) ||
        m.fit.far_m > (same_aircraft ? STORY_PATH_FAR_M : 2 * EXACT_M))
        return;
    leave_undecided(j, other, one, "Not joined: with its clock moved by %+.1f s its path is that of the other log (%.1f m apart). One of the clocks is "
                    "wrong, or the same path was flown twice.", time_between_s(0, m.shift_ns), m.fit.median_m);
}

void find_wrong_clocks(struct joining *j)
{
    struct sources *s = j->s;
    size_t pairs = 0;

    for (size_t a = 0; a < s->count; a++)
        for (size_t b = a + 1; b < s->count && pairs < PAIRS_MAX; b++)
            if ((s->at[a].rule == RULE_NONE || s->at[b].rule == RULE_NONE) &&
                wrong_clock_may_be(&s->at[a], &s->at[b])) {
                pairs++;
                compare(j, a, b);
            }
}
