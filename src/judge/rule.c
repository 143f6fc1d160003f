#include "judge/rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "fact/fact.h"
#include "judge/template.h"

enum { SCRATCH_BYTES_MAX = 64 << 20, NAMES_SHOWN_MAX = 3 };

/* One SELECT of a rule.  `scratch` is given back by done(). */
struct asked {
    struct arena *scratch;
    struct query_answer answer;
    enum query_status status;
};

static struct asked ask(struct rule_context *x, const struct catalogue_text *sql)
{
    struct asked a = { .scratch = arena_new(SCRATCH_BYTES_MAX) };

    if (text_known(sql->text))
        a.status = query_run(x->q, sql->text, a.scratch, &a.answer);
    return a;
}

static void done(struct asked *a)
{
    arena_free(a->scratch);
}

/* A limit that was reached leaves the rule open; everything else was compiled before and
 * only fails when the database does. */
static int note_status(struct rule_outcome *o, enum query_status status)
{
    if (status == QUERY_TOO_LONG)
        o->unfinished = true;
    return status == QUERY_OK || status == QUERY_TOO_LONG ? 0 : -EIO;
}

static struct text cell_text(const struct query_cell *cell)
{
    return cell && cell->type == QUERY_TEXT ? cell->text : TEXT_UNKNOWN;
}

/* The columns of one row as values for a template, and `more` behind them. */
static size_t row_values(const struct query_answer *a, size_t row, const struct template_value *more, size_t more_count,
                         struct template_value values[QUERY_COLUMNS_MAX + 8])
{
    size_t count = 0;

    for (size_t i = 0; row < a->rows && i < a->columns.count; i++)
        values[count++] = (struct template_value){ a->columns.items[i], *query_cell_at(a, row, (int)i) };
    for (size_t i = 0; i < more_count; i++)
        values[count++] = more[i];
    return count;
}

static struct text fill(struct rule_context *x, struct text template, const struct query_answer *a, size_t row,
                        const struct template_value *more, size_t more_count)
{
    struct template_value values[QUERY_COLUMNS_MAX + 8];
    const size_t count = row_values(a, row, more, more_count, values);

    return template_fill(template, values, count, x->arena);
}

/* Rows of `violations` with the same destination, severity and topic make one finding. */
struct group {
    size_t first_row, rows;
    struct text facts[FINDING_FACTS_MAX];
    size_t fact_count;
    enum severity severity;
    struct text destination, topic;
};

struct groups {
    struct group *at;
    size_t count;
    struct group rest;    /* what did not fit */
    size_t rest_destinations;
    uint32_t *seen;       /* rows + 1 of the rest, by hash of their destination */
};

enum { SEEN_SLOTS = 1 << 15 };
_Static_assert(SEEN_SLOTS > 2 * QUERY_ROWS_MAX, "the table stays half empty");

static bool same_group(const struct group *g, const struct group *other)
{
    return g->severity == other->severity && text_equal(g->destination, other->destination) &&
           text_equal(g->topic, other->topic);
}

/* `fact` is an id, or a JSON list of ids as json_group_array makes it; ids hold no quotes. */
static void add_fact(struct group *g, struct text fact, struct arena *arena)
{
    if (text_starts_with(fact, TEXT("["))) {
        for (size_t from = 0, to; from < fact.len && g->fact_count < FINDING_FACTS_MAX; from = to + 1) {
            while (from < fact.len && (fact.at[from] == '[' || fact.at[from] == ',' || fact.at[from] == '"'))
                from++;
            for (to = from; to < fact.len && fact.at[to] != '"' && fact.at[to] != ']';)
                to++;
            if (to > from && fact.at[from] != ']')
                add_fact(g, (struct text){ .at = fact.at + from, .len = to - from }, arena);
        }
        return;
    }
    for (size_t i = 0; i < g->fact_count; i++)
        if (text_equal(g->facts[i], fact))
            return;
    if (text_known(fact) && g->fact_count < FINDING_FACTS_MAX)
        g->facts[g->fact_count++] = arena_text(arena, fact);
}

