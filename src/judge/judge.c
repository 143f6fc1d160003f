#include "judge/judge.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "judge/catalogue.h"
#include "judge/coverage.h"
#include "judge/rule.h"

const char *const verdict_names[5] = { "met", "not_met", "not_shown", "attested", "not_applicable" };

/* Generous: a rule over 100,000 flows takes milliseconds. */
static const double seconds_per_query = 20;

struct judging {
    struct fact_case *c;
    const struct policy *policy;
    enum severity fail_on;
    struct arena *arena;
    struct coverage coverage;
    struct rule_context rules;
    struct judge_result *result;
    bool violated, unfinished;
    int64_t asked_count;
};

static int64_t now_utc_ns(struct fact_case *c, struct arena *arena)
{
    struct timespec t;
    int64_t started;

    if (timestamp_parse(case_get(c, "started", arena), &started))
        return started;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static struct text lower(struct text t, struct arena *arena)
{
    char *copy = arena_alloc(arena, t.len + 1, 1);

    for (size_t i = 0; copy && i < t.len; i++)
        copy[i] = (char)(t.at[i] >= 'A' && t.at[i] <= 'Z' ? t.at[i] + 'a' - 'A' : t.at[i]);
    return (struct text){ .at = copy, .len = copy ? t.len : 0 };
}

static int put_finding(struct judging *j, const struct catalogue_rule *rule, const struct rule_finding *f,
                       struct text id)
{
    struct fact_finding row;

    fact_init(FACT_FINDING, &row);
    row.head.id = id;
    row.head.origin.rows = f->facts;
    row.rule = rule->id;
    row.severity = text_of(severity_names[f->severity]);
    row.statement = f->statement;
    row.facts = f->facts;
    row.destinations = (struct text_list){ .items = &f->destination, .count = text_known(f->destination) };
    j->result->findings[f->severity]++;
    j->violated |= !f->accepted && f->severity >= j->fail_on && (rule->observation || rule->counts);
    return case_put(j->c, FACT_FINDING, &row, TEXT_UNKNOWN);
}

static int put_findings(struct judging *j, const struct catalogue_rule *rule, const struct rule_outcome *o,
                        struct text_list *ids)
{
    const struct text name = lower(rule->id, j->arena);
    struct text *list = arena_alloc(j->arena, o->finding_count + 1, sizeof *list);
    int result = 0;

    for (size_t i = 0; i < o->finding_count && !result; i++) {
        list[i] = arena_printf(j->arena, "finding-%.*s-%zu", (int)name.len, name.at, i + 1);
        result = put_finding(j, rule, &o->findings[i], list[i]);
    }
    *ids = (struct text_list){ .items = list, .count = o->finding_count };
    return result;
}

/* For every verdict: what to do about it, or what would make it another one. */
static struct text what_would_change(struct judging *j, const struct catalogue_rule *rule, const struct rule_outcome *o)
{
    const struct text profile = rule->profiles.items[0];

    switch (o->verdict) {
    case VERDICT_NOT_MET:
        return rule->remedy;
    case VERDICT_NOT_SHOWN:
        return rule->next_step;
    case VERDICT_MET:
        return TEXT("Evidence of the opposite, or less coverage, would change this: leash explain shows what was asked.");
    case VERDICT_ATTESTED:
        return TEXT("It holds as long as that person vouches for it; evidence that shows it itself would take its place.");
    case VERDICT_NOT_APPLICABLE:
        break;
    }
    if (rule_selected(j->policy, rule))
        return TEXT("Evidence to which it applies would change this.");
    return arena_printf(j->arena, "To have it judged, add %.*s to the profiles of the policy.", (int)profile.len,
                        profile.at);
}

static int put_precaution(struct judging *j, const struct catalogue_rule *rule, const struct rule_outcome *o,
                          struct text_list findings)
{
    const struct text name = lower(rule->id, j->arena);
    struct fact_precaution row;
    struct text *rows = arena_alloc(j->arena, o->finding_count * FINDING_FACTS_MAX + 1, sizeof *rows);
    size_t count = 0;

    for (size_t i = 0; i < o->finding_count; i++)
        for (size_t k = 0; k < o->findings[i].facts.count; k++)
            rows[count++] = o->findings[i].facts.items[k];
    fact_init(FACT_PRECAUTION, &row);
    row.head.id = arena_printf(j->arena, "precaution-%.*s-1", (int)name.len, name.at);
    row.head.origin.rows = count ? (struct text_list){ .items = rows, .count = count } : o->facts;
    row.rule = rule->id;
    row.title = rule->title;
    row.source = arena_printf(j->arena, "%.*s, %.*s", (int)rule->source.len, rule->source.at, (int)rule->section.len,
                              rule->section.at);
    row.source_confidence = rule->source_confidence;
    row.kind = text_of(catalogue_kind_names[rule->kind]);
    row.profiles = rule->profiles;
    row.applies = text_of(o->applies);
    row.verdict = text_of(verdict_names[o->verdict]);
    row.reason = o->reason;
    if (o->verdict != VERDICT_NOT_APPLICABLE)
        row.coverage = coverage_sentence(&j->coverage, rule->evidence, j->arena);
    row.needs = o->needs.items ? o->needs : (struct text_list){ .items = rows, .count = 0 };
    row.findings = findings;
    row.next_step = what_would_change(j, rule, o);
    j->result->rules[o->verdict] += rule->counts;
    j->violated |= rule->counts && o->verdict == VERDICT_NOT_MET;
    return case_put(j->c, FACT_PRECAUTION, &row, TEXT_UNKNOWN);
}

static int put_asked(struct judging *j, struct text rule, const char *part, struct text name,
                     const struct catalogue_text *sql, int64_t holds, int64_t rows)
{
    const struct catalogue *c = j->rules.catalogue;
    const struct text file = c->files[sql->file];
    const struct text owner = text_known(rule) ? lower(rule, j->arena) : TEXT("catalogue");
    struct fact_rule row;
    size_t name_from = file.len;

    while (name_from && file.at[name_from - 1] != '/')
        name_from--;
    fact_init(FACT_RULE, &row);
    row.head.id = arena_printf(j->arena, "rule-%.*s-%" PRId64, (int)owner.len, owner.at, ++j->asked_count);
    row.rule = rule;
    row.part = text_of(part);
    row.name = name;
    row.text = sql->text;
    row.place = arena_printf(j->arena, "%.*s:%d", (int)(file.len - name_from), file.at + name_from,
                             sql->node ? sql->node->line : 0);
    row.holds = holds;
    row.rows = rows;
    return case_put(j->c, FACT_RULE, &row, TEXT_UNKNOWN);
}

/* What was asked for a rule, so that `explain`, and an auditor, can see it. */
static int put_question(struct judging *j, const struct catalogue_rule *rule, const struct rule_outcome *o)
{
    const struct { const char *part; const struct catalogue_text *sql; int64_t rows; } parts[] = {
        { "applies", &rule->applies, FACT_UNKNOWN_INT },
        { "violations", &rule->violations, o->violation_rows },
        { "shown", &rule->shown, o->shown_rows },
        { "values", &rule->values, FACT_UNKNOWN_INT },
    };
    int result = 0;

    j->asked_count = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && !result; i++)
        if (text_known(parts[i].sql->text))
            result = put_asked(j, rule->id, parts[i].part, TEXT_UNKNOWN, parts[i].sql, FACT_UNKNOWN_INT, parts[i].rows);
    for (size_t i = 0; i < rule->demand_count && !result; i++) {
        const struct catalogue_demand *d = &j->rules.catalogue->demands[rule->demands[i]];
        const struct demand_state *s = &j->rules.demands[rule->demands[i]];
        const struct catalogue_text place = { .node = d->sql.node, .file = d->sql.file };
        result = put_asked(j, rule->id, "demand", d->name, &place, s->asked ? s->holds : FACT_UNKNOWN_INT,
                           FACT_UNKNOWN_INT);
    }
    return result;
}

