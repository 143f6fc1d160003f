#ifndef LEASH_REPORT_JSON_H
#define LEASH_REPORT_JSON_H

#include <stdio.h>

#include "fact/case.h"

/* Writes the report as one JSON object, schema "leash.report/1" (doc/report.schema.json):
 * tool, one list per kind of row, coverage, verdict.  From the case alone.
 * `pretty` puts one row on a line.  0, or a negative errno. */
__attribute__((warn_unused_result))
int report_json_write(struct fact_case *c, FILE *out, bool pretty);

#endif
