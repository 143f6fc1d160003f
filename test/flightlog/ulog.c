#include "flightlog/log_outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "flightlog/ulog.h"
#include "flightlog/ulog_format.h"

#define UTC_NS INT64_C(1715679000000000000) /* 2024-05-14T09:30:00Z */

static void ten_fixes(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, ulog_read, "ulog/ten-fixes.ulg");
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_text_equal(f->format, "ulog");
    assert_text_equal(f->aircraft_serial, "00ffeeddccbbaa9988776655");
    assert_text_equal(f->time_basis, "derived");
    assert_text_equal(f->alt_ref, "msl");
    assert_int_equal(f->points, 10);
    assert_int_equal(count_subject(&o, "aircraft"), 10);
    for (size_t i = 0; i < 10; i++) {
        const struct fact_position *p = position_of(&o, "aircraft", i);
        assert_place(p, 45.5 + (double)i / 10000, -5.25);
        assert_int_equal(p->time, UTC_NS + (int64_t)i * 100000000); /* also of those before UTC was known */
        assert_true(p->altitude_m == 100 + (double)i);
    }
    assert_int_equal(f->start, UTC_NS);
    assert_int_equal(f->end, UTC_NS + 902000000);
    assert_place(position_of(&o, "home", 0), 45.499, -5.25);
    assert_place(position_of(&o, "target", 0), 45.51, -5.24);
    assert_place(position_of(&o, "target", 1), 45.502, -5.25);
    assert_place(position_of(&o, "operator", 0), 45.499, -5.251);
    assert_int_equal(kept_facts_count(&o.facts, FACT_POSITION), 14); /* each other place once, however often it is told */
    assert_int_equal(f->operator_points, 1);
    assert_true(f->home_latitude_deg == 45.499);
    outcome_done(&o);
}

/* Receivers that count the weeks anew every 1024 tell where, and no time that is used. */
static void weeks_that_began_anew(void **state)
{
    const uint64_t lost_us = UINT64_C(1024) * 7 * 86400 * 1000000, from_us = UTC_NS / 1000;
    const struct bytes whole = corpus_bytes("ulog/ten-fixes.ulg");
    const struct bytes in = exact_copy(whole.at, whole.len);
    struct outcome o;
    int changed = 0;

    (void)state;
    for (size_t i = 0; i + 8 <= in.len; i++) {
        uint64_t us;
        memcpy(&us, in.at + i, sizeof us); /* tests run where bytes stand in that order */
        if (us < from_us || us > from_us + 10000000)
            continue;
        us -= lost_us;
        memcpy((uint8_t *)(uintptr_t)in.at + i, &us, sizeof us);
        changed++;
    }
    assert_in_range(changed, 10, 40);
    outcome_of(&o, ulog_read, in);
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(f->points, 10);
    assert_int_equal(f->start, FACT_UNKNOWN_INT);
    assert_int_equal(position_of(&o, "aircraft", 9)->time, FACT_UNKNOWN_INT);
    assert_true(note_says(f, "The receiver's time, which is not used, is 2004-09-28T09:30:0"));
    assert_true(note_says(f, "it would be of 2024-05-14. When it was recorded is not known."));
    outcome_done(&o);
    exact_copy_free(in);
    exact_copy_free(whole);
}

