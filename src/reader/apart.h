#ifndef LEASH_READER_APART_H
#define LEASH_READER_APART_H

#include <stdio.h>

#include "base/buffer.h"

/* One piece of work on bytes that are not to be trusted and that are no evidence (those have the reader's pool), in a
 * process of its own inside the sandbox: it has one descriptor to read from, and what it writes to `out` comes back.
 * The answer of the work,
 * 0 to APART_ANSWER_MAX, is its exit status.  What comes back is no more to be trusted than what went in. */
enum { APART_ANSWER_MAX = 99 };
typedef int apart_work(void *user, FILE *out);

/* The work's answer, and in `ret`, which the caller has initialised with its limit, all that it wrote.  -EPROTO: the
 * process was stopped, ran out of memory or wrote more than `ret` takes; -errno: it could not be started.  `ret` then
 * holds anything. */
__attribute__((warn_unused_result))
int apart_run(apart_work *work, void *user, int readable, struct buffer *ret);

#endif
