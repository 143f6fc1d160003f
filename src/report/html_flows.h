#ifndef LEASH_REPORT_HTML_FLOWS_H
#define LEASH_REPORT_HTML_FLOWS_H

#include <stdio.h>

#include "fact/case.h"

enum { HTML_FLOWS_MAX = 100000 };

/* The connections for the page, column by column and as numbers: a tenth of what the rows of the JSON
 * report take, so that a browser reads a hundred thousand of them in a moment.  Not packed any further: the
 * bytes of a page can be searched.
 *
 *   {"schema": "leash.flows/1",
 *    "count": N,
 *    "columns": {NAME: COLUMN, ...},
 *    "texts": [NAME, ...],         the columns whose numbers count in `words`
 *    "base_ms": N,                 `first` counts milliseconds from here (UTC)
 *    "words": [TEXT, ...]}
 *
 * A COLUMN is what is shortest of {"runs": [VALUE, COUNT, ...]}, {"steps": [FIRST, DIFFERENCE, ...]} and
 * {"values": [...]}; null is unknown.  An id "flow-KEY-N" is split into `key` (a text) and `number`;
 * `packets_after` and `lasted` are how many packets and milliseconds the last one comes after the first.
 *
 * Where there are more than HTML_FLOWS_MAX, those that sent most content stay and those that a leak
 * points at, in the order of the case; *ret_written says how many.  Texts longer than 300 bytes are cut.
 * Holds 200 bytes a connection while it runs.  0, or -EIO. */
__attribute__((warn_unused_result)) int html_flows_write(struct fact_case *c, FILE *out, size_t *ret_written);

#endif
