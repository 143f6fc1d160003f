#include "judge/support_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "judge/query.h"

struct bench {
    struct trial t;
    struct policy *p;
    struct query_engine *q;
    struct arena *arena;
};

static void bench_with(struct bench *b, const char *rows, double seconds)
{
    const struct query_values values = { .now_utc_ns = 1000, .label = TEXT("a label"), .flight_time_s = 60 };

    trial_begin(&b->t, rows, NULL);
    b->p = policy_for_test("version: 1\nprofiles: [dhs-cisa]\noperator_hosts: [example.gov]\ninternal_networks: [10.1.0.0/16, \"fd00:1::/32\"]\n"
                           "allowed_destinations: []\n");
    b->q = query_open(case_db(b->t.c), b->p, &values, seconds);
    b->arena = arena_new(0);
}

static void bench_begin(struct bench *b, double seconds)
{
    bench_with(b, QUIET_CAPTURE FLIGHT, seconds);
}

static void bench_end(struct bench *b)
{
    query_close(b->q);
    policy_free(b->p);
    arena_free(b->arena);
    trial_end(&b->t);
}

static void only_reading_facts_is_allowed(void **state)
{
    static const char *const refused[] = {
        "DELETE FROM flow", "UPDATE flow SET src = 1", "INSERT INTO flow(id) VALUES('x')", "DROP TABLE flow",
        "CREATE TABLE x(y)", "CREATE TEMP TABLE x(y)", "CREATE TRIGGER x AFTER INSERT ON flow BEGIN SELECT 1; END",
        "ATTACH '/tmp/leash-attach' AS x", "DETACH main", "VACUUM INTO '/tmp/leash-vacuum'", "PRAGMA user_version = 1",
        "PRAGMA table_info(flow)", "SELECT * FROM pragma_table_info('flow')", "COMMIT", "ROLLBACK", "SAVEPOINT a",
        "SELECT load_extension('/tmp/x')", "SELECT * FROM sqlite_schema", "SELECT * FROM leash_case",
        "SELECT * FROM gpkg_contents", "SELECT random()", "SELECT randomblob(9)", "SELECT zeroblob(999999999)",
        "SELECT printf('%999999999d', 1)", "SELECT datetime('now')", "SELECT fts3_tokenizer('x')",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "SELECT 1; SELECT 2", "SELECT 1; DELETE FROM flow", "", "-- nothing", "EXPLAIN SELECT 1", "SELEC 1",
        "SELECT no_such FROM flow", "SELECT 1 FROM no_such", "SELECT :no_such", "SELECT ?", "SELECT * FROM sqlite_stmt",
        "SELECT stated('no_such_list') FROM flow", "SELECT * FROM json_tree('[1]')",
    };
    struct bench b;

    bench_begin(&b, 20);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct query_answer a;
        char *copy = strdup(refused[i]); /* nothing behind the text is read */
        if (query_run(b.q, (struct text){ copy, strlen(copy) }, b.arena, &a) != QUERY_REFUSED)
            fail_msg("not refused: %s", refused[i]);
        assert_true(query_error(b.q)[0] != 0);
        assert_int_not_equal(query_keep(b.q, TEXT("kept"), text_of(refused[i]), TEXT_UNKNOWN), QUERY_OK);
        free(copy);
    }
    assert_string_equal(trial_value(&b.t, "SELECT count(*) FROM flow"), "1");
    /* and the case can still be written, without the authorizer in the way */
    assert_int_equal(case_set(b.t.c, "key", TEXT("value")), 0);
    bench_end(&b);
}

