#ifndef LEASH_FLIGHTLOG_DATAFLASH_H
#define LEASH_FLIGHTLOG_DATAFLASH_H

#include "evidence/reading.h"

/* The log of ArduPilot, binary (`*.BIN`) and as text (`*.log`).  Source: ArduPilot
 * libraries/AP_Logger (LogStructure.h, README.md); letters of formats also in ArduPilot/pymavlink
 * DFReader.py.
 *
 * Puts one `flight` row, with the `position` rows of the aircraft (the first receiver's where there is
 * one, see path_source.h), of its home and origin, of planned places (mission, rally, fence:
 * `target`) and of pictures (`camera`); `device` and `identifier` rows.  Times are those of the
 * vehicle's clock, moved by what the first GPS time says, leap seconds of that day taken off: `derived`.
 * All kinds of records are counted in the flight's note, with messages and firmware. */

__attribute__((warn_unused_result)) bool dataflash_recognise(struct bytes whole);
__attribute__((warn_unused_result)) bool dataflash_text_recognise(struct bytes whole);

/* TRUNCATED: the log ends inside a record.  INVALID: no such log, nothing was put.  Bytes that belong to
 * no record are damage, with the time they span where the clock tells it. */
__attribute__((warn_unused_result)) enum parse_status dataflash_read(struct reading *r, struct bytes whole);
/* Lines that fit no format are damage. */
__attribute__((warn_unused_result)) enum parse_status dataflash_text_read(struct reading *r, struct bytes whole);

#endif
