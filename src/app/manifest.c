#include "app/manifest.h"

#include "app/axml.h"

const char *const part_kind_names[PART_KIND_COUNT] = { "activity", "service", "receiver", "provider" };

/* android.R.attr */
enum {
    ATTR_NAME = 0x01010003, ATTR_PERMISSION = 0x01010006, ATTR_READ_PERMISSION = 0x01010007, ATTR_SHARED_USER_ID =
        0x0101000b,
    ATTR_HAS_CODE = 0x0101000c, ATTR_ENABLED = 0x0101000e, ATTR_DEBUGGABLE = 0x0101000f, ATTR_EXPORTED = 0x01010010,
    ATTR_AUTHORITIES = 0x01010018, ATTR_VALUE = 0x01010024, ATTR_RESOURCE = 0x01010025, ATTR_MIN_SDK = 0x0101020c,
    ATTR_VERSION_CODE = 0x0101021b, ATTR_VERSION_NAME = 0x0101021c, ATTR_TARGET_SDK = 0x01010270, ATTR_MAX_SDK =
        0x01010271,
    ATTR_TEST_ONLY = 0x01010272, ATTR_ALLOW_BACKUP = 0x01010280, ATTR_FULL_BACKUP_CONTENT =
        0x010104eb, ATTR_CLEARTEXT_TRAFFIC = 0x010104ec,
    ATTR_NETWORK_SECURITY_CONFIG = 0x01010527, ATTR_TARGET_SANDBOX_VERSION = 0x0101054c, ATTR_VERSION_CODE_MAJOR =
        0x01010576,
    ATTR_COMPONENT_FACTORY = 0x0101057a, ATTR_LEGACY_STORAGE = 0x01010603,
    ATTR_DATA_EXTRACTION_RULES = 0x0101063e,
};

struct parser {
    struct axml x;
    struct resource_table *resources;
    struct manifest *m;
    size_t permission_room, part_room, meta_room;
    struct manifest_part *part;   /* the one that is open, or NULL */
    int part_depth;
    bool in_application;
};

static bool resolved(const struct parser *p, uint32_t id, struct text name, struct resource_value *ret)
{
    const struct axml_attribute *a = axml_attribute(&p->x, id, name);

    if (!a)
        return false;
    *ret = (struct resource_value){ .type = a->type, .data = a->data, .text = a->text };
    if (a->type != VALUE_REFERENCE && a->type != VALUE_DYNAMIC_REFERENCE)
        return true;
    struct resource_value there;
    if (p->resources && resources_find(p->resources, a->data, p->x.arena, &there)) {
        *ret = there;
        return true;
    }
    ret->text = arena_printf(p->x.arena, "@%08x", a->data); /* of the platform, or not there: as it stands */
    return true;
}

/* As text: numbers as decimals, as the platform shows them. */
static struct text attribute_text(const struct parser *p, uint32_t id, const char *name)
{
    struct resource_value v;

    if (!resolved(p, id, text_of(name), &v))
        return TEXT_UNKNOWN;
    if (text_known(v.text))
        return v.text;
    if (v.type == VALUE_DECIMAL)
        return arena_printf(p->x.arena, "%d", (int32_t)v.data);
    if (v.type == VALUE_HEX)
        return arena_printf(p->x.arena, "0x%x", v.data);
    if (v.type == VALUE_BOOLEAN)
        return v.data ? TEXT("true") : TEXT("false");
    if (v.type == VALUE_FLOAT) {
        float value;
        memcpy(&value, &v.data, sizeof value);
        return arena_printf(p->x.arena, "%g", (double)value);
    }
    return TEXT_UNKNOWN;
}

