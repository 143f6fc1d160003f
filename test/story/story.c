#include "support/support.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "story/story.h"

#define DEGREE_M 111194.93
#define START_NS (INT64_C(1795341600) * NS_PER_S) /* 2026-11-22T10:00:00Z */

static sqlite3 *empty_case(void)
{
    static const enum fact_kind kinds[] = { FACT_FLIGHT, FACT_POSITION, FACT_MEDIA, FACT_DEVICE, FACT_DAMAGE };
    sqlite3 *db;

    assert_int_equal(sqlite3_open("", &db), SQLITE_OK);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const struct fact_table *t = &fact_tables[kinds[k]];
        char sql[4096];
        int len = snprintf(sql, sizeof sql,
                           "CREATE TABLE %s (fid INTEGER PRIMARY KEY, id TEXT, evidence TEXT, origin TEXT", t->name);
        for (size_t i = 0; i < t->field_count; i++)
            len += snprintf(sql + len, sizeof sql - (size_t)len, ", \"%s\"", t->fields[i].name);
        snprintf(sql + len, sizeof sql - (size_t)len, ")");
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    }
    return db;
}

static void run_sql(sqlite3 *db, const char *format, ...)
{
    va_list arguments;
    char *why = NULL;

    va_start(arguments, format);
    char *sql = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    sqlite3_free(sql);
}

/* Where the aircraft was, in metres from 50 N 8 E, `s` seconds after START: it never comes to a place twice at the same
 * speed. */
static double slowness = 1;
static double north_of(double s) { return (150 * sin(s / 37) + 0.2 * s) / slowness; }
static double east_of(double s) { return 120 * sin(s / 23) / slowness; }

static double longitude(double east_m) { return 8 + east_m / DEGREE_M / cos(50 * M_PI / 180); }
static double latitude(double north_m) { return 50 + north_m / DEGREE_M; }

/* A log of that flight.  0 and NULL: as the flight was. */
struct log {
    const char *id, *serial, *format;
    double from_s, to_s;           /* of the flight; 0, 0: 0 to 300 */
    double aside_m;                /* all positions so far north */
    double late_s;                 /* its clock behind */
    double ahead_h;                /* a clock without zone, so far ahead */
    double place_m, begin_s;       /* no path: first place so far north, begin so late */
    bool no_path, height_msl;
    double gap_from_s, gap_to_s;
};

static const char *time_text(double s, bool local, char into[TIMESTAMP_TEXT_MAX])
{
    struct text t = timestamp_text_ms(START_NS + (int64_t)(s * 1000 + 0.5) * 1000000, into);

    into[t.len - (local ? 1 : 0)] = '\0';
    return into;
}

static void put_log(sqlite3 *db, const struct log *l)
{
    const double from = l->from_s, to = l->to_s > 0 ? l->to_s : 300, clock = l->ahead_h * 3600 - l->late_s + l->begin_s;
    const bool local = l->ahead_h != 0;
    char begin[TIMESTAMP_TEXT_MAX], end[TIMESTAMP_TEXT_MAX];
    double south = 90, north = -90;
    int points = 0;

    time_text(from + clock, local, begin);
    time_text(to + clock, local, end);
    run_sql(db, "BEGIN");
    for (double s = from; s <= to && !l->no_path; s += 1) {
        char at[TIMESTAMP_TEXT_MAX];
        if (s > l->gap_from_s && s < l->gap_to_s)
            continue;
        const double place = latitude(north_of(s) + l->aside_m);
        south = fmin(south, place);
        north = fmax(north, place);
        time_text(s + clock, local, at);
        run_sql(db,
                "INSERT INTO position (id, flight, subject, time, time_local, longitude_deg, latitude_deg, altitude_m)"
                    " VALUES ('p', %Q, 'aircraft', %Q, %Q, %.12f, %.12f, %f)", l->id, local ? NULL : at, local ? at : NULL,
                longitude(east_of(s)), place, l->height_msl ? 150.0 : 50.0);
        points++;
    }
    run_sql(db, "INSERT INTO flight (id, evidence, format, aircraft_serial, start, \"end\", start_local, end_local, duration_s, points, encrypted_records,"
                " first_longitude_deg, first_latitude_deg, time_basis, alt_ref, note) VALUES (%Q, %Q, %Q, %Q, %Q, %Q, %Q, %Q, %f, %d, %d, %.12f, %.12f, %Q, %Q, NULL)",
            l->id, l->id + 7, l->format ? l->format : "dji-txt", l->serial, local ? NULL : begin, local ? NULL : end, local ? begin : NULL,
            local ? end : NULL, to - from, points, l->no_path ? 1000 : 0, longitude(east_of(from)),
            latitude(north_of(from) + (l->no_path ? l->place_m : l->aside_m)), local ? "zone_unknown" : "utc", l->height_msl ? "msl" : "takeoff");
    if (points)
        run_sql(db, "UPDATE flight SET bbox_west = %.12f, bbox_east = %.12f, bbox_south = %.12f, bbox_north = %.12f WHERE id = %Q", longitude(-120),
                longitude(120), south, north, l->id);
    run_sql(db, "COMMIT");
}

