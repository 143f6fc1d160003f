#ifndef LEASH_CLI_AUDIT_RUN_H
#define LEASH_CLI_AUDIT_RUN_H

#include "app/component_table.h"
#include "cli/audit_beside.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/signature.h"
#include "cli/yara_option.h"
#include "destination/destination.h"
#include "fact/case.h"
#include "judge/judge.h"
#include "leak/search.h"
#include "leak/secrets.h"
#include "phase/phase.h"
#include "policy/policy.h"
#include "reader/pool.h"
#include "report/summary.h"

/* One audit: what was asked for (cli/audit.c fills it in from the options), and what it goes on with. */

enum { GEOIP_FILES_MAX = 16, SECRETS_MAX = 256, FLIGHTS_MAX = 256, OWN_DRONES_MAX = 1024 };

struct audit_secret {
    const char *name;   /* up to the '=' */
    size_t name_len;
    struct text value;
};

struct audit {
    /* as asked for */
    const char *case_path, *html_path, *json_path, *policy_path, *label, *operator;
    struct signing_key *key;        /* --sign */
    const char *geoip[GEOIP_FILES_MAX];
    size_t geoip_count;
    struct audit_secret secrets[SECRETS_MAX];
    size_t secret_count;
    char *flights[FLIGHTS_MAX];     /* --flight */
    size_t flight_count;
    struct phase_range phases[PHASE_RANGES_MAX];
    size_t phase_count;
    const char *own[OWN_DRONES_MAX]; /* --own-drone */
    size_t own_count;
    bool bystanders_shown;          /* --bystanders */
    struct yara_option yara;        /* --yara */
    bool force, fail_on_given;
    enum severity fail_on;
    struct reading_options reading;
    struct pool_options pool;

    /* while running */
    struct arena *arena;
    struct fact_case *c;
    struct audit_beside *beside;    /* or NULL */
    struct summary summary;         /* of the sealed case, for page and terminal */
    struct policy *policy;
    struct destination_tables *tables;
    struct component_table *components;
    const char *app_data;      /* --app-data */
    struct item_list items;
    struct secrets *known;
    struct leak_index *index;
    struct progress progress;
    struct buffer notes;            /* JSON strings for coverage.notes, with commas between */
    unsigned sandbox_features;
    int64_t started_utc_ns;
    char spool_directory[4096];
};

/* One more sentence for the coverage of the report; `user` is the audit. */
void audit_note(void *user, struct text sentence);

/* cli/audit_pipeline.c: from the walk to the judged and sealed case.  0 or a negative errno; `result` holds what is
 * wrong with a policy, and the exit status. */
__attribute__((warn_unused_result))
int audit_read_and_judge(struct audit *a, char **paths, int path_count, struct judge_result *result);

/* cli/audit_results.c: who asked for what, when, with which data, into the case; values of --secret are left out. */
__attribute__((warn_unused_result))
int audit_describe_run(struct audit *a, int argc, char **argv);

/* Reports, case, signature and summary, in an order in which none appears without the case it is about; the case is
 * kept even when a report cannot be written.  Gives an exit_status, having said what is wrong, but for the case's own
 * error, which `ret_case_error` tells. */
__attribute__((warn_unused_result))
int audit_write_results(struct audit *a, int *ret_case_error);

#endif
