#include "policy/schema.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/network.h"
#include "base/timestamp.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* How a value must look, and what to say when it does not. */
struct form {
    bool (*good)(struct text);
    const char *want;
};

/* What stands under a key. */
enum shape {
    SHAPE_WORD,     /* a single value */
    SHAPE_WORDS,    /* a list of values */
    SHAPE_ENTRIES,  /* a list of maps */
    SHAPE_EITHER,   /* a list of values and maps */
    SHAPE_MAP,      /* a map of single values */
    SHAPE_LISTS,    /* a map of lists */
};

struct member {
    const char *name;
    struct form form;
    bool required;
};

struct section {
    const char *key;
    enum shape shape;
    struct form form;              /* of single values, of words, of the keys of SHAPE_LISTS */
    const struct member *members;  /* of entries and maps; of SHAPE_LISTS: NULL lets any key pass that `form` likes */
    size_t member_count;
    struct form item;              /* of the values in SHAPE_LISTS */
};

static bool is_text(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.at[i] < 0x20)
            return false;
    return t.len > 0 && t.len <= 1000;
}

/* A host name suffix, an owner or an address: printable, and no pattern characters,
 * which somebody could take for wild cards. */
static bool is_name(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.at[i] < 0x20 || t.at[i] == '*' || t.at[i] == '?' || t.at[i] == '/')
            return false;
    return t.len > 0 && t.len <= 253;
}

static bool is_host(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.at[i] <= 0x20 || t.at[i] == '@')
            return false;
    return is_name(t);
}

static bool is_network(struct text t)
{
    struct network n;

    return network_parse(t, &n);
}

static bool is_recipient(struct text t)
{
    return is_host(t) || is_network(t);
}

static bool is_mac(struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        const char c = t.at[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (i % 3 == 2 ? c != ':' : !hex)
            return false;
    }
    return t.len == 17;
}

static bool is_device(struct text t)
{
    return is_mac(t) || is_network(t);
}

static bool is_country(struct text t)
{
    return t.len == 2 && t.at[0] >= 'A' && t.at[0] <= 'Z' && t.at[1] >= 'A' && t.at[1] <= 'Z';
}

/* Profiles, phases and classes: what rules and tables call them. */
static bool is_label(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!(t.at[i] == '-' || t.at[i] == '_' || t.at[i] == ' ' || (t.at[i] >= 'a' && t.at[i] <= 'z') ||
              (t.at[i] >= '0' && t.at[i] <= '9')))
            return false;
    return t.len > 0 && t.len <= 60;
}

static bool is_rule(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!(t.at[i] == '-' || (t.at[i] >= 'a' && t.at[i] <= 'z') || (t.at[i] >= 'A' && t.at[i] <= 'Z') ||
              (t.at[i] >= '0' && t.at[i] <= '9')))
            return false;
    return t.len > 0 && t.len <= 40;
}

static bool is_port(struct text t)
{
    int64_t number;

    return text_to_int(t, 1, 65535, &number);
}

static bool is_day(struct text t)
{
    int64_t day_utc_ns;

    return policy_day(t, &day_utc_ns);
}

static bool is_sha256(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!((t.at[i] >= '0' && t.at[i] <= '9') || (t.at[i] >= 'a' && t.at[i] <= 'f')))
            return false;
    return t.len == 64;
}

static bool is_yes_no(struct text t)
{
    return text_equal(t, TEXT("true")) || text_equal(t, TEXT("false"));
}

static bool is_allowed_forbidden(struct text t)
{
    return text_equal(t, TEXT("allowed")) || text_equal(t, TEXT("forbidden"));
}

static bool is_stored(struct text t)
{
    return text_equal(t, TEXT("as_found")) || text_equal(t, TEXT("copies"));
}

static bool is_longitude(struct text t)
{
    double v;

    return text_to_real(t, &v) && v >= -180 && v <= 180;
}

static bool is_latitude(struct text t)
{
    double v;

    return text_to_real(t, &v) && v >= -90 && v <= 90;
}

static bool is_severity(struct text t)
{
    enum severity s;

    return severity_find(t, &s);
}

