#ifndef LEASH_POLICY_POLICY_H
#define LEASH_POLICY_POLICY_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/yaml.h"

/* The operator's rules: a YAML file.  data/policy/default.yaml is the shipped one and
 * explains every key. */

/* In the order of their weight, worst last; enum severity is also what --fail-on names. */
enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };

extern const char *const severity_names[5]; /* indexed by enum severity */

/* False when `t` names none; `ret` is then left alone. */
__attribute__((warn_unused_result)) bool severity_find(struct text t, enum severity *ret);

/* A person vouches for a rule that evidence does not show. */
struct attestation {
    struct text rule;              /* its id in the catalogue: "BUL-7" */
    struct text who, note;         /* note may be unknown */
    int64_t when_utc_ns;           /* start of that day */
    int64_t until_utc_ns;          /* start of the last day it holds for */
};

/* A list that the file does not have is unknown (items == NULL): the rules that ask for
 * it then stay open.  An empty list is a statement. */
struct policy {
    struct arena *arena;
    struct text name;                     /* as it calls itself, else the file's path */
    struct text_list profiles;
    double unreadable_share_max;          /* opaque and missing share of what left, 0..1 */
    double flight_coverage_min;           /* share of the flight time that was captured, 0..1 */
    double stored_age_days_max;
    enum severity fail_on;
    struct text_list operator_hosts;      /* suffixes of host names that are the operator's own */
    struct text_list allowed_destinations;/* suffixes or addresses */
    struct text_list known_third_parties; /* owners or suffixes */
    struct text_list internal_networks;   /* prefixes: 10.1.0.0/16 */
    struct text_list declared_countries;  /* ISO 3166 alpha-2 */
    struct text_list assessed_makers;
    struct text stored_evidence;          /* as_found | copies | unknown */
    const struct attestation *attestations;
    size_t attestation_count;
};

/* Reads and checks a policy: 0, a negative errno of the file, or -EINVAL for one that is
 * not in order.  *ret is set on success only, *error in all other cases. */
__attribute__((warn_unused_result))
int policy_load(const char *path, struct policy **ret, struct policy_error *error);
/* The same from memory; `name` stands for the path. */
__attribute__((warn_unused_result))
int policy_parse(struct text name, struct text source, struct policy **ret, struct policy_error *error);
void policy_free(struct policy *p); /* NULL is fine */

/* The attestation for a rule that holds at that time, or NULL. */
const struct attestation *policy_attestation(const struct policy *p, struct text rule, int64_t now_utc_ns);

/* For `policy check`: "file:line:column: message", or "file: message" where the whole
 * file is meant.  0 when the policy is in order. */
int policy_check(const char *path, FILE *complaints);
void policy_error_write(FILE *out, const struct policy_error *error);

/* For `policy init`: the commented starter, which is data/policy/default.yaml.  0 or a negative errno. */
__attribute__((warn_unused_result)) int policy_starter_write(FILE *out);

#endif
