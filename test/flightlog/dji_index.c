#include "flightlog/text_log.h"

#include <sqlite3.h>

#include "base/buffer.h"
#include "flightlog/dji_index.h"

/* Databases are made here, with the tables of the real one. */

static const char tables[] =
    "PRAGMA page_size = 1024;"
    "CREATE TABLE gis_info_table(ID INTEGER PRIMARY KEY, dcf_index INTEGER, camera_type INTEGER, file_name TEXT, uuid INTEGER, star INTEGER);"
    "CREATE TABLE mtime_table(dcf_index INTEGER, mtime INTEGER); CREATE TABLE non_dcf_table(name TEXT, size INTEGER);"
    "CREATE TABLE video_info_table(ID INTEGER, duration INTEGER, model_name TEXT);"
    "INSERT INTO gis_info_table VALUES(1, 10, 0, '/mnt/card/DCIM/100MEDIA/DJI_0001.MOV', 1761409503, 0), (2, 11, 0, '/mnt/card/DCIM/100MEDIA/DJI_0002.JPG', 'a-b-c', 0);"
    "INSERT INTO mtime_table VALUES(10, 1759050190); INSERT INTO non_dcf_table VALUES('PANO_0001', 5); INSERT INTO video_info_table VALUES(1, 231566, 'FC0000');";

static struct bytes database(const char *sql)
{
    sqlite3_int64 size;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    unsigned char *at = sqlite3_serialize(db, "main", &size, 0);
    assert_non_null(at);
    const struct bytes copy = exact_copy(at, (size_t)size);
    sqlite3_free(at);
    sqlite3_close(db);
    return copy;
}

static void files_times_and_camera(void **state)
{
    struct log_outcome o;

    (void)state;
    const struct bytes in = database(tables);
    log_read_text(&o, dji_index_read, "dji-index", (const char *)in.at, in.len);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_true(log_has_identifier(&o, "media_file", "/mnt/card/DCIM/100MEDIA/DJI_0001.MOV"));
    assert_true(log_has_identifier(&o, "media_file", "/mnt/card/DCIM/100MEDIA/DJI_0002.JPG"));
    assert_true(log_has_identifier(&o, "media_file", "PANO_0001"));
    assert_true(log_has_identifier(&o, "media_uuid", "a-b-c"));
    assert_false(log_has_identifier(&o, "media_uuid", "1761409503")); /* as good as any time in traffic */
    const struct fact_identifier *first = kept_facts_row(&o.facts, FACT_IDENTIFIER, 0);
    assert_int_equal(first->head.origin.steps.count, 1);
    assert_text_equal(first->head.origin.steps.items[0],
                      "written to its end 2025-09-28T09:03:10 by a clock of unknown zone");
    assert_memory_equal(in.at + first->head.origin.offset, "/mnt/card/DCIM/100MEDIA/DJI_0001.MOV",
                        (size_t)first->head.origin.length);
    const struct fact_device *camera = kept_facts_row(&o.facts, FACT_DEVICE, 0);
    assert_text_equal(camera->role, "camera");
    assert_text_equal(camera->model, "FC0000");
    log_done(&o);
    exact_copy_free(in);
}

