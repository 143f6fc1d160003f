#ifndef LEASH_FLIGHTLOG_PUD_H
#define LEASH_FLIGHTLOG_PUD_H

#include "base/cursor.h"
#include "base/text.h"

/* Rows of Parrot's older flight data ("PUD"): a JSON document that names the columns and ends in a NUL, and behind it
 * rows of a fixed length, little-endian, some 30 a second.  Used by json_log.c alone.
 * Source: matthewlloyd's notes and program for the Bebop (pud_to_csv_kml.py): a column is an `integer` of 1, 2, 4 or 8
 * bytes, taken for signed, a `boolean` of 1, a `float` of 4 or a `double` of 8.  No real file was at hand. */

enum { PUD_COLUMNS_MAX = 256 };

enum pud_type { PUD_UNKNOWN, PUD_INTEGER, PUD_BOOLEAN, PUD_FLOAT, PUD_DOUBLE };

struct pud {
    struct pud_column {
        enum pud_type type;
        int64_t bytes;
    } columns[PUD_COLUMNS_MAX];
    size_t count;
    int time;                          /* number of the column with the clock, in ms, or -1 */
};

enum pud_type pud_type_of(struct text name);

/* Of one row; 0 when the columns are none, or one of them cannot be read. */
size_t pud_row_bytes(const struct pud *p);

/* The values of a row of that length; `into` has room for PUD_COLUMNS_MAX. */
void pud_row_read(const struct pud *p, struct bytes row, double *into);

/* How many bytes lie between `rest` and the next row that is one: 0 for the next itself.  Rows have no mark, so the
 * clock must tell: it goes on from `last_ms`, and from there in one of the two rows behind it by not much more than
 * `step_ms`, which rows were apart before.  Both may be NaN: unknown.  rest.len when there is none. */
size_t pud_lost(const struct pud *p, struct bytes rest, double last_ms, double step_ms);

#endif