static void time_and_size_are_limited(void **state)
{
#define CROSS(n) "flow a" n ", json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]') b" n ","
    static const char *const endless =
        "SELECT sum(b1.value * b2.value) AS x FROM " CROSS("1") CROSS("2") CROSS("3") CROSS("4")
        CROSS("5") CROSS("6") CROSS("7") " flow";
    struct bench b;
    struct query_answer a;

    bench_begin(&b, 0.2);
    assert_int_equal(query_run(b.q, text_of(endless), b.arena, &a), QUERY_TOO_LONG);
    assert_int_equal(query_keep(b.q, TEXT("kept"), text_of(endless), TEXT_UNKNOWN), QUERY_TOO_LONG);
    assert_int_equal(query_run(b.q, TEXT("SELECT replace(replace(replace(replace(replace(replace('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'a', "
        "'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'), 'b', 'cccccccccccccccccccccccccccccccc'), 'c', 'dddddddddddddddddddddddddddddddd'), "
        "'d', 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'), 'e', 'ffffffffffffffffffffffffffffffff'), 'f', 'gggggggg') AS x"), b.arena, &a), QUERY_TOO_LONG);
    struct arena *small = arena_new(1000);
    assert_int_equal(query_run(b.q, TEXT("SELECT '0123456789012345678901234567890123456789' AS t FROM json_each('[1,2,3,4,5,6,7,8,9,10,"
        "11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30]')"), small, &a), QUERY_TOO_LONG);
    arena_free(small);
    /* the transaction of the case is still there */
    assert_string_equal(trial_value(&b.t, "SELECT count(*) FROM flow"), "1");
    assert_int_equal(sqlite3_get_autocommit(case_db(b.t.c)), 0);
    bench_end(&b);
}

static void tables_are_kept_until_the_end(void **state)
{
    struct bench b;
    struct query_answer a;

    bench_begin(&b, 20);
    assert_int_equal(query_keep(b.q, TEXT("mine"), TEXT("SELECT id AS a, 'it''s \"so\"' AS \"b\" FROM flow"),
                                TEXT("a")), QUERY_OK);
    assert_int_equal(query_run(b.q, TEXT("SELECT b, 1.5 AS r, NULL AS n, 7 AS i FROM mine WHERE a = 'flow-c-1' ;\n "),
                               b.arena, &a), QUERY_OK);
    assert_int_equal(a.rows, 1);
    assert_text_equal(query_cell_at(&a, 0, query_column(&a, TEXT("b")))->text, "it's \"so\"");
    assert_int_equal(query_cell_at(&a, 0, 2)->type, QUERY_NULL);
    assert_int_equal(query_cell_at(&a, 0, 3)->integer, 7);
    assert_null(query_cell_at(&a, 1, 0));
    assert_int_equal(query_keep(b.q, TEXT("mine"), TEXT("SELECT 1 AS a"), TEXT_UNKNOWN), QUERY_REFUSED);
    assert_int_equal(query_keep(b.q, TEXT("flow"), TEXT("SELECT 1 AS a"), TEXT_UNKNOWN), QUERY_REFUSED);
    assert_int_equal(query_keep(b.q, TEXT("a\"b"), TEXT("SELECT 1 AS a"), TEXT_UNKNOWN), QUERY_REFUSED);
    assert_int_equal(query_keep(b.q, TEXT("sqlite_x"), TEXT("SELECT 1 AS a"), TEXT_UNKNOWN), QUERY_REFUSED);
    assert_int_equal(query_keep(b.q, TEXT("other"), TEXT("SELECT 1 AS a"), TEXT("no_such_column")), QUERY_REFUSED);
    bench_end(&b);
}

