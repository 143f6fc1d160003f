#ifndef LEASH_LEAK_VIEW_CHILD_H
#define LEASH_LEAK_VIEW_CHILD_H

#include "leak/view_decode.h"

/* What all that opens children of a view needs; for view_decode.c and view_xor.c only. */

/* Children that may be open at once, in all. */
static inline unsigned view_children_max(const struct view_engine *e) { return 16384 / e->share; }

/* `step`: what is added to the chain; `start`: where in the parent its encoding begins. */
void view_child_init(struct view *child, struct view *parent, const char *step, uint64_t start);
void view_child_done(struct view *child);
/* Whether the budget allows more; and the same behind `n` bytes more that were decoded. */
bool view_may_decode(const struct view *v);
bool view_charge(struct view *v, uint64_t n);
bool view_too_deep(const struct view *v);
/* Counts bytes that are not decoded for one of these reasons. */
void view_count_refused(struct view *v, uint64_t len);

#endif
