#include "support/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "report/audit_tables.h"
#include "report/flow_tables.h"

#include <sqlite3.h>

/* The rows of T1 and T2 are added up without their queries, and must be what the queries give. */

enum { FLOWS = 4000 };

static struct fact_case *the_case;
static char folder[] = "/tmp/leash-tables-XXXXXX", path[64];
static int64_t numbers[FACT_KIND_COUNT];

static int begin(void **state)
{
    (void)state;
    memset(numbers, 0, sizeof numbers);
    strcpy(folder, "/tmp/leash-tables-XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/case.gpkg", folder);
    return case_create(path, true, &the_case);
}

static int end(void **state)
{
    (void)state;
    case_free(the_case);
    return rmdir(folder);
}

static void put(enum fact_kind kind, void *row)
{
    ((struct fact_head *)row)->number = ++numbers[kind];
    assert_int_equal(case_put(the_case, kind, row, TEXT("1f0c7d5e88a94b60")), 0);
}

static struct text text_or_unknown(const char *t)
{
    return t ? text_of(t) : TEXT_UNKNOWN;
}

static void put_destination(const char *host, const char *address, const char *owner, int64_t asn)
{
    struct text item = text_or_unknown(address);
    struct fact_destination row;

    fact_init(FACT_DESTINATION, &row);
    row.host = text_or_unknown(host);
    if (address)
        row.addresses = (struct text_list){ &item, 1 };
    row.owner = text_or_unknown(owner);
    row.asn = asn;
    row.party = TEXT("third");
    put(FACT_DESTINATION, &row);
}

static uint32_t next(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

/* Names in other letters, with dots behind, of dots alone, empty, missing; addresses, ports, phases and sizes that
 * are missing; many rows of the same sum. */
static void put_flows(void)
{
    static const char *const hosts[] = { "api.maker.example", "API.maker.example.", "b.example", "...", "", "192.0.2.7",
                                         NULL, "c.example.." };
    static const char *const addresses[] = { "192.0.2.7", "198.51.100.2", "2001:DB8::1", "2001:db8::1", "203.0.113.250",
                                             NULL };
    static const char *const phases[] = { "flight", NULL, "unknown", "sync" };
    static const char *const versions[] = { "1.2", "1.3", NULL, "1.0" };
    static const char *const macs[] = { "02:00:00:00:00:01", NULL, "02:00:00:00:00:02" };
    uint32_t state = 7;

    for (int i = 0; i < FLOWS; i++) {
        struct fact_flow row;
        fact_init(FACT_FLOW, &row);
        const char *host = hosts[next(&state, 8)], *dst = addresses[next(&state, 6)], *phase = phases[next(&state, 4)],
                   *version = versions[next(&state, 4)], *mac = macs[next(&state, 3)], *src = addresses[next(&state,
                                                                                                             6)];
        row.host = text_or_unknown(host);
        row.dst = text_or_unknown(dst);
        row.phase = text_or_unknown(phase);
        row.tls_version = text_or_unknown(version);
        row.src_mac = text_or_unknown(mac);
        row.src = text_or_unknown(src);
        if (next(&state, 5))
            row.dst_port = 440 + next(&state, 5);
        if (next(&state, 9))
            row.bytes_out = next(&state, 3) ? 100 : next(&state, 1000000);
        if (next(&state, 9))
            row.bytes_in = next(&state, 4000);
        if (next(&state, 3))
            row.opaque_out = next(&state, 900);
        row.local = next(&state, 7) == 0 ? 1 : next(&state, 2) ? 0 : FACT_UNKNOWN_INT;
        put(FACT_FLOW, &row);
    }
}

/* The rows of a query as JSON, and how many are left out. */
static char *asked(const char *sql, size_t rows_max)
{
    char *at = NULL;
    size_t len = 0, rows = 0;
    FILE *out = open_memstream(&at, &len);
    sqlite3_stmt *s = NULL;
    struct json j;

    assert_int_equal(sqlite3_prepare_v2(case_db(the_case), sql, -1, &s, NULL), SQLITE_OK);
    json_init(&j, out, false);
    json_array(&j);
    while (sqlite3_step(s) == SQLITE_ROW) {
        if (++rows > rows_max)
            continue;
        json_array(&j);
        for (int i = 0; i < sqlite3_column_count(s); i++)
            if (sqlite3_column_type(s, i) == SQLITE_INTEGER)
                json_int(&j, sqlite3_column_int64(s, i));
            else
                json_text(&j, sqlite3_column_text(s,
                                                  i) ? text_of((const char *)sqlite3_column_text(s, i)) : TEXT_UNKNOWN);
        json_array_end(&j);
    }
    json_array_end(&j);
    sqlite3_finalize(s);
    fprintf(out, ",\"left_out\":%zu", rows > rows_max ? rows - rows_max : 0);
    fclose(out);
    return at;
}

static char *page_tables(size_t rows_max)
{
    char *at = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&at, &len);

    assert_int_equal(audit_tables_json(the_case, out, NULL, rows_max), 0);
    fclose(out);
    return at;
}

static void check_tables(size_t rows_max)
{
    char *page = page_tables(rows_max);

    for (int i = 0; i < 2; i++) {
        char *rows = asked(audit_tables[i].sql, rows_max), name[16];
        snprintf(name, sizeof name, "\"%s\":", audit_tables[i].name);
        const char *table = strstr(page, name);
        assert_non_null(table);
        table = strstr(table, "\"rows\":") + strlen("\"rows\":");
        if (strncmp(table, rows, strlen(rows)) != 0)
            fail_msg("%s is not what its query gives", audit_tables[i].name);
        free(rows);
    }
    free(page);
}

static bool told_without_query(void)
{
    struct flow_tables *t = NULL;

    assert_int_equal(flow_tables_read(the_case, &t), 0);
    const bool told = flow_tables_tell_destinations(t);
    flow_tables_free(t);
    return told;
}

static void as_the_queries(void **state)
{
    (void)state;
    put_destination("api.maker.example", "192.0.2.7", "Maker", 64500);
    put_destination("API.MAKER.EXAMPLE", NULL, "Second of the name", 64501);
    put_destination(NULL, "2001:DB8::1", NULL, 64502);
    put_destination(NULL, "2001:db8::1", "Second of the address", FACT_UNKNOWN_INT);
    put_destination(NULL, "203.0.113.250", "By address", FACT_UNKNOWN_INT);
    put_flows();
    assert_int_equal(case_set(the_case, "label", TEXT("mode \"A\"")), 0);
    assert_true(told_without_query());
    check_tables(100000);
    check_tables(5);
    check_tables(0);
}

static void a_name_that_is_an_address(void **state)
{
    (void)state;
    put_destination("192.0.2.7", NULL, "By name", 1);
    put_destination(NULL, "192.0.2.7", "By address", 2);
    put_flows();
    assert_false(told_without_query());
    check_tables(100000);
}

static void without_flows(void **state)
{
    (void)state;
    check_tables(10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(as_the_queries, begin, end),
        cmocka_unit_test_setup_teardown(a_name_that_is_an_address, begin, end),
        cmocka_unit_test_setup_teardown(without_flows, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