static bool is_share(struct text t)
{
    double v;

    return text_to_real(t, &v) && v >= 0 && v <= 1;
}

static bool is_days(struct text t)
{
    double v;

    return text_to_real(t, &v) && v >= 0 && v <= 36500;
}

static bool is_one(struct text t)
{
    return text_equal(t, TEXT("1"));
}

static bool is_software_kind(struct text t)
{
    return text_equal(t, TEXT("app")) || text_equal(t, TEXT("firmware")) || text_equal(t, TEXT("other"));
}

#define FORM_TEXT      { is_text, "a text of one line" }
#define FORM_NAME      { is_name, "a name without wild cards" }
#define FORM_HOST      { is_host, "a host name without wild cards: example.gov means all below it too" }
#define FORM_RECIPIENT { is_recipient, "a host name, an address or a network, without wild cards" }
#define FORM_NETWORK   { is_network, "a network such as 10.1.0.0/16 or fd00:1::/32" }
#define FORM_DEVICE    { is_device, "a MAC address such as 02:00:00:00:00:01, an address or a network" }
#define FORM_MAC       { is_mac, "a MAC address such as 02:00:00:00:00:01" }
#define FORM_COUNTRY   { is_country, "a country in two capital letters, such as US" }
#define FORM_PROFILE   { is_label, "the name of a profile, such as dhs-cisa" }
#define FORM_PHASE     { is_label, "a phase: activation, launch, idle, flight, sync, update, or a name given with --phase" }
#define FORM_CLASS     { is_label, "a class of traffic, such as map, update, media, account or any" }
#define FORM_RULE      { is_rule, "the id of a rule, such as BUL-2" }
#define FORM_PORT      { is_port, "a port from 1 to 65535" }
#define FORM_DAY       { is_day, "a day as 2026-12-31" }
#define FORM_SHA256    { is_sha256, "a SHA-256 in 64 small hexadecimal digits" }
#define FORM_YES_NO    { is_yes_no, "true or false" }
#define FORM_SEVERITY  { is_severity, "one of: info, low, medium, high, critical" }
#define FORM_SHARE     { is_share, "a number from 0 to 1" }
#define FORM_DAYS      { is_days, "a number from 0 to 36500" }
#define FORM_PERMIT    { is_allowed_forbidden, "allowed or forbidden" }
#define FORM_KIND      { is_software_kind, "one of: app, firmware, other" }

static const struct member limit_members[] = {
    { "unreadable_share_max", FORM_SHARE, false },
    { "opaque_share_max", FORM_SHARE, false },
    { "missing_share_max", FORM_SHARE, false },
    { "flight_coverage_min", FORM_SHARE, false },
    { "stored_age_days_max", FORM_DAYS, false },
    { "log_age_days_max", FORM_DAYS, false },
    { "audit_age_days_max", FORM_DAYS, false },
    { "software_age_days_max", FORM_DAYS, false },
    { "fail_on", FORM_SEVERITY, false },
};

static const struct member allow_members[] = {
    { "host", FORM_HOST, false },
    { "owner", FORM_NAME, false },
    { "country", FORM_COUNTRY, false },
    { "address", FORM_NETWORK, false },
    { "port", FORM_PORT, false },
    { "phase", FORM_PHASE, false },
    { "note", FORM_TEXT, false },
};

static const struct member country_members[] = {
    { "operator", FORM_COUNTRY, false },
    { "registry", FORM_COUNTRY, false },
    { "location", FORM_COUNTRY, false },
};

static const struct member storage_members[] = {
    { "card_empty", FORM_YES_NO, false },
    { "encrypted", FORM_YES_NO, false },
    { "last_mission", FORM_DAY, false },
};

static const struct member broadcast_members[] = {
    { "remote_id", FORM_PERMIT, false },
    { "operator_position", FORM_PERMIT, false },
    { "dji_drone_id", FORM_PERMIT, false },
    { "serial_number", FORM_PERMIT, false },
    { "wifi_name_of_make", FORM_PERMIT, false },
};

