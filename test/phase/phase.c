#include "support/support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "phase/phase.h"

/* The tables of fact/case.h that are needed here. */
static sqlite3 *empty_case(void)
{
    static const enum fact_kind kinds[] = { FACT_FLOW, FACT_FLIGHT, FACT_DESTINATION, FACT_REQUEST };
    static const char *const types[] = {
        [FACT_TYPE_TEXT] = "TEXT", [FACT_TYPE_LIST] = "TEXT", [FACT_TYPE_JSON] = "TEXT", [FACT_TYPE_INT] = "INTEGER",
        [FACT_TYPE_BOOL] = "INTEGER", [FACT_TYPE_TIME] = "TEXT", [FACT_TYPE_REAL] = "REAL", [FACT_TYPE_REF] = "TEXT",
    };
    sqlite3 *db;

    assert_int_equal(sqlite3_open("", &db), SQLITE_OK);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const struct fact_table *t = &fact_tables[kinds[k]];
        char sql[4096];
        int len = snprintf(sql, sizeof sql, "CREATE TABLE %s (fid INTEGER PRIMARY KEY, id TEXT, evidence TEXT,"
                                            " origin TEXT", t->name);
        for (size_t i = 0; i < t->field_count; i++)
            len += snprintf(sql + len, sizeof sql - (size_t)len, ", \"%s\" %s", t->fields[i].name,
                            types[t->fields[i].type]);
        snprintf(sql + len, sizeof sql - (size_t)len, ") STRICT");
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    }
    return db;
}

static void run_sql(sqlite3 *db, const char *sql)
{
    char *why = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
}

static char noted[4096];

static void keep_note(void *user, struct text sentence)
{
    const size_t len = strlen(noted);

    snprintf(noted + len, sizeof noted - len, "%.*s\n", (int)sentence.len, sentence.at);
}

static char summary[4096];

static void mark_with(sqlite3 *db, const struct phase_range *ranges, size_t range_count)
{
    const struct phase_run run = { .ranges = ranges, .range_count = range_count, .note = keep_note };
    struct arena *arena = arena_new(0);
    struct text json;

    noted[0] = '\0';
    assert_int_equal(phase_mark(db, &run, arena, &json), 0);
    snprintf(summary, sizeof summary, "%.*s", (int)json.len, json.at);
    arena_free(arena);
}