static void functions_answer(void **state)
{
    static const struct { const char *expression, *value; } cases[] = {
        { "stated('operator_hosts') || stated('allowed_destinations') || stated('known_third_parties')", "110" },
        { "host_listed('Police.Example.GOV.', 'operator_hosts')", "1" },
        { "host_listed('badexample.gov', 'operator_hosts')", "0" },
        { "host_listed('example.gov.evil', 'operator_hosts')", "0" },
        { "host_listed(NULL, 'operator_hosts')", "0" },
        { "network_listed('10.1.255.255', 'internal_networks') || network_listed('10.2.0.0', 'internal_networks')", "10" },
        { "network_listed('fd00:1:2::3', 'internal_networks') || network_listed('fd00:2::', 'internal_networks')", "10" },
        { "network_listed('nonsense', 'internal_networks')", "0" },
        { "is_private('172.31.0.1') || is_private('172.32.0.1') || is_private('fe80::1%eth0') || is_private('2001:db8::1')", "1010" },
        { "is_group('239.1.1.1') || is_group('223.1.1.1') || is_group('ff02::fb')", "101" },
        { "ifnull(is_private('x'), 'null')", "null" },
        { "same_network('192.168.1.1', '192.168.1.200', 24) || same_network('192.168.1.1', '192.168.2.1', 24)", "10" },
        { "same_network('192.168.1.1', 'fe80::1', 24)", "0" },
        { "same_network('fd00::1', 'fd00::2', 24)", "1" },
        { "has_class('share/media [ads]: photos', 'media') || has_class('social media', 'media') || has_class('cdn: media', 'media')", "100" },
        { "ifnull(has_class(NULL, 'media'), 'null')", "null" },
        { "mail_address('/a?m=Jane.Doe%40Mail.Example&x')", "jane.doe@mail.example" },
        { "mail_address('@@ a@b <x_y@c.example.>.')", "x_y@c.example" },
        { "ifnull(mail_address('user@localhost'), 'null') || ifnull(mail_address('%4'), 'null') || ifnull(mail_address(''), 'null')", "nullnullnull" },
        { "time_ns('1970-01-01T00:00:01.5Z')", "1500000000" },
        { "ifnull(time_ns('yesterday'), 'null') || ifnull(time_ns(NULL), 'null')", "nullnull" },
        { ":label || :now_ns || :flight_time_s || ifnull(:stored_evidence, 'null')", "a label100060.0null" },
    };
    struct bench b;

    bench_begin(&b, 20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *sql = sqlite3_mprintf("SELECT '' || (%s) AS x", cases[i].expression);
        struct query_answer a;
        if (query_run(b.q, text_of(sql), b.arena, &a) != QUERY_OK)
            fail_msg("%s: %s", sql, query_error(b.q));
        const struct text got = query_cell_at(&a, 0, 0)->text;
        if (!text_equal(got, text_of(cases[i].value)))
            fail_msg("%s gives %.*s", sql, (int)got.len, got.at);
        sqlite3_free(sql);
    }
    bench_end(&b);
}

static const char *first_cell(struct bench *b, const char *sql)
{
    struct query_answer a;
    char *text = arena_alloc(b->arena, 4096, 1);

    if (query_run(b->q, text_of(sql), b->arena, &a) != QUERY_OK)
        fail_msg("%s: %s", query_error(b->q), sql);
    assert_int_equal(a.rows, 1);
    assert_int_equal(a.cells[0].type, QUERY_TEXT);
    snprintf(text, 4096, "%.*s", (int)a.cells[0].text.len, a.cells[0].text.at);
    return text;
}

/* `stream` and `sent` answer like tables, whichever way SQLite looks into them: a + before a column keeps it from
 * looking a row up by it. */
