#include "app/apk.h"

#include "app/app.h"
#include "evidence/archive.h"

enum { MANIFEST_BYTES_MAX = 64 << 20, RESOURCES_BYTES_MAX = 128 << 20 };

static const struct text manifest_name = TEXT_INIT("AndroidManifest.xml");
static const struct text bundle_manifest_name = TEXT_INIT("base/manifest/AndroidManifest.xml");
static const struct text resources_name = TEXT_INIT("resources.arsc"), bundle_resources_name = TEXT_INIT("base/resources.pb");

bool apk_recognise(struct bytes whole)
{
    return zip_has_entry(whole, manifest_name);
}

bool aab_recognise(struct bytes whole)
{
    return zip_has_entry(whole, TEXT("BundleConfig.pb")) && zip_has_entry(whole, bundle_manifest_name);
}

/* "Payload/NAME.app/Info.plist" */
static bool is_ios_list(struct text name)
{
    static const struct text folder = TEXT_INIT("Payload/"), list = TEXT_INIT(".app/Info.plist");

    return text_starts_with(name, folder) && text_ends_with(name, list) && name.len > folder.len + list.len &&
           !memchr(name.at + folder.len, '/', name.len - folder.len - list.len);
}

bool ipa_recognise(struct bytes whole)
{
    return zip_has_entry_like(whole, is_ios_list);
}

enum parse_status ipa_read(struct reading *r, struct bytes whole)
{
    reading_damage(r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                   "an iOS app: its files are looked at, but its code, permissions and signature are not read; what it is made of is not known");
    return archive_read_members(r, whole);
}

static void read_resources(struct app *a)
{
    const struct zip_entry *e = zip_find(&a->zip, a->bundle ? bundle_resources_name : resources_name);

    if (!e)
        return;
    zip_content(&a->zip, e, a->r, &a->resource_content, &a->resources_whole);
    const enum parse_status status = a->bundle ? resources_parse_protobuf(a->resources_whole, &a->resources)
                                               : resources_parse(a->resources_whole, a->r->arena, &a->resources);
    a->has_resources = status != PARSE_INVALID;
    if (status != PARSE_OK)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       a->has_resources ? "the table of resources could not be read to its end" : "the table of resources cannot be read");
}

static void read_manifest(struct app *a)
{
    const struct zip_entry *e = zip_find(&a->zip, a->bundle ? bundle_manifest_name : manifest_name);

    if (!e)
        return;
    const struct text steps[] = { e->name };
    a->manifest_origin = app_origin(a, e->packed.origin, e->packed.len, steps, 1);
    zip_content(&a->zip, e, a->r, &a->manifest_content, &a->manifest_whole);
    const enum parse_status status = manifest_parse(a->manifest_whole, a->has_resources ? &a->resources : NULL, a->r->arena, &a->manifest);
    a->has_manifest = status != PARSE_INVALID;
    if (status != PARSE_OK)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       a->has_manifest ? "the manifest could not be read to its end" : "the manifest is no binary manifest that can be read");
    if (a->has_manifest && a->manifest.protobuf != a->bundle)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       a->bundle ? "the bundle's manifest is in the form of packages" : "the manifest is in the form of app bundles: no platform reads it");
    if (a->has_manifest && a->manifest.cut)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the manifest declares more than leash reads");
    if (a->resources.steps >= RESOURCE_LOOKS_MAX)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the table of resources is made so that looking things up takes for ever; what the manifest refers to is not known from there on");
    if (a->has_manifest && text_known(a->manifest.package))
        a->package = a->manifest.package;
}

/* classes.dex, classes2.dex ... at the root; in a bundle, in the folder dex of each of its modules. */
static bool is_code(const struct app *a, struct text name)
{
    const char *slash = memrchr(name.at, '/', name.len);

    if (!text_ends_with(name, TEXT(".dex")))
        return false;
    if (!a->bundle)
        return !slash && text_starts_with(name, TEXT("classes"));
    return slash && slash - name.at >= 4 && memcmp(slash - 4, "/dex", 4) == 0;
}

static bool is_library(const struct app *a, struct text name)
{
    return text_ends_with(name, TEXT(".so")) &&
           (text_starts_with(name, TEXT("lib/")) || (a->bundle && name.len > 0 && memmem(name.at, name.len, "/lib/", 5)));
}

/* What may hold addresses of services: all but pictures, sounds and fonts. */
static bool is_searched(struct text name)
{
    static const char *const passed_over[] = { ".png", ".jpg", ".jpeg", ".webp", ".gif", ".ogg", ".mp3", ".mp4", ".wav", ".ttf", ".otf", ".m4a" };

    for (size_t i = 0; i < sizeof passed_over / sizeof *passed_over; i++)
        if (text_ends_with(name, text_of(passed_over[i])))
            return false;
    return !text_starts_with(name, TEXT("META-INF/")) && !text_ends_with(name, TEXT("/"));
}

