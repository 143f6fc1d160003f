#ifndef LEASH_REPORT_JSON_H
#define LEASH_REPORT_JSON_H

#include <stdio.h>

#include "fact/case.h"

/* Writes the report as one JSON object, schema "leash.report/1" (doc/report.schema.json):
 * tool, one list per kind of row, coverage, verdict.  From the case alone.
 * `pretty` puts one row on a line.  0, or a negative errno. */
__attribute__((warn_unused_result))
int report_json_write(struct fact_case *c, FILE *out, bool pretty);

/* The same for a page that a browser must hold: of every list at most `rows_max` rows, and no more of
 * them when it has grown beyond `bytes_max`.  Of flows stay the `flows_max` that sent most and those that a
 * leak points at, of other kinds the first; and what findings rest on.  `kept` is what was written of each. */
struct report_cut {
    size_t rows_max, flows_max;
    uint64_t bytes_max;
    const uint64_t *written; /* how much has reached the stream: whoever made it counts */
    size_t kept[FACT_CASE_KIND_COUNT];
};
__attribute__((warn_unused_result))
int report_json_write_cut(struct fact_case *c, FILE *out, struct report_cut *cut);

#endif
