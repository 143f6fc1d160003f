#include "app/apk.h"

#include "app/app.h"
#include "app/elf.h"
#include "evidence/archive.h"

enum { MANIFEST_BYTES_MAX = 64 << 20, RESOURCES_BYTES_MAX = 128 << 20 };

static const struct text manifest_name = TEXT_INIT("AndroidManifest.xml");
static const struct text bundle_manifest_name = TEXT_INIT("base/manifest/AndroidManifest.xml");
static const struct text resources_name = TEXT_INIT("resources.arsc"),
    bundle_resources_name = TEXT_INIT("base/resources.pb");

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
    const enum parse_status status = manifest_parse(a->manifest_whole, a->has_resources ? &a->resources : NULL,
                                                    a->r->arena, &a->manifest);
    a->has_manifest = status != PARSE_INVALID;
    if (status != PARSE_OK)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       a->has_manifest ? "the manifest could not be read to its end" : "the manifest is no binary manifest that can be read");
    if (a->has_manifest && a->manifest.protobuf != a->bundle)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       a->bundle ? "the bundle's manifest is in the form of packages" : "the manifest is in the form of app bundles: no platform reads it");
    if (a->has_manifest && a->manifest.odd_chunks > 0)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "%zu parts of the manifest have no known mark: Android passes over them, other tools stop there", a->manifest.odd_chunks);
    if (a->has_manifest && a->manifest.cut)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the manifest declares more than leash reads");
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
           (text_starts_with(name, TEXT("lib/")) ||
            (a->bundle && name.len > 0 && memmem(name.at, name.len, "/lib/", 5)));
}

