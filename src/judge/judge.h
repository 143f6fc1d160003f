#ifndef LEASH_JUDGE_JUDGE_H
#define LEASH_JUDGE_JUDGE_H

#include "fact/case.h"
#include "judge/coverage.h"
#include "policy/policy.h"

/* Facts x policy -> findings, with verdict and coverage. */

enum verdict { VERDICT_MET, VERDICT_NOT_MET, VERDICT_NOT_SHOWN, VERDICT_ATTESTED, VERDICT_NOT_APPLICABLE };
extern const char *const verdict_names[5];

struct judge_result {
    const char *verdict;         /* violations | no_violation_found | incomplete; a literal */
    int exit_status;             /* of `leash audit`: 0, 1, 3, or 2 when no evidence could be read */
    int64_t rules[5];            /* precautions by enum verdict */
    int64_t findings[5];         /* by enum severity */
    struct policy_error error;   /* when judging was refused; else all zero */
};

/* Judges a case whose facts and destinations are all there and that is not finished yet:
 * writes the precaution and finding rows and sets "coverage", "verdict", "profiles" and
 * "policy".  The catalogue is DATA_DIR/precautions.  A finding at or above `fail_on` makes
 * the verdict "violations"; the caller takes it from --fail-on, else from p->fail_on.
 *
 * The time that decides about ages and attestations is "started" of the run, else now.
 *
 * 0; -EINVAL, -ENOENT ...: the catalogue is not in order or the policy selects a profile
 * it does not have (ret->error says where; nothing was judged); -EIO, -ENOSPC: the case
 * could not be read or written (case_error). */
__attribute__((warn_unused_result))
int judge_case(struct fact_case *c, const struct policy *p, const char *data_dir, enum severity fail_on,
               struct judge_result *ret);

/* What judging can be spared.  `coverage` gives what judge_measure gives of the same facts, and waits for it if it
 * must; its texts outlive the judging.  When it gives no 0 the coverage is measured as without it. */
struct judge_help {
    int (*coverage)(void *user, struct coverage *ret);
    void *user;
};

/* The same with help, or with NULL. */
__attribute__((warn_unused_result))
int judge_case_with(struct fact_case *c, const struct policy *p, const char *data_dir, enum severity fail_on,
                    const struct judge_help *help, struct judge_result *ret);

/* What the facts cover, as judging says it; only reads.  0 or a negative errno. */
__attribute__((warn_unused_result))
int judge_measure(struct fact_case *c, struct arena *arena, struct coverage *ret);

#endif
