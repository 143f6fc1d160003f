#ifndef LEASH_LEAK_VIEW_XOR_H
#define LEASH_LEAK_VIEW_XOR_H

#include "leak/view.h"
#include "leak/xor.h"

/* XOR with a repeating key that begins anew with each view: the first bytes of a view are
 * gathered beside those of the views before it that had the same chain in the same flow, for a
 * sender keeps its key over many messages; when they give the key away, all that was gathered
 * and all that follows is decoded. */

struct view_xor;    /* of one view that is being looked at, or decoded */
struct xor_samples; /* of one search: what was gathered of the flows that are on their way */

/* The key, if there is one, begins at offset `start`, where at[0] is.  *x is NULL before, and may stay so. */
void view_xor_begin(struct view *v, struct view_xor **x, const uint8_t *at, size_t len, uint64_t start);
/* What follows; NULL is fine. */
void view_xor_more(struct view *v, struct view_xor *x, const uint8_t *at, size_t len);
void view_xor_end(struct view *v, struct view_xor **x);
/* The view has turned out to be none: while nothing is found yet, no key is looked for. */
void view_xor_stop(struct view_xor *x); /* NULL is fine */

void xor_samples_free(struct xor_samples *s); /* NULL is fine */

#endif
