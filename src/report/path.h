#ifndef LEASH_REPORT_PATH_H
#define LEASH_REPORT_PATH_H

#include <stdint.h>

#include "fact/case.h"

/* What has a place in a case, for the forms that maps read: paths (two or more positions of an aircraft,
 * operator or controller in one flight), and the single points that are in none. */

/* Of flights whose form nobody tried on a file from a device or service (doc/formats.md, "Tried on") the note says so.
 * TRIED_ON is an expression: these words, or NULL, by the column that holds the flight's id. */
#define UNTESTED "untested on real files"
#define TRIED_ON(flight) "CASE WHEN " flight " IN (SELECT id FROM flight WHERE note LIKE '%" UNTESTED "%') THEN '" UNTESTED "' END"

struct path {
    const char *flight, *subject, *format, *serial, *evidence; /* ids and texts; NULL: unknown */
    int64_t points, timed;    /* positions, and those of them with a time in UTC */
    const char *alt_ref;      /* when all altitudes have the same; else NULL */
    const char *start_local;  /* when times are those of a clock without zone; else NULL */
    const char *tried_on;     /* UNTESTED, or NULL */
};

struct path_point {
    double longitude_deg, latitude_deg, altitude_m; /* altitude NaN: unknown */
    const char *time;         /* RFC 3339 UTC; NULL: unknown */
    const char *alt_ref;      /* likewise */
    /* of single points only */
    const char *subject, *flight, *media, *id, *evidence, *time_local, *tried_on;
};

/* Called in the order of the report; what they are given lives until they return.  A non-zero answer stops. */
typedef int path_taker(void *user, const struct path *path);
typedef int point_taker(void *user, const struct path_point *point);

/* All give 0, what the taker gave, or -EIO when the case cannot be read. */
__attribute__((warn_unused_result)) int paths_each(struct fact_case *c, path_taker *take, void *user);
/* The points of a path; `timed_only`: those with a time. */
__attribute__((warn_unused_result))
int path_points(struct fact_case *c, const struct path *path, bool timed_only, point_taker *take, void *user);
__attribute__((warn_unused_result)) int single_points(struct fact_case *c, point_taker *take, void *user);

#endif
