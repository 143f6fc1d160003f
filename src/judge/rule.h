#ifndef LEASH_JUDGE_RULE_H
#define LEASH_JUDGE_RULE_H

#include "judge/catalogue.h"
#include "judge/judge.h"
#include "judge/query.h"

/* Operators need not select this profile: its rules ask what the policy itself states. */
#define OPERATOR_PROFILE "operator"

/* Evaluates one rule of a catalogue over the case; writes nothing. */

enum {
    RULE_FINDINGS_MAX = 100,  /* per rule; what is beyond is told in one finding */
    FINDING_FACTS_MAX = 50,   /* ids kept per finding */
};

struct rule_finding {
    enum severity severity;
    struct text statement;
    struct text destination;  /* unknown when there is none */
    struct text_list facts;   /* ids of rows */
    bool accepted;            /* a person answers for it in the policy */
};

struct rule_outcome {
    enum verdict verdict;
    const char *applies;      /* yes | no | unknown */
    struct text reason;
    struct text_list needs;
    struct text_list facts;   /* what `shown` gave */
    struct rule_finding *findings;
    size_t finding_count;
    int64_t violation_rows, shown_rows; /* that the SQL gave; unknown where it was not asked */
    bool unfinished;          /* a limit was reached: nothing may be concluded from silence */
};

struct demand_state { bool asked, holds, unfinished; struct text need; };

struct rule_context {
    const struct catalogue *catalogue;
    const struct policy *policy;
    struct query_engine *q;
    int64_t now_utc_ns;
    int64_t evidence_from_utc_ns, evidence_to_utc_ns; /* of what; unknown where nothing in it has a time */
    struct arena *arena;           /* outcomes live here */
    struct demand_state *demands;  /* one per demand of the catalogue, zeroed at first */
};

/* Is the profile of the rule selected? */
bool rule_selected(const struct policy *p, const struct catalogue_rule *rule);

/* 0, or -EIO when the database failed. */
__attribute__((warn_unused_result))
int rule_judge(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *ret);

#endif