static int64_t attribute_int(const struct parser *p, uint32_t id, const char *name, struct text *ret_codename)
{
    struct resource_value v;
    int64_t n;

    if (!resolved(p, id, text_of(name), &v))
        return FACT_UNKNOWN_INT;
    if (v.type == VALUE_DECIMAL || v.type == VALUE_HEX)
        return (int32_t)v.data;
    if (text_known(v.text) && text_to_int(v.text, 0, INT32_MAX, &n))
        return n;
    if (ret_codename && text_known(v.text))
        *ret_codename = v.text;
    return FACT_UNKNOWN_INT;
}

static enum tristate attribute_bool(const struct parser *p, uint32_t id, const char *name)
{
    struct resource_value v;

    if (!resolved(p, id, text_of(name), &v))
        return UNSET;
    if (v.type == VALUE_BOOLEAN || v.type == VALUE_DECIMAL || v.type == VALUE_HEX)
        return v.data ? YES : NO;
    if (text_known(v.text) && text_equal(v.text, TEXT("true")))
        return YES;
    if (text_known(v.text) && text_equal(v.text, TEXT("false")))
        return NO;
    return UNSET;
}

/* "." or no dot at all: a class of the package. */
static struct text class_name(const struct parser *p, struct text name)
{
    const struct text package = p->m->package;

    if (name.len == 0 || !text_known(package))
        return name;
    if (name.at[0] == '.')
        return arena_printf(p->x.arena, "%.*s%.*s", (int)package.len, package.at, (int)name.len, name.at);
    if (!memchr(name.at, '.', name.len))
        return arena_printf(p->x.arena, "%.*s.%.*s", (int)package.len, package.at, (int)name.len, name.at);
    return name;
}

/* Room for one more, or NULL at the limit. */
static void *one_more(struct parser *p, void *array, size_t count, size_t *room, size_t size, size_t max)
{
    if (count < *room)
        return array;
    const size_t wanted = *room ? *room * 2 : 32;
    void *grown = count < max ? arena_alloc(p->x.arena, wanted, size) : NULL;
    if (!grown) {
        p->m->cut = true;
        return NULL;
    }
    if (count)
        memcpy(grown, array, count * size);
    *room = wanted;
    return grown;
}

static void take_manifest(struct parser *p)
{
    struct manifest *m = p->m;

    m->package = attribute_text(p, 0, "package");
    m->split = attribute_text(p, 0, "split");
    m->version_name = attribute_text(p, ATTR_VERSION_NAME, "versionName");
    m->version_code = attribute_int(p, ATTR_VERSION_CODE, "versionCode", NULL);
    const int64_t major = attribute_int(p, ATTR_VERSION_CODE_MAJOR, "versionCodeMajor", NULL);
    if (fact_known_int(major) && fact_known_int(m->version_code) && major > 0)
        m->version_code = major << 32 | (m->version_code & 0xffffffff);
    m->shared_user_id = attribute_text(p, ATTR_SHARED_USER_ID, "sharedUserId");
    m->target_sandbox_version = attribute_int(p, ATTR_TARGET_SANDBOX_VERSION, "targetSandboxVersion", NULL);
}

static void take_uses_sdk(struct parser *p)
{
    struct manifest *m = p->m;
    const int64_t min_sdk = attribute_int(p, ATTR_MIN_SDK, "minSdkVersion", &m->min_codename);
    const int64_t target_sdk = attribute_int(p, ATTR_TARGET_SDK, "targetSdkVersion", &m->target_codename);

    m->uses_sdk = true;
    if (fact_known_int(min_sdk)) /* several elements: what each says holds */
        m->min_sdk = min_sdk;
    if (fact_known_int(target_sdk))
        m->target_sdk = target_sdk;
}

static void take_permission(struct parser *p, bool from_23)
{
    struct manifest *m = p->m;
    const struct text name = attribute_text(p, ATTR_NAME, "name");

    if (name.len == 0)
        return;
    struct manifest_permission *grown = one_more(p, m->permissions, m->permission_count, &p->permission_room,
                                                 sizeof *grown,
                                                 MANIFEST_PERMISSIONS_MAX);
    if (!grown)
        return;
    m->permissions = grown;
    m->permissions[m->permission_count++] = (struct manifest_permission){
        .name = name, .max_sdk = attribute_int(p, ATTR_MAX_SDK, "maxSdkVersion",
                                               NULL), .min_sdk = from_23 ? 23 : FACT_UNKNOWN_INT };
}