/* Is this row's destination the first of its name in the rest? */
static bool first_seen(struct groups *groups, const struct query_answer *a, int column, size_t row)
{
    const struct text name = cell_text(query_cell_at(a, row, column));
    size_t slot = hash_mix(name.at, name.len, 0) % SEEN_SLOTS;

    while (groups->seen[slot]) {
        if (text_equal(cell_text(query_cell_at(a, groups->seen[slot] - 1, column)), name))
            return false;
        slot = (slot + 1) % SEEN_SLOTS;
    }
    groups->seen[slot] = (uint32_t)row + 1;
    return true;
}

static void add_to_rest(struct groups *groups, const struct query_answer *a, int column, size_t row,
                        enum severity severity)
{
    groups->rest_destinations += first_seen(groups, a, column, row);
    if (severity > groups->rest.severity)
        groups->rest.severity = severity;
}

static void group_rows(struct rule_context *x, const struct catalogue_rule *rule, const struct query_answer *a,
                       struct groups *groups)
{
    const int fact = query_column(a, TEXT("fact")), to = query_column(a, TEXT("destination")),
              how = query_column(a, TEXT("severity")), about = query_column(a, TEXT("topic"));

    for (size_t row = 0; row < a->rows; row++) {
        struct group new = { .first_row = row, .severity = rule->severity,
            .destination = cell_text(query_cell_at(a, row, to)), .topic = cell_text(query_cell_at(a, row, about)) };
        size_t i = 0;
        if (!severity_find(cell_text(query_cell_at(a, row, how)), &new.severity))
            new.severity = rule->severity;
        while (i < groups->count && !same_group(&groups->at[i], &new))
            i++;
        struct group *g = i < RULE_FINDINGS_MAX ? &groups->at[i] : &groups->rest;
        if (g == &groups->rest)
            add_to_rest(groups, a, to, row, new.severity);
        else if (i == groups->count)
            groups->at[groups->count++] = new;
        g->rows++;
        add_fact(g, cell_text(query_cell_at(a, row, fact)), x->arena);
    }
}

static struct text_list kept_facts_of(struct rule_context *x, const struct group *g)
{
    struct text *items = arena_alloc(x->arena, g->fact_count + 1, sizeof *items);

    if (!items)
        return (struct text_list){ NULL, 0 };
    memcpy(items, g->facts, g->fact_count * sizeof *items);
    return (struct text_list){ .items = items, .count = g->fact_count };
}

/* What the policy says of a finding: its severity, and whether a person answers for it. */
static void apply_policy(struct rule_context *x, const struct catalogue_rule *rule, struct rule_finding *f)
{
    const struct acceptance *a = policy_acceptance(x->policy, rule->id, f->destination, x->now_utc_ns);
    char until[TIMESTAMP_TEXT_MAX];

    /* When the policy gives none, the finding keeps the one it has. */
    (void)!policy_severity(x->policy, rule->id, &f->severity);
    if (!rule->observation && !rule->counts)
        f->severity = SEVERITY_INFO;
    if (!a)
        return;
    timestamp_text(a->until_utc_ns, until);
    f->accepted = true;
    f->severity = SEVERITY_INFO;
    f->statement = arena_printf(x->arena, "%.*s Accepted by %.*s until %.10s: %.*s", (int)f->statement.len,
                                f->statement.at, (int)a->who.len, a->who.at, until, (int)a->reason.len, a->reason.at);
}

static void make_findings(struct rule_context *x, const struct catalogue_rule *rule, const struct query_answer *a,
                          struct rule_outcome *o)
{
    struct groups groups = { .at = memory_alloc_array(RULE_FINDINGS_MAX, sizeof(struct group)),
                             .seen = memory_alloc_array(SEEN_SLOTS, sizeof(uint32_t)) };

