#ifndef LEASH_REPORT_TRACK_H
#define LEASH_REPORT_TRACK_H

#include <stddef.h>

/* A track drawn with few points, from any number of them in bounded memory. */

enum { TRACK_KEPT_MAX = 8192 };

struct track_point {
    double longitude_deg, latitude_deg, altitude_m; /* altitude may be NaN */
};

struct track {
    struct track_point points[TRACK_KEPT_MAX];
    struct track_point last;      /* of all that came */
    size_t count;                 /* kept so far */
    size_t seen, stride;          /* every stride-th of those seen was kept */
};

void track_begin(struct track *t);
/* Keeps the point, or every nth of them once the track is full. */
void track_add(struct track *t, struct track_point p);
/* Reduces the track to at most `points_max` (>= 2) points: the first, the last, and those in
 * between where it bends most (Douglas and Peucker 1973, ordered by importance). */
void track_simplify(struct track *t, size_t points_max);

#endif
