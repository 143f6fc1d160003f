#ifndef LEASH_REPORT_JSON_H
#define LEASH_REPORT_JSON_H

#include <stdio.h>

#include "fact/case.h"

/* Writes the report as one JSON object, schema "leash.report/1" (doc/report.schema.json):
 * tool, one list per kind of row, coverage, verdict.  From the case alone.
 * `pretty` puts one row on a line.  0, or a negative errno. */
__attribute__((warn_unused_result))
int report_json_write(struct fact_case *c, FILE *out, bool pretty);

/* The same with at most `rows_max` rows a list, for a page that a browser must hold: of flows
 * those that sent most and those that a leak points at, of other kinds the first. */
__attribute__((warn_unused_result))
int report_json_write_cut(struct fact_case *c, FILE *out, size_t rows_max);

#endif
