#ifndef LEASH_BASE_CSV_READ_H
#define LEASH_BASE_CSV_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cursor.h"
#include "base/text.h"

/* Reads separated values (RFC 4180) row by row from untrusted bytes: UTF-8 or any other ASCII-like encoding, with or
 * without a byte order mark; LF or CR LF (other forms: evidence/text_front.h).  A field in quotes may hold separators
 * and line ends; a quote that is not closed within CSV_ROW_MAX bytes is taken for an ordinary character.
 *
 *   struct csv c;
 *   struct csv_row row;
 *   for (csv_init(&c, whole, ','); csv_next(&c, &row); )
 *       ...
 */
enum { CSV_FIELDS_MAX = 768, CSV_ROW_MAX = 64 * 1024 };

struct csv_row {
    size_t count;
    /* Without the quotes around them and blanks (and NULs) at both ends; "" inside is left as it is.  Views of the
     * input. */
    struct text fields[CSV_FIELDS_MAX];
    struct bytes at;       /* where it stands, without its line end */
    bool ended;            /* false: the input ends within it, without a line end */
    bool cut;              /* longer than CSV_ROW_MAX or with more fields: those behind are not told */
};

struct csv {
    struct bytes rest;
    char separator;
    size_t wanted;         /* only so many first fields need be told; 0: all.  Set it when the columns are known */
};

void csv_init(struct csv *c, struct bytes whole, char separator);
bool csv_next(struct csv *c, struct csv_row *row);

/* The separator that the first row most likely has: the most frequent of , ; and tab outside quotes; 0 when there is
 * none. */
char csv_guess_separator(struct text row);

#endif
