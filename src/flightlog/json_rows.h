#ifndef LEASH_FLIGHTLOG_JSON_ROWS_H
#define LEASH_FLIGHTLOG_JSON_ROWS_H

#include "base/cursor.h"

/* Rows of numbers, "[1, 2.5, null, \"3\"]", where the document around them is damaged: found wherever they begin. */

/* The length of a whole row of `width` values at the start of `b`, with what ends it behind; 0 when there is none.
 * Values that are no numbers are unknown; of a row that is none, some may be written. */
size_t json_row_at(struct bytes b, size_t width, double values[]);

/* What follows a row: the next one, or the end of the list. */
struct bytes json_row_behind(struct bytes b);

/* Moves to where two rows follow one another, so that no other list of numbers is taken for a row, or to the end. */
struct bytes json_rows_find(struct bytes b, size_t width, double values[]);

#endif
