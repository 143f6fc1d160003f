#include "report/cyclonedx.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "fact/component_sign.h"
#include "report/cyclonedx_evidence.h"

/* Where an item of evidence has its path, by the evidence column of a row. */
#define PATHS " LEFT JOIN (SELECT coalesce(evidence, sha256) AS key, min(path) AS path, max(sha256) AS sha256, min(note) AS note" \
              " FROM evidence GROUP BY 1) AS e ON e.key = r.evidence"

static const char packages_sql[] =
    "SELECT r.id, r.evidence, r.kind, r.package, r.version, r.version_code, r.min_sdk, r.target_sdk, r.signature, r.readable, e.path,"
    " e.sha256 FROM package r" PATHS " ORDER BY r.fid";
/* ?1: evidence of the package, or NULL for what belongs to none. */
static const char components_sql[] =
    "SELECT r.id, r.kind, r.name, r.version, r.owner, r.country, r.state, r.purpose, r.fcc_class, r.source, r.licence, e.path,"
    " json_extract(r.origin, '$.offset'), r.origin, r.package FROM component r" PATHS
    " WHERE CASE WHEN ?1 IS NULL THEN r.evidence IS NULL OR r.evidence NOT IN (SELECT evidence FROM package) ELSE r.evidence = ?1 END"
    " AND r.kind NOT IN ('host', 'permission') AND NOT (r.kind = 'module' AND r.state = 'in_code') ORDER BY r.fid";
static const char hosts_sql[] =
    "SELECT r.id, r.name, r.owner, r.country, r.state, r.package, r.source FROM component r WHERE r.kind = 'host' ORDER BY r.fid";
/* What becomes properties of the package: permissions and the platform's interfaces that its code calls. */
static const char package_properties_sql[] =
    "SELECT CASE kind WHEN 'permission' THEN 'leash:permission' ELSE 'leash:interface' END, name, purpose FROM component"
    " WHERE evidence = ?1 AND (kind = 'permission' OR (kind = 'module' AND state = 'in_code')) ORDER BY fid";
static const char steps_sql[] = "SELECT value FROM json_each(?1, '$.steps')";
/* What devices say that they run. */
static const char installed_sql[] =
    "SELECT r.id, 'application' AS type, r.value AS name, (SELECT v.value FROM setting v WHERE v.name = 'package_version' AND"
    " v.detail = r.value AND v.evidence IS r.evidence LIMIT 1) AS version, NULL AS maker, e.path, r.origin ->> '$.offset' AS offset, r.fid AS place"
    " FROM setting r" PATHS " WHERE r.name = 'installed_package'"
    " UNION ALL SELECT r.id, 'operating-system', coalesce(r.detail, r.subject), r.value, NULL, e.path, r.origin ->> '$.offset', r.fid"
    " FROM setting r" PATHS " WHERE r.name = 'os_version'"
    " UNION ALL SELECT min(r.id), 'firmware', trim(coalesce(r.vendor, '') || ' ' || coalesce(r.model, r.role)) || ' firmware',"
    " r.firmware, r.vendor, e.path, r.origin ->> '$.offset', min(r.fid) FROM device r" PATHS
    " WHERE r.firmware IS NOT NULL GROUP BY r.role, r.vendor, r.model, r.firmware"
    " UNION ALL SELECT min(r.id), 'application', r.app, r.app_version, NULL, e.path, r.origin ->> '$.offset', min(r.fid)"
    " FROM flight r" PATHS " WHERE r.app IS NOT NULL GROUP BY r.app, r.app_version ORDER BY 2, 8, 1";

struct bom {
    struct fact_case *c;
    sqlite3 *db;
    struct json j;
    struct arena *arena;
    bool failed;             /* the database said no */
};

static sqlite3_stmt *prepare(struct bom *b, const char *sql)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(b->db, sql, -1, &s, NULL) != SQLITE_OK)
        b->failed = true;
    return s;
}

