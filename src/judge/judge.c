#include "judge/judge.h"

#include <errno.h>
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
};

static int64_t now_utc_ns(struct judging *j)
{
    struct timespec t;
    int64_t started;

    if (timestamp_parse(case_get(j->c, "started", j->arena), &started))
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
    j->violated |= f->severity >= j->fail_on;
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
    if (o->verdict == VERDICT_NOT_MET || o->verdict == VERDICT_NOT_SHOWN)
        row.next_step = rule->next_step;
    j->result->rules[o->verdict]++;
    j->violated |= o->verdict == VERDICT_NOT_MET;
    return case_put(j->c, FACT_PRECAUTION, &row, TEXT_UNKNOWN);
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
    const bool incomplete = v->evidence_partial + v->evidence_unreadable > 0 || j->unfinished ||
                            coverage_unreadable_share(v) > j->policy->unreadable_share_max;

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

    if (!result)
        result = case_set(j->c, "verdict", text_of(j->result->verdict));
    if (!result)
        result = case_set(j->c, "profiles", profiles_json(j->policy, j->arena));
    if (!result)
        result = case_set(j->c, "policy", j->policy->name);
    return result;
}

static int judge_all(struct judging *j, const struct catalogue *catalogue)
{
    const struct query_values values = {
        .now_utc_ns = j->rules.now_utc_ns,
        .label = case_get(j->c, "label", j->arena),
        .flight_time_s = j->coverage.flight_time_s,
        .flight_time_covered_s = j->coverage.flight_time_covered_s,
    };
    int result;

    j->rules.q = query_open(case_db(j->c), j->policy, &values, seconds_per_query);
    j->rules.catalogue = catalogue;
    j->rules.demands = memory_alloc_array(catalogue->demand_count + 1, sizeof *j->rules.demands);
    result = catalogue_prepare(catalogue, j->rules.q, &j->result->error);
    for (size_t i = 0; i < catalogue->rule_count && !result; i++)
        result = judge_rule(j, &catalogue->rules[i]);
    query_close(j->rules.q);
    free(j->rules.demands);
    return result;
}

int judge_case(struct fact_case *c, const struct policy *p, const char *data_dir, enum severity fail_on,
               struct judge_result *ret)
{
    struct judging j = { .c = c, .policy = p, .fail_on = fail_on, .arena = arena_new(0), .result = ret };
    struct catalogue *catalogue = NULL;
    int result;

    *ret = (struct judge_result){ .verdict = "incomplete", .exit_status = 4 };
    j.rules = (struct rule_context){ .policy = p, .arena = j.arena, .now_utc_ns = now_utc_ns(&j) };
    result = catalogue_load(data_dir, &catalogue, &ret->error);
    if (!result)
        result = check_profiles(catalogue, p, &ret->error);
    if (!result)
        memset(&ret->error, 0, sizeof ret->error);
    if (!result)
        result = coverage_measure(c, j.rules.now_utc_ns, j.arena, &j.coverage);
    if (!result)
        note_idle_attestations(&j, catalogue);
    if (!result)
        result = judge_all(&j, catalogue);
    if (!result) {
        conclude(&j);
        result = set_results(&j);
    }
    catalogue_free(catalogue);
    arena_free(j.arena);
    return result;
}
