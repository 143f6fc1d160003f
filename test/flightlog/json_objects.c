#include "flightlog/text_log.h"

#include <math.h>

#include "base/buffer.h"
#include "flightlog/json_log.h"
#include "flightlog/json_objects.h"

#define READ(o, text) log_read_text(o, json_log_read, "flight-json", text, sizeof text - 1)
#define HEAD "{\"droneModel\": \"EXAMPLE\", \"firmwareVersion\": \"1.2.3\", "

static const char list[] =
    HEAD "\"flightRecords\": [\n"
    "{\"timestamp\": 1715679000250, \"droneLatitude\": 45.5, \"droneLongitude\": -5.25, \"relativeHeight\": 12.5, \"remainPower\": 80},\n"
    "{\"droneLatitude\": 45.6, \"timestamp\": 1715679001250, \"droneLongitude\": \"-5.26\", \"relativeHeight\": 13.5, \"remainPower\": null},\n"
    "{\"timestamp\": 1715679002250, \"droneLatitude\": 0, \"droneLongitude\": 0, \"relativeHeight\": 0, \"remainPower\": 79},\n"
    "{\"timestamp\": 1715679003250, \"droneLatitude\": 45.7, \"droneLongitude\": -5.27, \"gimbal\": {\"droneLatitude\": 1}, \"relativeHeight\": 14.5}],\n"
    "\"duration\": 3}";

static void objects_of_a_list(void **state)
{
    struct log_outcome o;

    (void)state;
    READ(&o, list);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(o.reading.damage_count, 1); /* a place that is no row's */
    assert_int_equal(log_damage(&o, 0)->head.origin.offset, strstr(list, "1}, \"relativeHeight") - list);
    assert_int_equal(log_damage(&o, 0)->records_lost, 1);
    assert_text_equal(f->format, "autel-json");
    assert_text_equal(f->app, "Autel Sky or Explorer");
    assert_int_equal(f->points, 3);
    assert_int_equal(f->start, log_time("2024-05-14T09:30:00.250Z"));
    assert_text_equal(f->alt_ref, "takeoff");
    assert_true(log_says(f, "Untested on real files."));
    assert_true(log_says(f, "1 positions without a fix (0/0) left out."));
    const struct fact_position *p = log_position(&o, "aircraft", 1);
    assert_place(p, -5.26, 45.6); /* members in another order, a number as a text */
    assert_true(fabs(p->altitude_m - 13.5) < 1e-9);
    assert_int_equal(p->head.origin.offset, strstr(list, "{\"droneLatitude\": 45.6") - list);
    assert_place(log_position(&o, "aircraft", 2), -5.27, 45.7); /* what lies deeper is something else */
    const struct fact_device *d = kept_facts_row(&o.facts, FACT_DEVICE, 0);
    assert_text_equal(d->model, "EXAMPLE");
    assert_text_equal(d->firmware, "1.2.3");
    log_done(&o);
}

/* Rows within rows, another list, a home point: what is not understood is told, so that the document counts as partly
 * read. */
static void places_that_are_no_rows(void **state)
{
    static const char text[] =
        "{\"homePoint\": {\"latitude\": 45.4, \"longitude\": -5.2}, \"records\": [\n"
        "{\"timestamp\": 1715679000250, \"lat\": 45.5, \"lng\": -5.25, \"flightMode\": \"GPS\", \"points\": [{\"lat\": 45.51, \"lng\": -5.25}, {\"lat\": 45.52, \"lng\": -5.25}]},\n"
        "{\"timestamp\": 1715679001250, \"lat\": 45.6, \"lng\": -5.25, \"flightMode\": \"GPS\", \"gimbal\": {\"pitch\": 1, \"plates\": 2}}],\n"
        "\"waypoints\": [{\"lat\": 45.7, \"lng\": -5.25}]}";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(log_flight(&o, 0)->points, 2);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(log_damage(&o, 0)->records_lost, 4);
    assert_int_equal(log_damage(&o, 0)->head.origin.offset, strstr(text, "45.4") - text);
    assert_int_equal(log_damage(&o, 0)->bytes_lost, strstr(text, "45.7") + 4 - strstr(text, "45.4"));
    log_done(&o);
}

static void a_list_alone_and_local_times(void **state)
{
    static const char text[] =
        "[{\"time\": \"2024-05-14 09:30:00\", \"latitude\": 45.5, \"longitude\": -5.25, \"homeDistance\": 1},"
                               " {\"time\": \"2024-05-14 09:30:01\", \"latitude\": 45.6, \"longitude\": -5.25, \"homeDistance\": 2}]";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(log_flight(&o, 0)->points, 2);
    assert_text_equal(log_flight(&o, 0)->time_basis, "zone_unknown");
    assert_text_equal(log_position(&o, "aircraft", 1)->time_local, "2024-05-14T09:30:01");
    log_done(&o);
}