static bool next_row(struct bom *b, sqlite3_stmt *s)
{
    const int rc = s ? sqlite3_step(s) : SQLITE_DONE;

    b->failed |= rc != SQLITE_ROW && rc != SQLITE_DONE;
    return rc == SQLITE_ROW;
}

static struct text column(sqlite3_stmt *s, int i)
{
    const char *at = (const char *)sqlite3_column_text(s, i);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, i) } : TEXT_UNKNOWN;
}

static int64_t column_int(sqlite3_stmt *s, int i)
{
    return sqlite3_column_type(s, i) == SQLITE_INTEGER ? sqlite3_column_int64(s, i) : FACT_UNKNOWN_INT;
}

/* A member, left out when it is not known or empty. */
static void put_member(struct bom *b, const char *name, struct text value)
{
    if (value.len > 0)
        json_member_text(&b->j, name, value);
}

static void put_property(struct bom *b, const char *name, struct text value)
{
    if (value.len == 0)
        return;
    json_object(&b->j);
    json_member_text(&b->j, "name", text_of(name));
    json_member_text(&b->j, "value", value);
    json_object_end(&b->j);
}

static void put_sha256(struct bom *b, struct text hex)
{
    if (hex.len != SHA256_HEX)
        return;
    json_key(&b->j, "hashes");
    json_array(&b->j);
    json_object(&b->j);
    json_member_text(&b->j, "alg", TEXT("SHA-256"));
    json_member_text(&b->j, "content", hex);
    json_object_end(&b->j);
    json_array_end(&b->j);
}

static void put_party(struct bom *b, const char *member, struct text name, struct text country)
{
    if (name.len == 0)
        return;
    json_key(&b->j, member);
    json_object(&b->j);
    json_member_text(&b->j, "name", name);
    if (country.len > 0) {
        json_key(&b->j, "address");
        json_object(&b->j);
        json_member_text(&b->j, "country", country);
        json_object_end(&b->j);
    }
    json_object_end(&b->j);
}

static void put_licence(struct bom *b, struct text expression)
{
    if (expression.len == 0)
        return;
    json_key(&b->j, "licenses");
    json_array(&b->j);
    json_object(&b->j);
    json_member_text(&b->j, "expression", expression);
    json_object_end(&b->j);
    json_array_end(&b->j);
}

/* "CycloneDX 1.5, pkg:maven/...": what a bill that was read named it by. */
static struct text package_url(struct text source)
{
    const char *at = source.len > 0 ? memmem(source.at, source.len, ", pkg:", 6) : NULL;

    return at ? (struct text){ .at = at + 2, .len = source.len - (size_t)(at + 2 - source.at) } : TEXT_UNKNOWN;
}

static struct text_list steps_of(struct bom *b, struct text origin)
{
    enum { STEPS_MAX = 16 };
    sqlite3_stmt *s = prepare(b, steps_sql);
    struct text *items = arena_alloc(b->arena, STEPS_MAX, sizeof *items);
    size_t n = 0;

    if (s && text_known(origin))
        sqlite3_bind_text(s, 1, origin.at, (int)origin.len, SQLITE_TRANSIENT);
    while (items && n < STEPS_MAX && text_known(origin) && next_row(b, s))
        items[n++] = arena_text(b->arena, column(s, 0));
    sqlite3_finalize(s);
    return (struct text_list){ .items = items, .count = n };
}

static const char *component_type(struct text kind, struct text state)
{
    if (text_equal(kind, TEXT("signer")) || text_equal(kind, TEXT("key")))
        return "cryptographic-asset";
    if (text_equal(kind, TEXT("module")))
        return text_equal(state, TEXT("unreadable")) ? "file" : "application";
    return "library";
}