static void read_entry(struct app *a, struct zip_entry *e)
{
    enum zip_content_status status = ZIP_CONTENT_OK;
    struct bytes content;

    app_note_file(a, e);
    if (!e->readable || !is_searched(e->name))
        return;
    if (text_equal(e->name, a->bundle ? bundle_resources_name : resources_name))
        content = a->resources_whole;
    else if (text_equal(e->name, a->bundle ? bundle_manifest_name : manifest_name))
        content = a->manifest_whole;
    else
        status = zip_content(&a->zip, e, a->r, &a->content, &content);
    if (status == ZIP_CONTENT_OK && digest_of_bytes(a->wanted_digest, content, e->digest) > 0)
        e->digest_kind = a->wanted_digest;
    if (is_code(a, e->name)) {
        app_read_dex(a, content, e);
        return;
    }
    if (is_library(a, e->name))
        app_read_library(a, content, e);
    else
        app_look_at_density(a, content, e);
    app_search_hosts(a, content, e, 0);
    app_search_keys(a, content, e, 0);
    /* Code and archives inside are evidence of their own. */
    if (a->r->member && content.len > 0 && zip_recognise(content))
        a->r->member(a->r, e->name, content);
}

/* What is inside, unpacked, for the operator's rules: a second time, when all that was read has been told, because rules may
 * end the reader.  Packages and archives inside are items of their own. */
static void scan_entries(struct app *a)
{
    struct bytes content;

    a->zip.unpacked_bytes = 0;
    a->zip.exhausted = false;
    for (size_t i = 0; i < a->zip.count && a->r->scan; i++) {
        const struct zip_entry *e = &a->zip.entries[i];
        if (!e->readable)
            continue;
        /* What could be had is looked at; what is wrong was told where it was read before. */
        (void)zip_content(&a->zip, e, is_searched(e->name) ? NULL : a->r, &a->content, &content);
        const struct fact_origin origin = app_origin(a, e->packed.origin, e->packed.len, NULL, 0);
        if (!(a->r->member && is_searched(e->name) && zip_recognise(content)))
            a->r->scan(a->r, e->name, content, &origin);
    }
}

/* A bundle is signed for the store, as a JAR, whatever its manifest says of platforms. */
static const struct manifest *counts_for_signature(const struct app *a)
{
    return a->has_manifest && !a->bundle ? &a->manifest : NULL;
}

static enum parse_status read_package(struct app *a, struct bytes whole)
{
    const enum parse_status status = zip_open(a->r, whole, &a->zip);

    if (status != PARSE_OK)
        return status;
    a->libraries = arena_alloc(a->r->arena, APP_LIBRARIES_MAX, sizeof *a->libraries);
    a->signs = arena_alloc(a->r->arena, component_table_count(a->table) + 1, sizeof *a->signs);
    if (!a->libraries || !a->signs || !app_hosts_init(a))
        return PARSE_UNSUPPORTED;
    read_resources(a);
    read_manifest(a);
    if (a->has_manifest && !app_want_manifest_classes(a))
        return PARSE_UNSUPPORTED;
    a->wanted_digest = signature_wants_digest(&a->zip, counts_for_signature(a), &a->content);
    for (size_t i = 0; i < a->zip.count; i++)
        read_entry(a, &a->zip.entries[i]);
    signature_verify(&a->zip, counts_for_signature(a), a->r, &a->signature);
    a->readable = app_grade(a);
    app_put_package(a, a->bundle ? "other" : "apk", a->readable);
    app_put_permissions(a);
    app_put_hosts(a);
    app_put_components(a);
    app_put_behaviours(a);
    app_put_manifest_keys(a);
    app_put_settings(a);
    scan_entries(a);
    return PARSE_OK;
}

static enum parse_status read_any(struct reading *r, struct bytes whole, bool bundle)
{
    struct app *a = arena_alloc(r->arena, 1, sizeof *a);

    if (!a)
        return PARSE_UNSUPPORTED;
    a->r = r;
    a->bundle = bundle;
    a->table = r->options->components;
    a->manifest_origin = FACT_ORIGIN_UNKNOWN;
    buffer_init(&a->resource_content, RESOURCES_BYTES_MAX);
    buffer_init(&a->manifest_content, MANIFEST_BYTES_MAX);
    buffer_init(&a->content, APP_MEMBER_BYTES_MAX);
    const enum parse_status status = read_package(a, whole);
    buffer_done(&a->resource_content);
    buffer_done(&a->manifest_content);
    buffer_done(&a->content);
    return status;
}

enum parse_status apk_read(struct reading *r, struct bytes whole)
{
    return read_any(r, whole, false);
}

enum parse_status aab_read(struct reading *r, struct bytes whole)
{
    return read_any(r, whole, true);
}