/* A card that was emptied: its numbers begin anew, and a time is kept by number. */
static void numbers_that_began_anew(void **state)
{
    static const char rows[] =
        "CREATE TABLE gis_info_table(ID INTEGER PRIMARY KEY, dcf_index INT, file_name TEXT, uuid TEXT); CREATE TABLE mtime_table(dcf_index INT, mtime INT);"
        "INSERT INTO gis_info_table VALUES(1, 16, '/a/DJI_20251012104953_0001_D.MP4', NULL), (2, 32, '/a/DJI_20251012105454_0002_D.MP4', NULL),"
        "(3, 16, '/a/DJI_20260406182350_0001_D.MP4', NULL), (4, 48, '/a/DJI_20260406182543_0003_D.MP4', NULL);"
        "INSERT INTO mtime_table VALUES(16, 1775492630), (32, 1760259294), (48, 315532800);";
    struct log_outcome o;

    (void)state;
    const struct bytes in = database(rows);
    log_read_text(&o, dji_index_read, "dji-index", (const char *)in.at, in.len);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_IDENTIFIER), 4);
    for (size_t i = 0; i < 4; i++) {
        static const char *const want[] = { NULL, "written to its end 2025-10-12T08:54:54 by a clock of unknown zone",
                                            "written to its end 2026-04-06T16:23:50 by a clock of unknown zone", NULL /* 1980 */ };
        const struct fact_identifier *file = kept_facts_row(&o.facts, FACT_IDENTIFIER, i);
        assert_int_equal(file->head.origin.steps.count, want[i] ? 1 : 0);
        if (want[i])
            assert_true(text_equal(file->head.origin.steps.items[0], text_of(want[i])));
    }
    log_done(&o);
    exact_copy_free(in);
}

static void without_times(void **state)
{
    struct log_outcome o;

    (void)state;
    const struct bytes in = database("CREATE TABLE gis_info_table(file_name TEXT, uuid TEXT); INSERT INTO gis_info_table VALUES('/a/b.MOV', NULL);");
    log_read_text(&o, dji_index_read, "dji-index", (const char *)in.at, in.len);
    assert_true(log_has_identifier(&o, "media_file", "/a/b.MOV"));
    log_done(&o);
    exact_copy_free(in);
}

/* Views and triggers of the file are its maker's programs: they are not run. */
static void views_are_not_used(void **state)
{
    struct log_outcome o;

    (void)state;
    const struct bytes in = database("CREATE TABLE t(x); INSERT INTO t VALUES('/made/up');"
                                     "CREATE VIEW gis_info_table AS SELECT x AS file_name, x AS uuid, x AS dcf_index FROM t;");
    log_read_text(&o, dji_index_read, "dji-index", (const char *)in.at, in.len);
    assert_int_equal(kept_facts_count(&o.facts, FACT_IDENTIFIER), 0);
    log_done(&o);
    exact_copy_free(in);
}

static void other_databases_are_none(void **state)
{
    (void)state;
    const struct bytes in = database("CREATE TABLE contacts(name TEXT);");
    assert_false(dji_index_recognise(in));
    exact_copy_free(in);
}

