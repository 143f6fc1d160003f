#include "support/support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "fact/case.h"
#include "fact/chain.h"
#include "fact/chain_row.h"

static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static char path[] = "/tmp/leash-test-chain-XXXXXX";

static int make_file(void **state)
{
    const int fd = mkstemp(path);

    *state = path;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    return unlink(path);
}

/* A flight with ten positions, and three damages. */
static struct fact_case *make_case(void)
{
    struct fact_case *c = NULL;
    struct fact_flight flight;
    struct fact_position position;
    struct fact_damage damage;

    assert_int_equal(case_create(path, true, &c), 0);
    fact_init(FACT_FLIGHT, &flight);
    flight.head.number = 1;
    flight.start = INT64_C(1700000000) * 1000000000;
    flight.duration_s = 0.1;
    assert_int_equal(case_put(c, FACT_FLIGHT, &flight, text_of(key)), 0);
    for (int i = 1; i <= 10; i++) {
        fact_init(FACT_POSITION, &position);
        position.head.number = i;
        position.flight = 1;
        position.subject = TEXT("aircraft");
        position.longitude_deg = -30.5 + i * 0.001;
        position.latitude_deg = 45;
        if (i % 3)
            position.altitude_m = i;
        assert_int_equal(case_put(c, FACT_POSITION, &position, text_of(key)), 0);
    }
    for (int i = 1; i <= 3; i++) {
        fact_init(FACT_DAMAGE, &damage);
        damage.head.number = i;
        damage.statement = TEXT("caf\xc3\xa9");
        damage.bytes_lost = -i;
        assert_int_equal(case_put(c, FACT_DAMAGE, &damage, text_of(key)), 0);
    }
    assert_int_equal(case_set(c, "started", TEXT("2026-10-01T08:30:00Z")), 0);
    return c;
}

struct faults {
    int count;
    enum chain_fault_kind kind;
    char table[64], id[64];
    int64_t row_first, row_last;
};

static void keep_fault(void *user, const struct chain_fault *f)
{
    struct faults *k = user;

    if (k->count++ > 0)
        return;
    k->kind = f->kind;
    k->row_first = f->row_first;
    k->row_last = f->row_last;
    snprintf(k->table, sizeof k->table, "%.*s", (int)f->table.len, f->table.at);
    snprintf(k->id, sizeof k->id, "%.*s", (int)f->id.len, text_known(f->id) ? f->id.at : "");
}

static struct faults check(sqlite3 *db, struct chain_result *result)
{
    struct faults faults = { 0 };

    assert_int_equal(chain_check(db, keep_fault, &faults, result), 0);
    return faults;
}

static void change(sqlite3 *db, const char *sql)
{
    char *error = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", sql, error);
}

static sqlite3 *reopened(void)
{
    sqlite3 *db = NULL;
    struct fact_case *c = make_case();

    assert_int_equal(case_finish(c), 0);
    case_free(c);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    /* GeoPackage's triggers need functions of a GIS. */
    change(db, "DROP TRIGGER rtree_flight_path_geom_update1; DROP TRIGGER rtree_flight_path_geom_update2;"
               "DROP TRIGGER rtree_flight_path_geom_update3; DROP TRIGGER rtree_flight_path_geom_update4;"
               "DROP TRIGGER rtree_flight_path_geom_insert; DROP TRIGGER rtree_flight_path_geom_delete");
    return db;
}

static void an_untouched_case_is_whole(void **state)
{
    struct arena *arena = arena_new(0);
    struct chain_result result;
    sqlite3 *db = reopened();
    struct faults faults = check(db, &result);

    assert_int_equal(faults.count, 0);
    assert_true(result.present && result.whole);
    assert_int_equal(result.rows, 1 + 1 + 1 + 10 + 3 + 1); /* leash_case, run, flight, position, damage, flight_path */
    const struct text head = chain_head(db, arena);
    assert_int_equal(head.len, SHA256_HEX);
    assert_memory_equal(head.at, result.head, SHA256_HEX);
    sqlite3_close(db);
    arena_free(arena);
}

static void put_one_more_damage(struct fact_case *c)
{
    struct fact_damage damage;

    fact_init(FACT_DAMAGE, &damage);
    damage.head.number = 4;
    damage.statement = TEXT("put while others read");
    assert_int_equal(case_put(c, FACT_DAMAGE, &damage, text_of(key)), 0);
}

/* The overall head of the case with one more damage; `beside`: all chains but that of damage from another
 * connection. */
