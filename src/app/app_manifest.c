#include "app/app.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/permissions.h"
#include "base/hash.h"
#include "base/json.h"
#include "fact/component_sign.h"
#include "protocol/certificate.h"

enum { WANTED_SLOTS = 65536 };

static void want(struct app *a, struct text dotted)
{
    if (dotted.len == 0 || a->wanted_count == APP_WANTED_MAX)
        return;
    const struct text descriptor = arena_printf(a->r->arena, "L%.*s;", (int)dotted.len, dotted.at);
    for (size_t i = 0; i < descriptor.len; i++)
        if (descriptor.at[i] == '.')
            ((char *)(uintptr_t)descriptor.at)[i] = '/';
    size_t at = (size_t)hash_mix(descriptor.at, descriptor.len, 0) & (WANTED_SLOTS - 1);
    while (a->wanted_slots[at] && !text_equal(a->wanted[a->wanted_slots[at] - 1].descriptor, descriptor))
        at = (at + 1) & (WANTED_SLOTS - 1);
    if (a->wanted_slots[at])
        return;
    a->wanted[a->wanted_count++].descriptor = descriptor;
    a->wanted_slots[at] = (uint32_t)a->wanted_count;
}

bool app_want_manifest_classes(struct app *a)
{
    const struct manifest *m = &a->manifest;

    a->wanted = arena_alloc(a->r->arena, m->part_count + 4, sizeof *a->wanted);
    a->wanted_slots = arena_alloc(a->r->arena, WANTED_SLOTS, sizeof *a->wanted_slots);
    if (!a->wanted || !a->wanted_slots)
        return false;
    if (text_known(m->application))
        want(a, m->application);
    for (size_t i = 0; i < m->part_count; i++) {
        if (!m->parts[i].alias)
            want(a, m->parts[i].name);
        app_note_name(a, m->parts[i].name);
    }
    for (size_t i = 0; i < m->meta_count; i++)
        app_note_name(a, m->meta[i].name);
    for (size_t i = 0; i < m->permission_count; i++)
        app_note_name(a, m->permissions[i].name);
    return true;
}

void app_class_seen(struct app *a, struct text descriptor)
{
    if (!a->wanted_count)
        return;
    size_t at = (size_t)hash_mix(descriptor.at, descriptor.len, 0) & (WANTED_SLOTS - 1);
    while (a->wanted_slots[at] && !text_equal(a->wanted[a->wanted_slots[at] - 1].descriptor, descriptor))
        at = (at + 1) & (WANTED_SLOTS - 1);
    if (a->wanted_slots[at])
        a->wanted[a->wanted_slots[at] - 1].found = true;
}

static struct text subject_of(struct app *a, struct bytes certificate)
{
    struct certificate c;

    return certificate_parse(certificate, a->r->arena, &c) == PARSE_OK ? c.subject : TEXT_UNKNOWN;
}

static void digest_hex(struct bytes certificate, char hex[SHA256_HEX])
{
    uint8_t digest[SHA256_BYTES];

    sha256_of(certificate, digest);
    hash_hex(digest, SHA256_BYTES, hex);
}

/* [{"sha256":..,"subject":..,"schemes":[..]}] */
static struct text signers_json(struct app *a)
{
    const struct package_signature *s = &a->signature;
    char *at = NULL, hex[SHA256_HEX];
    size_t len = 0;
    FILE *out = open_memstream(&at, &len);
    struct json j;

    if (!out)
        return TEXT_UNKNOWN;
    json_init(&j, out, false);
    json_array(&j);
    for (size_t i = 0; i < s->signer_count; i++) {
        digest_hex(s->signers[i].certificate, hex);
        json_object(&j);
        json_member_text(&j, "sha256", (struct text){ .at = hex, .len = SHA256_HEX });
        json_member_text(&j, "subject", subject_of(a, s->signers[i].certificate));
        json_key(&j, "schemes");
        json_array(&j);
        for (int k = 0; k < SIGNATURE_SCHEME_COUNT; k++)
            if (s->signers[i].schemes & 1u << k)
                json_text(&j, text_of(signature_scheme_names[k]));
        json_array_end(&j);
        json_object_end(&j);
    }
    json_array_end(&j);
    fclose(out);
    const struct text copy = arena_text(a->r->arena, (struct text){ .at = at, .len = len });
    free(at);
    return copy;
}

static int by_text(const void *x, const void *y)
{
    return text_compare(*(const struct text *)x, *(const struct text *)y);
}

/* Each name once, sorted. */
static struct text_list permission_names(struct app *a)
{
    const struct manifest *m = &a->manifest;
    struct text *items = arena_alloc(a->r->arena, m->permission_count + 1, sizeof *items);
    size_t count = 0;

    if (!items)
        return (struct text_list){ 0 };
    for (size_t i = 0; i < m->permission_count; i++)
        items[i] = m->permissions[i].name;
    qsort(items, m->permission_count, sizeof *items, by_text);
    for (size_t i = 0; i < m->permission_count; i++)
        if (count == 0 || !text_equal(items[count - 1], items[i]))
            items[count++] = items[i];
    return (struct text_list){ .items = items, .count = count };
}

