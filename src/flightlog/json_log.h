#ifndef LEASH_FLIGHTLOG_JSON_LOG_H
#define LEASH_FLIGHTLOG_JSON_LOG_H

#include "evidence/reading.h"

/* Flight logs that are a table in JSON, a list of names and a list of rows, or whose rows lie behind it:
 *
 *   GUTMA flight logging (gutma-org/flight-logging-protocol; senseFly, Parrot, Yuneec's and QGroundControl's exports):
 *     exchange.message.flight_logging.flight_logging_keys[] and .flight_logging_items[][]
 *   Parrot's flight data (FreeFlight; seen described in h-elsner/Showanafilog and robotika/bebop documents, no real
 * file):
 *     details_headers[] and details_data[][]; in its older form (PUD, pud.h) details_headers[] with type and size of
 *     each, a NUL, and the rows in binary
 *
 * Names may stand behind the rows.  Puts one `flight` row, its `position` rows (the controller's own position is
 * the operator's), devices and identifiers.  Parrot's heights are left out: public descriptions disagree on their
 * unit. */

__attribute__((warn_unused_result)) bool json_log_recognise(struct bytes whole);
/* INVALID: no such document; nothing was put. */
__attribute__((warn_unused_result)) enum parse_status json_log_read(struct reading *r, struct bytes whole);

#endif
