#ifndef LEASH_LEAK_SEARCH_H
#define LEASH_LEAK_SEARCH_H

#include "evidence/reading.h"
#include "leak/index.h"

/* The search that packet/ and protocol/ feed through reading.search: views of what left
 * in, leak and search rows out.  One per reader process; the index is shared.
 *
 * Hits of one flow are judged together, also when they came in many views (a request each),
 * so rows are written when the evidence item is done, not when a view is closed. */
struct payload_search *leak_search_new(const struct leak_index *index);
void leak_search_free(struct payload_search *s); /* NULL is fine; views must be closed */

/* All views of the item are closed: writes its leak rows, flow by flow, and one search row
 * with what was covered; then everything is forgotten.  To be called after each item,
 * while the sink of `r` still takes rows; writes nothing when no view was fed. */
void leak_search_item_done(struct payload_search *s, struct reading *r);

#endif