struct photo { const char *id, *serials, *model; double at_s, aside_m, ahead_h; };

static void put_photo(sqlite3 *db, const struct photo *p)
{
    const bool local = p->ahead_h != 0;
    char at[TIMESTAMP_TEXT_MAX];
    const double there_s = p->at_s > 300 ? 300 : p->at_s;

    time_text(p->at_s + p->ahead_h * 3600, local, at);
    run_sql(db, "INSERT INTO media (id, evidence, format, taken, taken_local, time_basis, longitude_deg, latitude_deg, serials, model)"
                " VALUES (%Q, %Q, 'jpeg', %Q, %Q, 'utc', %.12f, %.12f, %Q, %Q)", p->id, p->id, local ? NULL : at, local ? at : NULL,
            longitude(east_of(there_s)), latitude(north_of(there_s) + p->aside_m), p->serials ? p->serials : "[]", p->model ? p->model : "M");
}

/* What was told, as lines. */
static char told[65536];

static void add_line(const char *format, ...)
{
    const size_t len = strlen(told);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(told + len, sizeof told - len, format, arguments);
    va_end(arguments);
}

#define T(t) (int)(t).len, (t).at ? (t).at : ""

static int keep(void *user, enum fact_kind kind, const void *row)
{
    (void)user;
    if (kind == FACT_STORY) {
        const struct fact_story *s = row;
        add_line("story %.*s best %.*s sources %zu\n", T(s->head.id), T(s->best_track), s->sources.count);
    } else if (kind == FACT_STORY_SOURCE) {
        const struct fact_story_source *s = row;
        add_line("source %.*s by %.*s offset %.0f\n", T(s->source), T(s->rule),
                 isnan(s->clock_offset_s) ? 0 : s->clock_offset_s);
    } else {
        const struct fact_story_difference *d = row;
        assert_true(text_known(d->head.id) && text_known(d->statement));
        add_line("difference %.*s %.*s %.0f%.*s\n", T(d->kind), T(d->source), isnan(d->amount) ? 0 : d->amount,
                 T(d->unit));
    }
    return 0;
}

static void tell(sqlite3 *db)
{
    const struct story_run run = { .put = keep };

    told[0] = '\0';
    assert_int_equal(story_tell(db, &run), 0);
}

static const struct log flight_a = { .id = "flight-aaaaaaaaaaaa-1", .serial = "S1" };