    group_rows(x, rule, a, &groups);
    o->findings = arena_alloc(x->arena, groups.count + 1, sizeof *o->findings);
    for (size_t i = 0; i < groups.count; i++) {
        const struct group *g = &groups.at[i];
        const struct template_value rows = { TEXT("rows"), { .type = QUERY_INT, .integer = (int64_t)g->rows } };
        o->findings[o->finding_count++] = (struct rule_finding){ .severity = g->severity,
            .statement = fill(x, rule->statement.text, a, g->first_row, &rows, 1),
            .destination = arena_text(x->arena, g->destination), .facts = kept_facts_of(x, g) };
        apply_policy(x, rule, &o->findings[i]);
    }
    if (groups.rest.rows) {
        o->findings[o->finding_count++] = (struct rule_finding){ .severity = groups.rest.severity,
            .statement = arena_printf(x->arena, "The same holds for %s%zu more destinations, which are not "
                                                "listed one by one.",
                                      a->cut ? "at least " : "", groups.rest_destinations),
            .destination = TEXT_UNKNOWN, .facts = kept_facts_of(x, &groups.rest) };
    }
    free(groups.at);
    free(groups.seen);
}

/* "a, b, c and 4 more" */
static struct text destination_names(struct rule_context *x, const struct rule_outcome *o)
{
    struct buffer b;
    size_t named = 0, all = 0;

    buffer_init(&b, 2000);
    for (size_t i = 0; i < o->finding_count; i++) {
        if (!text_known(o->findings[i].destination) || all++ >= NAMES_SHOWN_MAX)
            continue;
        buffer_printf(&b, "%s", named++ ? ", " : "");
        buffer_add_text(&b, o->findings[i].destination);
    }
    if (all > named)
        buffer_printf(&b, " and %zu more", all - named);
    const struct text result = all ? arena_text(x->arena, buffer_text(&b)) : TEXT_UNKNOWN;
    buffer_done(&b);
    return result;
}

static int reason_from(struct rule_context *x, const struct catalogue_rule *rule, const struct catalogue_text *template,
                       struct rule_outcome *o, struct text *ret)
{
    struct asked values = ask(x, &rule->values);
    const int result = note_status(o, values.status);
    const struct text names = destination_names(x, o);
    const struct template_value more[] = {
        { TEXT("findings"), { .type = QUERY_INT, .integer = (int64_t)o->finding_count } },
        { TEXT("destinations"), { .type = text_known(names) ? QUERY_TEXT : QUERY_NULL, .text = names } },
    };

    if (!result)
        *ret = fill(x, template->text, &values.answer, 0, more, 2);
    done(&values);
    return result;
}

bool rule_selected(const struct policy *p, const struct catalogue_rule *rule)
{
    for (size_t i = 0; i < rule->profiles.count; i++)
        if (text_equal(rule->profiles.items[i], TEXT(OPERATOR_PROFILE)))
            return true;
    for (size_t i = 0; i < rule->profiles.count; i++)
        for (size_t k = 0; k < p->profiles.count; k++)
            if (text_equal(rule->profiles.items[i], p->profiles.items[k]))
                return true;
    return false;
}

static struct text not_selected(struct rule_context *x, const struct catalogue_rule *rule)
{
    struct buffer b;

    buffer_init(&b, 2000);
    buffer_printf(&b, "The policy does not select the profile%s ", rule->profiles.count > 1 ? "s" : "");
    for (size_t i = 0; i < rule->profiles.count; i++)
        buffer_printf(&b, "%s%.*s", i ? ", " : "", (int)rule->profiles.items[i].len, rule->profiles.items[i].at);
    buffer_printf(&b, ".");
    const struct text result = arena_text(x->arena, buffer_text(&b));
    buffer_done(&b);
    return result;
}

static int find_applies(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *o)
{
    struct asked a = ask(x, &rule->applies);
    const int result = note_status(o, a.status);
    const struct text answer = cell_text(query_cell_at(&a.answer, 0, query_column(&a.answer, TEXT("applies"))));

    if (!text_known(rule->applies.text) || text_equal(answer, TEXT("yes")))
        o->applies = "yes";
    else
        o->applies = text_equal(answer, TEXT("no")) ? "no" : "unknown";
    done(&a);
    return result;
}