/* A reference to rules in a file of their own; 0: none. */
static uint32_t attribute_reference(const struct parser *p, uint32_t id, const char *name)
{
    const struct axml_attribute *a = axml_attribute(&p->x, id, text_of(name));

    return a && (a->type == VALUE_REFERENCE || a->type == VALUE_DYNAMIC_REFERENCE) ? a->data : 0;
}

static void take_application(struct parser *p)
{
    struct manifest *m = p->m;
    struct resource_value v;
    const struct axml_attribute *config = axml_attribute(&p->x, ATTR_NETWORK_SECURITY_CONFIG,
                                                         TEXT("networkSecurityConfig"));

    m->data_extraction_rules = attribute_reference(p, ATTR_DATA_EXTRACTION_RULES, "dataExtractionRules");
    m->full_backup_content = attribute_reference(p, ATTR_FULL_BACKUP_CONTENT, "fullBackupContent");

    m->application = attribute_text(p, ATTR_NAME, "name");
    if (text_known(m->application))
        m->application = class_name(p, m->application);
    m->component_factory = attribute_text(p, ATTR_COMPONENT_FACTORY, "appComponentFactory");
    if (text_known(m->component_factory))
        m->component_factory = class_name(p, m->component_factory);
    m->debuggable = attribute_bool(p, ATTR_DEBUGGABLE, "debuggable");
    m->allow_backup = attribute_bool(p, ATTR_ALLOW_BACKUP, "allowBackup");
    m->cleartext_traffic = attribute_bool(p, ATTR_CLEARTEXT_TRAFFIC, "usesCleartextTraffic");
    m->test_only = attribute_bool(p, ATTR_TEST_ONLY, "testOnly");
    m->has_code = attribute_bool(p, ATTR_HAS_CODE, "hasCode");
    m->request_legacy_storage = attribute_bool(p, ATTR_LEGACY_STORAGE, "requestLegacyExternalStorage");
    if (config && resolved(p, ATTR_NETWORK_SECURITY_CONFIG, TEXT("networkSecurityConfig"), &v)) {
        m->has_network_security_config = true;
        m->network_security_config = config->type == VALUE_REFERENCE ? config->data : 0;
    }
}

static void take_part(struct parser *p, enum part_kind kind, bool alias)
{
    struct manifest *m = p->m;
    const struct text name = attribute_text(p, ATTR_NAME, "name");
    struct manifest_part *grown = one_more(p, m->parts, m->part_count, &p->part_room, sizeof *grown,
                                           MANIFEST_PARTS_MAX);

    if (!grown)
        return;
    m->parts = grown;
    p->part = &m->parts[m->part_count++];
    p->part_depth = p->x.depth;
    *p->part = (struct manifest_part){
        .kind = kind, .name = class_name(p, name), .alias = alias,
        .permission = attribute_text(p, ATTR_PERMISSION, "permission"),
        .exported = attribute_bool(p, ATTR_EXPORTED, "exported"),
        .disabled = attribute_bool(p, ATTR_ENABLED, "enabled") == NO,
        .authorities = kind == PART_PROVIDER ? attribute_text(p, ATTR_AUTHORITIES, "authorities") : TEXT_UNKNOWN,
    };
    if (!text_known(p->part->permission) && kind == PART_PROVIDER)
        p->part->permission = attribute_text(p, ATTR_READ_PERMISSION, "readPermission");
}

