#ifndef LEASH_STORY_TIMELINE_H
#define LEASH_STORY_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A path over time, thinned to a limit: at most one sample in each bin of time, and bins that grow when
 * there are too many.  What is kept is as it was read, never averaged. */

struct timeline_sample {
    int64_t time_ns;
    double longitude_deg, latitude_deg;
    double altitude_m;             /* NaN: unknown */
};

struct timeline {
    struct timeline_sample *at;
    size_t count, room, limit;
    int64_t bin_ns;
};

enum { TIMELINE_BIN_FIRST_MS = 200 };

void timeline_init(struct timeline *t, size_t limit);
void timeline_done(struct timeline *t);
/* Times may come in any order. */
void timeline_add(struct timeline *t, struct timeline_sample s);
/* After the last one: sorts.  Everything below needs it. */
void timeline_end(struct timeline *t);

/* Where it was then, between two samples by a straight line.  False before its first sample, after its last, and
 * in a gap. */
bool timeline_at(const struct timeline *t, int64_t time_ns, struct timeline_sample *ret);
/* A step between samples longer than this is a gap. */
int64_t timeline_gap_ns(const struct timeline *t);

/* How well two tracks agree while both tell where the aircraft was. */
struct timeline_fit {
    size_t points;                 /* compared */
    double median_m, far_m;        /* half of them are this near, 95 of 100 that; NaN when there are none */
    double higher_m;               /* median of b's altitude minus a's; NaN when unknown */
};

/* How b's altitudes lie above a's while both tell them: where the two count from other levels, by the same amount all
 * the time. */
struct timeline_heights {
    size_t points;                 /* compared */
    double higher_m;               /* median of b's altitude minus a's; NaN when there are none */
    double half_m, far_m;          /* from that: half of them are this near, 95 of 100 that */
};

/* `b` with its clock moved by `shift_ns` against `a`, on `points_max` points of b at most (1024 at the highest). */
struct timeline_fit timeline_compare(const struct timeline *a, const struct timeline *b, int64_t shift_ns,
                                     size_t points_max);
struct timeline_heights timeline_compare_heights(const struct timeline *a, const struct timeline *b, int64_t shift_ns,
                                                 size_t points_max);
/* The shift within +-range that brings them nearest; one nearer to zero wins unless another is clearly better.
 * In steps of a second, then of a tenth. */
int64_t timeline_best_shift(const struct timeline *a, const struct timeline *b, int64_t range_ns);

/* Diagonal of the box around the samples between the two times. */
double timeline_extent_m(const struct timeline *t, int64_t from_ns, int64_t to_ns);

/* Along the ground, for places up to some 10 km apart. */
double place_distance_m(double longitude_a_deg, double latitude_a_deg, double longitude_b_deg, double latitude_b_deg);

/* a + b, at most INT64_MAX and at least INT64_MIN + 1. */
int64_t time_add(int64_t a_ns, int64_t b_ns);
/* The same of a - b, in seconds. */
double time_between_s(int64_t from_ns, int64_t to_ns);

int compare_reals(const void *a, const void *b);

#endif