void app_put_package(struct app *a, const char *kind, const char *readable)
{
    const struct manifest *m = &a->manifest;
    struct fact_package row;

    fact_init(FACT_PACKAGE, &row);
    row.head.origin = a->manifest_origin;
    row.kind = text_of(kind);
    row.package = a->package;
    if (a->has_manifest) {
        row.version = m->version_name;
        row.version_code = m->version_code;
        row.min_sdk = m->min_sdk;
        row.target_sdk = m->target_sdk;
        row.permissions = permission_names(a);
        row.implied_permissions = permissions_implied(m, a->r->arena);
    }
    row.signers = signers_json(a);
    row.signature = text_of(signature_verdict_names[a->signature.verdict]);
    row.readable = text_of(readable);
    fact_put(a->r->facts, FACT_PACKAGE, &row);

    for (size_t i = 0; i < a->signature.signer_count; i++) {
        const struct package_signer *s = &a->signature.signers[i];
        struct fact_component signer;
        char hex[SHA256_HEX];
        digest_hex(s->certificate, hex);
        const struct text subject = subject_of(a, s->certificate);
        const struct component_sign sign = { .kind = COMPONENT_SIGN_CERTIFICATE,
                                             .name = { .at = hex, .len = SHA256_HEX } };
        const struct text steps[] = { component_sign_words(&sign, a->r->arena) };
        fact_init(FACT_COMPONENT, &signer);
        signer.head.origin = app_origin(a, (uint64_t)a->manifest_origin.offset, 0, steps, 1);
        signer.package = a->package;
        signer.name = text_known(subject) && subject.len > 0
            ? subject : arena_text(a->r->arena, (struct text){ .at = hex, .len = SHA256_HEX });
        signer.kind = TEXT("signer");
        const struct known_signer *known = component_table_signer(a->table, sign.name);
        if (known) {
            signer.owner = known->owner;
            signer.country = known->country;
            signer.purpose = known->meaning;
            signer.source = known->source;
        }
        signer.state = s->schemes ? TEXT("in_code") : TEXT("unreadable");
        fact_put(a->r->facts, FACT_COMPONENT, &signer);
    }
}

void app_put_permissions(struct app *a)
{
    const struct text_list names = permission_names(a);

    for (size_t i = 0; i < names.count; i++) {
        struct fact_component row;
        fact_init(FACT_COMPONENT, &row);
        row.head.origin = a->manifest_origin;
        row.package = a->package;
        row.name = names.items[i];
        row.kind = TEXT("permission");
        row.state = TEXT("in_manifest");
        row.purpose = permission_purpose(names.items[i]);
        fact_put(a->r->facts, FACT_COMPONENT, &row);
    }
}

static void put(struct app *a, enum app_setting setting, struct text value)
{
    app_setting_put(a->r, setting, value, a->package, a->manifest_origin);
}

static void put_number(struct app *a, enum app_setting setting, uint64_t value)
{
    put(a, setting, arena_printf(a->r->arena, "%llu", (unsigned long long)value));
}

static struct text yes_no(bool yes)
{
    return yes ? TEXT("yes") : TEXT("no");
}

static void put_exported(struct app *a)
{
    static const enum app_setting names[PART_KIND_COUNT] = {
        APP_EXPORTED_ACTIVITY, APP_EXPORTED_SERVICE, APP_EXPORTED_RECEIVER, APP_EXPORTED_PROVIDER };
    const struct manifest *m = &a->manifest;

    for (size_t i = 0; i < m->part_count; i++) {
        const struct manifest_part *p = &m->parts[i];
        if (!manifest_exported(m, p))
            continue;
        if (p->permission.len > 0)
            put(a, names[p->kind], arena_printf(a->r->arena, "%.*s %.*s", (int)p->name.len, p->name.at,
                                                (int)p->permission.len, p->permission.at));
        else
            put(a, names[p->kind], p->name);
    }
}

void app_put_settings(struct app *a)
{
    const struct manifest *m = &a->manifest;

    if (a->has_manifest) {
        app_put_connections(a);
        put(a, APP_DEBUGGABLE, yes_no(m->debuggable == YES));
        put(a, APP_ALLOW_BACKUP, yes_no(m->allow_backup != NO)); /* the platform's default is yes */
        app_put_backup_rules(a);
        if (m->test_only == YES)
            put(a, APP_TEST_ONLY, TEXT("yes"));
        if (m->shared_user_id.len > 0)
            put(a, APP_SHARED_USER_ID, m->shared_user_id);
        if (m->split.len > 0)
            put(a, APP_SPLIT, m->split);
        put_exported(a);
    }
    for (size_t i = 0; i < a->signature.problem_count; i++)
        put(a, APP_SIGNATURE_PROBLEM, a->signature.problems[i]);
    if (fact_known_int(a->signature.valid_from_sdk))
        put_number(a, APP_SIGNATURE_VALID_FROM_SDK, (uint64_t)a->signature.valid_from_sdk);
    if (a->signature.unprotected > 0)
        put_number(a, APP_SIGNATURE_UNPROTECTED, a->signature.unprotected);
    for (unsigned i = 0; i < ZIP_TRICK_COUNT; i++)
        if (a->zip.tricks & 1u << i)
            put(a, APP_STRUCTURE_TRICK, text_of(zip_trick_name(i)));
    if (a->has_manifest && m->odd_chunks > 0)
        put(a, APP_STRUCTURE_TRICK, TEXT("odd_manifest"));
    put_number(a, APP_CODE_FILES, a->dex_files);
    put_number(a, APP_CODE_CLASSES, a->classes);
    if (a->dex_unreadable > 0)
        put_number(a, APP_CODE_FILES_UNREADABLE, a->dex_unreadable);
}
