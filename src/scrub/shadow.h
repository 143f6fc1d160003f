#ifndef LEASH_SCRUB_SHADOW_H
#define LEASH_SCRUB_SHADOW_H

#include "scrub/edit.h"

/* A stretch of the file as the edits planned so far leave it: for check sums over it.  Between begin and end all edits
 * of the plan that lie inside are put as always, and carried out in a copy. */
struct shadow {
    struct fact_sink sink;   /* first */
    struct fact_sink *outer;
    struct plan *plan;
    struct bytes range;      /* as it was */
    uint8_t *bytes;          /* as it will be, once it is changed; NULL: too large for the arena */
    bool changed;
};

/* `room` is for the copy, as long as the range; NULL: it is taken from the arena. */
void shadow_begin(struct shadow *s, struct plan *plan, struct bytes range, uint8_t *room);
void shadow_end(struct shadow *s);

#endif