static void what_the_log_tells_about_itself(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, ulog_read, "ulog/ten-fixes.ulg");
    const struct fact_flight *f = flight_of(&o, 0);
    assert_true(note_says(f, "ULog, version 1, of PX4 on TEST_BOARD_1."));
    assert_true(note_says(f, "It spans 0.902 s by the vehicle's clock."));
    assert_true(note_says(f, "The path is that of vehicle_gps_position (10 fixes); not in it are 10 of vehicle_global_position, "
                             "10 of other instances of these."));
    assert_true(note_says(f, "53 data records of 10 topics: 11 of vehicle_gps_position, 10 of cpuload, 10 of vehicle_global_position, "
                             "10 of vehicle_gps_position (1)"));
    assert_true(note_says(f, "1 positions without a fix (0/0)"));
    assert_true(note_says(f, "2 positions of other aircraft"));
    assert_true(note_says(f, "Parameters: 2, set while it was recorded: 1. Pieces of information: 5, parts of long ones: 2."));
    assert_true(note_says(f, "Dropouts: 1, in which the logger lost 0.250 s."));
    assert_true(note_says(f, "Messages: 2: \"[commander] Takeoff detected\" at 0.1 s, \"tagged\" at 0.4 s."));
    assert_int_equal(kept_facts_count(&o.facts, FACT_MESSAGE), 2);
    const struct fact_message *takeoff = kept_facts_row(&o.facts, FACT_MESSAGE, 0),
        *tagged = kept_facts_row(&o.facts, FACT_MESSAGE, 1);
    assert_text_equal(takeoff->text, "[commander] Takeoff detected");
    assert_text_equal(takeoff->level, "info");
    assert_text_equal(tagged->text, "tagged");
    assert_int_equal(tagged->flight, f->head.number);
    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 2);
    assert_true(has_identifier(&o, "serial", "00ffeeddccbbaa9988776655"));
    assert_true(has_identifier(&o, "serial", "4711"));
    const struct fact_device *aircraft = kept_facts_row(&o.facts, FACT_DEVICE, 1);
    assert_text_equal(aircraft->role, "aircraft");
    assert_text_equal(aircraft->model, "TEST_BOARD_1");
    assert_text_equal(aircraft->firmware, "1.15.2 0123456789");
    outcome_done(&o);
}

static void old_logs_have_whole_numbers(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, ulog_read, "ulog/version-0-whole-numbers-no-utc.ulg");
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(f->points, 5);
    assert_place(position_of(&o, "aircraft", 4), 45.5004, -5.25);
    assert_true(position_of(&o, "aircraft", 4)->altitude_m == 100.004);
    assert_int_equal(f->start, FACT_UNKNOWN_INT);
    assert_int_equal(position_of(&o, "aircraft", 0)->time, FACT_UNKNOWN_INT);
    assert_false(text_known(position_of(&o, "aircraft", 0)->time_basis));
    assert_true(f->duration_s == 0.8);
    assert_true(note_says(f, "No GPS time in it"));
    outcome_done(&o);
}

/* No global position in it: metres from the estimator's reference. */
static void local_positions_are_better_than_none(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, ulog_read, "ulog/only-local-positions.ulg");
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(f->points, 5);
    assert_true(note_says(f, "The path is that of vehicle_local_position and its reference (5 fixes)."));
    assert_place(position_of(&o, "aircraft", 0), 45.5, -5.25);
    /* A kilometre is 1000 / 6371000 of a radian; east of it the meridians lie nearer by the cosine of the latitude. */
    const struct fact_position *corner = position_of(&o, "aircraft", 2), *last = position_of(&o, "aircraft", 4);
    assert_true(fabs(corner->latitude_deg - (45.5 + 1000 / 6371000.0 * 180 / M_PI)) < 1e-9);
    assert_true(fabs(corner->longitude_deg - -5.25) < 1e-9);
    assert_true(fabs(corner->altitude_m - 73) < 1e-6);
    assert_true(fabs(last->longitude_deg - (-5.25 + 1000 / 6371000.0 * 180 / M_PI / cos(last->latitude_deg * M_PI / 180))) < 1e-6);
    assert_int_equal(count_subject(&o, "home"), 1);
    outcome_done(&o);
}

static void damage_is_stepped_over(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, ulog_read, "ulog/noise-inside.ulg");
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(flight_of(&o, 0)->points, 10);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(damage_of(&o, 0)->bytes_lost, 300);
    assert_non_null(memmem(damage_of(&o, 0)->statement.at, damage_of(&o, 0)->statement.len, "0.098 s by its clock",
                           20));
    outcome_done(&o);

    outcome_of_corpus(&o, ulog_read, "ulog/flipped-length.ulg"); /* one fix is lost, no other record */
    assert_int_equal(flight_of(&o, 0)->points, 9);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(damage_of(&o, 0)->bytes_lost, 50);
    assert_true(note_says(flight_of(&o, 0), "52 data records of 10 topics"));
    outcome_done(&o);

    outcome_of_corpus(&o, ulog_read, "ulog/cut-in-a-record.ulg");
    assert_int_equal(o.status, PARSE_TRUNCATED);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(damage_of(&o, 0)->records_lost, 1);
    assert_int_equal(damage_of(&o, 0)->bytes_lost, 19);
    outcome_done(&o);
}