static int put_catalogue(struct judging *j, const struct catalogue *c)
{
    int result = 0;

    j->asked_count = 0;
    for (size_t i = 0; i < c->table_count && !result; i++)
        result = put_asked(j, TEXT_UNKNOWN, "table", c->tables[i].name, &c->tables[i].sql, FACT_UNKNOWN_INT,
                           FACT_UNKNOWN_INT);
    for (size_t i = 0; i < c->demand_count && !result; i++)
        result = put_asked(j, TEXT_UNKNOWN, "demand", c->demands[i].name, &c->demands[i].sql,
                           j->rules.demands[i].asked ? j->rules.demands[i].holds : FACT_UNKNOWN_INT, FACT_UNKNOWN_INT);
    return result;
}

static int judge_rule(struct judging *j, const struct catalogue_rule *rule)
{
    struct rule_outcome outcome;
    struct text_list findings;
    int result = rule_judge(&j->rules, rule, &outcome);

    if (!result)
        result = put_findings(j, rule, &outcome, &findings);
    if (!result && !rule->observation)
        result = put_precaution(j, rule, &outcome, findings);
    if (!result)
        result = put_question(j, rule, &outcome);
    if (!result && outcome.unfinished) {
        j->unfinished = true;
        coverage_note(&j->coverage, j->arena,
                      arena_printf(j->arena, "%.*s could not be worked out within its limits of time and size.",
                                   (int)rule->id.len, rule->id.at));
    }
    return result;
}

