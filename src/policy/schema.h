#ifndef LEASH_POLICY_SCHEMA_H
#define LEASH_POLICY_SCHEMA_H

#include "policy/policy.h"

/* What a policy may state: the one table of its keys.  data/policy/default.yaml explains
 * each to operators; a key that is not in the table is an error with its line and column. */

/* Checks every key and value of the document, and appends what it states to p->values
 * and p->lists.  False and *error at the first mistake; `p` is then only good to be freed. */
__attribute__((warn_unused_result))
bool schema_read(struct policy *p, const struct yaml_node *top, struct policy_error *error);

/* A limit by its name: its value in `p`, or NULL when there is none of that name. */
const double *schema_limit(const struct policy *p, struct text name);

/* Appends an attestation, which policy.c has checked, to p->values: its rule and its members. */
__attribute__((warn_unused_result))
bool schema_state_attestation(struct policy *p, const struct yaml_node *e, int64_t nth, struct policy_error *error);

bool schema_is_sha256(struct text t);

/* Can policies state something of that name: a key, or "key.member"? */
bool schema_has_list(struct text name);

#endif
