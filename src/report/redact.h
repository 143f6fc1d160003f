#ifndef LEASH_REPORT_REDACT_H
#define LEASH_REPORT_REDACT_H

#include "fact/case.h"
#include "report/pseudonyms.h"

/* A copy of a case for a council or a vendor, from which any form of report can be written: what was found out stays,
 * what would tell who flew where with which aircraft goes.  What becomes of each field: report/redact_fields.h;
 * doc/redact.md tells it to people.  In short:
 *   values    serial numbers, hardware addresses, names, networks, the side under test, files become pseudonyms, the same
 *             in all rows and sentences; paths of requests, user agents, notes, places by name, the command line go
 *   places    one for each flight, photo and own drone: the middle of a cell of a fixed grid of REDACT_GRID_DEG, without
 *             height and time.  A flight has the cell of where it began, whatever it flew over, so that neither many
 *             points nor where a path crosses from cell to cell tell more
 *   others    drones that are not in the stored evidence keep that they were heard, under a pseudonym, and no place
 *
 * A fixed grid, and no random shift: shifts of many reports on one place would average out. */

#define REDACT_GRID_DEG 0.1 /* 11 km north-south; 8 km east-west at 45 degrees */

/* Makes the copy at `path`, which must not be there, sealed (case_seal) and not finished: case_free leaves no file.
 * `names` gets the values that were replaced; the check of what is written from the copy needs them.
 * 0, or a negative errno (-E2BIG: more values than can be kept apart); *ret is set on success only. */
__attribute__((warn_unused_result))
int redact_case(struct fact_case *from, const char *path, struct pseudonyms *names, struct fact_case **ret);

/* The middle of the grid's cell that holds the value. */
double redact_snap(double degrees);

/* Whether the copy may tell the place: the middle of a cell, or its corner. */
bool redact_is_of_grid(double longitude_deg, double latitude_deg);

#endif
