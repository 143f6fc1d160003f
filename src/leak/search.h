#ifndef LEASH_LEAK_SEARCH_H
#define LEASH_LEAK_SEARCH_H

#include "base/crew.h"
#include "evidence/reading.h"
#include "leak/index.h"

/* The search that packet/ and protocol/ feed through reading.search: views of what left
 * in, leak and search rows out.  One per reader process; the index is shared.
 *
 * Hits of one flow are judged together, also when they came in many views (a request each),
 * so rows are written when the evidence item is done, not when a view is closed.
 *
 * The flows of an item fall to a fixed number of lanes (leak/lane.h), by their numbers.  Several
 * threads may do the lanes (leak/lane_work.h); the rows are the same for any number of them, and
 * for one.  What one flow sent is searched by one thread at a time, so a capture with one large
 * flow gains nothing. */
struct payload_search *leak_search_new(const struct leak_index *index);
void leak_search_free(struct payload_search *s); /* NULL is fine; views must be closed */

/* From now on up to `helpers` threads of the crew search, too, until the item is done.  Before its first view; nobody
 * else may call the crew meanwhile.  A NULL crew or no helpers: nothing changes. */
void leak_search_share(struct payload_search *s, struct crew *crew, unsigned helpers);

/* All views of the item are closed: writes its leak rows, flow by flow, and one search row
 * with what was covered; then everything is forgotten.  To be called after each item,
 * while the sink of `r` still takes rows; writes nothing when no view was fed. */
void leak_search_item_done(struct payload_search *s, struct reading *r);

#endif
