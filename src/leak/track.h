#ifndef LEASH_LEAK_TRACK_H
#define LEASH_LEAK_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "leak/position.h"

/* The known points of one flight (or of take-off, operator or photos), made ready to be
 * asked how far a position is from them. */

enum datum { DATUM_WGS84, DATUM_GCJ02, DATUM_BD09, DATUM_COUNT };
const char *datum_name(enum datum datum); /* as in leak.datum */
/* False outside the rectangle around China where the map services shift positions. */
bool datum_shift(enum datum datum, double *longitude_deg, double *latitude_deg);

struct track_point {
    double longitude_deg, latitude_deg;
    int64_t time_utc_ns; /* or FACT_UNKNOWN_INT */
};

/* Where on the track something lies: behind `along_m` metres of flight. */
struct track_place {
    double distance_m;
    double along_m;
    uint32_t segment; /* index of the point before it */
    double fraction;  /* between that point and the next */
};

enum { TRACK_NEAR_M = 15, TRACK_AT_M = 3, TRACK_PASSES_MAX = 6 };

struct track {
    struct geo_box box;       /* of the points, with about 50 m of margin */
    double longitude0_deg, latitude0_deg, metres_per_lon_deg; /* of the flat map below */
    struct track_point *points;
    double *x_m, *y_m, *along_m;
    bool *joined;             /* each point with the one behind it, by a line */
    uint32_t count;
    bool path;                /* points in a row are joined; else each stands for itself */
    double grain_m;           /* half the last decimal to which the log was written, when that is 1e-6 degrees or coarser; else 0 */
    uint32_t *coverage;       /* how much of the box is near it, counted when it is first asked for; 0: not yet */
    /* a grid of cells, each with the segments that may come near it */
    double cell_m, west_m, south_m;
    uint32_t columns, rows, *cell_first, *cell_segments;
};

/* Takes a copy of the points.  They must lie close enough together for a flat map (some
 * hundred km), which callers see to by cutting at jumps. */
void track_init(struct track *t, const struct track_point *points, size_t count, bool path);
void track_done(struct track *t);

void track_map(const struct track *t, double longitude_deg, double latitude_deg, double *x_m, double *y_m);
/* The nearest place within `reach_m` (at most 40 m); false when there is none. */
bool track_nearest(const struct track *t, double x_m, double y_m, double reach_m, struct track_place *ret);
/* Every pass of the track within `reach_m`: one place per stretch of neighbouring
 * segments, the nearest ones when there are more than TRACK_PASSES_MAX. */
size_t track_passes(const struct track *t, double x_m, double y_m, double reach_m,
                    struct track_place into[TRACK_PASSES_MAX]);
/* -log2 of the share of the box within TRACK_NEAR_M and TRACK_AT_M: what it says to be that near.  Several threads may
 * ask at once. */
double track_near_bits(const struct track *t);
double track_at_bits(const struct track *t);
/* The time at a place, or unknown. */
int64_t track_time_at(const struct track *t, const struct track_place *place);
/* Where the aircraft was at a time; false outside the track or over a gap in it. */
bool track_at_time(const struct track *t, int64_t time_utc_ns, double *x_m, double *y_m, double *along_m);

#endif
