#include "flightlog/flight_path.h"

#include <math.h>

#define EARTH_RADIUS_M 6371008.8

void flight_path_init(struct flight_path *p)
{
    *p = (struct flight_path){ .first_utc_ns = FACT_UNKNOWN_INT, .last_utc_ns = FACT_UNKNOWN_INT,
                              .of_last_utc_ns = FACT_UNKNOWN_INT };
}

bool flight_path_accepts(struct flight_path *p, double longitude_deg, double latitude_deg)
{
    /* Written so that NaN fails. */
    if (!(fabs(longitude_deg) <= 180 && fabs(latitude_deg) <= 90)) {
        if (p)
            p->impossible_fixes++;
        return false;
    }
    if (longitude_deg == 0 && latitude_deg == 0) {
        if (p)
            p->null_fixes++;
        return false;
    }
    return true;
}

bool flight_path_leaps_far(const struct flight_point *from, const struct flight_point *to)
{
    return flight_distance_m(from->longitude_deg, from->latitude_deg, to->longitude_deg, to->latitude_deg) >
        FLIGHT_LEAP_M;
}

/* Whether it takes no more than a fast aircraft to get there in the time between. */
static bool time_explains(const struct flight_path *p, struct flight_point at, int64_t time_utc_ns)
{
    int64_t step_ns;

    if (!fact_known_int(time_utc_ns) || !fact_known_int(p->of_last_utc_ns) ||
        __builtin_sub_overflow(time_utc_ns, p->of_last_utc_ns, &step_ns) || step_ns <= 0)
        return false;
    return flight_distance_m(p->last.longitude_deg, p->last.latitude_deg, at.longitude_deg, at.latitude_deg) <=
        FLIGHT_SPEED_MAX_M_S * 1e-9 * (double)step_ns;
}

static void count_leap(struct flight_path *p, struct flight_point at, int64_t time_utc_ns)
{
    p->leaps++;
    p->leaps_too_fast += !time_explains(p, at, time_utc_ns);
}

void flight_path_add(struct flight_path *p, struct flight_point at, int64_t time_utc_ns)
{
    if (p->points++ == 0) {
        p->first = at;
        p->west = p->east = at.longitude_deg;
        p->south = p->north = at.latitude_deg;
    } else {
        if (flight_path_leaps(&p->last, &at))
            count_leap(p, at, time_utc_ns);
        p->west = at.longitude_deg < p->west ? at.longitude_deg : p->west; /* fmin is a call; none of these is NaN */
        p->east = at.longitude_deg > p->east ? at.longitude_deg : p->east;
        p->south = at.latitude_deg < p->south ? at.latitude_deg : p->south;
        p->north = at.latitude_deg > p->north ? at.latitude_deg : p->north;
    }
    p->last = at;
    p->of_last_utc_ns = time_utc_ns;
    if (!fact_known_int(time_utc_ns))
        return;
    if (!fact_known_int(p->first_utc_ns) || time_utc_ns < p->first_utc_ns)
        p->first_utc_ns = time_utc_ns;
    if (!fact_known_int(p->last_utc_ns) || time_utc_ns > p->last_utc_ns)
        p->last_utc_ns = time_utc_ns;
}

void flight_path_describe(const struct flight_path *p, struct fact_flight *flight)
{
    flight->points = p->points;
    if (p->points == 0)
        return;
    flight->bbox_west = p->west;
    flight->bbox_south = p->south;
    flight->bbox_east = p->east;
    flight->bbox_north = p->north;
    flight->first_longitude_deg = p->first.longitude_deg;
    flight->first_latitude_deg = p->first.latitude_deg;
    flight->first_altitude_m = p->first.altitude_m;
    flight->last_longitude_deg = p->last.longitude_deg;
    flight->last_latitude_deg = p->last.latitude_deg;
    flight->last_altitude_m = p->last.altitude_m;
}

double flight_distance_m(double longitude_a_deg, double latitude_a_deg,
                         double longitude_b_deg, double latitude_b_deg)
{
    const double rad = M_PI / 180;
    const double south_north = sin((latitude_b_deg - latitude_a_deg) * rad / 2);
    const double west_east = sin((longitude_b_deg - longitude_a_deg) * rad / 2);
    const double h = south_north * south_north +
                     cos(latitude_a_deg * rad) * cos(latitude_b_deg * rad) * west_east * west_east;

    return 2 * EARTH_RADIUS_M * asin(fmin(1, sqrt(h)));
}
