#ifndef LEASH_FLIGHTLOG_JSON_OBJECTS_H
#define LEASH_FLIGHTLOG_JSON_OBJECTS_H

#include "evidence/reading.h"

/* Flight data in JSON whose rows are objects, as the apps of the maker Autel export it: a list, by itself or under one
 * of a few names, of {"timestamp": ..., "droneLatitude": ..., "droneLongitude": ..., "relativeHeight": ..., ...}.
 *
 * Nobody published the form.  What is known are the names that a public web program looks for in such exports (its
 * parsers/autel: lists called flightData, telemetry, records, data, flightRecords or gpsData, also inside "flight";
 * several names for each value), whose samples were not seen.  Only documents with a name that no other maker uses are
 * taken, or with one that only drones' logs have (drone_sn, flight_mode).  Names mean what they mean as columns of a
 * table (csv_columns.h); the flight is put by csv_log.c. */

__attribute__((warn_unused_result)) bool json_objects_recognise(struct bytes whole);
/* INVALID: no such document; nothing was put. */
__attribute__((warn_unused_result)) enum parse_status json_objects_read(struct reading *r, struct bytes whole);

#endif