static void take_meta(struct parser *p)
{
    struct manifest *m = p->m;
    const struct text name = attribute_text(p, ATTR_NAME, "name");
    struct text value = attribute_text(p, ATTR_VALUE, "value");

    if (name.len == 0)
        return;
    if (!text_known(value))
        value = attribute_text(p, ATTR_RESOURCE, "resource");
    struct manifest_meta *grown = one_more(p, m->meta, m->meta_count, &p->meta_room, sizeof *grown, MANIFEST_PARTS_MAX);
    if (!grown)
        return;
    m->meta = grown;
    m->meta[m->meta_count++] = (struct manifest_meta){ .name = name, .value = value };
}

static void take_element(struct parser *p)
{
    static const struct { const char *element; enum part_kind kind; bool alias; } parts[] = {
        { "activity", PART_ACTIVITY, false }, { "activity-alias", PART_ACTIVITY, true }, { "service", PART_SERVICE, false },
        { "receiver", PART_RECEIVER, false }, { "provider", PART_PROVIDER, false },
    };
    const struct text element = p->x.element;
    const int depth = p->x.depth;

    if (depth == 1 && text_equal(element, TEXT("manifest")))
        take_manifest(p);
    else if (depth == 2 && text_equal(element, TEXT("uses-sdk")))
        take_uses_sdk(p);
    else if (depth == 2 && text_equal(element, TEXT("uses-permission")))
        take_permission(p, false);
    else if (depth == 2 && (text_equal(element, TEXT("uses-permission-sdk-23")) ||
                            text_equal(element, TEXT("uses-permission-sdk-m"))))
        take_permission(p, true);
    else if (depth == 2 && text_equal(element, TEXT("application"))) {
        p->in_application = true;
        take_application(p);
    } else if (p->in_application && text_equal(element, TEXT("meta-data")))
        take_meta(p);
    else if (p->part && depth == p->part_depth + 1 && text_equal(element, TEXT("intent-filter")))
        p->part->filtered = true;
    else if (p->in_application && depth == 3)
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            if (text_equal(element, text_of(parts[i].element)))
                take_part(p, parts[i].kind, parts[i].alias);
}

static void end_element(struct parser *p)
{
    if (p->part && p->x.depth < p->part_depth)
        p->part = NULL;
    if (p->x.depth < 2)
        p->in_application = false;
}

enum parse_status manifest_parse(struct bytes whole, struct resource_table *resources, struct arena *arena,
                                 struct manifest *ret)
{
    struct parser *p = arena_alloc(arena, 1, sizeof *p);
    enum axml_event event;

    if (!p || axml_open(&p->x, whole, arena) != PARSE_OK)
        return PARSE_INVALID;
    *ret = (struct manifest){
        .version_code = FACT_UNKNOWN_INT, .min_sdk = FACT_UNKNOWN_INT, .target_sdk = FACT_UNKNOWN_INT,
        .target_sandbox_version = FACT_UNKNOWN_INT, .debuggable = UNSET, .allow_backup = UNSET, .cleartext_traffic =
            UNSET,
        .test_only = UNSET, .request_legacy_storage = UNSET, .has_code = UNSET,
    };
    p->resources = resources;
    ret->protobuf = p->x.protobuf;
    p->m = ret;
    while ((event = axml_next(&p->x)) != AXML_DONE) {
        if (event == AXML_START)
            take_element(p);
        else if (event == AXML_END)
            end_element(p);
    }
    ret->odd_chunks = p->x.odd_chunks;
    ret->broken = p->x.broken;
    return ret->broken ? PARSE_TRUNCATED : PARSE_OK;
}

bool manifest_exported(const struct manifest *m, const struct manifest_part *part)
{
    enum { PROVIDERS_CLOSED_FROM = 17 };
    const int64_t target = fact_known_int(m->target_sdk) ? m->target_sdk : fact_known_int(m->min_sdk) ? m->min_sdk : 1;

    if (part->exported != UNSET)
        return part->exported == YES;
    if (part->kind == PART_PROVIDER)
        return target < PROVIDERS_CLOSED_FROM;
    return part->filtered;
}
