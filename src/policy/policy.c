#include "policy/policy.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/network.h"
#include "base/timestamp.h"
#include "policy/schema.h"

/* Made from data/policy/default.yaml by src/policy/meson.build: one starter, not two. */
static const char *const starter[] = {
#include "policy/starter_text.h"
};

const char *const severity_names[5] = { "info", "low", "medium", "high", "critical" };

enum { POLICY_ARENA_BYTES = 16 << 20, ATTESTATIONS_MAX = 1000 };

bool severity_find(struct text t, enum severity *ret)
{
    for (size_t i = 0; i < sizeof severity_names / sizeof severity_names[0]; i++) {
        if (text_equal(t, text_of(severity_names[i]))) {
            *ret = (enum severity)i;
            return true;
        }
    }
    return false;
}

static const struct yaml_key attestation_keys[] = {
    { "who", YAML_SCALAR, true },
    { "when", YAML_SCALAR, true },
    { "until", YAML_SCALAR, true },
    { "note", YAML_SCALAR, false },
    { "document_sha256", YAML_SCALAR, false },
    { "holds", YAML_SCALAR, false },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct yaml_node *present(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *e = yaml_entry(map, text_of(key));

    return e && !(e->kind == YAML_SCALAR && e->null) ? e : NULL;
}

bool policy_day(struct text t, int64_t *day_utc_ns)
{
    char full[] = "YYYY-MM-DDT00:00:00Z";

    if (t.len != 10)
        return false;
    memcpy(full, t.at, 10);
    return timestamp_parse((struct text){ .at = full, .len = sizeof full - 1 }, day_utc_ns);
}

static bool read_day(const struct yaml_node *e, int64_t *ret, struct policy_error *error)
{
    return policy_day(e->text, ret) || yaml_fail(error, e, false, "expected a day as 2026-12-31");
}

static bool read_statement(const struct yaml_node *e, struct attestation *a, struct policy_error *error)
{
    const struct yaml_node *document = present(e, "document_sha256"), *holds = present(e, "holds");
    size_t word = 0;

    a->document_sha256 = document ? document->text : TEXT_UNKNOWN;
    if (document && !schema_is_sha256(document->text))
        return yaml_fail(error, document, false, "expected a SHA-256 in 64 small hexadecimal digits");
    if (holds && !yaml_word(holds, (const char *const[]){ "true", "false" }, 2, &word, error))
        return false;
    a->holds = word == 0;
    return true;
}

static bool read_attestations(struct policy *p, const struct yaml_node *map, struct policy_error *error)
{
    struct attestation *list;

    if (!map)
        return true;
    if (map->count > ATTESTATIONS_MAX)
        return yaml_fail(error, map, false, "more than %d attestations", ATTESTATIONS_MAX);
    list = arena_alloc(p->arena, map->count + 1, sizeof *list);
    if (!list)
        return yaml_fail(error, map, false, "too large");
    for (const struct yaml_node *e = map->first; e; e = e->next) {
        struct attestation *a = &list[p->attestation_count];
        if (e->kind != YAML_MAP)
            return yaml_fail(error, e, false, "an attestation must say who, when and until");
        if (!yaml_check_keys(e, attestation_keys, COUNT(attestation_keys), "an attestation", error))
            return false;
        const struct yaml_node *note = present(e, "note"), *until = yaml_entry(e, TEXT("until"));
        a->rule = e->key;
        a->who = yaml_entry(e, TEXT("who"))->text;
        a->note = note ? note->text : TEXT_UNKNOWN;
        if (!read_day(yaml_entry(e, TEXT("when")), &a->when_utc_ns, error) ||
            !read_day(until, &a->until_utc_ns, error))
            return false;
        if (a->until_utc_ns < a->when_utc_ns)
            return yaml_fail(error, until, false, "\"until\" is before \"when\"");
        if (!read_statement(e, a, error) || !schema_state_attestation(p, e, (int64_t)++p->attestation_count, error))
            return false;
    }
    p->attestations = list;
    return true;
}

static const struct text *member_of(const struct policy *p, struct text list, int64_t nth, const char *field)
{
    for (size_t i = 0; i < p->value_count; i++)
        if (p->values[i].nth == nth && text_equal(p->values[i].list, list) &&
            text_equal(p->values[i].field, text_of(field)))
            return &p->values[i].value;
    return NULL;
}

static int64_t entry_count(const struct policy *p, struct text list)
{
    int64_t count = 0;

    for (size_t i = 0; i < p->value_count; i++)
        if (text_equal(p->values[i].list, list) && p->values[i].nth > count)
            count = p->values[i].nth;
    return count;
}

static bool read_acceptances(struct policy *p)
{
    const struct text list = TEXT("accepted");
    const int64_t count = entry_count(p, list);
    struct acceptance *all = arena_alloc(p->arena, (size_t)count + 1, sizeof *all);

    for (int64_t nth = 1; all && nth <= count; nth++) {
        const struct text *to = member_of(p, list, nth, "destination");
        struct acceptance *a = &all[p->acceptance_count++];
        *a = (struct acceptance){ .rule = *member_of(p, list, nth, "rule"), .who = *member_of(p, list, nth, "who"),
            .reason = *member_of(p, list, nth, "reason"), .destination = to ? *to : TEXT_UNKNOWN };
        if (!policy_day(*member_of(p, list, nth, "until"), &a->until_utc_ns))
            return false;
    }
    p->acceptances = all;
    return all != NULL;
}

static bool add_word(struct policy *p, struct text_list *to, struct text word, size_t room)
{
    struct text *items = (struct text *)(uintptr_t)to->items;

    if (!items && !(items = arena_alloc(p->arena, room, sizeof *items)))
        return false;
    items[to->count++] = word;
    to->items = items;
    return true;
}

/* A word alone is a network when it reads as one, else a host. */
static bool read_allowances(struct policy *p)
{
    const struct text list = TEXT("allowed_destinations");
    const int64_t count = entry_count(p, list);
    struct allowance *all = arena_alloc(p->arena, (size_t)count + 1, sizeof *all);
    struct network unused;

    for (size_t i = 0; all && i < p->value_count; i++) {
        const struct policy_value *v = &p->values[i];
        if (!text_equal(v->list, list) || v->nth < 1)
            continue;
        struct allowance *a = &all[v->nth - 1];
        const struct { const char *field; struct text_list *into; } members[] = {
            { "host", &a->hosts }, { "owner", &a->owners }, { "country", &a->countries },
            { "address", &a->addresses }, { "port", &a->ports }, { "phase", &a->phases },
        };
        struct text_list *into = text_known(v->field) ? NULL
                                 : network_parse(v->value, &unused) ? &a->addresses : &a->hosts;
        for (size_t k = 0; k < COUNT(members) && !into; k++)
            if (text_equal(v->field, text_of(members[k].field)))
                into = members[k].into;
        if (into && !add_word(p, into, v->value, p->value_count))
            return false;
    }
    p->allowances = all;
    p->allowance_count = (size_t)count;
    return all != NULL;
}

static bool read_policy(struct policy *p, const struct yaml_node *top, struct policy_error *error)
{
    if (!schema_read(p, top, error) || !read_attestations(p, present(top, "attestations"), error))
        return false;
    if (!read_acceptances(p) || !read_allowances(p))
        return yaml_fail(error, top, false, "too large");
    const struct text_list *profiles = policy_list(p, TEXT("profiles"), NULL);
    if (!profiles || profiles->count == 0)
        return yaml_fail(error, yaml_entry(top, TEXT("profiles")), false, "a policy selects at least one profile");
    p->profiles = *profiles;
    const struct text name = policy_value(p, TEXT("name"), TEXT_UNKNOWN);
    if (text_known(name))
        p->name = name;
    p->operator_name = policy_value(p, TEXT("operator"), TEXT_UNKNOWN);
    p->stored_evidence = policy_value(p, TEXT("stored_evidence"), TEXT_UNKNOWN);
    if (isnan(p->opaque_share_max))
        p->opaque_share_max = p->unreadable_share_max;
    if (isnan(p->missing_share_max))
        p->missing_share_max = p->unreadable_share_max;
    if (isnan(p->log_age_days_max))
        p->log_age_days_max = p->stored_age_days_max;
    return true;
}

static struct policy *policy_new(struct text name)
{
    struct policy *p = memory_alloc_array(1, sizeof *p);

    p->arena = arena_new(POLICY_ARENA_BYTES);
    p->name = arena_text(p->arena, name);
    p->unreadable_share_max = 0.10;
    p->flight_coverage_min = 0.90;
    p->opaque_share_max = p->missing_share_max = p->log_age_days_max = NAN;
    p->stored_age_days_max = 30;
    p->audit_age_days_max = 365;
    p->software_age_days_max = 365;
    p->fail_on = SEVERITY_HIGH;
    return p;
}

int policy_load(const char *path, struct policy **ret, struct policy_error *error)
{
    struct policy *p = policy_new(text_of(path));
    const struct yaml_node *top = NULL;
    int result = yaml_read(path, p->arena, &top, error);

    if (!result && !read_policy(p, top, error))
        result = -EINVAL;
    if (result)
        policy_free(p);
    else
        *ret = p;
    return result;
}

int policy_parse(struct text name, struct text source, struct policy **ret, struct policy_error *error)
{
    struct policy *p = policy_new(name);
    const struct yaml_node *top = NULL;

    if (!yaml_parse(name, source, p->arena, &top, error) || !read_policy(p, top, error)) {
        policy_free(p);
        return -EINVAL;
    }
    *ret = p;
    return 0;
}

void policy_free(struct policy *p)
{
    if (!p)
        return;
    arena_free(p->arena);
    free(p);
}

const struct text_list *policy_list(const struct policy *p, struct text name, bool *known)
{
    if (known)
        *known = schema_has_list(name);
    for (size_t i = 0; i < p->list_count; i++)
        if (text_equal(p->lists[i].name, name))
            return &p->lists[i].words;
    return NULL;
}

struct text policy_value(const struct policy *p, struct text list, struct text field)
{
    for (size_t i = 0; i < p->value_count; i++)
        if (p->values[i].nth == 1 && text_equal(p->values[i].list, list) && text_equal(p->values[i].field, field))
            return p->values[i].value;
    return TEXT_UNKNOWN;
}

bool policy_severity(const struct policy *p, struct text rule, enum severity *ret)
{
    return severity_find(policy_value(p, TEXT("severities"), rule), ret);
}

static const int64_t day_ns = 24 * 3600 * NS_PER_S;

const struct acceptance *policy_acceptance(const struct policy *p, struct text rule, struct text destination,
                                           int64_t now_utc_ns)
{
    struct network a, n;

    for (size_t i = 0; i < p->acceptance_count; i++) {
        const struct acceptance *x = &p->acceptances[i];
        if (!text_equal_ignoring_case(x->rule, rule) || now_utc_ns - day_ns >= x->until_utc_ns)
            continue;
        if (!text_known(x->destination) || host_is_under(destination, x->destination) ||
            (network_address(destination, &a) && network_parse(x->destination, &n) && network_holds(&n, &a)))
            return x;
    }
    return NULL;
}

const struct attestation *policy_attestation(const struct policy *p, struct text rule, int64_t now_utc_ns)
{
    for (size_t i = 0; i < p->attestation_count; i++) {
        const struct attestation *a = &p->attestations[i];
        if (a->holds && text_equal(a->rule, rule) && a->when_utc_ns <= now_utc_ns &&
            now_utc_ns - day_ns < a->until_utc_ns)
            return a;
    }
    return NULL;
}

void policy_error_write(FILE *out, const struct policy_error *error)
{
    if (error->line > 0)
        fprintf(out, "%s:%d:%d: %s\n", error->file, error->line, error->column, error->message);
    else
        fprintf(out, "%s: %s\n", error->file, error->message);
}

int policy_check(const char *path, FILE *complaints)
{
    struct policy_error error;
    struct policy *p = NULL;
    const int result = policy_load(path, &p, &error);

    if (result)
        policy_error_write(complaints, &error);
    policy_free(p);
    return result;
}

int policy_starter_write(FILE *out)
{
    for (size_t i = 0; i < COUNT(starter); i++)
        if (fputs(starter[i], out) < 0)
            return errno ? -errno : -EIO;
    return fflush(out) ? -errno : 0;
}