static void appended_data_is_read_where_it_begins(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, ulog_read, "ulog/appended-after-a-stump.ulg");
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(f->points, 8);
    assert_int_equal(o.reading.damage_count, 1); /* the stump */
    assert_int_equal(damage_of(&o, 0)->bytes_lost, 20);
    assert_true(note_says(f, "parts of long ones: 3"));
    assert_true(note_says(f, "\"hardfault\" at 0.9 s"));
    outcome_done(&o);
}

/* The header's offsets do not know of bytes that were lost, or came to it, after it was written. */
static void appended_data_is_read_where_it_has_moved_to(void **state)
{
    enum { APPENDED_OFFSETS = 35, MOST_BYTES = 90, STEP = 14 /* never 0 bytes */ };
    const struct bytes whole = corpus_bytes("ulog/appended-after-a-stump.ulg");
    uint64_t appended;

    (void)state;
    memcpy(&appended, whole.at + APPENDED_OFFSETS, sizeof appended);
    assert_in_range(appended, MOST_BYTES * 4, whole.len - 1);
    uint8_t *changed = calloc(1, whole.len + MOST_BYTES);
    for (size_t at = appended - MOST_BYTES * 3; at + MOST_BYTES < appended - 23 /* the stump */; at += STEP)
        for (int bytes = -MOST_BYTES; bytes <= MOST_BYTES; bytes += STEP) {
            const size_t from = bytes < 0 ? at + (size_t)-bytes : at, more = bytes > 0 ? (size_t)bytes : 0;
            struct outcome o;
            memcpy(changed, whole.at, at);
            memset(changed + at, 0xa5, more);
            memcpy(changed + at + more, whole.at + from, whole.len - from);
            const struct bytes in = exact_copy(changed, at + more + whole.len - from);
            outcome_of(&o, ulog_read, in);
            if (!note_says(flight_of(&o, 0), "\"hardfault\" at 0.9 s") ||
                !note_says(flight_of(&o, 0), "parts of long ones: 3") || o.reading.damage_count < 2)
                fail_msg("%d bytes at %zu: %zu told as damage", bytes, at, o.reading.damage_count);
            outcome_done(&o);
            exact_copy_free(in);
        }
    free(changed);
    exact_copy_free(whole);
}

static void a_change_that_is_not_known(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, ulog_read, "ulog/unknown-incompatible-bit.ulg");
    assert_int_equal(flight_of(&o, 0)->points, 10);
    assert_int_equal(o.reading.damage_count, 1);
    assert_non_null(memmem(damage_of(&o, 0)->statement.at, damage_of(&o, 0)->statement.len, "0x10", 4));
    outcome_done(&o);
}

static void cut_everywhere(void **state)
{
    (void)state;
    cut_and_flip(ulog_read, ulog_recognise, "ulog/appended-after-a-stump.ulg");
}

