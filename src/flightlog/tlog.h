#ifndef LEASH_FLIGHTLOG_TLOG_H
#define LEASH_FLIGHTLOG_TLOG_H

#include "evidence/reading.h"

/* Telemetry log of a ground station (`*.tlog`: QGroundControl, Mission Planner, MAVProxy): MAVLink 1 and 2
 * with the time of receipt.  Layout: tlog_frame.h; messages: protocol/mavlink_messages.h.
 *
 * Puts one `flight` row for each vehicle (a MAVLink system that is no ground station), with the `position`
 * rows of the aircraft (GLOBAL_POSITION_INT where there is one, see path_source.h), home and origin,
 * planned places (`target`), pictures (`camera`), followed persons (`target`) and the operator:
 * where the ground station is, what Remote ID says of the operator.  `device` and `identifier` rows of
 * the autopilot, cameras, batteries and other parts, of Remote ID and of video addresses, with the
 * name and password in these masked.  Positions of other aircraft (ADS-B, AIS, received Remote ID) are
 * only counted.
 *
 * Times are the ground station's clock: `device_clock`; how far it is from the vehicle's GPS clock is said in the note.
 * Logs whose times count from the start of the station have UTC only where the vehicle tells it: `derived`. */

/* By a record at its beginning whose check sequence is right, or two that follow each other further on. */
__attribute__((warn_unused_result)) bool tlog_recognise(struct bytes whole);

/* TRUNCATED: the log ends inside a record.  INVALID: no such log, nothing was put.  Bytes that belong to
 * no record, and records whose check is wrong, are damage. */
__attribute__((warn_unused_result)) enum parse_status tlog_read(struct reading *r, struct bytes whole);

#endif
