#include "support/support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/timestamp.h"
#include "destination/destination.h"

/* A data folder of its own for each test program: small tables, no address databases but
 * those of the machine. */
static char data_dir[] = "/tmp/leash-destination-XXXXXX";

static const char *const data_files[][2] = {
    { "owners.csv", "owner,group,country,kind,aliases\nMaker Ltd,Maker,CN,drone maker,MKR\n"
                    "Rival,Rival,FR,drone maker,\nBig Cloud,Big,US,platform,\nPhones,Phones,US,operating system,\n"
                    "Two Seats,Two,CN/US,app service,\n" },
    { "destinations.csv", "# 2024-03-01\nsuffix,owner,purpose,hq_country,source,confidence\n"
                          "maker.example,Maker Ltd,vendor: all,CN,list A,seen\n"
                          "rival.example,Rival,vendor,FR,list A,partial\n"
                          "cloud.example,Big Cloud,cloud: hosting,US,list B,partial\n"
                          "maker-bucket.cloud.example,Maker Ltd,media: bucket,CN,list B,partial\n"
                          "check.phones.example,Phones,operating system: connectivity check,US,list B,partial\n"
                          "seats.example,Two Seats,analytics,CN/US,list B,from memory\n" },
    { "networks.csv", "asn,owner\n45102,Big Cloud\n" },
    { "credits.csv", "database,holds,licence,credit,caveat\ndestinations,names,X-1,us,its rows are made up\n" },
};

static void write_data(void)
{
    char path[256];

    assert_non_null(mkdtemp(data_dir));
    for (size_t i = 0; i < sizeof data_files / sizeof data_files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", data_dir, data_files[i][0]);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fputs(data_files[i][1], f);
        fclose(f);
    }
}

static void remove_data(void)
{
    char path[256];

    for (size_t i = 0; i < sizeof data_files / sizeof data_files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", data_dir, data_files[i][0]);
        unlink(path);
    }
    rmdir(data_dir);
}

static char noted[8192];

static void keep_note(void *user, struct text text)
{
    const size_t len = strlen(noted);

    snprintf(noted + len, sizeof noted - len, "%.*s\n", (int)text.len, text.at);
}

static const struct note_taker keeper = { .note = keep_note };

/* What destination_build put, printed one field a line: "host=...". */
struct built {
    struct kept_facts kept;
    int64_t rows, put_error;
    char ids[64][40];
    struct text_list origins[64];
};

static int keep_row(void *user, const struct fact_destination *row)
{
    struct built *b = user;

    if (b->put_error)
        return (int)b->put_error;
    if (b->rows < 64) {
        snprintf(b->ids[b->rows], sizeof b->ids[0], "%.*s", (int)row->head.id.len, row->head.id.at);
        b->origins[b->rows] = arena_text_list(b->kept.arena, row->head.origin.rows);
        fact_put(&b->kept.sink, FACT_DESTINATION, row);
    }
    b->rows++;
    return 0;
}

static const struct fact_destination *row_of(const struct built *b, const char *host_or_address)
{
    for (size_t i = 0; i < kept_facts_count(&b->kept, FACT_DESTINATION); i++) {
        const struct fact_destination *row = kept_facts_row(&b->kept, FACT_DESTINATION, i);
        if (text_equal(row->host, text_of(host_or_address)) ||
            (!text_known(row->host) && row->addresses.count &&
             text_equal(row->addresses.items[0], text_of(host_or_address))))
            return row;
    }
    fail_msg("no row of %s", host_or_address);
    return NULL;
}

