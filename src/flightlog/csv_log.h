#ifndef LEASH_FLIGHTLOG_CSV_LOG_H
#define LEASH_FLIGHTLOG_CSV_LOG_H

#include "base/csv_read.h"
#include "evidence/reading.h"

/* Tables of flight data as programs and services export them: Airdata, its "Standard" form, Litchi, Phantomhelp,
 * TXTlogToCSVtool, DatCon, CsvView, DroneDeploy, UgCS, and any other whose heading names latitude, longitude and a
 * time. Columns are told by their names (csv_columns.c) and units; comma, semicolon or tab; UTF-8 or other
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

/* The same for rows that are no text, but have names as columns do (json_objects.c).  NULL: the names tell no place or
 * no time.  Each row is written into what csv_table_row gives, `at` with it, and put; its texts need last no longer. */
struct csv_log;
struct csv_log *csv_table_begin(struct reading *r, const char *format, const struct csv_row *names);
struct csv_row *csv_table_row(struct csv_log *log);
void csv_table_put(struct csv_log *log);
/* A device that the rows do not name. */
void csv_table_device(struct csv_log *log, const struct fact_device *device);
void csv_table_end(struct csv_log *log, struct bytes whole);

#endif
