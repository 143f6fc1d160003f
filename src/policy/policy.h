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
    struct text document_sha256;   /* of the text that was read or signed; may be unknown */
    bool holds;                    /* false: the person states that it is not so */
    int64_t when_utc_ns;           /* start of that day */
    int64_t until_utc_ns;          /* start of the last day it holds for */
};

/* A person answers for findings of a rule: they stay in the report, marked, and no longer count. */
struct acceptance {
    struct text rule;              /* its id in the catalogue; also of an observation, such as "leak" */
    struct text destination;       /* host, with all below it, or address; unknown means any */
    struct text who, reason;
    int64_t until_utc_ns;          /* start of the last day it holds for */
};

/* What may be sent to: every member that an entry states must fit. */
struct allowance {
    struct text_list hosts, owners, countries, addresses, ports, phases;
};

/* One thing that the policy states, as rules see it in the table `policy`.  Words of a
 * list have no field; entries and maps have one row per member, maps of lists one per
 * word, and one without a value (nth 0) that says that the list is there. */
struct policy_value {
    struct text list, field, value;
    int64_t nth;                   /* of the entry or word in its list, from 1 */
};

/* A list of words by its name; in a map of lists "forbidden_countries.operator". */
struct policy_list {
    struct text name;
    struct text_list words;
};

/* What the file does not state is unknown: rules that ask for it stay open.  An empty
 * list is a statement. */
struct policy {
    struct arena *arena;
    struct text name;                     /* as it calls itself, else the file's path */
    struct text operator_name;            /* who audits; may be unknown */
    struct text_list profiles;
    double unreadable_share_max;          /* opaque and missing share of what left, 0..1 */
    double opaque_share_max, missing_share_max; /* each of them alone; as the former unless stated */
    double flight_coverage_min;           /* share of the flight time that was captured, 0..1 */
    double stored_age_days_max, log_age_days_max; /* photos and videos; flight logs, as the former unless stated */
    double audit_age_days_max, software_age_days_max;
    enum severity fail_on;
    struct text stored_evidence;          /* as_found | copies | unknown */
    struct policy_value *values;
    size_t value_count;
    struct policy_list *lists;
    size_t list_count;
    const struct allowance *allowances;
    size_t allowance_count;
    const struct attestation *attestations;
    size_t attestation_count;
    const struct acceptance *acceptances;
    size_t acceptance_count;
};

/* Reads and checks a policy: 0, a negative errno of the file, or -EINVAL for one that is
 * not in order.  *ret is set on success only, *error in all other cases. */
__attribute__((warn_unused_result))
int policy_load(const char *path, struct policy **ret, struct policy_error *error);
/* The same from memory; `name` stands for the path. */
__attribute__((warn_unused_result))
int policy_parse(struct text name, struct text source, struct policy **ret, struct policy_error *error);
void policy_free(struct policy *p); /* NULL is fine */

/* The attestation for a rule that says that it holds, at that time; or NULL. */
const struct attestation *policy_attestation(const struct policy *p, struct text rule, int64_t now_utc_ns);

/* The words of a list; NULL when the policy does not state it.  `known` (if not NULL) says
 * whether policies have a list of that name at all. */
const struct text_list *policy_list(const struct policy *p, struct text name, bool *known);

/* The value of a map's member or of a single word ("storage.card_empty", "stored_evidence"); else unknown. */
struct text policy_value(const struct policy *p, struct text list, struct text field);

/* The severity that the policy gives a rule's findings; false when it gives none. */
__attribute__((warn_unused_result))
bool policy_severity(const struct policy *p, struct text rule, enum severity *ret);

/* The acceptance that covers a finding of a rule at that time, or NULL. */
const struct acceptance *policy_acceptance(const struct policy *p, struct text rule, struct text destination,
                                           int64_t now_utc_ns);

/* May this be sent to?  Unknown members fit no statement about them. */
struct recipient {
    struct text host, owner, country, address, phase;
    int64_t port;
};
bool policy_allows(const struct policy *p, const struct recipient *to);

/* `host` is `suffix` or a name below it, whatever the case of its letters. */
bool host_is_under(struct text host, struct text suffix);

/* "2026-12-31" as the start of that day. */
__attribute__((warn_unused_result)) bool policy_day(struct text t, int64_t *day_utc_ns);

/* For `policy check`: "file:line:column: message", or "file: message" where the whole
 * file is meant.  0 when the policy is in order. */
int policy_check(const char *path, FILE *complaints);
void policy_error_write(FILE *out, const struct policy_error *error);

/* For `policy init`: the commented starter, which is data/policy/default.yaml.  0 or a negative errno. */
__attribute__((warn_unused_result)) int policy_starter_write(FILE *out);

#endif
