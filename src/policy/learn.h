#ifndef LEASH_POLICY_LEARN_H
#define LEASH_POLICY_LEARN_H

#include "base/buffer.h"
#include "fact/case.h"

/* Writes the policy that a case meets exactly, with comments, as YAML: where was sent to
 * is allowed, and nothing else; in each phase may leave what left in it; what a rule holds
 * against the case is accepted, for a person to decide about.  It is a beginning, and the
 * text says so: that something was seen is no reason to allow it.
 *
 * Names that a policy cannot hold (control characters, wild cards, text that is no UTF-8)
 * are left out and counted in a comment.
 *
 * 0; -EINVAL: no finished case; -EFBIG: more than a policy may hold; -EIO: the case cannot be
 * read.  `to` is only good on success. */
__attribute__((warn_unused_result))
int policy_learn(struct fact_case *c, struct buffer *to);

#endif
