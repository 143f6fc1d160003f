#ifndef LEASH_JUDGE_TRAFFIC_VIEWS_H
#define LEASH_JUDGE_TRAFFIC_VIEWS_H

#include "judge/traffic_sums.h"

/* The tables `stream` and `sent` of judge/traffic.h, which have nearly as many rows as there are flows, as virtual
 * tables of SQLite: their rows are read where they were added up, and no row is copied.  To a query they are tables
 * with an INTEGER PRIMARY KEY in its order (nth, fid), and `stream` has an index on its recipient. */

/* When all is added up, and peers and streams have their numbers.  `t` outlives the tables, which DROP TABLE ends.  0,
 * or an SQLite result code. */
__attribute__((warn_unused_result)) int traffic_views_add(struct traffic *t);
/* When they were dropped. */
void traffic_views_remove(struct traffic *t);

#endif
