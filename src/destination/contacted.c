#include "destination/contacted.h"

#include <errno.h>
#include <sqlite3.h>

#include "fact/component_sign.h"

/* Names and addresses that packets went to, each with its first connection. */
#define SENT_BY_A_PHONE \
    " f.packets_out > 0 AND ifnull(f.local, 0) = 0 AND NOT EXISTS (SELECT 1 FROM device d WHERE d.mac IS NOT NULL AND" \
    " lower(d.mac) = lower(f.src_mac) AND d.role IN ('aircraft', 'camera', 'battery', 'gateway'))"

static const char *const find_sql[] = {
    "CREATE TEMP TABLE contacted (host TEXT PRIMARY KEY, flow TEXT, kit TEXT) WITHOUT ROWID",
    "INSERT INTO contacted SELECT host, flow, contacted_kit(host) FROM (SELECT host, (SELECT id FROM flow WHERE fid = first_fid) AS flow FROM"
    " (SELECT host, min(fid) AS first_fid FROM (SELECT lower(f.host) AS host, f.fid FROM flow f WHERE f.host IS NOT NULL AND" SENT_BY_A_PHONE
    " UNION ALL SELECT lower(f.dst), f.fid FROM flow f WHERE f.dst IS NOT NULL AND" SENT_BY_A_PHONE ") GROUP BY host))",
};

/* The origin with one step and one row more. */
#define ORIGIN_WITH(host, flow) \
    "json_insert(json_insert(json_insert(json_insert(ifnull(component.origin, '{}'), '$.steps', json('[]')), '$.rows', json('[]'))," \
    " '$.steps[#]', contacted_words(" host ")), '$.rows[#]', " flow ")"

static const char *const mark_sql[] = {
    "UPDATE component SET state = 'seen_in_traffic', origin = " ORIGIN_WITH("t.host", "t.flow")
    " FROM contacted t WHERE component.kind = 'host' AND t.host = lower(component.name)",
    "UPDATE component SET state = 'seen_in_traffic', origin = " ORIGIN_WITH("t.host", "t.flow")
    " FROM (SELECT kit, min(host) AS host FROM contacted WHERE kit IS NOT NULL GROUP BY kit) k JOIN contacted t ON t.host = k.host"
    " WHERE component.kind = 'sdk' AND component.name = k.kit AND component.state <> 'unreadable'",
};

static struct text argument(sqlite3_value *value)
{
    const char *at = (const char *)sqlite3_value_text(value);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_value_bytes(value) } : TEXT_UNKNOWN;
}

static void give(sqlite3_context *context, struct text t)
{
    if (text_known(t))
        sqlite3_result_text(context, t.at, (int)t.len, SQLITE_TRANSIENT);
}

/* contacted_kit(host) */
static void kit_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct contacted_run *run = sqlite3_user_data(context);

    (void)count;
    if (run->kit_of_host)
        give(context, run->kit_of_host(run->user, argument(values[0])));
}

/* contacted_words(host) */
static void words_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct arena *arena = arena_new(0);
    const struct component_sign sign = { .kind = COMPONENT_SIGN_TRAFFIC, .name = argument(values[0]) };

    (void)count;
    give(context, component_sign_words(&sign, arena));
    arena_free(arena);
}

static int run_all(sqlite3 *db, const char *const *sql, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sqlite3_exec(db, sql[i], NULL, NULL, NULL) != SQLITE_OK)
            return -EIO;
    return 0;
}

/* Most cases have no app, or no capture. */
static bool has_both(sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    const bool both = sqlite3_prepare_v2(db, "SELECT 1 WHERE EXISTS (SELECT 1 FROM component WHERE kind IN ('host', 'sdk')) AND EXISTS (SELECT 1 FROM flow)",
                                         -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW;

    sqlite3_finalize(s);
    return both;
}

int components_mark_contacted(struct sqlite3 *db, const struct contacted_run *run)
{
    struct contacted_run *user = (struct contacted_run *)(uintptr_t)run; /* SQLite's pointer is not const; nothing is written */

    if (!has_both(db))
        return 0;
    if (sqlite3_create_function_v2(db, "contacted_kit", 1, SQLITE_UTF8, user, kit_function, NULL, NULL, NULL) ||
        sqlite3_create_function_v2(db, "contacted_words", 1, SQLITE_UTF8, NULL, words_function, NULL, NULL, NULL))
        return -EIO;
    int error = run_all(db, find_sql, sizeof find_sql / sizeof *find_sql);
    if (!error)
        error = run_all(db, mark_sql, sizeof mark_sql / sizeof *mark_sql);
    if (sqlite3_exec(db, "DROP TABLE IF EXISTS temp.contacted", NULL, NULL, NULL) != SQLITE_OK && !error)
        error = -EIO;
    sqlite3_create_function_v2(db, "contacted_kit", 1, SQLITE_UTF8, NULL, NULL, NULL, NULL, NULL);
    sqlite3_create_function_v2(db, "contacted_words", 1, SQLITE_UTF8, NULL, NULL, NULL, NULL, NULL);
    return error;
}
