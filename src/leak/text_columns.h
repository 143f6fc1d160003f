#ifndef LEASH_LEAK_TEXT_COLUMNS_H
#define LEASH_LEAK_TEXT_COLUMNS_H

#include "leak/text_scan.h"

/* Arrays of one coordinate: [42.49, 42.50, ...] and, further on, [-30.24, -30.25, ...].  A run of
 * numbers with nothing but separators between them is kept while each may be the same coordinate; the
 * numbers of the next such run are paired with it, one by one as they come. */

enum { COLUMN_VALUES_MAX = 8192, COLUMN_MIN = 4, COLUMN_READINGS = 6 };

struct text_column {
    double *values;
    uint32_t count, room;
    uint64_t latitude_areas, longitude_areas; /* that all of it may be in */
    uint64_t end;                             /* offset in the view, behind its last number */
    uint8_t fixed_chars, decimals;            /* of its first number */
};

/* Of one way to read numbers. */
struct text_columns {
    struct text_column before, now;
};

/* The next number; `separated`: only separators stand between it and the one before.  Calls `pair` with latitude,
 * longitude and the column of the first coordinates, for each order in which the number completes a pair. */
void text_columns_add(struct text_columns *c, const struct text_number *number, bool separated,
                      void (*pair)(void *user, double latitude_deg, double longitude_deg, bool latitude_first,
                                   const struct text_column *first), void *user);
void text_columns_done(struct text_columns *c);

#endif