static int find_violations(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *o)
{
    struct asked a = ask(x, &rule->violations);
    const int result = note_status(o, a.status);

    o->violation_rows = (int64_t)a.answer.rows;
    if (!result && a.status == QUERY_OK && a.answer.rows)
        make_findings(x, rule, &a.answer, o);
    done(&a);
    return result;
}

static int find_shown(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *o)
{
    struct asked a = ask(x, &rule->shown);
    const int result = note_status(o, a.status);
    const int fact = query_column(&a.answer, TEXT("fact"));
    struct group g = { 0 };

    o->shown_rows = (int64_t)a.answer.rows;
    for (size_t row = 0; !result && row < a.answer.rows && g.fact_count < FINDING_FACTS_MAX; row++)
        add_fact(&g, cell_text(query_cell_at(&a.answer, row, fact)), x->arena);
    if (!result)
        o->facts = kept_facts_of(x, &g);
    done(&a);
    return result;
}

static int ask_demand(struct rule_context *x, size_t index)
{
    struct demand_state *state = &x->demands[index];
    const struct catalogue_demand *demand = &x->catalogue->demands[index];
    struct rule_outcome status = { 0 };

    if (state->asked)
        return 0;
    struct asked a = ask(x, &demand->sql);
    const int result = note_status(&status, a.status);
    const struct query_cell *ok = query_cell_at(&a.answer, 0, query_column(&a.answer, TEXT("ok")));
    state->asked = true;
    state->unfinished = status.unfinished;
    state->holds = ok && ok->type == QUERY_INT && ok->integer != 0;
    if (!result && !state->holds)
        state->need = fill(x, demand->need.text, &a.answer, 0, NULL, 0);
    done(&a);
    return result;
}

static int find_needs(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *o)
{
    struct text *needs = arena_alloc(x->arena, rule->demand_count + 1, sizeof *needs);
    size_t count = 0;

    for (size_t i = 0; i < rule->demand_count; i++) {
        const struct demand_state *state = &x->demands[rule->demands[i]];
        const int result = ask_demand(x, rule->demands[i]);
        if (result)
            return result;
        o->unfinished |= state->unfinished;
        if (!state->holds)
            needs[count++] = state->need;
    }
    o->needs = (struct text_list){ .items = needs, .count = count };
    return 0;
}

static struct text attested_reason(struct rule_context *x, const struct attestation *a)
{
    char when[TIMESTAMP_TEXT_MAX], until[TIMESTAMP_TEXT_MAX];

    timestamp_text(a->when_utc_ns, when);
    timestamp_text(a->until_utc_ns, until);
    return arena_printf(x->arena, "%.*s vouches for it, from %.10s until %.10s%s%.*s.", (int)a->who.len, a->who.at,
                        when, until, text_known(a->note) ? ": " : "", (int)a->note.len,
                        text_known(a->note) ? a->note.at : "");
}

static size_t accepted_count(const struct rule_outcome *o)
{
    size_t count = 0;

    for (size_t i = 0; i < o->finding_count; i++)
        count += o->findings[i].accepted;
    return count;
}

static int judge_violations(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *o)
{
    const int result = reason_from(x, rule, &rule->not_met, o, &o->reason);

    o->verdict = VERDICT_NOT_MET;
    if (!result && accepted_count(o) == o->finding_count) {
        o->verdict = VERDICT_ATTESTED;
        o->reason = arena_printf(x->arena, "%.*s The policy accepts this: the finding%s who answers for it, why, and "
                                           "until when.",
                                 (int)o->reason.len, o->reason.at, o->finding_count == 1 ? " says" : "s say");
    }
    return result;
}

