#ifndef LEASH_FLIGHTLOG_DJI_TXT_H
#define LEASH_FLIGHTLOG_DJI_TXT_H

#include "evidence/reading.h"

/* DJIFlightRecord_*.txt: the binary record of a flight that DJI's apps keep on the
 * phone or controller, versions 1 to 14.
 *
 * Through version 12 every position is read: the aircraft's, the home point, the
 * phone's own (that is the operator) and, when it can be trusted, the controller's.
 * From version 13 the bodies of most records are encrypted and only their kinds are
 * counted; the summary ("details") of the flight needs no key in any version.
 *
 * Puts one `flight` row per log, its `position` rows, `device` and `identifier` rows;
 * gives embedded pictures to r->member. */

/* Also says yes to logs that were cut off or never closed, when enough records frame. */
__attribute__((warn_unused_result))
bool dji_txt_recognise(struct bytes whole);

/* TRUNCATED: the log ends before its header or last record says so; INVALID: no log
 * at all, nothing was put.  Damage inside is skipped, counted and reported through
 * reading_damage, and reading goes on behind it. */
__attribute__((warn_unused_result))
enum parse_status dji_txt_read(struct reading *r, struct bytes whole);

#endif