static bool catalogue_has_profile(const struct catalogue *catalogue, struct text profile)
{
    for (size_t i = 0; i < catalogue->rule_count; i++)
        for (size_t k = 0; k < catalogue->rules[i].profiles.count; k++)
            if (text_equal(catalogue->rules[i].profiles.items[k], profile))
                return true;
    return false;
}

/* A misspelt profile would silently judge nothing. */
static int check_profiles(const struct catalogue *catalogue, const struct policy *p, struct policy_error *error)
{
    for (size_t i = 0; i < p->profiles.count; i++) {
        if (catalogue_has_profile(catalogue, p->profiles.items[i]))
            continue;
        memset(error, 0, sizeof *error);
        snprintf(error->file, sizeof error->file, "%.*s", (int)(p->name.len < 200 ? p->name.len : 200), p->name.at);
        yaml_fail(error, NULL, false, "no precaution of the catalogue belongs to the profile \"%.*s\"",
                  (int)p->profiles.items[i].len, p->profiles.items[i].at);
        return -EINVAL;
    }
    return 0;
}

static bool catalogue_has_rule(const struct catalogue *catalogue, struct text id)
{
    for (size_t i = 0; i < catalogue->rule_count; i++)
        if (text_equal_ignoring_case(catalogue->rules[i].id, id))
            return true;
    return false;
}

/* Entries of the policy that have no effect would else pass for decisions. */
static void note_idle_entries(struct judging *j, const struct catalogue *catalogue)
{
    for (size_t i = 0; i < j->policy->acceptance_count; i++) {
        const struct acceptance *a = &j->policy->acceptances[i];
        char until[TIMESTAMP_TEXT_MAX];
        timestamp_text(a->until_utc_ns, until);
        if (!catalogue_has_rule(catalogue, a->rule))
            coverage_note(&j->coverage, j->arena,
                          arena_printf(j->arena, "The policy accepts findings of \"%.*s\", which is no rule of the "
                                                 "catalogue.", (int)a->rule.len, a->rule.at));
        else if (j->rules.now_utc_ns - 24 * 3600 * NS_PER_S >= a->until_utc_ns)
            coverage_note(&j->coverage, j->arena,
                          arena_printf(j->arena, "The policy accepted findings of %.*s until %.10s: that is over.",
                                       (int)a->rule.len, a->rule.at, until));
    }
    for (size_t i = 0; i < j->policy->value_count; i++) {
        const struct policy_value *v = &j->policy->values[i];
        if (text_equal(v->list, TEXT("severities")) && !catalogue_has_rule(catalogue, v->field))
            coverage_note(&j->coverage, j->arena,
                          arena_printf(j->arena, "The policy gives a severity to \"%.*s\", which is no rule of the "
                                                 "catalogue.", (int)v->field.len, v->field.at));
    }
}

