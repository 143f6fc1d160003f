#ifndef LEASH_FLIGHTLOG_CSV_PLACE_H
#define LEASH_FLIGHTLOG_CSV_PLACE_H

#include <stdbool.h>

#include "base/text.h"
#include "flightlog/flight_path.h"

/* Numbers and coordinates as tables of flight data write them; used by csv_log.c alone. */

/* A number, with a decimal comma where the comma separates nothing.  NaN: empty, or something else. */
double csv_number(char separator, struct text t);

/* 41.5, "41.5N" and "W 5.25": degrees, south and west negative.  NaN likewise. */
double csv_coordinate(char separator, struct text t);

/* Receivers and autopilots count in 1e-7 degrees, and some exports have the numbers as they were: whole ones, that are
 * no degrees, and would be if they were so many times smaller. */
bool csv_place_is_scaled(struct text latitude, struct text longitude, const struct flight_point *at);

#endif