/* A mark of pictures, sounds and fonts; which one does not matter. */
static bool is_media(struct bytes b)
{
    static const struct { size_t at; const char *mark; size_t len; } marks[] = {
        { 0, "\x89PNG", 4 }, { 0, "\xff\xd8\xff", 3 }, { 0, "GIF8", 4 }, { 0, "RIFF", 4 }, { 0, "OggS", 4 }, { 0, "ID3", 3 }, { 4, "ftyp", 4 },
        { 0, "\0\1\0\0", 4 }, { 0, "OTTO", 4 }, { 0, "true", 4 }, { 0, "ttcf", 4 }, { 0, "wOF", 3 }, { 0, "fLaC", 4 }, { 0, "BM", 2 }, { 4, "moov", 4 },
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (bytes_start_with(bytes_part(b, marks[i].at, UINT64_MAX), marks[i].mark, marks[i].len))
            return true;
    return b.len >= 2 && b.at[0] == 0xff && (b.at[1] & 0xe0) == 0xe0; /* a frame of MPEG sound */
}

/* How much of an entry is looked at: pictures, sounds and fonts that are what their names say hold no code and no
 * addresses; of what stands beside the signature, licences and lists of services name addresses that nobody calls. */
enum interest { INTEREST_NONE, INTEREST_CODE, INTEREST_ALL };

static enum interest interest_in(struct app *a, const struct zip_entry *e)
{
    static const char *const media[] = { ".png", ".jpg", ".jpeg", ".webp", ".gif", ".ogg", ".mp3", ".mp4", ".wav",
                                         ".ttf", ".otf", ".m4a" };
    static const char *const signature[] = { ".SF", ".RSA", ".DSA", ".EC", "/MANIFEST.MF" };

    if (text_ends_with(e->name, TEXT("/")))
        return e->bytes > 0 ? INTEREST_CODE : INTEREST_NONE;
    for (size_t i = 0; i < sizeof media / sizeof *media; i++)
        if (text_ends_with(e->name, text_of(media[i])))
            return is_media(zip_begins_with(e, &a->content)) ? INTEREST_NONE : INTEREST_ALL;
    if (!text_starts_with(e->name, TEXT("META-INF/")))
        return INTEREST_ALL;
    for (size_t i = 0; i < sizeof signature / sizeof *signature; i++)
        if (text_ends_with(e->name, text_of(signature[i])))
            return INTEREST_NONE;
    return INTEREST_CODE;
}

static void read_entry(struct app *a, struct zip_entry *e)
{
    enum zip_content_status status = ZIP_CONTENT_OK;
    struct bytes content;

    app_note_file(a, e);
    e->interest = e->readable ? interest_in(a, e) : INTEREST_NONE;
    if (e->interest == INTEREST_NONE)
        return;
    if (text_equal(e->name, a->bundle ? bundle_resources_name : resources_name))
        content = a->resources_whole;
    else if (text_equal(e->name, a->bundle ? bundle_manifest_name : manifest_name))
        content = a->manifest_whole;
    else
        status = zip_content(&a->zip, e, a->r, &a->content, &content);
    if (status == ZIP_CONTENT_OK && digest_of_bytes(a->wanted_digest, content, e->digest) > 0)
        e->digest_kind = a->wanted_digest;
    const bool code = is_code(a, e->name);
    if (code || dex_recognise(content)) { /* wherever it lies: code can load it */
        if (!code)
            app_note_other_code(a, TEXT("code that the platform does not load by itself"), e, 0);
        app_read_dex(a, content, e);
        return;
    }
    if (is_library(a, e->name) || elf_recognise(content))
        app_read_library(a, content, e);
    else if (!app_find_other_code(a, content, e))
        app_look_at_density(a, content, e);
    if (e->interest == INTEREST_ALL) {
        app_search_hosts(a, content, e, 0, 1);
        app_search_keys(a, content, e, 0, 1);
        app_search_wide_texts(a, content, e);
    }
    /* Code and archives inside are evidence of their own. */
    if (a->r->member && content.len > 0 && zip_recognise(content))
        a->r->member(a->r, e->name, content);
}

/* What is inside, unpacked, for the operator's rules: a second time, when all that was read has been told, because
 * rules may end the reader.  Packages and archives inside are items of their own. */
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
        (void)zip_content(&a->zip, e, e->interest == INTEREST_NONE ? a->r : NULL, &a->content, &content);
        const struct fact_origin origin = app_origin(a, e->packed.origin, e->packed.len, NULL, 0);
        if (!(a->r->member && e->interest != INTEREST_NONE && zip_recognise(content)))
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
    app_put_other_code(a);
    app_put_manifest_keys(a);
    app_put_settings(a);
    scan_entries(a);
    return PARSE_OK;
}

/* Code without a package, as lies in archives that apps load later. */
static enum parse_status read_bare_code(struct app *a, struct bytes whole)
{
    const struct zip_entry e = { .name = text_known(a->r->name) ? a->r->name : TEXT("classes.dex"), .packed = whole,
                                 .readable = true };

    a->signs = arena_alloc(a->r->arena, component_table_count(a->table) + 1, sizeof *a->signs);
    a->signature.valid_from_sdk = FACT_UNKNOWN_INT;
    a->readable = "full";
    if (!a->signs || !app_hosts_init(a))
        return PARSE_UNSUPPORTED;
    app_read_dex(a, whole, &e);
    if (a->dex_files == 0)
        return PARSE_UNSUPPORTED;
    app_put_hosts(a);
    app_put_components(a);
    app_put_behaviours(a);
    app_put_settings(a);
    return PARSE_OK;
}

static enum parse_status read_any(struct reading *r, struct bytes whole, bool bundle,
                                  enum parse_status (*read)(struct app *a, struct bytes whole))
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
    const enum parse_status status = read(a, whole);
    buffer_done(&a->resource_content);
    buffer_done(&a->manifest_content);
    buffer_done(&a->content);
    return status;
}

enum parse_status apk_read(struct reading *r, struct bytes whole)
{
    return read_any(r, whole, false, read_package);
}

enum parse_status aab_read(struct reading *r, struct bytes whole)
{
    return read_any(r, whole, true, read_package);
}

enum parse_status dex_read(struct reading *r, struct bytes whole)
{
    return read_any(r, whole, false, read_bare_code);
}