static void finish_one(bool beside, char head[SHA256_HEX])
{
    struct fact_case *c = make_case(), *other = NULL;
    struct chain_ahead *ahead = NULL;
    struct chain_result result;
    bool kinds[FACT_CASE_KIND_COUNT];

    for (int kind = 0; kind < FACT_CASE_KIND_COUNT; kind++)
        kinds[kind] = kind != FACT_DAMAGE;
    assert_int_equal(case_write_out(c), 0);
    if (beside)
        assert_int_equal(case_open_beside(c, &other), 0);
    put_one_more_damage(c);
    if (beside) {
        assert_int_equal(case_rows(other, FACT_POSITION), 10);
        assert_int_equal(case_rows(other, FACT_DAMAGE), 3); /* as it was written out */
        assert_int_equal(case_rows(c, FACT_DAMAGE), 4);
        assert_int_equal(chain_work_out_ahead(case_db(other), kinds, &ahead), SQLITE_OK);
        assert_int_not_equal(sqlite3_exec(case_db(other), "DELETE FROM position", NULL, NULL, NULL), SQLITE_OK);
        case_free(other);
    }
    assert_int_equal(case_seal_with(c, ahead), 0);
    chain_ahead_free(ahead);
    assert_int_equal(case_finish(c), 0);
    assert_int_equal(check(case_db(c), &result).count, 0);
    assert_true(result.present && result.whole);
    memcpy(head, result.head, SHA256_HEX);
    case_free(c);
}

static void chains_worked_out_beside_are_the_same(void **state)
{
    char alone[SHA256_HEX], beside[SHA256_HEX];

    (void)state;
    finish_one(false, alone);
    finish_one(true, beside);
    assert_memory_equal(alone, beside, SHA256_HEX);
}

static void what_programs_do_that_open_a_case_breaks_nothing(void **state)
{
    static const char *const harmless[] = {
        "VACUUM", "PRAGMA journal_mode = WAL; CREATE TABLE t (a); PRAGMA journal_mode = DELETE", "ANALYZE", "REINDEX",
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, styleQML TEXT); INSERT INTO layer_styles VALUES (1, '<qgis/>')",
        "UPDATE gpkg_contents SET last_change = '2030-01-01T00:00:00.000Z', min_x = 0",
        "ALTER TABLE damage ADD COLUMN my_notes TEXT; UPDATE damage SET my_notes = 'seen'",
        "CREATE INDEX my_index ON position (subject)", "CREATE VIEW mine AS SELECT * FROM flight",
        "INSERT INTO leash_report (form, sha256, bytes) VALUES ('html', 'x', 1)",
        "UPDATE leash_chain SET marks = NULL",
        /* the same points in other bytes: with an envelope */
        "UPDATE position SET geom = CAST(x'47500003' || substr(geom, 5, 4) || zeroblob(32) || substr(geom, 9) AS BLOB)",
    };

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        struct chain_result result;
        sqlite3 *db = reopened();
        change(db, harmless[i]);
        struct faults faults = check(db, &result);
        if (faults.count || !result.whole)
            fail_msg("%s: table %s, row %d", harmless[i], faults.table, (int)faults.row_first);
        sqlite3_close(db);
    }
}