/* The phase of a flow, "" when unknown. */
static const char *phase(sqlite3 *db, const char *id)
{
    static char got[128];
    sqlite3_stmt *s;

    assert_int_equal(sqlite3_prepare_v2(db, "SELECT ifnull(phase, '') FROM flow WHERE id = ?", -1, &s, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    snprintf(got, sizeof got, "%s", (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    return got;
}

/* A flow as the rules look at it; what is 0 or NULL is unknown.  Times: minute and second of ten o'clock. */
struct given {
    const char *id, *from, *to, *host, *dst, *mac;
    int64_t bytes_in, payload_out, payload_in;
};

static void put(sqlite3 *db, const struct given *g)
{
    sqlite3_stmt *s;
    char first[40], last[40];

    snprintf(first, sizeof first, "2026-11-22T10:%sZ", g->from ? g->from : "");
    snprintf(last, sizeof last, "2026-11-22T10:%sZ", g->to ? g->to : "");
    assert_int_equal(sqlite3_prepare_v2(db,
        "INSERT INTO flow (id, evidence, src, src_port, dst, dst_port, host, first, last, bytes_in, payload_out, payload_in, src_mac)"
        " VALUES (?, 'capture', '192.168.1.2', 40000, ?, 443, ?, ?, ?, ?, ?, ?, ?)", -1, &s, NULL), SQLITE_OK);
    sqlite3_bind_text(s, 1, g->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, g->dst ? g->dst : "198.51.100.1", -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, g->host, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 4, g->from ? first : NULL, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 5, g->to ? last : NULL, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 6, g->bytes_in);
    sqlite3_bind_int64(s, 7, g->payload_out);
    sqlite3_bind_int64(s, 8, g->payload_in);
    sqlite3_bind_text(s, 9, g->mac, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(s), SQLITE_DONE);
    sqlite3_finalize(s);
}

static const char destinations[] =
    "INSERT INTO destination (host, addresses, purpose, party) VALUES"
    " ('active.maker.example', '[]', 'activation: of devices', 'third'),"
    " ('dl.maker.example', '[]', 'update', 'third'),"
    " ('log.maker.example', '[]', 'flightlog: upload', 'third'),"
    " ('album.example', '[]', 'share/media [ads/tracking]', 'third'),"
    " ('api.maker.example', '[]', 'vendor: api', 'vendor'),"
    " ('updates-and-more.example', '[]', 'updates: not the class', 'third'),"
    " (NULL, '[\"198.51.100.77\"]', 'update: by address', 'third')";

static const char flight[] = "INSERT INTO flight (id, start, \"end\") VALUES"
    " ('flight-1', '2026-11-22T10:20:00Z', '2026-11-22T10:30:00.500Z')";

/* One rule a line, each beside its nearest neighbour that must not hold. */
static void tells_phases(void **state)
{
    static const struct { struct given g; const char *want; } cases[] = {
        { { .id = "capture begins", .from = "01:00", .to = "01:00" }, "idle" },
        { { .id = "capture begins, too", .from = "01:00", .to = "01:00", .mac = "b" }, "idle" },
        { { .id = "in flight", .from = "25:00", .to = "25:10" }, "flight" },
        { { .id = "ends as the flight begins", .from = "19:00", .to = "20:00" }, "flight" },
        { { .id = "ends before the flight", .from = "19:00", .to = "19:59.999" }, "idle" },
        { { .id = "opened before, open after", .from = "19:00", .to = "40:00" }, "flight" },
        { { .id = "begins as the flight ends", .from = "30:00.500", .to = "31:00" }, "flight" },
        { { .id = "begins after the flight", .from = "30:00.501", .to = "31:00" }, "idle" },
        { { .id = "activation", .from = "05:00", .to = "06:00", .host = "active.maker.example", .mac = "a" }, "activation" },
        { { .id = "beside an activation", .from = "05:30", .to = "09:00", .host = "x.example", .mac = "a" }, "activation" },
        { { .id = "after an activation", .from = "06:01", .to = "09:00", .host = "x.example", .mac = "a" }, "idle" },
        { { .id = "another device", .from = "05:30", .to = "09:00", .host = "x.example", .mac = "b" }, "idle" },
        { { .id = "activation in flight", .from = "25:00", .to = "25:10", .host = "Active.Maker.example." }, "flight" },
        { { .id = "update", .from = "07:00", .to = "08:00", .host = "dl.maker.example", .bytes_in = 1000000 }, "update" },
        { { .id = "update check", .from = "07:00", .to = "08:00", .host = "dl.maker.example", .bytes_in = 999999 }, "idle" },
        { { .id = "update by address", .from = "07:00", .to = "08:00", .host = NULL, .dst = "198.51.100.77", .bytes_in = 1000000 }, "update" },
        { { .id = "not the class", .from = "07:00", .to = "08:00", .host = "updates-and-more.example", .bytes_in = 1000000 }, "idle" },
        { { .id = "software", .from = "07:00", .to = "08:00", .host = "x.example" }, "update" },
        { { .id = "a picture", .from = "07:00", .to = "08:00", .host = "x.example" }, "idle" },
        { { .id = "log upload", .from = "31:00", .to = "32:00", .host = "log.maker.example", .payload_out = 3000, .payload_in = 2999 }, "sync" },
        { { .id = "log asked for", .from = "31:00", .to = "32:00", .host = "log.maker.example", .payload_out = 3000, .payload_in = 3000 }, "idle" },
        { { .id = "media upload", .from = "31:00", .to = "32:00", .host = "album.example", .payload_out = 3000, .payload_in = 100 }, "sync" },
        { { .id = "before any flight", .from = "11:00", .to = "12:00", .host = "log.maker.example", .payload_out = 3000, .payload_in = 100 }, "idle" },
        { { .id = "much out", .from = "31:00", .to = "32:00", .host = "x.example", .payload_out = 100000, .payload_in = 25000 }, "sync" },
        { { .id = "not so much out", .from = "31:00", .to = "32:00", .host = "x.example", .payload_out = 99999, .payload_in = 100 }, "idle" },
        { { .id = "much in too", .from = "31:00", .to = "32:00", .host = "x.example", .payload_out = 100000, .payload_in = 25001 }, "idle" },
        { { .id = "no time", .from = NULL, .to = NULL, .host = "active.maker.example" }, "" },
        { { .id = "no end", .from = "25:00", .to = NULL }, "flight" },
    };
    sqlite3 *db = empty_case();

    run_sql(db, destinations);
    run_sql(db, flight);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        put(db, &cases[i].g);
    run_sql(db,
            "INSERT INTO request (flow, path, status, response_bytes) VALUES ('software', '/a/APP.APK?v=2', 200, 5000),"
                " ('a picture', '/a.apk.png', 200, 5000), ('a picture', '/a.apk', 404, 100)");
    mark_with(db, NULL, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(phase(db, cases[i].g.id), cases[i].want) != 0)
            fail_msg("%s: '%s', not '%s'", cases[i].g.id, phase(db, cases[i].g.id), cases[i].want);
    assert_string_equal(noted, "");
    assert_non_null(strstr(summary, "{\"phase\":\"update\",\"basis\":\"traffic\",\"from\":\"2026-11-22T10:07:00Z\","
                                    "\"to\":\"2026-11-22T10:08:00Z\",\"flows\":3}"));
    sqlite3_close(db);
}

/* An hour after landing is the last of it. */
static void sync_ends(void **state)
{
    sqlite3 *db = empty_case();

    run_sql(db, destinations);
    run_sql(db, flight);
    run_sql(db, "INSERT INTO flow (id, evidence, src, first, last, host, payload_out, payload_in) VALUES"
                " ('within', 'c', 'p', '2026-11-22T11:30:00Z', '2026-11-22T12:30:00Z', 'log.maker.example', 9, 1),"
                " ('later', 'c', 'p', '2026-11-22T11:30:01Z', '2026-11-22T11:30:02Z', 'log.maker.example', 9, 1)");
    mark_with(db, NULL, 0);
    assert_string_equal(phase(db, "within"), "sync");
    assert_string_equal(phase(db, "later"), "idle");
    sqlite3_close(db);
}

/* A start is seen only where the capture shows the quiet before it. */
static void tells_launches(void **state)
{
    static const struct { const char *name, *others_from, *device_from,
                          *vendor_at; bool joins; const char *want; } cases[] = {
        { "30 s of others before", "00:00", "00:30", NULL, false, "launch" },
        { "29 s of others before", "00:00", "00:29", NULL, false, "idle" },
        { "nobody before", NULL, "00:00", NULL, false, "idle" },
        { "joins the network", NULL, "00:01", NULL, true, "launch" },
        { "own traffic before the maker", NULL, "00:00", "02:00", false, "launch" },
        { "the maker from the start", NULL, "00:00", "00:10", false, "idle" },
        { "joins, then the maker", NULL, "00:01", "00:10", true, "launch" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sqlite3 *db = empty_case();
        run_sql(db, destinations);
        run_sql(db, flight);
        if (cases[i].others_from)
            put(db, &(struct given){ .id = "others", .from = cases[i].others_from, .to = "00:59", .host = "x.example",
                                     .mac = "02:02" });
        if (cases[i].joins)
            run_sql(db, "INSERT INTO flow (id, evidence, src, src_mac, src_port, dst, dst_port, first, last) VALUES"
                        " ('dhcp', 'capture', '0.0.0.0', '02:01', 68, '255.255.255.255', 67,"
                        " '2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z')");
        put(db, &(struct given){ .id = "first", .from = cases[i].device_from, .to = "00:59", .host = "x.example",
                                 .mac = "02:01" });
        if (cases[i].vendor_at)
            put(db, &(struct given){ .id = "maker", .from = cases[i].vendor_at, .to = "02:01",
                                     .host = "api.maker.example", .mac = "02:01" });
        put(db, &(struct given){ .id = "later", .from = "03:01", .to = "03:02", .host = "x.example", .mac = "02:01" });
        mark_with(db, NULL, 0);
        const char *start = cases[i].vendor_at ? "maker" : "first";
        if (strcmp(phase(db, start), cases[i].want) != 0)
            fail_msg("%s: '%s'", cases[i].name, phase(db, start));
        assert_string_equal(phase(db, "later"), "idle");
        sqlite3_close(db);
    }
}

/* "idle" says "not in flight": that must be known. */
static void idle_needs_the_time_in_the_air(void **state)
{
    static const struct { const char *flights, *want; } cases[] = {
        { "SELECT 1", "" },
        { "INSERT INTO flight (id, start, \"end\") VALUES ('f', NULL, NULL)", "" },
        { "INSERT INTO flight (id, start, \"end\") VALUES ('f', '2026-11-22T10:20:00Z', NULL)", "" },
        { "INSERT INTO flight (id, start, \"end\") VALUES ('f', '2026-11-22T10:20:00Z', '2026-11-22T10:19:00Z')", "" },
        { "INSERT INTO flight (id, start, \"end\") VALUES ('f', '2026-11-22T10:20:00Z', '2026-11-22T10:21:00Z'), ('g', NULL, NULL)", "" },
        { "INSERT INTO flight (id, start, \"end\") VALUES ('f', '2026-11-22T10:20:00Z', '2026-11-22T10:21:00Z')", "idle" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sqlite3 *db = empty_case();
        run_sql(db, destinations);
        run_sql(db, cases[i].flights);
        put(db, &(struct given){ .id = "one", .from = "01:00", .to = "02:00", .host = "x.example" });
        put(db, &(struct given){ .id = "two", .from = "01:00", .to = "02:00", .host = "dl.maker.example",
                                 .bytes_in = 5000000 });
        mark_with(db, NULL, 0);
        assert_string_equal(phase(db, "one"), cases[i].want);
        assert_string_equal(phase(db, "two"), "update"); /* what traffic itself shows needs no log */
        sqlite3_close(db);
    }
}

static int64_t at(int minute)
{
    return (INT64_C(1795341600) + minute * 60) * 1000000000; /* 2026-11-22T10:00:00Z */
}

static void named_ranges_come_first(void **state)
{
    const struct phase_range ranges[] = {
        { TEXT("local data mode"), at(20), at(25) }, { TEXT("whole test"), at(10), at(29) }, { TEXT("tomorrow"), at(3000), at(3001) },
    };
    sqlite3 *db = empty_case();

    run_sql(db, destinations);
    run_sql(db, flight);
    put(db, &(struct given){ .id = "in the mode, in flight", .from = "20:00", .to = "20:10",
                             .host = "active.maker.example" });
    put(db, &(struct given){ .id = "after the switch", .from = "25:00", .to = "25:10" });
    put(db, &(struct given){ .id = "open at the switch", .from = "19:59", .to = "21:00" });
    put(db, &(struct given){ .id = "before all", .from = "09:00", .to = "09:59.999" });
    put(db, &(struct given){ .id = "into the test", .from = "09:00", .to = "10:00" });
    put(db, &(struct given){ .id = "in no range", .from = "29:00", .to = "29:10" });
    mark_with(db, ranges, 3);
    assert_string_equal(phase(db, "in the mode, in flight"), "local data mode");
    assert_string_equal(phase(db, "after the switch"), "whole test");
    assert_string_equal(phase(db, "open at the switch"), "whole test");
    assert_string_equal(phase(db, "before all"), "idle");
    assert_string_equal(phase(db, "into the test"), "idle");
    assert_string_equal(phase(db, "in no range"), "flight");
    assert_non_null(strstr(noted, "1 connection begun before the phase \"local data mode\" went on in it"));
    assert_non_null(strstr(noted, "1 connection begun before the phase \"whole test\" went on in it"));
    assert_non_null(strstr(noted, "No connection began within the phase \"tomorrow\""));
    assert_non_null(strstr(summary,
                           "{\"phase\":\"local data mode\",\"basis\":\"option\",\"from\":\"2026-11-22T10:20:00Z\","
                                    "\"to\":\"2026-11-22T10:25:00Z\",\"flows\":1}"));
    sqlite3_close(db);
}

static void survives_absurd_values(void **state)
{
    sqlite3 *db = empty_case();

    run_sql(db, "INSERT INTO flight (id, start, \"end\") VALUES ('a', '2261-12-31T23:59:59Z', '2261-12-31T23:59:60Z'),"
                " ('b', '1678-01-01T00:00:00Z', '1678-01-01T00:00:01Z'), ('c', 'yesterday', x'ff'||'')");
    run_sql(db, "INSERT INTO destination (host, addresses, purpose, party) VALUES ('', 'no json', 'update', 'vendor'),"
                " (NULL, '{', 'update', 'vendor'), (NULL, '[]', 'media', NULL), (printf('%.*c', 5000, 'a'), NULL, '///', 'vendor')");
    run_sql(db, "INSERT INTO request (flow, path) VALUES ('', '.apk'), (printf('%.*c', 5000, 'a'), 'x.apk')");
    run_sql(db, "INSERT INTO flow (id, evidence, src, first, last, host, payload_out, payload_in) VALUES"
                " ('late', 'c', 'p', '2261-12-31T23:59:59Z', '2261-12-31T23:59:59.9Z', '', 9223372036854775807, -9223372036854775808),"
                " ('early', NULL, NULL, '1678-01-01T00:00:00Z', '1678-01-01T00:00:00Z', NULL, 1, NULL),"
                " ('backwards', 'c', 'p', '2026-11-22T10:00:00Z', '2020-11-22T10:00:00Z', '.', 1, 1),"
                " (NULL, printf('%.*c', 5000, 'e'), printf('%.*c', 5000, 's'), 'x', 'y', printf('%.*c', 5000, 'a'), 1, 1)");
    mark_with(db, NULL, 0);
    assert_string_equal(phase(db, "late"), "flight");
    assert_string_equal(phase(db, "early"), "flight");
    assert_string_equal(phase(db, "backwards"), "");
    sqlite3_close(db);
}

/* More devices and hosts than are kept: quick, and what needs none of them is still right. */
static void many(void **state)
{
    struct timespec begin, end;
    sqlite3 *db = empty_case();

    run_sql(db, flight);
    run_sql(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70000)"
                " INSERT INTO flow (id, evidence, src, dst, first, last, host) SELECT 'flow-' || i, 'c', 'p' || i, 'd',"
                " '2026-11-22T10:25:00Z', '2026-11-22T10:25:01Z', 'h' || i FROM n");
    run_sql(db, "INSERT INTO destination (host, purpose) SELECT host, 'media' FROM flow");
    clock_gettime(CLOCK_MONOTONIC, &begin);
    mark_with(db, NULL, 0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_true(end.tv_sec - begin.tv_sec < 20);
    assert_string_equal(phase(db, "flow-1"), "flight");
    assert_string_equal(phase(db, "flow-70000"), "flight");
    assert_non_null(strstr(noted, "more devices, destinations or flights"));
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_phases), cmocka_unit_test(sync_ends), cmocka_unit_test(tells_launches),
        cmocka_unit_test(idle_needs_the_time_in_the_air), cmocka_unit_test(named_ranges_come_first),
        cmocka_unit_test(survives_absurd_values), cmocka_unit_test(many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
