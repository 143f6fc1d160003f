#ifndef LEASH_FLIGHTLOG_FLIGHT_PATH_H
#define LEASH_FLIGHTLOG_FLIGHT_PATH_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "fact/fact.h"

/* What a flight row says about its path, gathered while the fixes stream by.
 * Shared by all flight log formats. */
struct flight_point {
    double longitude_deg, latitude_deg, altitude_m; /* altitude may be unknown */
};

/* How the aircraft lay in the air; unknown (NaN) where that is not told. */
struct flight_attitude {
    double pitch_deg, roll_deg, yaw_deg;
};

#define FLIGHT_ATTITUDE_UNKNOWN ((struct flight_attitude){ FACT_UNKNOWN_REAL, FACT_UNKNOWN_REAL, FACT_UNKNOWN_REAL })

struct flight_path {
    int64_t points;                        /* fixes of the aircraft */
    int64_t null_fixes;                    /* refused: 0/0, which receivers write when they know nothing */
    int64_t impossible_fixes;              /* refused: outside the globe or not a number */
    int64_t leaps;                         /* fixes more than FLIGHT_LEAP_M from the one before */
    int64_t leaps_too_fast;                /* of those, the ones that their times do not explain */
    double west, south, east, north;
    struct flight_point first, last;
    int64_t of_last_utc_ns;                /* the time of `last`, or unknown */
    int64_t first_utc_ns, last_utc_ns;     /* earliest and latest fix time, or unknown */
};

/* No aircraft of these makers gets that far between two fixes: such a step is a
 * damaged number, a receiver's glitch or a gap in the log, and worth a word. */
#define FLIGHT_LEAP_M 2000.0
/* Unless fixes are that seldom: nothing that has such a log flies faster than sound. */
#define FLIGHT_SPEED_MAX_M_S 340.0

void flight_path_init(struct flight_path *p);

/* A place on the globe that is not 0/0.  A place that is not is counted in `p`
 * as refused, unless `p` is NULL. */
bool flight_path_accepts(struct flight_path *p, double longitude_deg, double latitude_deg);

/* The same for points that are not known to lie close. */
bool flight_path_leaps_far(const struct flight_point *from, const struct flight_point *to);

/* Whether the step from one point to the next is longer than FLIGHT_LEAP_M.  Cheap lower bound first: most fixes lie a
 * few metres from the one before. */
static inline bool flight_path_leaps(const struct flight_point *from, const struct flight_point *to)
{
    return !(fabs(to->latitude_deg - from->latitude_deg) < 0.001 &&
             fabs(to->longitude_deg - from->longitude_deg) < 0.001) && flight_path_leaps_far(from, to);
}

/* Takes a fix that was accepted; `time_utc_ns` may be unknown. */
void flight_path_add(struct flight_path *p, struct flight_point at, int64_t time_utc_ns);

/* Sets points, bbox, first and last of the row; leaves unknown what is not known. */
void flight_path_describe(const struct flight_path *p, struct fact_flight *flight);

/* Along the ground on a sphere: good to half a percent. */
double flight_distance_m(double longitude_a_deg, double latitude_a_deg,
                         double longitude_b_deg, double latitude_b_deg);

#endif