static void every_change_is_seen_where_it_is(void **state)
{
    static const struct {
        const char *sql;
        enum chain_fault_kind kind;
        const char *table, *id;
        int row;
    } cases[] = {
        { "UPDATE position SET altitude_m = altitude_m + 1e-9 WHERE fid = 4", CHAIN_ROW_CHANGED, "position", "position-0123456789ab-4", 4 },
        { "UPDATE position SET altitude_m = NULL WHERE fid = 1", CHAIN_ROW_CHANGED, "position", "position-0123456789ab-1", 1 },
        { "UPDATE position SET altitude_m = 0 WHERE fid = 3", CHAIN_ROW_CHANGED, "position", "position-0123456789ab-3", 3 },
        { "UPDATE position SET geom = (SELECT geom FROM position WHERE fid = 9) WHERE fid = 10", CHAIN_ROW_CHANGED, "position",
          "position-0123456789ab-10", 10 },
        { "UPDATE position SET geom = NULL WHERE fid = 7", CHAIN_ROW_CHANGED, "position", "position-0123456789ab-7", 7 },
        { "UPDATE position SET id = 'other' WHERE fid = 2", CHAIN_ROW_CHANGED, "position", "other", 2 },
        { "DELETE FROM position WHERE fid = 5", CHAIN_ROW_REMOVED, "position", "", 5 },
        { "DELETE FROM position WHERE fid = 1", CHAIN_ROW_REMOVED, "position", "", 1 },
        { "DELETE FROM position WHERE fid = 10", CHAIN_ROW_REMOVED, "position", "", 10 },
        { "INSERT INTO damage (id) VALUES ('new')", CHAIN_ROW_ADDED, "damage", "new", 4 },
        { "INSERT INTO damage (fid, id) VALUES (0, 'new')", CHAIN_ROW_ADDED, "damage", "new", 0 },
        { "INSERT INTO damage (fid, id) VALUES (77, 'new')", CHAIN_ROW_ADDED, "damage", "new", 77 },
        { "INSERT INTO finding (id) VALUES ('new')", CHAIN_ROW_ADDED, "finding", "new", 1 },
        { "UPDATE damage SET fid = -1 WHERE fid = 2; UPDATE damage SET fid = 2 WHERE fid = 3; UPDATE damage SET fid = 3 WHERE fid = -1",
          CHAIN_ROW_CHANGED, "damage", "damage-0123456789ab-3", 2 },
        { "UPDATE damage SET statement = 'cafe' || char(769)", CHAIN_ROW_CHANGED, "damage", "damage-0123456789ab-1", 1 },
        { "UPDATE run SET value = '2026-10-01T08:30:01Z'", CHAIN_ROW_CHANGED, "run", "", 1 },
        { "UPDATE leash_case SET made_by = 'nobody'", CHAIN_ROW_CHANGED, "leash_case", "", 1 },
        { "UPDATE flight_path SET points = 11", CHAIN_ROW_CHANGED, "flight_path", "", 1 },
        { "UPDATE flight_path SET geom = zeroblob(90)", CHAIN_ROW_CHANGED, "flight_path", "", 1 },
        { "DROP TABLE damage; CREATE VIEW damage AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid FROM n",
          CHAIN_TABLE_UNREADABLE, "damage", "", 0 },
        { "DROP TABLE damage", CHAIN_TABLE_UNREADABLE, "damage", "", 0 },
        { "ALTER TABLE damage DROP COLUMN records_lost", CHAIN_TABLE_UNREADABLE, "damage", "", 0 },
        { "ALTER TABLE flow DROP COLUMN quic_version", CHAIN_TABLE_UNREADABLE, "flow", "", 0 },
        { "DELETE FROM leash_chain WHERE table_name = 'flow'", CHAIN_TABLE_UNCOVERED, "flow", "", 0 },
        { "UPDATE leash_chain SET head = CASE substr(head, 1, 1) WHEN 'a' THEN 'b' ELSE 'a' END || substr(head, 2) "
          "WHERE table_name = 'position'", CHAIN_LIST_CHANGED, "position", "", 0 },
        { "UPDATE leash_chain SET head = CASE substr(head, 1, 1) WHEN 'a' THEN 'b' ELSE 'a' END || substr(head, 2) "
          "WHERE table_name = 'leash_chain'", CHAIN_LIST_CHANGED, "leash_chain", "", 0 },
        { "UPDATE leash_chain SET marks = NULL; UPDATE damage SET bytes_lost = 9 WHERE fid = 2", CHAIN_ROW_CHANGED, "damage",
          "damage-0123456789ab-1", 1 }, /* without marks only the table is sure */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct chain_result result;
        sqlite3 *db = reopened();
        change(db, cases[i].sql);
        struct faults faults = check(db, &result);
        if (faults.count != 1 || result.whole || faults.kind != cases[i].kind ||
            strcmp(faults.table, cases[i].table) != 0 ||
            faults.row_first != cases[i].row || strcmp(faults.id, cases[i].id) != 0)
            fail_msg("%s: %d faults, kind %d, table %s, row %d, id %s", cases[i].sql, faults.count, faults.kind,
                     faults.table,
                     (int)faults.row_first, faults.id);
        sqlite3_close(db);
    }
}

static void a_case_without_a_chain_says_so(void **state)
{
    struct chain_result result;
    sqlite3 *db = reopened();

    change(db, "DROP TABLE leash_chain");
    assert_int_equal(check(db, &result).count, 0);
    assert_false(result.present);
    sqlite3_close(db);
}

/* More rows than marks: they are thinned out, and the place is a stretch of rows. */
static void very_many_rows_keep_their_marks_small(void **state)
{
    struct chain_result result;
    struct faults faults;
    struct fact_case *c = make_case();
    sqlite3 *db;

    change(case_db(c), "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 270000)"
                       " INSERT INTO network (id, beacons) SELECT 'network-' || i, i FROM n");
    assert_int_equal(case_finish(c), 0);
    case_free(c);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    change(db, "UPDATE network SET beacons = 0 WHERE fid = 177777");
    faults = check(db, &result);
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.row_first, 177777);
    assert_int_equal(faults.row_last, 177778);
    assert_int_equal(faults.kind, CHAIN_ROW_CHANGED);
    assert_int_equal(result.rows, 270017);
    sqlite3_close(db);
}

static void take_hex(struct buffer *to, const char *hex)
{
    for (; hex[0] && hex[1]; hex += 2) {
        const char two[3] = { hex[0], hex[1], 0 };
        buffer_add_u8(to, (uint8_t)strtoul(two, NULL, 16));
    }
}