static const struct member inventory_members[] = {
    { "serial", FORM_TEXT, false },
    { "maker", FORM_NAME, false },
    { "model", FORM_TEXT, false },
    { "role", FORM_TEXT, false },
    { "mac", FORM_MAC, false },
    { "made_in", FORM_COUNTRY, false },
    { "acquired", FORM_DAY, false },
    { "authorised", FORM_DAY, false },
    { "funding", FORM_TEXT, false },
    { "tracked_as", FORM_TEXT, false },
    { "note", FORM_TEXT, false },
};

static const struct member software_members[] = {
    { "name", FORM_TEXT, true },
    { "kind", FORM_KIND, false },
    { "version", FORM_TEXT, false },
    { "sha256", FORM_SHA256, false },
    { "signer", FORM_SHA256, false },
    { "tested", FORM_DAY, false },
    { "note", FORM_TEXT, false },
};

static const struct member area_members[] = {
    { "name", FORM_TEXT, true },
    { "west", { is_longitude, "a longitude from -180 to 180" }, true },
    { "south", { is_latitude, "a latitude from -90 to 90" }, true },
    { "east", { is_longitude, "a longitude from -180 to 180" }, true },
    { "north", { is_latitude, "a latitude from -90 to 90" }, true },
};

static const struct member vulnerable_members[] = {
    { "name", FORM_TEXT, true },
    { "version", FORM_TEXT, true },
    { "id", FORM_TEXT, true },
    { "note", FORM_TEXT, false },
};

static const struct member audit_members[] = {
    { "when", FORM_DAY, true },
    { "case", FORM_TEXT, false },
    { "note", FORM_TEXT, false },
};

static const struct member accepted_members[] = {
    { "rule", FORM_RULE, true },
    { "destination", FORM_RECIPIENT, false },
    { "who", FORM_TEXT, true },
    { "reason", FORM_TEXT, true },
    { "until", FORM_DAY, true },
};

#define MEMBERS(table) (table), COUNT(table)

static const struct section sections[] = {
    { "version", SHAPE_WORD, { is_one, "a number from 1 to 1" }, NULL, 0, { 0 } },
    { "name", SHAPE_WORD, FORM_TEXT, NULL, 0, { 0 } },
    { "operator", SHAPE_WORD, FORM_TEXT, NULL, 0, { 0 } },
    { "profiles", SHAPE_WORDS, FORM_PROFILE, NULL, 0, { 0 } },
    { "limits", SHAPE_MAP, { 0 }, MEMBERS(limit_members), { 0 } },
    { "captured_devices", SHAPE_WORDS, FORM_DEVICE, NULL, 0, { 0 } },
    { "operator_hosts", SHAPE_WORDS, FORM_HOST, NULL, 0, { 0 } },
    { "allowed_destinations", SHAPE_EITHER, FORM_RECIPIENT, MEMBERS(allow_members), { 0 } },
    { "forbidden_countries", SHAPE_LISTS, { 0 }, MEMBERS(country_members), FORM_COUNTRY },
    { "may_leave", SHAPE_LISTS, FORM_PHASE, NULL, 0, FORM_CLASS },
    { "known_third_parties", SHAPE_WORDS, FORM_NAME, NULL, 0, { 0 } },
    { "internal_networks", SHAPE_WORDS, FORM_NETWORK, NULL, 0, { 0 } },
    { "declared_countries", SHAPE_WORDS, FORM_COUNTRY, NULL, 0, { 0 } },
    { "assessed_makers", SHAPE_WORDS, FORM_NAME, NULL, 0, { 0 } },
    { "stored_evidence", SHAPE_WORD, { is_stored, "one of: as_found, copies" }, NULL, 0, { 0 } },
    { "storage", SHAPE_MAP, { 0 }, MEMBERS(storage_members), { 0 } },
    { "broadcast", SHAPE_MAP, { 0 }, MEMBERS(broadcast_members), { 0 } },
    { "inventory", SHAPE_ENTRIES, { 0 }, MEMBERS(inventory_members), { 0 } },
    { "approved_software", SHAPE_ENTRIES, { 0 }, MEMBERS(software_members), { 0 } },
    { "allowed_permissions", SHAPE_WORDS, FORM_NAME, NULL, 0, { 0 } },
    { "sensitive_areas", SHAPE_ENTRIES, { 0 }, MEMBERS(area_members), { 0 } },
    { "known_vulnerabilities", SHAPE_ENTRIES, { 0 }, MEMBERS(vulnerable_members), { 0 } },
    { "audits", SHAPE_ENTRIES, { 0 }, MEMBERS(audit_members), { 0 } },
    { "attestations", SHAPE_MAP, { 0 }, NULL, 0, { 0 } },  /* read in policy.c */
    { "severities", SHAPE_MAP, FORM_RULE, NULL, 0, FORM_SEVERITY },
    { "accepted", SHAPE_ENTRIES, { 0 }, MEMBERS(accepted_members), { 0 } },
};

