#ifndef LEASH_FLIGHTLOG_ULOG_H
#define LEASH_FLIGHTLOG_ULOG_H

#include "evidence/reading.h"

/* ULog, the log of PX4 (`*.ulg`).  Source: docs.px4.io, ULog File Format; names and units of topics:
 * PX4/PX4-Autopilot msg/.  Both file versions, and data appended after a crash.
 *
 * Puts one `flight` row, with the `position` rows of the aircraft (the receiver's where there are any,
 * see path_source.h), of its home and origin, of planned places and followed persons (both `target`), of
 * the operator and of pictures (`camera`); `device` and `identifier` rows.  Times are those of the
 * vehicle's own clock since it was switched on, moved by what the first GPS time says: `derived`.
 * All topics are counted in the flight's note, and so are messages, parameters and what the logger itself
 * could not write. */

__attribute__((warn_unused_result))
bool ulog_recognise(struct bytes whole);

/* TRUNCATED: the log ends inside a record or its header.  INVALID: no such log, nothing was put.
 * Bytes that belong to no record are damage, with the time they span where the clock tells it. */
__attribute__((warn_unused_result))
enum parse_status ulog_read(struct reading *r, struct bytes whole);

#endif
