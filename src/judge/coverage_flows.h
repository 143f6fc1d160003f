#ifndef LEASH_JUDGE_COVERAGE_FLOWS_H
#define LEASH_JUDGE_COVERAGE_FLOWS_H

#include "judge/coverage.h"

struct sqlite3;

/* What coverage asks of the flows, in one pass: captures, sums, names, times, and how much of
 * the time in the air they cover.  Adds to *v; 0 or -EIO. */
__attribute__((warn_unused_result)) int coverage_measure_flows(struct sqlite3 *db, struct coverage *v);

#endif
