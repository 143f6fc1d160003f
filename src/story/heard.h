#ifndef LEASH_STORY_HEARD_H
#define LEASH_STORY_HEARD_H

#include "story/story.h"

/* What an aircraft broadcast, against the flight logs of the same case.  Only logs in UTC are compared, and what
 * was heard with the capture's own clock.
 *
 * A broadcast is of a log's flight when the id is the serial number that the log, or a device of the same file, has,
 * and their times overlap by 1 s; or, whatever the ids are, when it was 10 times or more, over 30 s or more, on the
 * log's path (half of its places within 50 m, 95 of 100 within 150 m) while that went 100 m or more.
 *
 *   kind                  told when
 *   broadcast_agrees      half of the places lie within 30 m of where the log has the aircraft at that time
 *   broadcast_position    they do not.  Rows that lie more than 200 m beside it get the anomaly "log_disagrees"
 *   broadcast_clock       with one of the clocks moved by 3 s or more the two agree, and as they are they do not
 *   broadcast_serial      it is on the path, and its id is none of the log's serial numbers
 *   broadcast_altitude, broadcast_pressure_altitude, broadcast_height, each also with _agrees
 *                         the altitudes, above whatever level: story/heard_altitude.h
 *   broadcast_takeoff     the take-off or home point that was broadcast lies more than 30 m from the log's
 *   broadcast_absent      others were heard for 30 s or more of this flight, and this aircraft never was
 *
 * Puts rows of FACT_STORY_DIFFERENCE, with `source` the flight and `other` the first broadcast concerned.
 * The ids that are those of a flight stand in the temporary table own_drone afterwards, for bystanders_hide. */
enum {
    HEARD_AIRCRAFT_MAX = 4096, HEARD_PAIRS_MAX = 1 << 16, HEARD_SAMPLES_MAX = 4096,
    HEARD_OVERLAP_S = 1, HEARD_PATH_S = 30, HEARD_PATH_POINTS = 10, HEARD_PATH_M = 50, HEARD_PATH_FAR_M = 150,
    HEARD_PATH_EXTENT_M = 100, HEARD_AGREES_M = 30, HEARD_BESIDE_M = 200, HEARD_CLOCK_S = 3, HEARD_TAKEOFF_M = 30,
};

/* 0, -EIO when the database said no, or what `put` gave. */
__attribute__((warn_unused_result))
int heard_compare(struct sqlite3 *db, const struct story_run *run);

#endif
