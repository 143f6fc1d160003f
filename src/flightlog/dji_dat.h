#ifndef LEASH_FLIGHTLOG_DJI_DAT_H
#define LEASH_FLIGHTLOG_DJI_DAT_H

#include "evidence/reading.h"

/* DJI flight controller log (FLYnnn.DAT), as aircraft keep it and phones and controllers
 * copy it.  Readable without a key.  Puts one `flight` row with the raw GPS fixes as its
 * `position` rows, and `device` and `identifier` rows for the aircraft's serial number;
 * all other record types are only counted, in the flight's note. */

/* Logs without the header mark "BUILD" (older or encrypted ones) are not recognised. */
__attribute__((warn_unused_result))
bool dji_dat_recognise(struct bytes whole);

/* TRUNCATED: the log ends inside its header.  INVALID: no such log, nothing was put.
 * UNSUPPORTED: a header, and not one record behind it could be read.  Bytes that belong
 * to no record are summed up in one damage row. */
__attribute__((warn_unused_result))
enum parse_status dji_dat_read(struct reading *r, struct bytes whole);

#endif