/* A certificate's subject; of a key that was built in only that it is one. */
static void put_crypto(struct bom *b, struct text kind, struct text name)
{
    const bool signer = text_equal(kind, TEXT("signer"));

    json_key(&b->j, "cryptoProperties");
    json_object(&b->j);
    json_member_text(&b->j, "assetType", signer ? TEXT("certificate") : TEXT("related-crypto-material"));
    json_key(&b->j, signer ? "certificateProperties" : "relatedCryptoMaterialProperties");
    json_object(&b->j);
    if (signer) {
        json_member_text(&b->j, "subjectName", name);
        json_member_text(&b->j, "certificateFormat", TEXT("X.509"));
    } else {
        json_member_text(&b->j, "type", TEXT("credential"));
    }
    json_object_end(&b->j);
    json_object_end(&b->j);
}

static struct text certificate_digest(struct text_list steps)
{
    struct component_sign sign;

    for (size_t i = 0; i < steps.count; i++)
        if (component_sign_read(steps.items[i], &sign) && sign.kind == COMPONENT_SIGN_CERTIFICATE)
            return sign.name;
    return TEXT_UNKNOWN;
}

static void put_component(struct bom *b, sqlite3_stmt *s)
{
    const struct text kind = column(s, 1), name = column(s, 2), version = column(s, 3), source = column(s, 9);
    const struct bom_evidence evidence = {
        .path = column(s, 11), .offset = column_int(s, 12), .steps = steps_of(b, column(s, 13)), .state =
            column(s, 6), .source = source,
        .has_version = version.len > 0, .is_library = text_equal(kind, TEXT("library")),
    };
    const bool crypto = text_equal(kind, TEXT("signer")) || text_equal(kind, TEXT("key"));

    json_object(&b->j);
    json_member_text(&b->j, "type", text_of(component_type(kind, evidence.state)));
    json_member_text(&b->j, "bom-ref", column(s, 0));
    json_member_text(&b->j, "name", text_known(name) ? name : TEXT(""));
    put_member(b, "version", version);
    put_party(b, "supplier", column(s, 4), column(s, 5));
    put_member(b, "description", column(s, 7));
    put_sha256(b, text_equal(kind, TEXT("signer")) ? certificate_digest(evidence.steps) : TEXT_UNKNOWN);
    put_licence(b, column(s, 10));
    put_member(b, "purl", package_url(source));
    if (crypto)
        put_crypto(b, kind, name);
    bom_put_evidence(&b->j, &evidence);
    json_key(&b->j, "properties");
    json_array(&b->j);
    put_property(b, "leash:kind", kind);
    put_property(b, "leash:state", evidence.state);
    put_property(b, "leash:ownerCountry", column(s, 5));
    put_property(b, "leash:fccComponentClass", column(s, 8));
    put_property(b, "leash:source", source);
    put_property(b, "leash:subject", column(s, 14));
    json_array_end(&b->j);
    json_object_end(&b->j);
}

/* An unknown `evidence`: what belongs to no package. */
static void put_components(struct bom *b, struct text evidence)
{
    sqlite3_stmt *s = prepare(b, components_sql);

    if (s && text_known(evidence))
        sqlite3_bind_text(s, 1, evidence.at, (int)evidence.len, SQLITE_TRANSIENT);
    while (next_row(b, s))
        put_component(b, s);
    sqlite3_finalize(s);
}

static void put_package_properties(struct bom *b, sqlite3_stmt *package)
{
    static const struct { int column; const char *name; } plain[] = {
        { 2, "leash:packageKind" }, { 5, "leash:versionCode" }, { 6, "leash:minSdk" }, { 7, "leash:targetSdk" }, { 8, "leash:signature" },
        { 9, "leash:readable" },
    };
    sqlite3_stmt *s = prepare(b, package_properties_sql);

    json_key(&b->j, "properties");
    json_array(&b->j);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        put_property(b, plain[i].name, column(package, plain[i].column));
    if (s)
        sqlite3_bind_value(s, 1, sqlite3_column_value(package, 1));
    while (next_row(b, s))
        put_property(b, (const char *)sqlite3_column_text(s, 0), column(s, 1));
    sqlite3_finalize(s);
    json_array_end(&b->j);
}