static void note_idle_attestations(struct judging *j, const struct catalogue *catalogue)
{
    for (size_t i = 0; i < j->policy->attestation_count; i++) {
        const struct text rule = j->policy->attestations[i].rule;
        size_t k = 0;
        while (k < catalogue->rule_count && !text_equal(catalogue->rules[k].id, rule))
            k++;
        if (k == catalogue->rule_count)
            coverage_note(&j->coverage, j->arena,
                          arena_printf(j->arena, "The policy has an attestation for \"%.*s\", which is no "
                                                 "precaution of the catalogue.",
                                       (int)(rule.len < 60 ? rule.len : 60), rule.at));
    }
}

static struct text profiles_json(const struct policy *p, struct arena *arena)
{
    char *at = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&at, &len);
    struct json json;

    if (!out)
        abort();
    json_init(&json, out, false);
    json_array(&json);
    for (size_t i = 0; i < p->profiles.count; i++)
        json_text(&json, p->profiles.items[i]);
    json_array_end(&json);
    fclose(out);
    const struct text result = arena_text(arena, (struct text){ .at = at, .len = len });
    free(at);
    return result;
}

static void conclude(struct judging *j)
{
    const struct coverage *v = &j->coverage;
    const double left = (double)(v->payload_out + v->missing_out), opaque = (double)v->opaque_out,
                 missing = (double)v->missing_out;
    const bool over = coverage_unreadable_share(v) > j->policy->unreadable_share_max ||
                      opaque > j->policy->opaque_share_max * left || missing > j->policy->missing_share_max * left;
    const bool incomplete = v->evidence_partial + v->evidence_unreadable > 0 || j->unfinished || over;

    j->result->verdict = j->violated ? "violations" : incomplete ? "incomplete" : "no_violation_found";
    j->result->exit_status = j->violated ? 1 : incomplete ? 3 : 0;
    if (v->evidence_read + v->evidence_partial == 0) {
        j->result->verdict = "incomplete";
        j->result->exit_status = 2;
    }
}

static int set_results(struct judging *j)
{
    int result = case_set(j->c, "coverage", coverage_json(&j->coverage, j->arena));

    if (!result && j->coverage.path_bytes > 0)
        result = case_set(j->c, "path_bytes", arena_printf(j->arena, "%.0f", j->coverage.path_bytes));
    if (!result)
        result = case_set(j->c, "verdict", text_of(j->result->verdict));
    if (!result)
        result = case_set(j->c, "profiles", profiles_json(j->policy, j->arena));
    if (!result)
        result = case_set(j->c, "policy", j->policy->name);
    return result;
}