/* What the evidence says, before any attestation. */
static int judge_evidence(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *o)
{
    int result = find_violations(x, rule, o);

    if (!result && o->finding_count)
        return judge_violations(x, rule, o);
    if (!result)
        result = find_shown(x, rule, o);
    if (!result)
        result = find_needs(x, rule, o);
    if (result)
        return result;
    const bool shown = !text_known(rule->shown.text) || o->facts.count > 0;
    if (shown && o->needs.count == 0 && !o->unfinished) {
        o->verdict = VERDICT_MET;
        return reason_from(x, rule, &rule->met, o, &o->reason);
    }
    o->verdict = VERDICT_NOT_SHOWN;
    if (o->unfinished) {
        o->reason = TEXT("It could not be worked out: the case is too large for this rule, or the rule too slow.");
        return 0;
    }
    return reason_from(x, rule, &rule->not_shown, o, &o->reason);
}

/* Was the rule in force at any time that the evidence is of?  Evidence without times is
 * of the time of the run. */
static bool in_force(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *o)
{
    const int64_t from = fact_known_int(x->evidence_from_utc_ns) ? x->evidence_from_utc_ns : x->now_utc_ns,
                  to = fact_known_int(x->evidence_to_utc_ns) ? x->evidence_to_utc_ns : x->now_utc_ns;
    char begins[TIMESTAMP_TEXT_MAX], ends[TIMESTAMP_TEXT_MAX], first[TIMESTAMP_TEXT_MAX], last[TIMESTAMP_TEXT_MAX];

    const bool early = fact_known_int(rule->in_force_from_utc_ns) && to < rule->in_force_from_utc_ns,
               late = fact_known_int(rule->in_force_until_utc_ns) && from >= rule->in_force_until_utc_ns;
    if (!early && !late)
        return true;
    timestamp_text(from, first);
    timestamp_text(to, last);
    timestamp_text(early ? rule->in_force_from_utc_ns : 0, begins);
    timestamp_text(late ? rule->in_force_until_utc_ns : 0, ends);
    o->reason = arena_printf(x->arena, "It is %s %.10s, and this evidence is of %.10s to %.10s.",
                             early ? "in force from" : "no longer in force since", early ? begins : ends, first, last);
    return false;
}

static int judge_unknown(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *o)
{
    struct text *need = arena_alloc(x->arena, 1, sizeof *need);

    o->verdict = VERDICT_NOT_SHOWN;
    if (!need)
        return -EIO;
    int result = reason_from(x, rule, &rule->not_shown, o, &o->reason);
    if (!result)
        result = reason_from(x, rule, &rule->applies_need, o, need);
    o->needs = (struct text_list){ .items = need, .count = 1 };
    return result;
}

int rule_judge(struct rule_context *x, const struct catalogue_rule *rule, struct rule_outcome *ret)
{
    struct rule_outcome o = { .verdict = VERDICT_NOT_APPLICABLE, .applies = "no",
                              .violation_rows = FACT_UNKNOWN_INT, .shown_rows = FACT_UNKNOWN_INT };
    int result;

    if (rule->observation) {
        result = find_violations(x, rule, &o);
    } else if (!rule_selected(x->policy, rule)) {
        o.reason = not_selected(x, rule);
        result = 0;
    } else if (!in_force(x, rule, &o)) {
        result = 0;
    } else if ((result = find_applies(x, rule, &o)) == 0) {
        if (strcmp(o.applies, "no") == 0)
            result = reason_from(x, rule, &rule->not_applicable, &o, &o.reason);
        else
            result = strcmp(o.applies, "yes") == 0 ? judge_evidence(x, rule, &o) : judge_unknown(x, rule, &o);
    }
    const struct attestation *a = policy_attestation(x->policy, rule->id, x->now_utc_ns);
    if (!result && a && o.verdict == VERDICT_NOT_SHOWN) {
        o.verdict = VERDICT_ATTESTED;
        o.reason = attested_reason(x, a);
    } else if (!result && a && o.verdict == VERDICT_NOT_MET) {
        o.reason = arena_printf(x->arena, "%.*s The policy holds an attestation by %.*s; the evidence speaks "
                                          "against it.",
                                (int)o.reason.len, o.reason.at, (int)a->who.len, a->who.at);
    }
    if (!result)
        *ret = o;
    return result;
}