enum { VALUES_MAX = YAML_NODES_MAX, LISTS_MAX = 64 };

static const struct { const char *name; size_t offset; } limit_fields[] = {
    { "unreadable_share_max", offsetof(struct policy, unreadable_share_max) },
    { "opaque_share_max", offsetof(struct policy, opaque_share_max) },
    { "missing_share_max", offsetof(struct policy, missing_share_max) },
    { "flight_coverage_min", offsetof(struct policy, flight_coverage_min) },
    { "stored_age_days_max", offsetof(struct policy, stored_age_days_max) },
    { "log_age_days_max", offsetof(struct policy, log_age_days_max) },
    { "audit_age_days_max", offsetof(struct policy, audit_age_days_max) },
    { "software_age_days_max", offsetof(struct policy, software_age_days_max) },
};

const double *schema_limit(const struct policy *p, struct text name)
{
    for (size_t i = 0; i < COUNT(limit_fields); i++)
        if (text_equal(name, text_of(limit_fields[i].name)))
            return (const double *)(const void *)((const char *)p + limit_fields[i].offset);
    return NULL;
}

static bool state(struct policy *p, const struct yaml_node *at, struct text list, int64_t nth, struct text field,
                  struct text value, struct policy_error *error)
{
    if (p->value_count == VALUES_MAX)
        return yaml_fail(error, at, false, "more than %d values", VALUES_MAX);
    p->values[p->value_count++] = (struct policy_value){ list, field, value, nth };
    return true;
}

static bool fits(const struct yaml_node *e, const struct form *form, const char *where, struct policy_error *error)
{
    if (e->kind == YAML_SCALAR && (!form->good || (e->text.len && form->good(e->text))))
        return true;
    return yaml_fail(error, e, false, "in %s: expected %s", where, form->want);
}

static bool add_list(struct policy *p, const struct yaml_node *node, struct text name, const struct form *form,
                     const char *where, struct policy_error *error)
{
    struct text_list words = { NULL, 0 };
    struct text *items;

    if (node->kind != YAML_LIST)
        return yaml_fail(error, node, false, "\"%s\" must be a list", where);
    items = arena_alloc(p->arena, node->count + 1, sizeof *items);
    if (!items || p->list_count == LISTS_MAX)
        return yaml_fail(error, node, false, "too large");
    words.items = items;
    for (const struct yaml_node *e = node->first; e; e = e->next) {
        if (e->kind == YAML_MAP)
            continue; /* an entry of SHAPE_EITHER */
        if (!fits(e, form, where, error))
            return false;
        items[words.count++] = e->text;
    }
    p->lists[p->list_count++] = (struct policy_list){ name, words };
    return true;
}

bool schema_is_sha256(struct text t)
{
    return is_sha256(t);
}

bool schema_state_attestation(struct policy *p, const struct yaml_node *e, int64_t nth, struct policy_error *error)
{
    const struct text list = TEXT("attestations");
    bool good = state(p, e, list, nth, TEXT("rule"), e->key, error);

    for (const struct yaml_node *m = e->first; m && good; m = m->next)
        good = m->null || state(p, m, list, nth, m->key, m->text, error);
    return good;
}