/* From when to when the evidence is. */
static int find_span(struct judging *j)
{
    static const char sql[] =
        "SELECT min(t), max(t) FROM (SELECT min(start) t FROM flight UNION ALL SELECT max(\"end\") FROM flight"
        " UNION ALL SELECT min(taken) FROM media UNION ALL SELECT max(taken) FROM media"
        " UNION ALL SELECT min(at) FROM broadcast UNION ALL SELECT max(at) FROM broadcast)";
    const int64_t flows[] = { j->coverage.flows_from_utc_ns, j->coverage.flows_to_utc_ns };
    sqlite3_stmt *s = NULL;
    int64_t *const into[] = { &j->rules.evidence_from_utc_ns, &j->rules.evidence_to_utc_ns };
    int code = sqlite3_prepare_v2(case_db(j->c), sql, -1, &s, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    for (int i = 0; i < 2; i++) {
        const char *at = code == SQLITE_ROW ? (const char *)sqlite3_column_text(s, i) : NULL;
        if (!at || !timestamp_parse(text_of(at), into[i]))
            *into[i] = FACT_UNKNOWN_INT;
        for (int k = 0; k < 2; k++) {
            if (flows[k] != FACT_UNKNOWN_INT &&
                (*into[i] == FACT_UNKNOWN_INT || (i ? flows[k] > *into[i] : flows[k] < *into[i])))
                *into[i] = flows[k];
        }
    }
    sqlite3_finalize(s);
    return code == SQLITE_ROW ? 0 : -EIO;
}

int judge_measure(struct fact_case *c, struct arena *arena, struct coverage *ret)
{
    return coverage_measure(c, now_utc_ns(c, arena), arena, ret);
}

/* The coverage, what is said of the policy beside it, and the time that the evidence spans. */
static int settle(struct judging *j, const struct catalogue *catalogue, const struct judge_help *help)
{
    int result = 0;

    if (!help || help->coverage(help->user, &j->coverage))
        result = coverage_measure(j->c, j->rules.now_utc_ns, j->arena, &j->coverage);
    if (result)
        return result;
    note_idle_attestations(j, catalogue);
    note_idle_entries(j, catalogue);
    return find_span(j);
}

static struct query_values values_of(struct judging *j)
{
    return (struct query_values){
        .now_utc_ns = j->rules.now_utc_ns,
        .label = case_get(j->c, "label", j->arena),
        .flight_time_s = j->coverage.flight_time_s,
        .flight_time_covered_s = j->coverage.flight_time_covered_s,
    };
}

/* What somebody else measures is waited for as late as can be: the flows are added up without it. */
static int judge_all(struct judging *j, const struct catalogue *catalogue, const struct judge_help *help)
{
    int result = help ? 0 : settle(j, catalogue, NULL);

    if (result)
        return result;
    struct query_values values = values_of(j);
    j->rules.q = query_open(case_db(j->c), j->policy, &values, seconds_per_query);
    j->rules.catalogue = catalogue;
    j->rules.demands = memory_alloc_array(catalogue->demand_count + 1, sizeof *j->rules.demands);
    if (help && !(result = settle(j, catalogue, help))) {
        values = values_of(j);
        query_set_values(j->rules.q, &values);
    }
    if (!result)
        result = catalogue_prepare(catalogue, j->rules.q, &j->result->error);
    for (size_t i = 0; i < catalogue->rule_count && !result; i++)
        result = judge_rule(j, &catalogue->rules[i]);
    if (!result)
        result = put_catalogue(j, catalogue);
    query_close(j->rules.q);
    free(j->rules.demands);
    return result;
}

int judge_case(struct fact_case *c, const struct policy *p, const char *data_dir, enum severity fail_on,
               struct judge_result *ret)
{
    return judge_case_with(c, p, data_dir, fail_on, NULL, ret);
}

int judge_case_with(struct fact_case *c, const struct policy *p, const char *data_dir, enum severity fail_on,
                    const struct judge_help *help, struct judge_result *ret)
{
    struct judging j = { .c = c, .policy = p, .fail_on = fail_on, .arena = arena_new(0), .result = ret };
    struct catalogue *catalogue = NULL;
    int result;

    *ret = (struct judge_result){ .verdict = "incomplete", .exit_status = 4 };
    j.rules = (struct rule_context){ .policy = p, .arena = j.arena, .now_utc_ns = now_utc_ns(c, j.arena) };
    result = catalogue_load(data_dir, &catalogue, &ret->error);
    if (!result)
        result = check_profiles(catalogue, p, &ret->error);
    if (!result)
        memset(&ret->error, 0, sizeof ret->error);
    if (!result)
        result = judge_all(&j, catalogue, help);
    if (!result) {
        conclude(&j);
        result = set_results(&j);
    }
    catalogue_free(catalogue);
    arena_free(j.arena);
    return result;
}
