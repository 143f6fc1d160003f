#ifndef LEASH_STORY_PHOTO_FLIGHT_H
#define LEASH_STORY_PHOTO_FLIGHT_H

#include "story/join.h"

/* A flight rebuilt from photos alone.  Photos that no log tells, of one camera that flies, taken one after the other,
 * are the path of what carried it:
 *
 *   one camera      model and serial numbers, and the clock that the times are by
 *   that flies      the item names an aircraft, or the camera's maker makes cameras of aircraft (a table in the .c)
 *   one flight      no two of them further apart than PHOTO_FLIGHT_GAP_S, nor faster than PHOTO_FLIGHT_SPEED_MPS,
 *                   and PHOTO_FLIGHT_POINTS of them or more at different times
 *
 * Each becomes a source of its own, of format "photos", joined with its photos by the rule `series`, and a row of
 * `flight` whose origin is the photos.  Their positions then belong to it. */
enum { PHOTO_FLIGHT_GAP_S = 1200, PHOTO_FLIGHT_SPEED_MPS = 60, PHOTO_FLIGHT_POINTS = 3 };

/* After all else was joined.  0 or -EIO. */
__attribute__((warn_unused_result)) int photo_flights_join(struct joining *j, sqlite3 *db);

/* Puts the flight rows of those sources, and gives their photos' positions to them.  0, -EIO, or what `put` gave. */
__attribute__((warn_unused_result)) int photo_flights_put(struct joining *j, sqlite3 *db, const struct story_run *run);

#endif