static const struct member *find_member(const struct section *s, struct text name)
{
    for (size_t i = 0; i < s->member_count; i++)
        if (text_equal(name, text_of(s->members[i].name)))
            return &s->members[i];
    return NULL;
}

/* A member's value is a word or a list of words. */
static bool read_member(struct policy *p, const struct section *s, const struct yaml_node *e, const struct member *m,
                        int64_t nth, struct policy_error *error)
{
    const struct text list = text_of(s->key), field = text_of(m->name);

    if (e->kind != YAML_LIST)
        return fits(e, &m->form, s->key, error) && state(p, e, list, nth, field, e->text, error);
    for (const struct yaml_node *v = e->first; v; v = v->next)
        if (!fits(v, &m->form, s->key, error) || !state(p, v, list, nth, field, v->text, error))
            return false;
    return true;
}

static bool read_map(struct policy *p, const struct section *s, const struct yaml_node *map, int64_t nth,
                     struct policy_error *error)
{
    if (map->kind != YAML_MAP)
        return yaml_fail(error, map, false, "\"%s\" must be a map (key: value)", s->key);
    for (const struct yaml_node *e = map->first; e; e = e->next) {
        const struct member *m = find_member(s, e->key);
        if (!m)
            return yaml_fail(error, e, true, "unknown key \"%.*s\" in %s", (int)(e->key.len < 60 ? e->key.len : 60),
                             e->key.at, s->key);
        if (!read_member(p, s, e, m, nth, error))
            return false;
    }
    for (size_t i = 0; i < s->member_count; i++)
        if (s->members[i].required && !yaml_entry(map, text_of(s->members[i].name)))
            return yaml_fail(error, map, false, "an entry of %s lacks \"%s\"", s->key, s->members[i].name);
    return true;
}

static bool read_entries(struct policy *p, const struct section *s, const struct yaml_node *node,
                         struct policy_error *error)
{
    int64_t nth = 0;

    if (!add_list(p, node, text_of(s->key), &s->form, s->key, error))
        return false;
    for (const struct yaml_node *e = node->first; e; e = e->next) {
        nth++;
        if (e->kind == YAML_MAP ? !read_map(p, s, e, nth, error)
                                : !state(p, e, text_of(s->key), nth, TEXT_UNKNOWN, e->text, error))
            return false;
        if (e->kind == YAML_SCALAR && s->shape == SHAPE_ENTRIES)
            return yaml_fail(error, e, false, "\"%s\" must be a list of maps (- key: value)", s->key);
    }
    return true;
}

static bool read_lists(struct policy *p, const struct section *s, const struct yaml_node *map,
                       struct policy_error *error)
{
    if (map->kind != YAML_MAP)
        return yaml_fail(error, map, false, "\"%s\" must be a map of lists", s->key);
    for (const struct yaml_node *e = map->first; e; e = e->next) {
        const struct text name = arena_printf(p->arena, "%s.%.*s", s->key, (int)e->key.len, e->key.at);
        int64_t nth = 0;
        if (s->members ? !find_member(s, e->key) : !s->form.good(e->key))
            return yaml_fail(error, e, true, "unknown key \"%.*s\" in %s%s%s", (int)(e->key.len < 60 ? e->key.len : 60),
                             e->key.at, s->key, s->members ? "" : ": expected ", s->members ? "" : s->form.want);
        if (!add_list(p, e, name, &s->item, name.at, error) ||
            !state(p, e, text_of(s->key), 0, e->key, TEXT_UNKNOWN, error))
            return false;
        for (const struct yaml_node *v = e->first; v; v = v->next)
            if (!state(p, v, text_of(s->key), ++nth, e->key, v->text, error))
                return false;
    }
    return true;
}

/* Severities: the keys are ids of rules. */
static bool read_free_map(struct policy *p, const struct section *s, const struct yaml_node *map,
                          struct policy_error *error)
{
    if (map->kind != YAML_MAP)
        return yaml_fail(error, map, false, "\"%s\" must be a map (key: value)", s->key);
    for (const struct yaml_node *e = map->first; e && s->item.good; e = e->next) {
        if (!s->form.good(e->key))
            return yaml_fail(error, e, true, "in %s: expected %s", s->key, s->form.want);
        if (!fits(e, &s->item, s->key, error) || !state(p, e, text_of(s->key), 1, e->key, e->text, error))
            return false;
    }
    return true;
}