/* Formats: nesting, arrays, and those that make no sense. */
static void formats(void **state)
{
    struct arena *arena = arena_new(0);
    struct ulog_formats *f = ulog_formats_new(arena);
    static const struct { const char *text; bool good; } lines[] = {
        { "a:uint64_t timestamp;b inner;uint8_t[3] _padding0;", true }, { "b:uint8_t first;int16_t[4] list;c deep;", true },
        { "c:double x;double y;", true }, { "self:self again;", true }, { "lost:nothing there;", true },
        { "large:double[8191] x;double y;", true }, { "a:uint8_t other;", true /* keeps the first */ },
        { ":uint8_t x;", false }, { "n:", false }, { "n:uint8_t;", false }, { "n:uint8_t[0] x;", false }, { "n:uint8_t[x] y;", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const struct bytes b = exact_copy(lines[i].text, strlen(lines[i].text));
        if (ulog_formats_add(f, b) != lines[i].good)
            fail_msg("%s", lines[i].text);
        exact_copy_free(b);
    }
    struct ulog_format *a = ulog_formats_find(f, TEXT("a"));
    assert_int_equal(ulog_format_bytes(f, a), 8 + 1 + 8 + 16 + 3);
    assert_int_equal(ulog_format_filling(f, a), 3);
    const struct ulog_place y = ulog_format_place(f, a, "inner.deep.y"), list = ulog_format_place(f, a, "inner.list");
    assert_true(y.known && y.offset == 8 + 1 + 8 + 8 && y.type == ULOG_DOUBLE);
    assert_true(list.known && list.offset == 9 && list.count == 4);
    assert_false(ulog_format_place(f, a, "inner").known);
    assert_false(ulog_format_place(f, a, "inner.deep.z").known);
    assert_int_equal(ulog_format_bytes(f, ulog_formats_find(f, TEXT("self"))), 0);
    assert_int_equal(ulog_format_bytes(f, ulog_formats_find(f, TEXT("lost"))), 0);
    assert_int_equal(ulog_format_bytes(f, ulog_formats_find(f, TEXT("large"))), 0);
    assert_null(ulog_formats_find(f, TEXT("n")));
    arena_free(arena);
}

/* Against what pyulog reads in the same file. */
static void check_real(const char *name, const char *topic, bool has_start)
{
    char below[128], want[64];
    struct outcome o;

    snprintf(below, sizeof below, "flightlog/%s", name);
    const struct bytes in = file_bytes(sample_path(below)), truth = truth_bytes(below);
    outcome_of(&o, ulog_read, in);
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    snprintf(want, sizeof want, "data records of %d topics:", (int)truth_number(truth, "datasets", 0));
    assert_true(note_says(f, want));
    snprintf(want, sizeof want, "Parameters: %d,", (int)truth_number(truth, "nparams", 0));
    assert_true(note_says(f, want));
    snprintf(want, sizeof want, "Messages: %d:", (int)truth_number(truth, "logged", 0));
    assert_true(note_says(f, want));
    const int dropouts = (int)truth_number(truth, "dropouts", 0);
    snprintf(want, sizeof want, "Dropouts: %d,", dropouts);
    assert_true(note_says(f, want) == (dropouts > 0));
    const char *uuid = strstr((const char *)truth.at, "\"sys_uuid\": \"");
    if (uuid)
        assert_true(text_equal(f->aircraft_serial, (struct text){ uuid + 13, strcspn(uuid + 13, "\"") }));
    if (has_start)
        assert_true(f->duration_s == truth_number(truth, "duration_s", 0));
    const char *at = topic ? strstr((const char *)truth.at, topic) : NULL;
    assert_int_equal(f->points, at ? (int)truth_number((struct bytes){ .at = (const uint8_t *)at, .len = strlen(at) },
                                                       "n", 0) : 0);
    if (at) {
        const struct bytes part = { .at = (const uint8_t *)at, .len = strlen(at) };
        const struct fact_position *first = position_of(&o, "aircraft", 0);
        assert_place(first, truth_number(part, "first", 0), truth_number(part, "first", 1));
        assert_place(position_of(&o, "aircraft", (size_t)f->points - 1), truth_number(part, "last", 0),
                     truth_number(part, "last", 1));
        assert_int_equal(first->time / 1000, (int64_t)truth_number(truth, "gps_utc_first", 0));
    }
    free((void *)(uintptr_t)truth.at);
    exact_copy_free(in);
    outcome_done(&o);
}

static void real_small(void **state) { (void)state; check_real("sample_log_small.ulg", "\"vehicle_gps_position\"", false /* a mission of another day repeats its time */); }
static void real_events(void **state) { (void)state; check_real("sample_px4_events.ulg", "\"vehicle_gps_position\"",
                                                                true); }
static void real_appended(void **state) { (void)state; check_real("sample_appended_multiple.ulg", NULL, true); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_fixes),
        cmocka_unit_test(weeks_that_began_anew),
        cmocka_unit_test(what_the_log_tells_about_itself),
        cmocka_unit_test(old_logs_have_whole_numbers),
        cmocka_unit_test(local_positions_are_better_than_none),
        cmocka_unit_test(damage_is_stepped_over),
        cmocka_unit_test(appended_data_is_read_where_it_begins),
        cmocka_unit_test(appended_data_is_read_where_it_has_moved_to),
        cmocka_unit_test(a_change_that_is_not_known),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(formats),
        cmocka_unit_test(real_small),
        cmocka_unit_test(real_events),
        cmocka_unit_test(real_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
