#ifndef LEASH_FACT_WIRE_H
#define LEASH_FACT_WIRE_H

#include "base/buffer.h"
#include "base/cursor.h"
#include "fact/fact.h"

/* Rows as bytes, between a reader and its parent.  Both are the same program, but the
 * parent decodes as if the reader were hostile, because a reader that was taken over
 * by its input is. */

enum { WIRE_ROW_MAX = 1024 * 1024 };

/* Appends the row to `to`.  False, and `to` as it was, when it does not fit there or
 * is larger than WIRE_ROW_MAX. */
__attribute__((warn_unused_result))
bool wire_encode(struct buffer *to, enum fact_kind kind, const void *row, int64_t number);

/* Takes one row.  Texts are views into the input, lists and the row itself are in `arena`.
 * The row has no head.id and no head.evidence. */
__attribute__((warn_unused_result))
enum parse_status wire_decode(struct cursor *c, struct arena *arena, enum fact_kind *ret_kind, void **ret_row);

#endif
