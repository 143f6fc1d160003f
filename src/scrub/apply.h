#ifndef LEASH_SCRUB_APPLY_H
#define LEASH_SCRUB_APPLY_H

#include "base/buffer.h"
#include "fact/fact.h"

/* Makes the copy: bytes of the original, with the edits of a plan (scrub/edit.h) in them.  It knows no format
 * and believes nothing: an edit that lies outside the original, or that the order of a plan forbids, is
 * refused, however it came about.
 *
 * What is untouched is copied by the kernel where it can (copy_file_range), so memory stays the same
 * whatever the size. */
struct apply {
    int from, to;
    uint64_t from_bytes;
    uint64_t taken;          /* of the original: what comes before is in the copy */
    uint64_t written;        /* to the copy; behind it comes what waits in `tail` */
    struct buffer tail;
    struct buffer ahead;     /* of the original from `ahead_at` on: between small edits lie small stretches */
    uint64_t ahead_at;
    unsigned changes;        /* of length */
    uint64_t behind;         /* the first one: where it ends in the original, */
    int64_t moved;           /* and how much later in the copy comes what is behind it */
};

/* Both descriptors stay the caller's; `to` is an empty file. */
void apply_begin(struct apply *a, int from, int to, uint64_t from_bytes);
/* 0; -EBADMSG: no edit of a plan; or another negative errno: reading or writing failed. */
__attribute__((warn_unused_result))
int apply_edit(struct apply *a, const struct fact_edit *edit);
/* Copies what is left. */
__attribute__((warn_unused_result))
int apply_end(struct apply *a);
void apply_done(struct apply *a); /* frees; may be called at any time */

#endif
