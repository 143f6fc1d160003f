#include "report/forbidden.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "fact/fact_json.h"

static const char findings_sql[] =
    "SELECT rtrim(e.value, '.'), f.rule, f.severity, f.statement FROM finding f, json_each(f.destinations) e"
    " WHERE json_valid(f.destinations) AND f.severity <> 'info' AND e.type = 'text' AND e.value <> ''"
    " AND EXISTS (SELECT 1 FROM precaution p WHERE p.rule = f.rule AND p.verdict = 'not_met')"
    " ORDER BY lower(rtrim(e.value, '.')), f.fid";
/* A destination by its name or, where it has none, by its address. */
static const char destination_sql[] =
    "SELECT owner, last, addresses, party FROM destination WHERE lower(rtrim(host, '.')) = lower(?1)"
    " OR (host IS NULL AND EXISTS (SELECT 1 FROM json_each(addresses) a WHERE lower(a.value) = lower(?1))) ORDER BY fid LIMIT 1";
static const char at_address_sql[] =
    "SELECT DISTINCT rtrim(d.host, '.') FROM destination d, json_each(d.addresses) a WHERE json_valid(d.addresses) AND d.host <> '' AND a.value = ?1";
static const char resolver_sql[] = "SELECT 1 FROM dns WHERE server = ?1 LIMIT 1";

static struct text column(sqlite3_stmt *s, int i, struct arena *arena)
{
    const char *at = (const char *)sqlite3_column_text(s, i);

    return at ? arena_text(arena, (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, i) }) : TEXT_UNKNOWN;
}

static struct text lower(struct text t, struct arena *arena)
{
    char *at = arena_alloc(arena, t.len + 1, 1);

    for (size_t i = 0; i < t.len; i++)
        at[i] = t.at[i] >= 'A' && t.at[i] <= 'Z' ? (char)(t.at[i] + 'a' - 'A') : t.at[i];
    return (struct text){ .at = at, .len = t.len };
}

/* 0.0.0.0/8, "this network", and ::. */
static bool is_unspecified(const struct network *n)
{
    static const uint8_t zeros[16], v4[13] = { [10] = 0xff, [11] = 0xff };

    return memcmp(n->address, zeros, sizeof zeros) == 0 || memcmp(n->address, v4, sizeof v4) == 0;
}

static bool is_never_blocked(const struct network *n)
{
    return network_is_private(n) || network_is_group(n) || is_unspecified(n);
}

static void classify(struct forbidden *f, struct text party, struct arena *arena)
{
    const struct text name = lower(f->name, arena);

    f->kind = FORBIDDEN_ODD;
    if (network_address(f->name, &f->address)) {
        f->kind = is_never_blocked(&f->address) ? FORBIDDEN_LOCAL : FORBIDDEN_ADDRESS;
    } else if (network_name_is_plain(name)) {
        f->kind = network_name_is_local(name) ? FORBIDDEN_LOCAL : FORBIDDEN_NAME;
        f->name = name;
    }
    if (text_equal(party, TEXT("local")) || text_equal(party, TEXT("operator")))
        f->kind = FORBIDDEN_LOCAL;
}

static int describe(sqlite3 *db, struct forbidden *f, struct arena *arena)
{
    struct text party = TEXT_UNKNOWN;
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db, destination_sql, -1, &s, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_text64(s, 1, f->name.at, f->name.len, SQLITE_STATIC, SQLITE_UTF8);
        if ((rc = sqlite3_step(s)) == SQLITE_ROW) {
            f->owner = column(s, 0, arena);
            f->last = column(s, 1, arena);
            if (!fact_json_read_list(column(s, 2, arena), arena, &f->addresses))
                f->addresses = (struct text_list){ NULL, 0 };
            party = column(s, 3, arena);
        }
        sqlite3_finalize(s);
    }
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return -EIO;
    classify(f, party, arena);
    rc = sqlite3_prepare_v2(db, resolver_sql, -1, &s, NULL);
    if (rc != SQLITE_OK)
        return -EIO;
    sqlite3_bind_text64(s, 1, f->name.at, f->name.len, SQLITE_STATIC, SQLITE_UTF8);
    f->answers_dns = sqlite3_step(s) == SQLITE_ROW;
    sqlite3_finalize(s);
    return 0;
}