/* Beside each log that is joined, the nearest that must not be. */
static void logs_of_one_flight(void **state)
{
    static const struct { const char *name; struct log b; const char *rule, *difference; } cases[] = {
        { "same serial", { .serial = "S1" }, "serial", NULL },
        { "same serial, later", { .serial = "S1", .from_s = 301, .to_s = 500 }, NULL, NULL },
        { "same serial, a second in common", { .serial = "S1", .from_s = 299, .to_s = 500 }, "serial", "in_air" },
        { "same serial, within a kilometre", { .serial = "S1", .aside_m = 950 }, "serial", "position B 950m" },
        { "same serial, beyond it", { .serial = "S1", .aside_m = 1050 }, NULL, "undecided" },
        { "same path", { .format = "flight-csv" }, "path", NULL },
        { "14 m aside", { .aside_m = 14 }, "path", "position B 14m" },
        { "17 m aside", { .aside_m = 17 }, NULL, NULL },
        { "35 s in common", { .from_s = 265, .to_s = 400 }, "path", "in_air" },
        { "25 s in common", { .from_s = 275, .to_s = 400 }, NULL, NULL },
        { "two seconds late", { .late_s = 2 }, "path", "clock_offset B 2s" },
        { "ten seconds late", { .late_s = 10 }, NULL, NULL },
        { "another form, ten seconds late", { .format = "flight-csv", .late_s = 10 }, NULL, "undecided" },
        { "another form, 200 s late", { .format = "flight-csv", .late_s = 200 }, NULL, "undecided" },
        { "same serial, 40 s late", { .serial = "S1", .late_s = 40 }, "serial", "clock_offset B 40s" },
        { "another day", { .late_s = -86400 }, NULL, NULL },
        { "other serial, 2 m aside", { .serial = "S2", .aside_m = 2 }, "twin", "serial B" },
        { "other serial, 5 m aside", { .serial = "S2", .aside_m = 5 }, NULL, NULL },
        { "other serial, not long enough", { .serial = "S2", .from_s = 250 }, NULL, NULL },
        { "encrypted", { .no_path = true, .place_m = 25, .begin_s = 5 }, "ends", "encryption" },
        { "encrypted, elsewhere", { .no_path = true, .place_m = 35, .begin_s = 5 }, NULL, NULL },
        { "encrypted, later", { .no_path = true, .begin_s = 11 }, NULL, NULL },
        { "encrypted, shorter", { .no_path = true, .to_s = 280 }, NULL, NULL },
        { "encrypted, other serial", { .no_path = true, .serial = "S2" }, NULL, NULL },
        { "encrypted, same serial", { .no_path = true, .serial = "S1", .place_m = 200 }, "serial", "encryption" },
        { "other heights", { .height_msl = true }, "path", "altitude B 100m" },
        { "a gap", { .gap_from_s = 100, .gap_to_s = 150 }, "path", "gap B 50s" },
        { "two hours ahead", { .ahead_h = 2 }, "clock", "clock_offset B -7200s" },
        { "five hours behind", { .ahead_h = -5 }, "clock", "clock_offset B 18000s" },
        { "quarter hours", { .ahead_h = 5.75 }, "clock", "clock_offset B -20700s" },
        { "and 100 s wrong", { .ahead_h = 2, .late_s = 100 }, "clock", "clock_offset B -7100s" },
        { "and 300 s wrong", { .ahead_h = 2, .late_s = 300 }, NULL, NULL },
        { "ahead and aside", { .ahead_h = 2, .aside_m = 60 }, NULL, NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sqlite3 *db = empty_case();
        struct log b = cases[i].b;
        char want[128];

        b.id = "flight-bbbbbbbbbbbb-1";
        put_log(db, &flight_a);
        put_log(db, &b);
        tell(db);
        snprintf(want, sizeof want, "source flight-bbbbbbbbbbbb-1 by %s ", cases[i].rule ? cases[i].rule : "");
        if (!cases[i].rule ? strstr(told, "source ") != NULL : strstr(told, want) == NULL)
            fail_msg("%s: wanted %s, got\n%s", cases[i].name, cases[i].rule ? cases[i].rule : "nothing", told);
        if (cases[i].difference) {
            const char *b_at = strstr(cases[i].difference, " B");
            snprintf(want, sizeof want, "difference %.*s%s%s",
                     (int)(b_at ? b_at - cases[i].difference : (long)strlen(cases[i].difference)),
                     cases[i].difference, b_at ? " flight-bbbbbbbbbbbb-1" : " ", b_at ? b_at + 2 : "");
            if (!strstr(told, want))
                fail_msg("%s: wanted '%s' in\n%s", cases[i].name, want, told);
        }
        sqlite3_close(db);
    }
}

/* Slow flights are joined with clocks that differ by more than quick ones, and that is told of what one receiver wrote;
 * of another's path, which lies beside it by turns, nothing is to be seen. */
static void a_slow_flight_shows_its_clock(void **state)
{
    sqlite3 *db = empty_case();
    const struct log late = { .id = "flight-bbbbbbbbbbbb-1", .format = "flight-csv", .late_s = 3 };
    const struct log aside = { .id = "flight-cccccccccccc-1", .format = "gpx", .late_s = 3, .aside_m = 2 };

    (void)state;
    slowness = 7;
    put_log(db, &flight_a);
    put_log(db, &late);
    put_log(db, &aside);
    tell(db);
    slowness = 1;
    if (!strstr(told, "difference clock_offset flight-bbbbbbbbbbbb-1 3s") ||
        strstr(told, "clock_offset flight-cccccccccccc-1"))
        fail_msg("%s", told);
    sqlite3_close(db);
}

static void photos_of_a_flight(void **state)
{
    static const struct { const char *name; struct photo p; const char *rule; } cases[] = {
        { "near", { .at_s = 100, .aside_m = 45 }, "photo" },
        { "far", { .at_s = 100, .aside_m = 55 }, NULL },
        { "just after landing", { .at_s = 304 }, "photo" },
        { "later", { .at_s = 306 }, NULL },
        { "another serial, near", { .at_s = 100, .aside_m = 14, .serials = "[\"X\"]" }, "photo" },
        { "another serial, not so near", { .at_s = 100, .aside_m = 16, .serials = "[\"X\"]" }, NULL },
        { "the aircraft's serial", { .at_s = 100, .aside_m = 500, .serials = "[\"S1\"]" }, "serial" },
        { "the camera's serial", { .at_s = 100, .aside_m = 500, .serials = "[\"CAM\"]" }, "serial" },
        { "the serial, another time", { .at_s = 400, .serials = "[\"S1\"]" }, NULL },
        { "one photo without zone", { .at_s = 100, .ahead_h = 1 }, NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sqlite3 *db = empty_case();
        struct photo p = cases[i].p;
        char want[128];

        p.id = "media-cccccccccccc-1";
        put_log(db, &flight_a);
        run_sql(db, "INSERT INTO device (id, evidence, role, serial) VALUES ('d', 'aaaaaaaaaaaa-1', 'camera', 'CAM')");
        put_photo(db, &p);
        tell(db);
        snprintf(want, sizeof want, "source media-cccccccccccc-1 by %s ", cases[i].rule ? cases[i].rule : "");
        if (!cases[i].rule ? strstr(told, "source ") != NULL : strstr(told, want) == NULL)
            fail_msg("%s: wanted %s, got\n%s", cases[i].name, cases[i].rule ? cases[i].rule : "nothing", told);
        sqlite3_close(db);
    }
}

/* The photos of one camera share a clock, and those of another camera do not. */
static void photos_by_the_clock_of_their_camera(void **state)
{
    sqlite3 *db = empty_case();
    static const struct photo photos[] = {
        { .id = "media-c-1", .at_s = 20, .ahead_h = 1 }, { .id = "media-c-2", .at_s = 60, .ahead_h = 1 },
        { .id = "media-c-3", .at_s = 130, .ahead_h = 1 }, { .id = "media-c-4", .at_s = 200, .ahead_h = 1 },
        { .id = "media-d-1", .at_s = 20, .ahead_h = 1, .model = "N" }, { .id = "media-d-2", .at_s = 60, .ahead_h = 1, .model = "N" },
    };

    put_log(db, &flight_a);
    for (size_t i = 0; i < sizeof photos / sizeof *photos; i++)
        put_photo(db, &photos[i]);
    tell(db);
    for (int n = 1; n <= 4; n++) {
        char want[64];
        snprintf(want, sizeof want, "source media-c-%d by clock offset -3600\n", n);
        assert_non_null(strstr(told, want));
    }
    assert_null(strstr(told, "media-d"));
    sqlite3_close(db);
}

static void two_aircraft_side_by_side(void **state)
{
    static const struct { double a2_m, b_m; bool joined; } cases[] = { { 9, 0.1, true }, { 9, 4, false },
                                                                       { 60, 4, true } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sqlite3 *db = empty_case();
        put_log(db, &flight_a);
        put_log(db, &(struct log){ .id = "flight-a2a2a2a2a2a2-1", .serial = "S2", .aside_m = cases[i].a2_m });
        put_log(db, &(struct log){ .id = "flight-bbbbbbbbbbbb-1", .aside_m = cases[i].b_m });
        tell(db);
        if (cases[i].joined ? !strstr(told, "source flight-bbbbbbbbbbbb-1 by path") : !strstr(told, "difference undecided flight-bbbbbbbbbbbb-1"))
            fail_msg("%zu:\n%s", i, told);
        assert_null(strstr(told, "source flight-a2"));
        sqlite3_close(db);
    }
}

/* A log with the same path flown again an hour later, and no zone: both explain it. */
static void a_clock_that_two_flights_explain(void **state)
{
    sqlite3 *db = empty_case();

    put_log(db, &flight_a);
    put_log(db, &(struct log){ .id = "flight-a2a2a2a2a2a2-1", .serial = "S1", .late_s = -3600 });
    put_log(db, &(struct log){ .id = "flight-bbbbbbbbbbbb-1", .ahead_h = 2 });
    tell(db);
    assert_non_null(strstr(told, "difference undecided flight-bbbbbbbbbbbb-1"));
    assert_null(strstr(told, "source "));
    sqlite3_close(db);
}

/* Whatever the order of the rows; and the best track is the aircraft's own log. */
static void the_order_of_rows_does_not_matter(void **state)
{
    static const struct log logs[] = {
        { .id = "flight-aaaaaaaaaaaa-1", .format = "flight-csv" }, { .id = "flight-bbbbbbbbbbbb-1", .serial = "S1", .format = "dji-dat", .aside_m = 6 },
        { .id = "flight-cccccccccccc-1", .serial = "S1", .no_path = true }, { .id = "flight-dddddddddddd-1", .ahead_h = 2, .format = "dji-srt" },
    };
    enum { LOGS = sizeof logs / sizeof *logs };
    static char before[sizeof told];

    for (int turn = 0; turn < LOGS; turn++) {
        sqlite3 *db = empty_case();
        for (int i = 0; i < LOGS; i++)
            put_log(db, &logs[(i + turn) % LOGS]);
        tell(db);
        if (turn == 0)
            memcpy(before, told, sizeof before);
        assert_string_equal(told, before);
        sqlite3_close(db);
    }
    assert_non_null(strstr(told, "story story-aaaaaaaaaaaa-1 best flight-bbbbbbbbbbbb-1 sources 4\n"));
    assert_non_null(strstr(told, "difference encryption flight-cccccccccccc-1"));
}

static void nothing_to_join(void **state)
{
    sqlite3 *db = empty_case();

    tell(db);
    assert_string_equal(told, "");
    put_log(db, &flight_a);
    tell(db);
    assert_string_equal(told, "");
    run_sql(db, "INSERT INTO flight (id, start, \"end\", start_local, points) VALUES ('x', 'no time', NULL, 'neither', 5), (NULL, NULL, NULL, NULL, NULL)");
    run_sql(db, "INSERT INTO media (id, taken, serials) VALUES ('m', '9999-99-99', 'no list')");
    tell(db);
    assert_string_equal(told, "");
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_of_one_flight), cmocka_unit_test(a_slow_flight_shows_its_clock),
        cmocka_unit_test(photos_of_a_flight), cmocka_unit_test(photos_by_the_clock_of_their_camera),
        cmocka_unit_test(two_aircraft_side_by_side), cmocka_unit_test(a_clock_that_two_flights_explain),
        cmocka_unit_test(the_order_of_rows_does_not_matter), cmocka_unit_test(nothing_to_join),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