/* The tables of fact/case.h that are needed here. */
static sqlite3 *empty_case(void)
{
    static const enum fact_kind kinds[] = { FACT_FLOW, FACT_DNS, FACT_DEVICE, FACT_FLIGHT };
    static const char *const types[] = {
        [FACT_TYPE_TEXT] = "TEXT", [FACT_TYPE_LIST] = "TEXT", [FACT_TYPE_JSON] = "TEXT", [FACT_TYPE_INT] = "INTEGER",
        [FACT_TYPE_BOOL] = "INTEGER", [FACT_TYPE_TIME] = "TEXT", [FACT_TYPE_REAL] = "REAL", [FACT_TYPE_REF] = "TEXT",
    };
    sqlite3 *db;

    assert_int_equal(sqlite3_open("", &db), SQLITE_OK); /* "": a file that SQLite itself removes */
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

static int build_with(sqlite3 *db, struct built *b, const struct text *operator_suffixes, size_t suffix_count)
{
    int64_t now;

    assert_true(timestamp_parse(TEXT("2026-11-22T00:00:00Z"), &now));
    noted[0] = '\0';
    kept_facts_init(&b->kept);
    struct destination_tables *t = destination_tables_open(data_dir, NULL, 0, NULL);
    const struct destination_run run = {
        .put = keep_row, .user = b, .operator_suffixes = operator_suffixes, .operator_suffix_count = suffix_count,
        .now_utc_ns = now, .notes = &keeper,
    };
    const int error = destination_build(db, t, &run);
    destination_tables_free(t);
    return error;
}

static void build(sqlite3 *db, struct built *b)
{
    *b = (struct built){ .rows = 0 };
    assert_int_equal(build_with(db, b, NULL, 0), 0);
}

static void adds_flows_up_by_host(void **state)
{
    sqlite3 *db = empty_case();
    struct built b;

    run_sql(db, "INSERT INTO flow (id, host, dst, first, last, bytes_out, bytes_in, payload_out, readable_out,"
                " opaque_out, missing_out) VALUES"
                " ('flow-1', 'www.maker.example', '192.0.2.1', '2024-01-02T00:00:00Z', '2024-01-02T00:00:09Z', 100,"
                " 10, 50, 20, 30, 5),"
                " ('flow-2', 'other.example', '192.0.2.9', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),"
                " ('flow-3', 'WWW.Maker.Example.', '192.0.2.2', '2024-01-01T23:59:59.5Z', '2024-01-02T00:00:01Z',"
                " 900, 0, 1, 0, 1, NULL)");
    build(db, &b);
    assert_int_equal(b.rows, 2);
    const struct fact_destination *row = row_of(&b, "www.maker.example");
    assert_int_equal(row->flows, 2);
    assert_int_equal(row->bytes_out, 1000);
    assert_int_equal(row->bytes_in, 10);
    assert_int_equal(row->payload_out, 51);
    assert_int_equal(row->readable_out, 20);
    assert_int_equal(row->opaque_out, 31);
    assert_int_equal(row->missing_out, 5);
    assert_int_equal(row->addresses.count, 2);
    assert_text_equal(row->addresses.items[0], "192.0.2.2"); /* most bytes */
    char text[TIMESTAMP_TEXT_MAX];
    assert_text_equal(timestamp_text(row->first, text), "2024-01-01T23:59:59.500Z");
    assert_text_equal(timestamp_text(row->last, text), "2024-01-02T00:00:09Z");
    assert_text_equal(row->owner, "Maker Ltd");
    assert_text_equal(row->owner_group, "Maker");
    assert_text_equal(row->owner_source, "destinations.csv, maker.example: list A");
    assert_text_equal(row->owner_confidence, "seen");
    assert_text_equal(row->purpose, "vendor: all");
    assert_text_equal(row->operator_country, "CN");
    assert_false(text_known(row->registry_country));
    assert_text_equal(row->country_sources,
                      "[{\"database\":\"destinations\",\"date\":\"2024-03-01\",\"country\":\"CN\"}]");
    assert_int_equal(row->countries_disagree, 0);
    const struct fact_destination *other = row_of(&b, "other.example");
    assert_int_equal(other->flows, 1);
    assert_int_equal(other->bytes_out, FACT_UNKNOWN_INT);
    assert_int_equal(other->first, FACT_UNKNOWN_INT);
    assert_false(text_known(other->owner));
    assert_text_equal(other->party, "unknown");
    assert_text_equal(other->owner_group, "other.example");
    assert_text_equal(other->country_sources, "[]");
    assert_int_equal(other->countries_disagree, FACT_UNKNOWN_INT);
    /* SHA-256 of "other.example" and of "www.maker.example", by sha256sum */
    assert_string_equal(b.ids[0], "destination-e9efb21f740e-1");
    assert_string_equal(b.ids[1], "destination-d5866e73ef3b-1");
    assert_int_equal(b.origins[1].count, 2);
    assert_text_equal(b.origins[1].items[0], "flow-1");
    assert_text_equal(b.origins[1].items[1], "flow-3");
    assert_non_null(strstr(noted, "destinations: this data is of 2024-03-01, older than a year"));
    assert_non_null(strstr(noted, "destinations: its rows are made up"));
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

static void names_the_party(void **state)
{
    static const char *const flows =
        "INSERT INTO flow (id, host, dst, local) VALUES ('1', 'a.maker.example', '8.8.8.8', 0),"
        " ('2', 'a.rival.example', '8.8.8.8', 0),"
        " ('3', 'x.cloud.example', '8.8.8.8', 0), ('4', 'xmaker.example', '8.8.8.8', 0), ('5', NULL, '192.168.4.4', 0),"
        " ('6', 'nas.home.arpa', '192.168.4.5', 0), ('7', 'check.phones.example', '8.8.8.8', 0),"
        " ('8', NULL, '192.0.2.77', NULL)";
    static const struct { const char *devices; const char *maker, *rival; } cases[] = {
        { "SELECT 1", "vendor", "vendor" }, /* no device is known: any drone maker */
        { "INSERT INTO device (role, vendor) VALUES ('aircraft', 'MAKER')", "vendor", "third" },
        { "INSERT INTO device (role, vendor) VALUES ('controller', 'rival')", "third", "vendor" },
        { "INSERT INTO device (role, vendor) VALUES ('phone', 'Phones')", "vendor", "vendor" },
        { "INSERT INTO device (role, vendor) VALUES ('aircraft', 'Toys')", "third", "third" },
        { "INSERT INTO flight (format) VALUES ('mkr-txt')", "vendor", "third" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sqlite3 *db = empty_case();
        struct built b;
        print_message("# %s\n", cases[i].devices);
        run_sql(db, flows);
        run_sql(db, cases[i].devices);
        build(db, &b);
        assert_text_equal(row_of(&b, "a.maker.example")->party, cases[i].maker);
        assert_text_equal(row_of(&b, "a.rival.example")->party, cases[i].rival);
        assert_text_equal(row_of(&b, "x.cloud.example")->party, "third");
        assert_text_equal(row_of(&b, "xmaker.example")->party, "unknown");
        assert_text_equal(row_of(&b, "192.168.4.4")->party, "local");
        assert_text_equal(row_of(&b, "nas.home.arpa")->party, "local");
        assert_text_equal(row_of(&b, "check.phones.example")->party, "third");
        assert_text_equal(row_of(&b, "check.phones.example")->purpose, "operating system: connectivity check");
        assert_text_equal(row_of(&b, "192.0.2.77")->party, "unknown");
        kept_facts_done(&b.kept);
        sqlite3_close(db);
    }
}

static void knows_the_operators_own_hosts(void **state)
{
    const struct text own[] = { TEXT("*.police.example"), TEXT("maker.example") };
    struct built b = { .rows = 0 };
    sqlite3 *db = empty_case();

    run_sql(db, "INSERT INTO flow (id, host, dst) VALUES ('1', 'cloud.police.example', '8.8.8.8'),"
                " ('2', 'xpolice.example', '8.8.8.8'),"
                " ('3', 'fleet.maker.example', '8.8.8.8')");
    assert_int_equal(build_with(db, &b, own, 2), 0);
    assert_text_equal(row_of(&b, "cloud.police.example")->party, "operator");
    assert_text_equal(row_of(&b, "xpolice.example")->party, "unknown");
    assert_text_equal(row_of(&b, "fleet.maker.example")->party, "operator"); /* rented from the maker, and declared */
    assert_text_equal(row_of(&b, "fleet.maker.example")->owner, "Maker Ltd");
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

static void puts_local_flows_in_one_row_per_address(void **state)
{
    sqlite3 *db = empty_case();
    struct built b;

    run_sql(db, "INSERT INTO flow (id, host, dst, local, bytes_out) VALUES ('1', 'a.lan', '192.168.1.2', 1, 1),"
                " ('2', NULL, '192.168.1.2', 1, 2),"
                " ('3', 'www.maker.example', '192.168.1.3', 1, 4), ('4', 'b.lan', '192.168.1.4', 1, 8),"
                " ('5', 'c.lan', '192.168.1.4', 1, 16),"
                " ('6', NULL, '203.0.113.1', 1, 32), ('7', NULL, '203.0.113.1', 0, 64), ('8', NULL, NULL, 0, 0)");
    build(db, &b);
    assert_int_equal(b.rows, 5);
    for (size_t i = 1; i < 5; i++) {
        const struct fact_destination *row = kept_facts_row(&b.kept, FACT_DESTINATION, i);
        assert_text_equal(row->party, "local");
    }
    const struct fact_destination *left = kept_facts_row(&b.kept, FACT_DESTINATION, 0);
    assert_int_equal(left->bytes_out, 64);
    assert_text_equal(left->party, "unknown");
    assert_int_equal(row_of(&b, "a.lan")->bytes_out, 3);
    assert_text_equal(row_of(&b, "www.maker.example")->party, "local"); /* a name that was sent to a local address */
    assert_int_equal(row_of(&b, "192.168.1.4")->bytes_out, 24);         /* two names: none is the row's */
    assert_string_equal(b.ids[4], "destination-a1ceb3dc7b12-2");        /* "203.0.113.1" again, told apart */
    assert_string_equal(b.ids[0], "destination-a1ceb3dc7b12-1");
    assert_non_null(strstr(noted, "1 flows have neither host nor address"));
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

static void tells_the_platform(void **state)
{
    sqlite3 *db = empty_case();
    struct built b;

    run_sql(db, "INSERT INTO flow (id, host, dst, service) VALUES ('1', 'maker-bucket.cloud.example', '192.0.2.1',"
                " 'tls'),"
                " ('2', 'img.maker.example', '192.0.2.1', NULL), ('3', 'api.maker.example', '192.0.2.1', NULL),"
                " ('4', 'shop.example', '192.0.2.1', NULL), ('5', '192.0.2.5', '192.0.2.5', NULL),"
                " ('6', 'bad name', '192.0.2.6', NULL)");
    run_sql(db, "INSERT INTO dns (name, type, answers) VALUES ('img.maker.example', 'A',"
                " '[\"img.cloud.example\",\"192.0.2.1\"]'),"
                " ('api.maker.example', 'A', '[\"eu.maker.example\",\"192.0.2.1\"]'),"
                " ('aaa.example', 'A', '[\"x.cloud.example\"]'),"
                " ('SHOP.example', 'AAAA', '[\"shop.example.cloud.example.\",\"2001:db8::1\"]'),"
                " ('zzz.example', 'A', 'not json'),"
                " ('shop.example', 'TXT', '[\"a.rival.example\"]'), ('shop.example', 'A', NULL)");
    build(db, &b);
    assert_int_equal(b.rows, 6);
    assert_text_equal(row_of(&b, "maker-bucket.cloud.example")->platform, "Big Cloud");
    assert_text_equal(row_of(&b, "img.maker.example")->platform, "Big Cloud"); /* by its alias */
    assert_false(text_known(row_of(&b, "api.maker.example")->platform));
    assert_text_equal(row_of(&b, "shop.example")->platform, "Big Cloud");
    assert_text_equal(row_of(&b, "shop.example")->party, "unknown");           /* a platform is no owner */
    assert_false(text_known(row_of(&b, "192.0.2.5")->host));
    assert_text_equal(row_of(&b, "bad name")->party, "unknown");
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

static void recognises_time_and_names_by_protocol(void **state)
{
    sqlite3 *db = empty_case();
    struct built b;

    run_sql(db, "INSERT INTO flow (id, dst, dst_port, proto, service) VALUES ('1', '192.0.2.1', 123, 'udp', NULL),"
                " ('2', '192.0.2.1', 123, 'udp', NULL),"
                " ('3', '192.0.2.2', 123, 'udp', NULL), ('4', '192.0.2.2', 443, 'tcp', 'tls'),"
                " ('5', '192.0.2.3', 53, 'udp', 'dns'),"
                " ('6', '192.0.2.4', 53, 'udp', 'quic'), ('7', '192.0.2.5', 443, 'tcp', 'tls'),"
                " ('8', '192.0.2.5', 123, 'udp', NULL)");
    build(db, &b);
    assert_text_equal(row_of(&b, "192.0.2.1")->purpose, "operating system: network time, recognised by its protocol");
    assert_false(text_known(row_of(&b, "192.0.2.2")->purpose));
    assert_text_equal(row_of(&b, "192.0.2.3")->purpose, "name service, recognised by its protocol");
    assert_false(text_known(row_of(&b, "192.0.2.4")->purpose));
    assert_false(text_known(row_of(&b, "192.0.2.5")->purpose));
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

/* Whoever is at the far end of a tunnel has what went through it. */
static void names_the_far_end_of_a_tunnel(void **state)
{
    sqlite3 *db = empty_case();
    struct built b;

    run_sql(db, "INSERT INTO flow (id, host, dst, local, tunnel_to, dst_inside, bytes_out) VALUES"
                " ('1', NULL, '198.51.100.7', 0, '198.51.100.7', '10.8.0.9', 10),"
                " ('2', 'www.maker.example', '192.0.2.1', 0, '198.51.100.7', NULL, 100),"
                " ('3', NULL, '192.168.1.9', 1, '198.51.100.7', NULL, 1000)");
    build(db, &b);
    assert_int_equal(b.rows, 3);
    assert_int_equal(row_of(&b, "198.51.100.7")->bytes_out, 110);
    assert_int_equal(row_of(&b, "198.51.100.7")->flows, 2);
    assert_text_equal(row_of(&b, "198.51.100.7")->purpose, "the far end of a tunnel, recognised by its protocol");
    assert_int_equal(row_of(&b, "www.maker.example")->bytes_out, 100);
    assert_int_equal(row_of(&b, "192.168.1.9")->flows, 1);
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

static void shows_countries_that_disagree(void **state)
{
    char *data = strdup(source_path("data"));
    struct destination_tables *t = destination_tables_open(data, NULL, 0, NULL);
    sqlite3 *db = empty_case();
    struct built b = { .rows = 0 };

    free(data);
    if (addresses_database_count(destination_addresses(t)) < 2) {
        destination_tables_free(t);
        sqlite3_close(db);
        print_message("# skipped: libloc-database or the npm package of iptoasn is not installed\n");
        skip();
    }
    run_sql(db, "INSERT INTO flow (id, host, dst) VALUES ('1', NULL, '47.88.1.1'), ('2', 'www.dji.com', '8.8.8.8'),"
                " ('3', NULL, '8.8.8.8')");
    kept_facts_init(&b.kept);
    noted[0] = '\0';
    const struct destination_run run = {
        .put = keep_row, .user = &b, .now_utc_ns = FACT_UNKNOWN_INT, .notes = &keeper,
    };
    assert_int_equal(destination_build(db, t, &run), 0);

    const struct fact_destination *row = row_of(&b, "47.88.1.1");
    assert_int_equal(row->asn, 45102);
    assert_text_equal(row->registry_country, "CN"); /* iptoasn's data is newer than libloc's */
    assert_false(text_known(row->location_country));
    assert_false(text_known(row->operator_country));
    assert_int_equal(row->countries_disagree, 1);
    assert_text_equal(row->platform, "Alibaba Cloud");
    assert_false(text_known(row->owner));
    assert_text_equal(row->party, "unknown");
    assert_non_null(strstr(noted, "iptoasn: its packager warned"));
    assert_int_equal(row_of(&b, "8.8.8.8")->countries_disagree, 0);
    row = row_of(&b, "www.dji.com");
    assert_text_equal(row->operator_country, "CN");
    assert_text_equal(row->registry_country, "US");
    assert_int_equal(row->countries_disagree, 1);
    assert_text_equal(row->platform, "Google");
    assert_text_equal(row->party, "vendor");

    struct arena *arena = arena_new(0);
    const struct text versions = destination_data_versions(t, arena);
    print_message("# %.*s\n", (int)versions.len, versions.at);
    assert_true(text_starts_with(versions, TEXT("{\"destinations\":\"20")));
    assert_true(destination_credits(t, arena).len > 2);
    arena_free(arena);
    kept_facts_done(&b.kept);
    destination_tables_free(t);
    sqlite3_close(db);
}

static void an_owner_with_two_seats_agrees_with_either(void **state)
{
    sqlite3 *db = empty_case();
    struct built b;

    run_sql(db, "INSERT INTO flow (id, host, dst) VALUES ('1', 'rtc.seats.example', '8.8.8.8')");
    build(db, &b);
    const struct fact_destination *row = row_of(&b, "rtc.seats.example");
    assert_text_equal(row->operator_country, "CN/US");
    assert_int_equal(row->countries_disagree, 0); /* the address is registered for the US, if that is known at all */
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

static void goes_on_without_any_data(void **state)
{
    sqlite3 *db = empty_case();
    struct built b = { .rows = 0 };
    const struct destination_run run = {
        .put = keep_row, .user = &b, .now_utc_ns = FACT_UNKNOWN_INT, .notes = &keeper,
    };

    run_sql(db, "INSERT INTO flow (id, host, dst) VALUES ('1', 'www.dji.com', '192.0.2.1')");
    kept_facts_init(&b.kept);
    noted[0] = '\0';
    struct destination_tables *t = destination_tables_open("/nowhere", NULL, 0, &keeper);
    assert_non_null(strstr(noted, "destinations.csv cannot be read"));
    assert_non_null(strstr(noted, "iptoasn-country.mmdb is not there"));
    assert_int_equal(destination_build(db, t, &run), 0);
    assert_text_equal(row_of(&b, "www.dji.com")->party, "unknown");
    assert_text_equal(row_of(&b, "www.dji.com")->owner_group, "dji.com");
    destination_tables_free(t);
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

static void passes_failures_on(void **state)
{
    struct built b = { .put_error = -28 };
    sqlite3 *db = empty_case();

    run_sql(db, "INSERT INTO flow (id, host, dst) VALUES ('1', 'a.example', '8.8.8.8'), ('2', 'b.example', '8.8.8.8')");
    assert_int_equal(build_with(db, &b, NULL, 0), -28);
    kept_facts_done(&b.kept);
    run_sql(db, "DROP TABLE flow");
    b = (struct built){ .rows = 0 };
    assert_int_equal(build_with(db, &b, NULL, 0), -5);
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

static void bounds_addresses_and_origins(void **state)
{
    sqlite3 *db = empty_case();
    struct built b;

    run_sql(db, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)"
                " INSERT INTO flow (id, host, dst, bytes_out) SELECT 'flow-' || i, 'many.example', '198.18.' || (i /"
                " 250) || '.' || (i % 250), 1 FROM n");
    build(db, &b);
    assert_int_equal(b.rows, 1);
    const struct fact_destination *row = row_of(&b, "many.example");
    assert_int_equal(row->flows, 1000);
    assert_int_equal(row->bytes_out, 1000);
    assert_int_equal(row->addresses.count, DESTINATION_ADDRESSES_MAX);
    assert_int_equal(b.origins[0].count, DESTINATION_ORIGIN_ROWS_MAX);
    assert_text_equal(b.origins[0].items[0], "flow-0");
    assert_non_null(strstr(noted, "1 destinations have more than 256 addresses"));
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

/* A busy day: 100,000 flows to 20,000 hosts and as many addresses, with their DNS.  The
 * bound is generous, for sanitizers and slow machines; it is there to catch squares. */
static void is_quick_with_many_flows(void **state)
{
    sqlite3 *db = empty_case();
    struct timespec before, after;
    struct built b;

    run_sql(db, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)"
                " INSERT INTO flow (id, host, dst, first, last, bytes_out) SELECT 'flow-0123456789ab-' || i,"
                " CASE WHEN i % 2 THEN 'h' || (i * 7919 % 20000) || '.maker.example' END,"
                " '47.' || (i / 2 % 200) || '.' || (i * 7919 % 100) || '.1', '2024-01-01T00:00:00Z',"
                " '2024-01-01T00:00:01.25Z', 1000 FROM n");
    run_sql(db, "INSERT INTO dns (name, type, answers) SELECT host, 'A', json_array('x.cloud.example', dst) FROM"
                " flow WHERE host IS NOT NULL");
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    build(db, &b);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    const double seconds = (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
    print_message("# %.2f s CPU for %d rows\n", seconds, (int)b.rows);
    assert_true(seconds < 60);
    kept_facts_done(&b.kept);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_flows_up_by_host),
        cmocka_unit_test(names_the_party),
        cmocka_unit_test(knows_the_operators_own_hosts),
        cmocka_unit_test(puts_local_flows_in_one_row_per_address),
        cmocka_unit_test(tells_the_platform),
        cmocka_unit_test(recognises_time_and_names_by_protocol),
        cmocka_unit_test(names_the_far_end_of_a_tunnel),
        cmocka_unit_test(shows_countries_that_disagree),
        cmocka_unit_test(an_owner_with_two_seats_agrees_with_either),
        cmocka_unit_test(goes_on_without_any_data),
        cmocka_unit_test(passes_failures_on),
        cmocka_unit_test(bounds_addresses_and_origins),
        cmocka_unit_test(is_quick_with_many_flows),
    };

    write_data();
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_data();
    return failed;
}
