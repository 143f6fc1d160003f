#ifndef LEASH_JUDGE_TEMPLATE_H
#define LEASH_JUDGE_TEMPLATE_H

#include "base/arena.h"
#include "base/text.h"
#include "judge/query.h"

/* Sentences with holes: "{bytes|size} were addressed to {destination}".  A hole names a
 * value and may say how to write it:
 *   |size       12.3 MB                 |percent    4 %  (of a share)
 *   |duration   1 h 5 min  (of seconds) |day        2026-01-31  (of nanoseconds or RFC 3339)
 *   |count X    1 X, 2 Xs
 * Unknown values read "unknown".  Texts from evidence are cut to a sensible length, and
 * otherwise stay as they are. */
struct template_value {
    struct text name;
    struct query_cell cell;
};

enum { TEMPLATE_TEXT_MAX = 600, TEMPLATE_RESULT_MAX = 4000 };

/* False when a hole is not closed, names none of `names`, or asks for a form that is not
 * there; `bad` then is the hole's text. */
__attribute__((warn_unused_result))
bool template_check(struct text template, const struct text *names, size_t count, struct text *bad);

/* What is not in `values` is unknown.  In `arena`. */
struct text template_fill(struct text template, const struct template_value *values, size_t count, struct arena *arena);

#endif
