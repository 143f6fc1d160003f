#ifndef LEASH_JUDGE_CATALOGUE_H
#define LEASH_JUDGE_CATALOGUE_H

#include "base/arena.h"
#include "base/text.h"
#include "judge/query.h"
#include "policy/policy.h"

/* The catalogue of precautions: data/precautions/ *.yaml, read in the order of the file
 * names.  data/precautions/README.md documents the form for those who write their own. */

/* SQL or a template, with its place for complaints. */
struct catalogue_text {
    struct text text;  /* unknown when the row has none */
    const struct yaml_node *node;
    size_t file;
};

/* A SELECT that is run once, before the rules; they read its rows as a table. */
struct catalogue_table {
    struct text name, key;
    struct catalogue_text sql;
};

/* What must hold before "not seen" may count: SQL giving one row with the column `ok`
 * (1, 0, or NULL: not to be told), and what would help when it does not. */
struct catalogue_demand {
    struct text name;
    struct catalogue_text sql, need;
};

enum catalogue_kind { CATALOGUE_PRACTICE, CATALOGUE_STANDARD, CATALOGUE_LAW, CATALOGUE_VENDOR_CLAIM };
extern const char *const catalogue_kind_names[4];

/* A rule is a precaution; an observation looks for findings only and has no verdict. */
struct catalogue_rule {
    bool observation;
    bool counts;                          /* false: its wording is from memory; judged, and told apart */
    struct text id, title, source, section, source_confidence;
    enum catalogue_kind kind;
    struct text_list profiles, evidence;
    enum severity severity;
    int64_t in_force_from_utc_ns, in_force_until_utc_ns; /* [from, until); unknown: always */
    struct catalogue_text applies;        /* one row, column `applies`: yes, no, unknown; none means yes */
    struct catalogue_text applies_need;   /* what would tell, when unknown */
    struct catalogue_text violations;     /* columns `fact` (an id or a JSON list of ids), `destination`, perhaps
                                             `severity` and `topic`, and values for the statement */
    struct catalogue_text statement;      /* of a finding; {column} stands for values */
    struct catalogue_text shown;          /* where "met" needs something seen: column `fact` */
    struct catalogue_text values;         /* one row whose columns the reasons may name */
    struct catalogue_text met, not_met, not_shown, not_applicable; /* reasons */
    struct text next_step;                /* what to do when it is not shown, */
    struct text remedy;                   /* and when it is not met; the same unless the rule says otherwise */
    const size_t *demands;                /* indexes into the catalogue's */
    size_t demand_count;
    const struct yaml_node *node;
    size_t file;
};

struct catalogue {
    struct arena *arena;
    const struct text *files;
    size_t file_count;
    struct catalogue_table *tables;
    size_t table_count;
    struct catalogue_demand *demands;
    size_t demand_count;
    struct catalogue_rule *rules;         /* practices, standards, laws, claims, observations */
    size_t rule_count;
};

enum { CATALOGUE_FILES_MAX = 64, CATALOGUE_ROWS_MAX = 2000 };

/* Reads DATA_DIR/precautions/ *.yaml.  0, a negative errno, or -EINVAL; *error is set in
 * each case but the first.  The SQL in it is not looked at yet. */
__attribute__((warn_unused_result))
int catalogue_load(const char *data_dir, struct catalogue **ret, struct policy_error *error);
void catalogue_free(struct catalogue *c); /* NULL is fine */

/* Runs the tables and compiles every other SELECT; checks that each gives the columns
 * that are needed and that templates name nothing else.  -EINVAL and *error for a
 * catalogue that is not in order, -EIO when the database fails. */
__attribute__((warn_unused_result))
int catalogue_prepare(const struct catalogue *c, struct query_engine *q, struct policy_error *error);

/* Fills in *error for something at `where`; always -EINVAL. */
__attribute__((format(printf, 4, 5)))
int catalogue_fail(const struct catalogue *c, struct policy_error *error, const struct catalogue_text *where,
                   const char *format, ...);

#endif