static bool read_section(struct policy *p, const struct section *s, const struct yaml_node *e,
                         struct policy_error *error)
{
    switch (s->shape) {
    case SHAPE_WORD:
        if (e->kind != YAML_SCALAR)
            return yaml_fail(error, e, false, "\"%s\" must be a single value", s->key);
        if (s->form.good == is_one && !e->plain)
            return yaml_fail(error, e, false, "expected a number from 1 to 1");
        return fits(e, &s->form, s->key, error) && state(p, e, text_of(s->key), 1, TEXT_UNKNOWN, e->text, error);
    case SHAPE_WORDS:
        for (const struct yaml_node *v = e->first; v; v = v->next)
            if (v->kind != YAML_SCALAR)
                return yaml_fail(error, v, false, "expected a list of words");
        __attribute__((fallthrough));
    case SHAPE_ENTRIES:
    case SHAPE_EITHER:
        return read_entries(p, s, e, error);
    case SHAPE_MAP:
        return s->members ? read_map(p, s, e, 1, error) : read_free_map(p, s, e, error);
    case SHAPE_LISTS:
        return read_lists(p, s, e, error);
    }
    return false;
}

static const struct section *find_section(struct text key)
{
    for (size_t i = 0; i < COUNT(sections); i++)
        if (text_equal(key, text_of(sections[i].key)))
            return &sections[i];
    return NULL;
}

bool schema_has_list(struct text name)
{
    size_t dot = 0;

    while (dot < name.len && name.at[dot] != '.')
        dot++;
    const struct section *s = find_section((struct text){ .at = name.at, .len = dot });
    if (!s || dot == name.len)
        return s != NULL;
    const struct text member = { .at = name.at + dot + 1, .len = name.len - dot - 1 };
    return s->members ? find_member(s, member) != NULL : s->shape == SHAPE_LISTS && s->form.good(member);
}

static bool read_limits(struct policy *p, const struct yaml_node *limits, struct policy_error *error)
{
    for (const struct yaml_node *e = limits ? limits->first : NULL; e; e = e->next) {
        double *into = (double *)(uintptr_t)schema_limit(p, e->key);
        if (into && !yaml_number(e, 0, 36500, into, error))
            return false;
        if (!into && !severity_find(e->text, &p->fail_on))
            return yaml_fail(error, e, false, "expected one of: info, low, medium, high, critical");
    }
    return true;
}

bool schema_read(struct policy *p, const struct yaml_node *top, struct policy_error *error)
{
    if (top->kind != YAML_MAP)
        return yaml_fail(error, top, false, "the policy must be a map (key: value)");
    p->values = arena_alloc(p->arena, VALUES_MAX, sizeof *p->values);
    p->lists = arena_alloc(p->arena, LISTS_MAX, sizeof *p->lists);
    if (!p->values || !p->lists)
        return yaml_fail(error, top, false, "too large");
    for (const struct yaml_node *e = top->first; e; e = e->next) {
        const struct section *s = find_section(e->key);
        if (!s)
            return yaml_fail(error, e, true, "unknown key \"%.*s\" in the policy",
                             (int)(e->key.len < 60 ? e->key.len : 60), e->key.at);
        /* A key without a value says nothing. */
        if (!(e->kind == YAML_SCALAR && e->null) && !read_section(p, s, e, error))
            return false;
    }
    for (const char *const *key = (const char *const[]){ "version", "profiles", NULL }; *key; key++)
        if (!yaml_entry(top, text_of(*key)))
            return yaml_fail(error, top, false, "the policy lacks \"%s\"", *key);
    const struct yaml_node *limits = yaml_entry(top, TEXT("limits"));
    return read_limits(p, limits && limits->kind == YAML_MAP ? limits : NULL, error);
}
