#ifndef LEASH_FLIGHTLOG_CSV_COLUMNS_H
#define LEASH_FLIGHTLOG_CSV_COLUMNS_H

#include "base/csv_read.h"

/* Which column of a table of flight data holds what, told by the names in its heading.  The names are in the .c. */

enum csv_column {
    CSV_LATITUDE, CSV_LONGITUDE,
    CSV_PAIR,                 /* both in one, latitude first, a blank between them */
    CSV_HEIGHT,               /* above take-off */
    CSV_ALTITUDE_MSL, CSV_ALTITUDE_ELLIPSOID,
    CSV_ALTITUDE,             /* above what, the name does not say */
    CSV_DATETIME_UTC, CSV_DATETIME_LOCAL, CSV_DATETIME,
    CSV_DATE, CSV_CLOCK,      /* in two columns */
    CSV_ELAPSED,              /* since some beginning: of the flight, the log or the boot */
    CSV_HOME_LATITUDE, CSV_HOME_LONGITUDE, CSV_OPERATOR_LATITUDE, CSV_OPERATOR_LONGITUDE,
    CSV_AIRCRAFT_SERIAL, CSV_AIRCRAFT_NAME, CSV_MODEL, CSV_CONTROLLER_SERIAL, CSV_CAMERA_SERIAL, CSV_BATTERY_SERIAL,
    CSV_APP_VERSION,
    CSV_MISSION,              /* only plans of flights have it */
    CSV_COLUMN_COUNT
};

/* Who writes such a heading. */
struct csv_exporter {
    const char *name;         /* of the program or service; NULL: not told */
    const char *note;         /* what that means for where the flight went; a sentence */
    bool tested;              /* on tables that it really wrote */
    const char *subject;      /* whose positions they are; NULL: the aircraft's */
    const char *other;        /* a name that means something else there; NULL: none */
};

struct csv_columns {
    int at[CSV_COLUMN_COUNT];          /* number of the column, or -1 */
    double unit[CSV_COLUMN_COUNT];     /* what its values are multiplied with, to metres or seconds; 0: the name tells
                                        * no unit */
    const struct csv_exporter *exporter;
    size_t wanted;                     /* columns needed, from the first on */
    bool mission;                      /* a plan, not a log */
    bool timeless;                     /* places and heights alone: a path without times */
};

/* False when the heading names no place, or neither a time, nor heights, nor a plan: a list of places then. */
__attribute__((warn_unused_result))
bool csv_columns_read(const struct csv_row *heading, struct csv_columns *ret);

/* Looks for the heading among the first rows (a line "sep=," and other lines may stand before it).  `c` is then
 * behind it, its separator set.  `row` is room to work in, and holds the heading. */
__attribute__((warn_unused_result))
bool csv_columns_find(struct csv *c, struct bytes whole, struct csv_row *row, struct csv_columns *ret);

#endif
