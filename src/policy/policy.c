#include "policy/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "policy/network.h"

/* Made from data/policy/default.yaml by src/policy/meson.build: one starter, not two. */
static const char starter[] =
#include "policy/starter_text.h"
;

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

static const struct yaml_key top_keys[] = {
    { "version", YAML_SCALAR, true },
    { "name", YAML_SCALAR, false },
    { "profiles", YAML_LIST, true },
    { "limits", YAML_MAP, false },
    { "operator_hosts", YAML_LIST, false },
    { "allowed_destinations", YAML_LIST, false },
    { "known_third_parties", YAML_LIST, false },
    { "internal_networks", YAML_LIST, false },
    { "declared_countries", YAML_LIST, false },
    { "assessed_makers", YAML_LIST, false },
    { "stored_evidence", YAML_SCALAR, false },
    { "attestations", YAML_MAP, false },
};

static const struct yaml_key limit_keys[] = {
    { "unreadable_share_max", YAML_SCALAR, false },
    { "flight_coverage_min", YAML_SCALAR, false },
    { "stored_age_days_max", YAML_SCALAR, false },
    { "fail_on", YAML_SCALAR, false },
};

static const struct yaml_key attestation_keys[] = {
    { "who", YAML_SCALAR, true },
    { "when", YAML_SCALAR, true },
    { "until", YAML_SCALAR, true },
    { "note", YAML_SCALAR, false },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct yaml_node *present(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *e = yaml_entry(map, text_of(key));

    return e && !(e->kind == YAML_SCALAR && e->null) ? e : NULL;
}

static bool read_limits(struct policy *p, const struct yaml_node *limits, struct policy_error *error)
{
    const struct { const char *key; double max; double *into; } numbers[] = {
        { "unreadable_share_max", 1, &p->unreadable_share_max },
        { "flight_coverage_min", 1, &p->flight_coverage_min },
        { "stored_age_days_max", 36500, &p->stored_age_days_max },
    };
    const struct yaml_node *e;
    size_t word;

    if (!limits)
        return true;
    if (!yaml_check_keys(limits, limit_keys, COUNT(limit_keys), "limits", error))
        return false;
    for (size_t i = 0; i < COUNT(numbers); i++)
        if ((e = present(limits, numbers[i].key)) && !yaml_number(e, 0, numbers[i].max, numbers[i].into, error))
            return false;
    if ((e = present(limits, "fail_on"))) {
        if (!yaml_word(e, severity_names, COUNT(severity_names), &word, error))
            return false;
        p->fail_on = (enum severity)word;
    }
    return true;
}

/* A host name suffix, an owner or an address: printable, and no pattern characters,
 * which somebody could take for wild cards. */
static bool is_name(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.at[i] < 0x20 || t.at[i] == '*' || t.at[i] == '?' || t.at[i] == '/')
            return false;
    return t.len <= 253;
}

static bool is_host(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.at[i] <= 0x20 || t.at[i] == '@')
            return false;
    return is_name(t);
}

static bool is_country(struct text t)
{
    return t.len == 2 && t.at[0] >= 'A' && t.at[0] <= 'Z' && t.at[1] >= 'A' && t.at[1] <= 'Z';
}

static bool is_network(struct text t)
{
    struct network n;

    return network_parse(t, &n);
}

static bool is_profile(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!(t.at[i] == '-' || (t.at[i] >= 'a' && t.at[i] <= 'z') || (t.at[i] >= '0' && t.at[i] <= '9')))
            return false;
    return t.len <= 40;
}

static bool read_lists(struct policy *p, const struct yaml_node *top, struct policy_error *error)
{
    const struct { const char *key; struct text_list *into; bool (*good)(struct text); const char *want; } lists[] = {
        { "profiles", &p->profiles, is_profile, "the name of a profile, such as dhs-cisa" },
        { "operator_hosts", &p->operator_hosts, is_host, "a host name without wild cards: example.gov means all "
                                                         "below it too" },
        { "allowed_destinations", &p->allowed_destinations, is_host, "a host name or address without wild cards" },
        { "known_third_parties", &p->known_third_parties, is_name, "an owner or host name without wild cards" },
        { "internal_networks", &p->internal_networks, is_network, "a network such as 10.1.0.0/16 or fd00:1::/32" },
        { "declared_countries", &p->declared_countries, is_country, "a country in two capital letters, such as US" },
        { "assessed_makers", &p->assessed_makers, is_name, "the name of a maker" },
    };

    for (size_t i = 0; i < COUNT(lists); i++) {
        const struct yaml_node *list = yaml_entry(top, text_of(lists[i].key));
        if (!list)
            continue;
        if (!yaml_texts(list, p->arena, lists[i].into, error))
            return false;
        for (const struct yaml_node *e = list->first; e; e = e->next)
            if (!lists[i].good(e->text))
                return yaml_fail(error, e, false, "in %s: expected %s", lists[i].key, lists[i].want);
    }
    return true;
}

static bool read_day(const struct yaml_node *e, int64_t *ret, struct policy_error *error)
{
    char full[] = "YYYY-MM-DDT00:00:00Z";

    if (e->text.len == 10) {
        memcpy(full, e->text.at, 10);
        if (timestamp_parse((struct text){ .at = full, .len = sizeof full - 1 }, ret))
            return true;
    }
    return yaml_fail(error, e, false, "expected a day as 2026-12-31");
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
        p->attestation_count++;
    }
    p->attestations = list;
    return true;
}

static bool read_policy(struct policy *p, const struct yaml_node *top, struct policy_error *error)
{
    static const char *const stored_words[] = { "as_found", "copies" };
    const struct yaml_node *e;
    double version;
    size_t word;

    if (!yaml_check_keys(top, top_keys, COUNT(top_keys), "the policy", error) ||
        !yaml_number(yaml_entry(top, TEXT("version")), 1, 1, &version, error) ||
        !read_limits(p, present(top, "limits"), error) ||
        !read_lists(p, top, error) ||
        !read_attestations(p, present(top, "attestations"), error))
        return false;
    if (p->profiles.count == 0)
        return yaml_fail(error, yaml_entry(top, TEXT("profiles")), false, "a policy selects at least one profile");
    if ((e = present(top, "name")))
        p->name = e->text;
    if ((e = present(top, "stored_evidence"))) {
        if (!yaml_word(e, stored_words, COUNT(stored_words), &word, error))
            return false;
        p->stored_evidence = text_of(stored_words[word]);
    }
    return true;
}

static struct policy *policy_new(struct text name)
{
    struct policy *p = memory_alloc_array(1, sizeof *p);

    p->arena = arena_new(POLICY_ARENA_BYTES);
    p->name = arena_text(p->arena, name);
    p->unreadable_share_max = 0.10;
    p->flight_coverage_min = 0.90;
    p->stored_age_days_max = 30;
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

const struct attestation *policy_attestation(const struct policy *p, struct text rule, int64_t now_utc_ns)
{
    const int64_t day_ns = 24 * 3600 * NS_PER_S;

    for (size_t i = 0; i < p->attestation_count; i++) {
        const struct attestation *a = &p->attestations[i];
        if (text_equal(a->rule, rule) && a->when_utc_ns <= now_utc_ns && now_utc_ns - day_ns < a->until_utc_ns)
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
    if (fputs(starter, out) < 0 || fflush(out))
        return errno ? -errno : -EIO;
    return 0;
}