static void serials_under_several_names(void **state)
{
    static const char once[] = "{\"droneSn\": \"0TESTEXAMPLE0001\", \"records\": [{\"timestamp\": 1715679000250, \"lat\": 45.5, \"lng\": -5.25, "
                               "\"flightMode\": \"GPS\"}]}";
    static const char each[] =
        "[{\"drone_sn\": \"0TESTEXAMPLE0002\", \"timestamp\": 1715679000250, \"lat\": 45.5, \"lng\": -5.25},"
                               " {\"drone_sn\": \"0TESTEXAMPLE0002\", \"timestamp\": 1715679001250, \"lat\": 45.6, \"lng\": -5.25}]";
    struct log_outcome o;

    (void)state;
    READ(&o, once);
    assert_text_equal(log_flight(&o, 0)->format, "drone-json"); /* nothing tells the maker */
    assert_text_equal(log_flight(&o, 0)->aircraft_serial, "0TESTEXAMPLE0001");
    assert_true(log_has_identifier(&o, "serial", "0TESTEXAMPLE0001"));
    const struct fact_device *d = kept_facts_row(&o.facts, FACT_DEVICE, 0);
    assert_false(text_known(d->vendor));
    assert_int_equal(d->head.origin.offset, strstr(once, "0TEST") - once);
    log_done(&o);
    READ(&o, each);
    assert_int_equal(log_flight(&o, 0)->points, 2);
    assert_true(log_has_identifier(&o, "serial", "0TESTEXAMPLE0002"));
    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 1);
    log_done(&o);
}

/* One object in each of `from` to `to`. */
static void put_objects(struct buffer *b, int from, int to)
{
    for (int i = from; i < to; i++)
        buffer_printf(b, "%s{\"timestamp\": %lld, \"droneLatitude\": 45.%02d, \"droneLongitude\": -5.25, \"remainPower\": 80}", i ? "," : "",
                      1715679000000LL + 1000 * i, i);
}

static void behind_damage(void **state)
{
    static const struct { const char *damage; int behind; size_t points; } cases[] = {
        { "", 20, 40 },
        { "\x01\x02{{\"\xff", 20, 40 },
        { ",{\"timestamp\": 1715679020000, \"droneLat", 22, 38 },               /* an object lost its end */
        { ",{\"timestamp\": 1, \"droneLatitude\": 4, \"timestamp\": 2}", 20, 40 }, /* two that were joined */
        { "]}", 25, 35 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer b;
        struct log_outcome o;
        buffer_init(&b, 1 << 16);
        buffer_add_text(&b, TEXT(HEAD "\"records\": ["));
        put_objects(&b, 0, 20);
        buffer_add_text(&b, text_of(cases[i].damage));
        put_objects(&b, cases[i].behind, 40);
        buffer_add_text(&b, TEXT("]}"));
        log_read_text(&o, json_log_read, "flight-json", (const char *)b.at, b.len);
        assert_int_equal(log_count(&o, "aircraft"), cases[i].points);
        assert_place(log_position(&o, "aircraft", cases[i].points - 1), -5.25, 45.39);
        assert_int_equal(o.reading.damage_count > 0, *cases[i].damage != '\0');
        log_done(&o);
        buffer_done(&b);
    }
}

static void other_documents_are_none(void **state)
{
    static const char *const texts[] = {
        "{}", "[]", "[{}]", "[1, 2]", "{\"records\": [1]}",
        "{\"records\": [{\"latitude\": 45.5, \"longitude\": -5.25, \"time\": 1715679000}]}", /* anybody's */
        "{\"rows\": [{\"droneLatitude\": 45.5, \"droneLongitude\": -5.25, \"time\": 1715679000}]}",
        "{\"records\": [{\"droneLatitude\": 45.5, \"remainPower\": 80, \"time\": 1715679000}]}", /* no longitude */
        "{\"records\": [{\"droneLatitude\": 45.5, \"droneLongitude\": -5.25}]}",                /* no time */
        "{\"homeDistance\": 5}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct bytes in = exact_copy(texts[i], strlen(texts[i]));
        struct log_outcome o;
        log_read(&o, json_log_read, in);
        assert_int_equal(o.status, PARSE_INVALID);
        assert_int_equal(o.facts.count, 0);
        log_done(&o);
        exact_copy_free(in);
    }
    assert_false(json_objects_recognise((struct bytes){ .at = (const uint8_t *)texts[5], .len = strlen(texts[5]) }));
}

static void cut_everywhere(void **state)
{
    (void)state;
    log_cut_everywhere(json_log_read, json_log_recognise, list, sizeof list - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_of_a_list),
        cmocka_unit_test(places_that_are_no_rows),
        cmocka_unit_test(a_list_alone_and_local_times),
        cmocka_unit_test(serials_under_several_names),
        cmocka_unit_test(behind_damage),
        cmocka_unit_test(other_documents_are_none),
        cmocka_unit_test(cut_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