static void add_reason(struct forbidden *f, struct forbidden_reason reason)
{
    for (size_t i = 0; i < f->reason_count; i++)
        if (text_equal(f->reasons[i].rule, reason.rule))
            return;
    if (f->reason_count == f->reason_room) {
        f->reason_room = f->reason_room ? 2 * f->reason_room : 4;
        f->reasons = memory_resize_array(f->reasons, f->reason_room, sizeof *f->reasons);
    }
    f->reasons[f->reason_count++] = reason;
}

static struct forbidden *add(struct forbidden_list *list, struct text name)
{
    if (list->count > 0 && text_equal_ignoring_case(list->at[list->count - 1].name, name))
        return &list->at[list->count - 1];
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 64;
        list->at = memory_resize_array(list->at, list->room, sizeof *list->at);
    }
    list->at[list->count] = (struct forbidden){ .name = name };
    return &list->at[list->count++];
}

static bool holds(const struct forbidden_list *list, struct text name)
{
    size_t low = 0, high = list->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcasecmp(list->at[middle].name.at, name.at);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Whether each name that led to the address is forbidden: who shares it with others cannot be blocked by it. */
static int is_own(sqlite3_stmt *at_address, const struct forbidden_list *list, struct text address, struct arena *arena,
                  bool *ret)
{
    int rc;

    *ret = true;
    sqlite3_reset(at_address);
    sqlite3_bind_text64(at_address, 1, address.at, address.len, SQLITE_STATIC, SQLITE_UTF8);
    while ((rc = sqlite3_step(at_address)) == SQLITE_ROW && *ret)
        *ret = holds(list, column(at_address, 0, arena));
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : -EIO;
}

static int find_own(sqlite3 *db, struct forbidden_list *list, struct arena *arena)
{
    sqlite3_stmt *at_address = NULL;
    int error = sqlite3_prepare_v2(db, at_address_sql, -1, &at_address, NULL) == SQLITE_OK ? 0 : -EIO;

    for (size_t i = 0; i < list->count && !error; i++) {
        struct forbidden *f = &list->at[i];
        if (f->kind != FORBIDDEN_NAME || !(f->own = arena_alloc(arena, f->addresses.count + 1, sizeof *f->own)))
            continue;
        for (size_t k = 0; k < f->addresses.count && !error; k++) {
            struct network *n = &f->own[f->own_count];
            bool own = false;
            if (network_address(f->addresses.items[k], n) && !is_never_blocked(n))
                error = is_own(at_address, list, f->addresses.items[k], arena, &own);
            f->own_count += own;
        }
    }
    sqlite3_finalize(at_address);
    return error;
}

int forbidden_read(struct fact_case *c, struct arena *arena, struct forbidden_list *ret)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(case_db(c), findings_sql, -1, &s, NULL), error = 0;

    *ret = (struct forbidden_list){ 0 };
    if (rc != SQLITE_OK)
        return -EIO;
    while (!error && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        struct forbidden *f = add(ret, column(s, 0, arena));
        add_reason(f, (struct forbidden_reason){ column(s, 1, arena), column(s, 2, arena), column(s, 3, arena) });
    }
    sqlite3_finalize(s);
    if (rc != SQLITE_DONE)
        return -EIO;
    for (size_t i = 0; i < ret->count && !error; i++)
        error = describe(case_db(c), &ret->at[i], arena);
    return error ? error : find_own(case_db(c), ret, arena);
}

void forbidden_done(struct forbidden_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->at[i].reasons);
    free(list->at);
    *list = (struct forbidden_list){ 0 };
}
