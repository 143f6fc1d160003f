#ifndef LEASH_JUDGE_COVERAGE_BOUND_H
#define LEASH_JUDGE_COVERAGE_BOUND_H

#include "fact/case.h"
#include "judge/coverage.h"

struct sqlite3;

/* The honest bound, as notes of `v`: how often the path of the known flights would fit into
 * what was opaque or missing, in all and for the destinations with most of it.  "Not found"
 * says nothing about that.  Also sets v->path_bytes and v->destinations.  0 or -EIO. */
__attribute__((warn_unused_result)) int coverage_bound(struct sqlite3 *db, struct coverage *v, struct arena *arena);

/* Flights that are known and no evidence of the case (--flight) count, too: puts what those in `flights` need for their
 * paths into `c` as "flights_named", by file, so that one which is also evidence counts once.  0 or a negative
 * errno. */
__attribute__((warn_unused_result)) int coverage_flights_named(struct sqlite3 *flights, struct fact_case *c,
                                                               struct arena *arena);

#endif
