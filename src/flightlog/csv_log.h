#ifndef LEASH_FLIGHTLOG_CSV_LOG_H
#define LEASH_FLIGHTLOG_CSV_LOG_H

#include "evidence/reading.h"

/* Tables of flight data as programs and services export them: Airdata, its "Standard" form, Litchi, Phantomhelp,
 * TXTlogToCSVtool, DatCon, CsvView, DroneDeploy, and any other whose heading names latitude, longitude and a time.
 * Columns are told by their names (csv_columns.c) and units; comma, semicolon or tab; UTF-8, UTF-16, or other
 * ASCII-like texts; decimal commas where the separator is none.
 *
 * Puts one `flight` row, an aircraft `position` for every row with a fix, `home` and `operator` positions where they
 * change, devices for serial numbers.  A plan (Litchi's missions) gives `target` positions without a flight's path.
 * Where dates have a grain of a second and a column counts milliseconds, times are the first date and that count,
 * and `derived`. */

__attribute__((warn_unused_result))
bool csv_log_recognise(struct bytes whole);

/* INVALID: no such table; nothing was put. */
__attribute__((warn_unused_result))
enum parse_status csv_log_read(struct reading *r, struct bytes whole);

#endif