static void virtual_tables_answer_as_tables(void **state)
{
    static const char *const same[] = {
        "SELECT group_concat(nth || x, ';') FROM (SELECT nth, recipient || ifnull(phase, '-') || device || flows || facts || \"any\" AS x FROM stream%s)",
        "SELECT group_concat(fid || ' ' || recipient || ' ' || stream, ';') FROM (SELECT * FROM sent%s)",
    };
    static const struct { int table; const char *looked_up, *scanned; const char *begins; } cases[] = {
        { 0, "", " ORDER BY +nth", "1" },
        { 0, " ORDER BY nth DESC", " ORDER BY +nth DESC", "5" },
        { 0, " ORDER BY recipient", " ORDER BY +recipient, +nth", "1" },
        { 0, " WHERE nth = 2", " WHERE +nth = 2", "2" },
        { 0, " WHERE rowid = 4", " WHERE +nth = 4", "4" },
        { 0, " WHERE nth IN (5, 1, 9)", " WHERE +nth IN (5, 1, 9) ORDER BY +nth", "1" },
        { 0, " WHERE recipient = 2", " WHERE +recipient = 2", "3" },
        { 0, " WHERE recipient = 3 AND nth > 4", " WHERE +recipient = 3 AND +nth > 4", "5" },
        { 0, " WHERE recipient = 2 AND nth = 4", " WHERE +recipient = 2 AND +nth = 4", "4" },
        { 0, " WHERE payload_out > 0 AND nth BETWEEN 2 AND 3", " WHERE +nth BETWEEN 2 AND 3", "2" },
        { 1, "", " ORDER BY +fid", "1 " },
        { 1, " WHERE fid = 70", " WHERE +fid = 70", "70 " },
        { 1, " WHERE fid IN (SELECT fid FROM flow WHERE fid > 2) ORDER BY fid", " WHERE +fid > 2 ORDER BY +fid", "3 " },
        { 1, " WHERE stream = 3", " WHERE +stream = 3", "" },
    };
    static const char *const none[] = {
        "stream WHERE nth = 0", "stream WHERE nth = -1", "stream WHERE nth = 6", "stream WHERE nth = 2.5", "stream WHERE nth = NULL",
        "stream WHERE nth = 9223372036854775807", "stream WHERE nth = 'two'", "stream WHERE recipient = 0", "stream WHERE recipient = 4",
        "stream WHERE recipient = 9223372036854775807", "stream WHERE recipient = 1.5", "sent WHERE fid = 4", "sent WHERE fid = 0",
        "sent WHERE fid = 71", "sent WHERE fid = -9223372036854775808",
    };
    struct bench b;
    char sql[600];

    (void)state;
    bench_with(&b, PCAP FLIGHT FLOW("flow-c-1", "b.example", "09:50", "09:51", ", payload_out, phase", ", 100, 'flight'")
        FLOW("flow-c-2", "a.example", "09:50", "09:51", ", payload_out, phase", ", 7, 'sync'")
        FLOW("flow-c-3", "b.example", "09:52", "09:53", ", payload_out, phase", ", 0, 'idle'")
        "INSERT INTO flow(fid, id, src, dst, proto, local) VALUES(20, 'flow-c-20', '192.168.1.20', '192.168.1.1', 'tcp', 1);"
        "INSERT INTO flow(fid, id, src, dst, proto, host, local, payload_out) VALUES(70, 'flow-c-70', '192.168.1.21', '203.0.113.9', 'tcp', 'c.example', 0, 5);"
        "INSERT INTO flow(fid, id, src, dst, proto, host, local, payload_out) VALUES(60, 'flow-c-60', '192.168.1.21', '203.0.113.9', 'tcp', 'a.example', 0, 5);", 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(sql, sizeof sql, same[cases[i].table], cases[i].looked_up);
        const char *looked_up = first_cell(&b, sql);
        snprintf(sql, sizeof sql, same[cases[i].table], cases[i].scanned);
        assert_string_equal(looked_up, first_cell(&b, sql));
        if (strncmp(looked_up, cases[i].begins, strlen(cases[i].begins)) != 0)
            fail_msg("%s instead of %s: %s", looked_up, cases[i].begins, cases[i].looked_up);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        snprintf(sql, sizeof sql, "SELECT 'rows: ' || count(*) FROM %s", none[i]);
        if (strcmp(first_cell(&b, sql), "rows: 0") != 0)
            fail_msg("a row: %s", none[i]);
    }
    assert_string_equal(first_cell(&b, "SELECT '' || nth FROM stream WHERE nth = '2'"), "2");
    assert_string_equal(first_cell(&b, "SELECT group_concat(p.key || s.fid, ' ') FROM sent s JOIN stream x ON x.nth = s.stream"
                                       " JOIN peer p ON p.nth = x.recipient"), "b.example1 a.example2 b.example3 a.example60 c.example70");
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_reading_facts_is_allowed),
        cmocka_unit_test(time_and_size_are_limited),
        cmocka_unit_test(tables_are_kept_until_the_end),
        cmocka_unit_test(functions_answer),
        cmocka_unit_test(virtual_tables_answer_as_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
