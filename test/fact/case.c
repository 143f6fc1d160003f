#include "support/support.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fact/case.h"

static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static int make_directory(void **state)
{
    static char directory[] = "/tmp/leash-test-case-XXXXXX";

    *state = mkdtemp(directory);
    return *state ? 0 : -1;
}

static int remove_directory(void **state)
{
    return rmdir(*state);
}

static const char *path_in(void **state, const char *name)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/%s", (const char *)*state, name);
    return path;
}

static struct fact_case *create(const char *path)
{
    struct fact_case *c = NULL;

    assert_int_equal(case_create(path, true, &c), 0);
    return c;
}

static int64_t number_of(struct fact_case *c, const char *sql)
{
    sqlite3_stmt *s = NULL;

    assert_int_equal(sqlite3_prepare_v2(case_db(c), sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    const int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static void put_flight_with_positions(struct fact_case *c, int points)
{
    struct fact_flight flight;
    struct fact_position position;

    fact_init(FACT_FLIGHT, &flight);
    flight.head.number = 1;
    flight.format = TEXT("dji-txt");
    flight.points = points;
    flight.start = INT64_C(1700000000) * 1000000000;
    assert_int_equal(case_put(c, FACT_FLIGHT, &flight, text_of(key)), 0);
    for (int i = 0; i < points; i++) {
        fact_init(FACT_POSITION, &position);
        position.head.number = i + 1;
        position.flight = 1;
        position.subject = TEXT("aircraft");
        position.longitude_deg = -30.5 + i * 0.001;
        position.latitude_deg = 45.25;
        position.altitude_m = i % 2 ? 20.0 : 21.5;
        assert_int_equal(case_put(c, FACT_POSITION, &position, text_of(key)), 0);
    }
}

struct seen {
    int rows;
    struct fact_dns first;
};

static int see_dns(void *user, const void *row)
{
    struct seen *seen = user;
    const struct fact_dns *dns = row;

    if (seen->rows++ == 0) {
        assert_text_equal(dns->head.id, "dns-0123456789ab-7");
        assert_text_equal(dns->name, "a\xef\xbf\xbd\"b");
        assert_int_equal(dns->answers.count, 2);
        assert_text_equal(dns->answers.items[1], "with \"quotes\" and \\");
        assert_int_equal(dns->at, 1500000000123456789);
        assert_int_equal(dns->flow, 3);
        assert_int_equal(dns->head.origin.offset, 24);
        assert_int_equal(dns->head.origin.packet_last, 9);
        assert_int_equal(dns->head.origin.steps.count, 1);
        assert_false(text_known(dns->type));
    } else { /* nothing of the longer list before it */
        assert_int_equal(dns->answers.count, 1);
        assert_text_equal(dns->answers.items[0], "192.0.2.1");
        assert_int_equal(dns->head.origin.steps.count, 0);
    }
    return 0;
}

static void a_row_comes_back_as_it_was_put(void **state)
{
    const struct text answers[2] = { TEXT("192.0.2.1"), TEXT("with \"quotes\" and \\") };
    const struct text steps[1] = { TEXT("tcp stream") };
    struct fact_case *c = create(path_in(state, "a.gpkg"));
    struct fact_dns dns;
    struct seen seen = { 0 };

    fact_init(FACT_DNS, &dns);
    dns.head.number = 7;
    dns.head.origin = fact_origin_at(24, 100);
    dns.head.origin.packet_first = 2;
    dns.head.origin.packet_last = 9;
    dns.head.origin.steps = (struct text_list){ steps, 1 };
    dns.name = TEXT("a\xff\"b"); /* bytes that are not UTF-8 become U+FFFD */
    dns.answers = (struct text_list){ answers, 2 };
    dns.at = 1500000000123456789;
    dns.flow = 3;
    assert_int_equal(case_put(c, FACT_DNS, &dns, text_of(key)), 0);
    dns.answers.count = 1;
    dns.head.origin.steps = (struct text_list){ NULL, 0 };
    assert_int_equal(case_put(c, FACT_DNS, &dns, text_of(key)), 0);
    assert_int_equal(case_each(c, FACT_DNS, NULL, see_dns, &seen), 0);
    assert_int_equal(seen.rows, 2);
    case_free(c);
}

static void an_unfinished_case_leaves_nothing(void **state)
{
    char part[300];
    struct fact_case *c = create(path_in(state, "b.gpkg"));

    snprintf(part, sizeof part, "%s.part", path_in(state, "b.gpkg"));
    assert_int_equal(access(part, F_OK), 0);
    put_flight_with_positions(c, 3);
    case_free(c);
    assert_int_not_equal(access(path_in(state, "b.gpkg"), F_OK), 0);
    assert_int_not_equal(access(part, F_OK), 0);
}

static void a_finished_case_has_layers_and_opens_again(void **state)
{
    const char *path = path_in(state, "c.gpkg");
    struct fact_case *c = create(path);
    struct stat st;

    put_flight_with_positions(c, 5);
    assert_int_equal(case_set(c, "label", TEXT("one")), 0);
    assert_int_equal(case_set(c, "label", TEXT("two")), 0);
    assert_int_equal(case_finish(c), 0);
    case_free(c);

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(case_create(path, false, &c), -EEXIST);
    assert_int_equal(case_open(path, &c), 0);
    struct arena *arena = arena_new(0);
    assert_text_equal(case_get(c, "label", arena), "two");
    assert_false(text_known(case_get(c, "nothing", arena)));
    arena_free(arena);
    assert_int_equal(number_of(c, "PRAGMA application_id"), 0x47504B47);
    assert_int_equal(number_of(c, "PRAGMA user_version"), 10300);
    assert_int_equal(number_of(c, "SELECT count(*) FROM position WHERE flight = 'flight-0123456789ab-1'"), 5);
    assert_int_equal(number_of(c, "SELECT count(*) FROM flight_path"), 1);
    /* header 8, envelope 32, byte order and type 5, count 4, five points of 24 */
    assert_int_equal(number_of(c, "SELECT length(geom) FROM flight_path"), 8 + 32 + 5 + 4 + 5 * 24);
    assert_int_equal(number_of(c, "SELECT max_x * 1000 FROM gpkg_contents WHERE table_name = 'position'"), -30496);
    assert_int_equal(number_of(c, "SELECT count(*) FROM gpkg_contents WHERE data_type = 'features'"), 4);
    case_free(c);
    unlink(path);
}

static void drop(const char *path, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* Of a case from before a kind there is nothing of it; the rest is read, and the file stays as it was. */
static void an_older_case_has_no_rows_of_younger_kinds(void **state)
{
    const char *path = path_in(state, "f.gpkg");
    struct fact_case *c = create(path);
    struct stat before, after;

    put_flight_with_positions(c, 5);
    assert_int_equal(case_finish(c), 0);
    case_free(c);
    drop(path, "DROP TABLE exposure");
    drop(path, "DROP TABLE message");
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(case_open(path, &c), 0);
    assert_int_equal(number_of(c, "SELECT count(*) FROM exposure"), 0);
    assert_int_equal(number_of(c, "SELECT count(*) FROM message"), 0);
    assert_int_equal(number_of(c, "SELECT count(*) FROM main.sqlite_master WHERE name = 'exposure'"), 0);
    assert_int_equal(number_of(c, "SELECT count(*) FROM position"), 5);
    case_free(c);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_mtime, after.st_mtime);
    unlink(path);
}

static void what_is_no_case_is_refused(void **state)
{
    const char *path = path_in(state, "d.gpkg");
    struct fact_case *c = NULL;
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs("not a database", f);
    fclose(f);
    assert_int_equal(case_open(path, &c), -EINVAL);
    assert_int_equal(case_open("/nonexistent/e.gpkg", &c), -ENOENT);
    unlink(path);

    /* a view in the place of a table, which never ends */
    c = create(path);
    assert_int_equal(case_finish(c), 0);
    case_free(c);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DROP TABLE evidence; CREATE VIEW Evidence AS WITH RECURSIVE n(i) AS"
                                  " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid FROM n", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(case_open(path, &c), -EINVAL);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_comes_back_as_it_was_put),
        cmocka_unit_test(an_unfinished_case_leaves_nothing),
        cmocka_unit_test(a_finished_case_has_layers_and_opens_again),
        cmocka_unit_test(an_older_case_has_no_rows_of_younger_kinds),
        cmocka_unit_test(what_is_no_case_is_refused),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