/* The package itself, without what is in it; the object stays open. */
static void begin_package(struct bom *b, sqlite3_stmt *package)
{
    json_object(&b->j);
    json_member_text(&b->j, "type", TEXT("application"));
    json_member_text(&b->j, "bom-ref", column(package, 0));
    json_member_text(&b->j, "name", text_known(column(package, 3)) ? column(package,
                                                                            3) : TEXT("package without a name"));
    put_member(b, "version", column(package, 4));
    put_sha256(b, column(package, 11));
    if (text_known(column(package, 10))) {
        json_key(&b->j, "evidence");
        json_object(&b->j);
        json_key(&b->j, "occurrences");
        json_array(&b->j);
        json_object(&b->j);
        json_member_text(&b->j, "location", column(package, 10));
        json_object_end(&b->j);
        json_array_end(&b->j);
        json_object_end(&b->j);
    }
    put_package_properties(b, package);
}

static void put_installed(struct bom *b)
{
    sqlite3_stmt *s = prepare(b, installed_sql);

    while (next_row(b, s)) {
        const struct bom_evidence evidence = {
            .path = column(s, 5), .offset = column_int(s, 6), .state = TEXT("in_manifest"), .has_version =
                column(s, 3).len > 0 };
        json_object(&b->j);
        json_member_text(&b->j, "type", column(s, 1));
        json_member_text(&b->j, "bom-ref", column(s, 0));
        json_member_text(&b->j, "name", column(s, 2));
        put_member(b, "version", column(s, 3));
        put_party(b, "manufacturer", column(s, 4), TEXT_UNKNOWN);
        bom_put_evidence(&b->j, &evidence);
        json_object_end(&b->j);
    }
    sqlite3_finalize(s);
}

static void put_services(struct bom *b)
{
    sqlite3_stmt *s = prepare(b, hosts_sql);

    json_key(&b->j, "services");
    json_array(&b->j);
    while (next_row(b, s)) {
        json_object(&b->j);
        json_member_text(&b->j, "bom-ref", column(s, 0));
        put_party(b, "provider", column(s, 2), column(s, 3));
        json_member_text(&b->j, "name", column(s, 1));
        json_key(&b->j, "endpoints");
        json_array(&b->j);
        json_text(&b->j, arena_printf(b->arena, "//%.*s", (int)column(s, 1).len, column(s, 1).at));
        json_array_end(&b->j);
        json_key(&b->j, "properties");
        json_array(&b->j);
        put_property(b, "leash:state", column(s, 4));
        put_property(b, "leash:subject", column(s, 5));
        put_property(b, "leash:source", column(s, 6));
        json_array_end(&b->j);
        json_object_end(&b->j);
    }
    sqlite3_finalize(s);
    json_array_end(&b->j);
}

/* Which parts each package has, and how much of it could be read. */
static void put_relations(struct bom *b)
{
    sqlite3_stmt *packages = prepare(b, packages_sql), *parts = prepare(b, components_sql);

    json_key(&b->j, "dependencies");
    json_array(&b->j);
    while (next_row(b, packages)) {
        json_object(&b->j);
        json_member_text(&b->j, "ref", column(packages, 0));
        json_key(&b->j, "dependsOn");
        json_array(&b->j);
        if (parts)
            sqlite3_bind_value(parts, 1, sqlite3_column_value(packages, 1));
        while (next_row(b, parts))
            json_text(&b->j, column(parts, 0));
        sqlite3_reset(parts);
        json_array_end(&b->j);
        json_object_end(&b->j);
    }
    json_array_end(&b->j);
    sqlite3_reset(packages);
    json_key(&b->j, "compositions");
    json_array(&b->j);
    while (next_row(b, packages)) {
        json_object(&b->j);
        json_member_text(&b->j, "aggregate", text_equal(column(packages, 9),
                                                        TEXT("full")) ? TEXT("unknown") : TEXT("incomplete"));
        json_key(&b->j, "assemblies");
        json_array(&b->j);
        json_text(&b->j, column(packages, 0));
        json_array_end(&b->j);
        json_object_end(&b->j);
    }
    json_array_end(&b->j);
    sqlite3_finalize(packages);
    sqlite3_finalize(parts);
}