/* Two thousand files in a hundred pages: one page broken between them, and a database that ends too early. */
static void read_around_damage(void **state)
{
    enum { PAGE = 1024, FILES = 2000 };
    const struct bytes whole = database(
        "PRAGMA page_size = 1024; CREATE TABLE gis_info_table(ID INTEGER PRIMARY KEY, dcf_index INTEGER, file_name TEXT, uuid INTEGER);"
        "CREATE TABLE mtime_table(dcf_index INTEGER, mtime INTEGER);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
        " INSERT INTO gis_info_table SELECT i, i, printf('/DCIM/100MEDIA/DJI_%04d.MP4', i), NULL FROM n;"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO mtime_table SELECT i, 1715000000 + i FROM n;");
    const uint8_t *middle = memmem(whole.at, whole.len, "DJI_1000.MP4", 12);
    struct log_outcome o;
    char said[128];

    (void)state;
    assert_non_null(middle);
    memset((uint8_t *)(uintptr_t)whole.at + (size_t)(middle - whole.at) / PAGE * PAGE, 0xee, 64);
    log_read(&o, dji_index_read, whole);
    assert_int_equal(o.status, PARSE_OK);
    assert_true(o.reading.damage_count > 0);
    assert_true(log_has_identifier(&o, "media_file", "/DCIM/100MEDIA/DJI_0001.MP4"));
    assert_true(log_has_identifier(&o, "media_file", "/DCIM/100MEDIA/DJI_2000.MP4"));
    assert_in_range(kept_facts_count(&o.facts, FACT_IDENTIFIER), FILES - 60, FILES - 1);
    log_done(&o);
    const struct bytes half = exact_copy(whole.at, whole.len * 3 / 10);
    log_read(&o, dji_index_read, half);
    assert_int_equal(o.status, PARSE_OK);
    snprintf(said, sizeof said, "the index is cut off: %zu bytes of its %zu are missing", whole.len - half.len,
             whole.len);
    assert_text_equal(log_damage(&o, 0)->statement, said);
    assert_in_range(kept_facts_count(&o.facts, FACT_IDENTIFIER), 300, FILES / 2);
    log_done(&o);
    exact_copy_free(half);
    exact_copy_free(whole);
}

static size_t member_bytes; /* given as an item of its own */

static void keep_length(struct reading *r, struct text name, struct bytes content)
{
    (void)r;
    assert_text_equal(name, "appended-index.db");
    member_bytes = content.len;
}

/* Another index is an item of its own; other bytes are damage, and none of either is nothing. */
static void what_stands_behind_the_end(void **state)
{
    const struct bytes one = database(tables);
    const struct { struct bytes behind; size_t member, damage; } cases[] = {
        { { .at = one.at, .len = 0 }, 0, 0 }, { one, one.len, 0 }, { { .at = (const uint8_t *)"noise", .len = 5 }, 0, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kept_facts facts;
        struct buffer b;
        buffer_init(&b, 1 << 20);
        buffer_add(&b, one.at, one.len);
        buffer_add(&b, cases[i].behind.at, cases[i].behind.len);
        const struct bytes in = exact_copy(b.at, b.len);
        kept_facts_init(&facts);
        struct reading r = reading_for_test(&facts);
        r.member = keep_length;
        member_bytes = 0;
        assert_int_equal(dji_index_read(&r, in), PARSE_OK);
        assert_int_equal(member_bytes, cases[i].member);
        assert_int_equal(r.damage_count, cases[i].damage);
        reading_for_test_done(&r);
        kept_facts_done(&facts);
        exact_copy_free(in);
        buffer_done(&b);
    }
    exact_copy_free(one);
}

static void cuts_and_flips(void **state)
{
    (void)state;
    const struct bytes whole = database(tables);
    for (size_t n = 0; n < whole.len; n += 13) {
        const struct bytes in = exact_copy(whole.at, n);
        struct log_outcome o;
        log_read(&o, dji_index_read, in);
        assert_true(kept_facts_count(&o.facts, FACT_IDENTIFIER) <= 4);
        log_done(&o);
        exact_copy_free(in);
    }
    for (size_t bit = 0; bit < 8 * whole.len; bit += 61) {
        const struct bytes in = exact_copy(whole.at, whole.len);
        struct log_outcome o;
        ((uint8_t *)(uintptr_t)in.at)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        log_read(&o, dji_index_read, in);
        log_done(&o);
        exact_copy_free(in);
    }
    exact_copy_free(whole);
}

static void real_index(void **state)
{
    struct log_outcome o;

    (void)state;
    const struct bytes in = file_bytes(sample_path("sqlite/dji_finfo.db"));
    log_read(&o, dji_index_read, in);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_IDENTIFIER), 1);
    const struct bytes truth = file_bytes(sample_path("sqlite/dji_finfo.db.truth.json"));
    const struct fact_identifier *file = kept_facts_row(&o.facts, FACT_IDENTIFIER, 0);
    assert_non_null(memmem(truth.at, truth.len, file->value.at, file->value.len));
    assert_text_equal(file->head.origin.steps.items[0],
                      "written to its end 2025-09-28T09:03:10 by a clock of unknown zone");
    log_done(&o);
    exact_copy_free(truth);
    exact_copy_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_times_and_camera),
        cmocka_unit_test(numbers_that_began_anew),
        cmocka_unit_test(without_times),
        cmocka_unit_test(views_are_not_used),
        cmocka_unit_test(other_databases_are_none),
        cmocka_unit_test(read_around_damage),
        cmocka_unit_test(what_stands_behind_the_end),
        cmocka_unit_test(cuts_and_flips),
        cmocka_unit_test(real_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