#define ONE_LE "000000000000f03f"
#define TWO_LE "0000000000000040"
#define ONE_BE "3ff0000000000000"
#define TWO_BE "4000000000000000"
#define POINT "47000010e6" "00000001" "00000002" ONE_BE TWO_BE
#define POINT_Z "47000010e6" "000003e9" "00000003" ONE_BE TWO_BE ONE_BE
#define LINE "47000010e6" "00000002" "00000004" ONE_BE TWO_BE TWO_BE ONE_BE

static void a_geometry_has_one_canonical_form(void **state)
{
    static const struct { const char *blob, *canonical; } forms[] = {
        { "47500001" "e6100000" "0101000000" ONE_LE TWO_LE, POINT },
        { "47500000" "000010e6" "0000000001" ONE_BE TWO_BE, POINT },
        { "47500001" "e6100000" "0000000001" ONE_BE TWO_BE, POINT },
        { "47500003" "e6100000" ONE_LE ONE_LE TWO_LE TWO_LE "0101000000" ONE_LE TWO_LE, POINT }, /* with an envelope */
        { "47500001" "e6100000" "01e9030000" ONE_LE TWO_LE ONE_LE, POINT_Z },
        { "47500001" "e6100000" "0101000080" ONE_LE TWO_LE ONE_LE, POINT_Z }, /* the older way to say Z */
        { "47500001" "e6100000" "010200000002000000" ONE_LE TWO_LE TWO_LE ONE_LE, LINE },
        { "47500000" "000010e6" "000000000200000002" ONE_BE TWO_BE TWO_BE ONE_BE, LINE },
        /* what is no whole point or line is bytes */
        { "", "4200000000" },
        { "4750", "42000000024750" },
        { "47500001" "e6100000" "0103000000" "00000000", "420000001147500001e6100000010300000000000000" },
        { "47500001" "e6100000" "0102000000ffffffff" ONE_LE, "420000001947500001e61000000102000000ffffffff" ONE_LE },
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct buffer blob, want, got;
        buffer_init(&blob, 1000);
        buffer_init(&want, 1000);
        buffer_init(&got, 1000);
        take_hex(&blob, forms[i].blob);
        take_hex(&want, forms[i].canonical);
        canonical_blob(&got, (struct bytes){ .at = blob.at, .len = blob.len }, true);
        if (got.len != want.len || memcmp(got.at, want.at, got.len) != 0)
            fail_msg("%s: %zu bytes, not %zu", forms[i].blob, got.len, want.len);
        /* cut at every length, and with every bit flipped: read as bytes or as another geometry, and never past the
         * end */
        for (size_t cut = 0; cut < blob.len; cut++) {
            struct bytes part = exact_copy(blob.at, cut);
            buffer_clear(&got);
            canonical_blob(&got, part, true);
            assert_true(got.len > 0 && got.at[0] == 'B');
            exact_copy_free(part);
            part = exact_copy(blob.at, blob.len);
            for (int bit = 0; bit < 8; bit++) {
                ((uint8_t *)(uintptr_t)part.at)[cut] ^= (uint8_t)(1 << bit);
                buffer_clear(&got);
                canonical_blob(&got, part, true);
                assert_true(got.len > 0 && (got.at[0] == 'B' || got.at[0] == 'G'));
                ((uint8_t *)(uintptr_t)part.at)[cut] ^= (uint8_t)(1 << bit);
            }
            exact_copy_free(part);
        }
        buffer_done(&blob);
        buffer_done(&want);
        buffer_done(&got);
    }
}

static void values_have_the_documented_bytes(void **state)
{
    struct buffer b;

    buffer_init(&b, 1000);
    canonical_text(&b, TEXT("ab"));
    canonical_int(&b, -2);
    canonical_real(&b, -0.5);
    canonical_null(&b);
    static const char want[] = "T\0\0\0\2ab" "I\xff\xff\xff\xff\xff\xff\xff\xfe" "R\xbf\xe0\0\0\0\0\0\0" "N";
    assert_int_equal(b.len, sizeof want - 1);
    assert_memory_equal(b.at, want, b.len);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_case_is_whole),
        cmocka_unit_test(chains_worked_out_beside_are_the_same),
        cmocka_unit_test(what_programs_do_that_open_a_case_breaks_nothing),
        cmocka_unit_test(every_change_is_seen_where_it_is),
        cmocka_unit_test(a_case_without_a_chain_says_so),
        cmocka_unit_test(very_many_rows_keep_their_marks_small),
        cmocka_unit_test(a_geometry_has_one_canonical_form),
        cmocka_unit_test(values_have_the_documented_bytes),
    };
    return cmocka_run_group_tests_name("fact/chain", tests, make_file, remove_file);
}