/* The same case has the same number: an UUID of version 8 (RFC 9562) made of the ids of its rows. */
static void put_serial_number(struct bom *b)
{
    sqlite3_stmt *s = prepare(b, "SELECT id FROM package UNION ALL SELECT id FROM component UNION ALL SELECT value FROM run WHERE key = 'started'");
    struct sha256 *h = sha256_new();
    uint8_t digest[SHA256_BYTES];
    char hex[32];

    while (next_row(b, s))
        sha256_add(h, (struct bytes){ .at = sqlite3_column_text(s, 0), .len = (size_t)sqlite3_column_bytes(s, 0) });
    sqlite3_finalize(s);
    sha256_finish(h, digest);
    sha256_free(h);
    digest[6] = (uint8_t)(0x80 | (digest[6] & 0x0f));
    digest[8] = (uint8_t)(0x80 | (digest[8] & 0x3f));
    hash_hex(digest, 16, hex);
    json_member_text(&b->j, "serialNumber", arena_printf(b->arena, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
                                                         hex + 12, hex + 16, hex + 20));
}

static void begin_metadata(struct bom *b)
{
    json_key(&b->j, "metadata");
    json_object(&b->j);
    put_member(b, "timestamp", case_get(b->c, "started", b->arena));
    json_key(&b->j, "tools");
    json_object(&b->j);
    json_key(&b->j, "components");
    json_array(&b->j);
    json_object(&b->j);
    json_member_text(&b->j, "type", TEXT("application"));
    json_member_text(&b->j, "name", TEXT("leash"));
    put_member(b, "version", case_get(b->c, "tool_version", b->arena));
    json_object_end(&b->j);
    json_array_end(&b->j);
    json_object_end(&b->j);
}

static void put_document(struct bom *b)
{
    const bool one = case_rows(b->c, FACT_PACKAGE) == 1;
    sqlite3_stmt *packages = prepare(b, packages_sql);

    begin_metadata(b);
    if (one && next_row(b, packages)) {
        json_key(&b->j, "component");
        begin_package(b, packages);
        json_object_end(&b->j);
    }
    json_object_end(&b->j);
    json_key(&b->j, "components");
    json_array(&b->j);
    sqlite3_reset(packages);
    while (next_row(b, packages)) {
        if (!one) {
            begin_package(b, packages);
            json_key(&b->j, "components");
            json_array(&b->j);
        }
        put_components(b, column(packages, 1));
        if (!one) {
            json_array_end(&b->j);
            json_object_end(&b->j);
        }
    }
    sqlite3_finalize(packages);
    put_components(b, TEXT_UNKNOWN);
    put_installed(b);
    json_array_end(&b->j);
    put_services(b);
    put_relations(b);
}

int report_cyclonedx_write(struct fact_case *c, FILE *out)
{
    struct bom b = { .c = c, .db = case_db(c), .arena = arena_new(0) };

    json_init(&b.j, out, true);
    json_object(&b.j);
    json_member_text(&b.j, "$schema", TEXT("http://cyclonedx.org/schema/bom-1.6.schema.json"));
    json_member_text(&b.j, "bomFormat", TEXT("CycloneDX"));
    json_member_text(&b.j, "specVersion", TEXT("1.6"));
    put_serial_number(&b);
    json_member_int(&b.j, "version", 1);
    put_document(&b);
    json_object_end(&b.j);
    putc('\n', out);
    arena_free(b.arena);
    return b.failed || ferror(out) ? -EIO : 0;
}
