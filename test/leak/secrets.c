/* What a case knows becomes what is searched for: read from a database with its tables. */
#include "support/support.h"

#include <math.h>
#include <sqlite3.h>

#include "leak/index.h"
#include "leak/secrets.h"

static sqlite3 *case_with(const char *rows)
{
    static const char schema[] =
        "CREATE TABLE evidence(fid INTEGER PRIMARY KEY, id TEXT, kind TEXT, sha256 TEXT, bytes INTEGER) STRICT;"
        "CREATE TABLE device(fid INTEGER PRIMARY KEY, id TEXT, role TEXT, vendor TEXT, model TEXT, serial TEXT, mac TEXT, name TEXT) STRICT;"
        "CREATE TABLE identifier(fid INTEGER PRIMARY KEY, id TEXT, kind TEXT, value TEXT, device TEXT) STRICT;"
        "CREATE TABLE flight(fid INTEGER PRIMARY KEY, id TEXT, aircraft_serial TEXT, home_longitude_deg REAL, home_latitude_deg REAL) STRICT;"
        "CREATE TABLE position(fid INTEGER PRIMARY KEY, id TEXT, flight TEXT, media TEXT, subject TEXT, time TEXT, longitude_deg REAL, latitude_deg REAL);"
        "CREATE TABLE media(fid INTEGER PRIMARY KEY, id TEXT, longitude_deg REAL, latitude_deg REAL, serials TEXT, picture_hash TEXT, evidence TEXT) STRICT;"
        "CREATE TABLE broadcast(fid INTEGER PRIMARY KEY, id TEXT, uas_id TEXT, operator_id TEXT) STRICT;"
        "CREATE TABLE network(fid INTEGER PRIMARY KEY, id TEXT, ssid TEXT, bssid TEXT) STRICT;";
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, schema, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static const struct secret_literal *literal(const struct secrets *s, const char *value)
{
    for (size_t i = 0; i < s->literal_count; i++)
        if (text_equal(s->literals[i].value, text_of(value)))
            return &s->literals[i];
    return NULL;
}

static const struct secret_path *path(const struct secrets *s, const char *id, enum secret_subject subject)
{
    for (size_t i = 0; i < s->path_count; i++)
        if (s->paths[i].subject == subject && text_equal(s->paths[i].id, text_of(id)))
            return &s->paths[i];
    return NULL;
}

static void reads_a_case(void **state)
{
    sqlite3 *db = case_with(
        "INSERT INTO evidence VALUES(1,'evidence-1','jpeg','000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',1234),"
        "(2,'evidence-2','pcap','ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',99),"
        "(3,'evidence-3','dji-txt','aa0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',77);"
        "INSERT INTO device VALUES(1,'device-1','aircraft','DJI','Air Model 2','1ZNBX9K00C00Q7','60:60:1f:ab:cd:e7','Air Model 2'),"
        "(2,'device-2','gateway',NULL,NULL,'GATEWAY-99887766',NULL,NULL),(3,'device-3','phone',NULL,NULL,NULL,NULL,'Maxs Phone 17');"
        "INSERT INTO identifier VALUES(1,'identifier-1','account_digest','9f86d081884c7d659a2feaa0',NULL),"
        "(2,'identifier-2','place','Some Long Street 17','device-1'),(3,'identifier-3','ssid','AirModel-6C0D1E',NULL),"
        "(4,'identifier-4','serial','1ZNBX9K00C00Q7',NULL);"
        "INSERT INTO flight VALUES(1,'flight-1','1ZNBX9K00C00Q8',81.33,-38.71),(2,'flight-2',NULL,NULL,NULL);"
        "INSERT INTO position VALUES(1,'p1','flight-1',NULL,'aircraft','2030-05-17T10:00:00Z',81.3312,-38.7145),"
        "(2,'p2','flight-1',NULL,'operator',NULL,81.3301,-38.7141),(3,'p3','flight-1',NULL,'aircraft','2030-05-17T10:00:01.5Z',81.3313,-38.7145),"
        "(4,'p4','flight-2',NULL,'aircraft',NULL,0,0),(5,'p5','flight-1',NULL,'target',NULL,81.5,-38.5),"
        "(6,'p6',NULL,'media-1','camera',NULL,81.5,-38.5),(7,'p7','flight-1',NULL,'aircraft',NULL,NULL,-38.5);"
        "INSERT INTO broadcast VALUES(1,'broadcast-1','1581F5ZZ77QX00AB','FIN87astrdge12k8');"
        "INSERT INTO network VALUES(1,'network-1','Hangar North 5G','02:11:22:5a:6b:7c'),(2,'network-2','guest','02:11:22:5a:6b:7d');"
        "INSERT INTO media VALUES(1,'media-1',81.34,-38.72,'[\"CAMERA0099X17\",\"short\"]','0123456789abcdef0000000000000001','aa'),"
        "(2,'media-2',NULL,NULL,NULL,NULL,'bb'),(3,'media-3',NULL,NULL,NULL,'no hash',NULL);");
    struct secrets *s = secrets_new();

    (void)state;
    assert_int_equal(secrets_from_database(db, s), 0);
    const struct secret_path *flown = path(s, "flight-1", SUBJECT_AIRCRAFT);
    assert_non_null(flown);
    assert_int_equal(flown->count, 2);
    assert_int_equal(flown->points[1].time_utc_ns - flown->points[0].time_utc_ns, 1500000000);
    assert_int_equal(path(s, "flight-1", SUBJECT_OPERATOR)->count, 1);
    assert_int_equal(path(s, "flight-1", SUBJECT_TAKEOFF)->count, 1);
    assert_int_equal(path(s, "media-1", SUBJECT_MEDIA)->count, 1);
    assert_null(path(s, "flight-2", SUBJECT_AIRCRAFT));
    assert_null(path(s, "media-2", SUBJECT_MEDIA));
    assert_int_equal(s->picture_count, 1);
    assert_text_equal(s->pictures[0].id, "media-1");
    assert_text_equal(s->pictures[0].item, "aa");
    assert_int_equal(s->pictures[0].hash.down, 1);

    assert_text_equal(literal(s, "1ZNBX9K00C00Q7")->id, "device-1");
    assert_int_equal(literal(s, "1ZNBX9K00C00Q8")->kind, SECRET_SERIAL);
    assert_int_equal(literal(s, "9f86d081884c7d659a2feaa0")->kind, SECRET_IDENTIFIER);
    assert_text_equal(literal(s, "AirModel-6C0D1E")->label, "ssid");
    assert_text_equal(literal(s, "CAMERA0099X17")->id, "media-1");
    assert_non_null(literal(s, "60:60:1f:ab:cd:e7"));
    assert_non_null(literal(s, "Maxs Phone 17"));
    assert_null(literal(s, "Air Model 2"));       /* only the model's name */
    assert_null(literal(s, "GATEWAY-99887766"));
    assert_null(literal(s, "Some Long Street 17"));
    assert_text_equal(literal(s, "1581F5ZZ77QX00AB")->label, "Remote ID of the aircraft");
    assert_text_equal(literal(s, "FIN87astrdge12k8")->label, "operator id");
    assert_non_null(literal(s, "Hangar North 5G"));
    assert_int_equal(literal(s, "02:11:22:5a:6b:7d")->kind, SECRET_NETWORK);
    assert_null(literal(s, "guest"));
    assert_int_equal(s->literal_count, 12);
    assert_int_equal(s->not_unique, 2);
    struct arena *arena = arena_new(0);
    assert_text_equal(secrets_refusals(s, arena),
                      "2 known values were not searched for, because others could have sent the same: "
                      "Wi-Fi name of network-2 (too short, at most 24 bits); serial number of media-1 (too short, at most 24 bits).");
    arena_free(arena);

    assert_int_equal(s->file_count, 2);
    assert_text_equal(s->files[0].what, "media");
    assert_text_equal(s->files[1].what, "log_file");
    assert_int_equal(s->files[1].bytes, 77);

    struct leak_index *index = leak_index_new(s, NULL);
    assert_int_equal(index->track_count, 4);
    assert_false(leak_index_empty(index));
    leak_index_free(index);
    secrets_free(s);
    sqlite3_close(db);
}

static void a_table_that_is_missing_is_an_error(void **state)
{
    sqlite3 *db = case_with("DROP TABLE media;");
    struct secrets *s = secrets_new();

    (void)state;
    assert_true(secrets_from_database(db, s) < 0);
    secrets_free(s);
    sqlite3_close(db);
}

static void nothing_known_is_nothing_searched(void **state)
{
    sqlite3 *db = case_with("");
    struct secrets *s = secrets_new();

    (void)state;
    assert_int_equal(secrets_from_database(db, s), 0);
    struct leak_index *index = leak_index_new(s, NULL);
    assert_true(leak_index_empty(index));
    leak_index_free(index);
    secrets_free(s);
    sqlite3_close(db);
}

/* The shift in a Chinese city is some hundred metres; outside there is none. */
static void datums(void **state)
{
    double longitude = 120.0, latitude = 30.0;

    (void)state;
    assert_true(datum_shift(DATUM_GCJ02, &longitude, &latitude));
    const double metres = hypot((longitude - 120) * cos(30 * M_PI / 180), latitude - 30) * 111194.9;
    assert_true(metres > 100 && metres < 900);
    longitude = -30;
    latitude = 42;
    assert_false(datum_shift(DATUM_BD09, &longitude, &latitude));
    assert_true(longitude == -30 && latitude == 42);

    struct secrets *s = secrets_new();
    for (int i = 0; i < 100; i++)
        secrets_add_point(s, TEXT("flight-1"), SUBJECT_AIRCRAFT, 122.5 + i * 1e-5, 30.5, i);
    struct leak_index *index = leak_index_new(s, NULL);
    assert_int_equal(index->track_count, 3);
    assert_int_equal(index->tracks[2].datum, DATUM_BD09);
    leak_index_free(index);
    secrets_free(s);
}

/* A jump of the receiver does not blow up the flight's box, and standing still costs one point. */
static void stray_fixes_and_standing_still(void **state)
{
    struct secrets *s = secrets_new();

    (void)state;
    for (int i = 0; i < 1000; i++)
        secrets_add_point(s, TEXT("flight-1"), SUBJECT_AIRCRAFT, i == 500 ? -33.0 : -30.25 + fmin(i, 300) * 1e-5, 42.48,
                          i);
    struct leak_index *index = leak_index_new(s, NULL);
    assert_int_equal(index->track_count, 2); /* before and behind the jump */
    assert_true(geo_box_width_deg(&index->tracks[0].track.box) < 0.01);
    assert_true(index->tracks[1].track.count <= 3);
    leak_index_free(index);
    secrets_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_case),
        cmocka_unit_test(a_table_that_is_missing_is_an_error),
        cmocka_unit_test(nothing_known_is_nothing_searched),
        cmocka_unit_test(datums),
        cmocka_unit_test(stray_fixes_and_standing_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
