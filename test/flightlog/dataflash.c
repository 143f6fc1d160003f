#include "flightlog/log_outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "flightlog/boot_clock.h"
#include "flightlog/dataflash.h"
#include "flightlog/dataflash_format.h"

#define UTC_NS INT64_C(1715679000000000000) /* 2024-05-14T09:30:00Z */

/* The binary log and the text log say the same. */
static void check_five_fixes(log_reader *read, const char *below)
{
    struct outcome o;

    outcome_of_corpus(&o, read, below);
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_text_equal(f->format, "dataflash");
    assert_text_equal(f->aircraft_serial, "00112233 44556677 8899AABB");
    assert_int_equal(f->points, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct fact_position *p = position_of(&o, "aircraft", i);
        assert_place(p, 45.5 + (double)i / 10000, -5.25);
        assert_int_equal(p->time, UTC_NS + (int64_t)i * 200000000);
        assert_text_equal(p->time_basis, "derived");
        assert_text_equal(p->alt_ref, "msl");
        assert_true(fabs(p->altitude_m - (100 + 0.1 * (double)i)) < 1e-9);
    }
    assert_int_equal(count_subject(&o, "target"), 2);
    assert_place(position_of(&o, "target", 0), 45.49, -5.26);
    assert_place(position_of(&o, "target", 1), 45.51, -5.27);
    assert_place(position_of(&o, "home", 0), 45.4999, -5.2501);
    assert_place(position_of(&o, "home", 1), 45.4998, -5.2502);
    assert_place(position_of(&o, "camera", 0), 45.5004, -5.25);
    assert_true(f->home_latitude_deg == 45.4998);
    assert_true(fabs(f->duration_s - 1.9) < 1e-9);
    assert_true(note_says(f, "not in it are 5 of GPS of the second receiver, 5 of POS."));
    assert_true(note_says(f, "41 records of 10 kinds: 10 FMT, 11 GPS, 5 POS, 5 ATT, 2 PARM"));
    assert_true(note_says(f, "1 positions without a fix (0/0)"));
    assert_true(note_says(f, "Messages: 2: \"ArduCopter V4.5.7 (0123abcd)\" at 0.0 s"));
    assert_true(has_identifier(&o, "serial", "4242"));
    const struct fact_device *aircraft = kept_facts_row(&o.facts, FACT_DEVICE, 0);
    assert_text_equal(aircraft->model, "TestBoard");
    assert_text_equal(aircraft->firmware, "ArduCopter V4.5.7 (0123abcd)");
    outcome_done(&o);
}

static void five_fixes_binary(void **state) { (void)state; check_five_fixes(dataflash_read,
                                                                            "dataflash/five-fixes.bin"); }
static void five_fixes_text(void **state) { (void)state; check_five_fixes(dataflash_text_read,
                                                                          "dataflash/five-fixes.log"); }

/* A record each 10 ms, and then 1 s of bytes that are none. */
static void a_gap_tells_how_many_records_it_took(void **state)
{
    struct log_gap gap = { 0 };
    struct outcome o = { 0 };

    (void)state;
    kept_facts_init(&o.facts);
    o.reading = reading_for_test(&o.facts);
    for (int64_t us = 0; us <= 1000000; us += 10000)
        log_gap_over(&gap, &o.reading, us);
    log_gap_begin(&gap, &o.reading, 5000, 77, 1000000);
    log_gap_over(&gap, &o.reading, 2000000);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(damage_of(&o, 0)->bytes_lost, 77);
    static const char said[] = "1.000 s by its clock, in which about 101 records would stand;";
    assert_non_null(memmem(damage_of(&o, 0)->statement.at, damage_of(&o, 0)->statement.len, said, sizeof said - 1));
    outcome_done(&o);
}

static void damage_is_stepped_over(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, dataflash_read, "dataflash/noise-inside.bin");
    assert_int_equal(flight_of(&o, 0)->points, 5);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(damage_of(&o, 0)->bytes_lost, 200 + 15); /* and the record before it, which nothing proves */
    assert_non_null(memmem(damage_of(&o, 0)->statement.at, damage_of(&o, 0)->statement.len, "s by its clock", 14));
    outcome_done(&o);

    static const char *const flipped[] = { "dataflash/flipped-mark.bin", "dataflash/flipped-type.bin" };
    for (int i = 0; i < 2; i++) { /* the record that was hit is lost, and no other */
        outcome_of_corpus(&o, dataflash_read, flipped[i]);
        assert_int_equal(flight_of(&o, 0)->points, 4);
        assert_true(note_says(flight_of(&o, 0), "40 records of 10 kinds"));
        assert_int_equal(o.reading.damage_count, 1);
        outcome_done(&o);
    }
    outcome_of_corpus(&o, dataflash_read, "dataflash/cut-in-a-record.bin");
    assert_int_equal(o.status, PARSE_TRUNCATED);
    assert_int_equal(damage_of(&o, 0)->records_lost, 1);
    outcome_done(&o);

    outcome_of_corpus(&o, dataflash_text_read, "dataflash/line-with-too-few-values.log");
    assert_int_equal(flight_of(&o, 0)->points, 5);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(damage_of(&o, 0)->records_lost, 1);
    outcome_done(&o);
}

static void a_kind_without_layout_is_counted(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, dataflash_read, "dataflash/layout-of-pos-missing.bin");
    assert_int_equal(flight_of(&o, 0)->points, 5);
    assert_true(note_says(flight_of(&o, 0),
                          "5 records of type 131, whose layout the log does not tell, were not read."));
    assert_int_equal(o.reading.damage_count, 5);
    outcome_done(&o);
}

static void cut_everywhere_binary(void **state) { (void)state; cut_and_flip(dataflash_read, dataflash_recognise,
                                                                            "dataflash/five-fixes.bin"); }
static void cut_everywhere_text(void **state) { (void)state; cut_and_flip(dataflash_text_read, dataflash_text_recognise,
                                                                          "dataflash/five-fixes.log"); }

/* Every letter, by values that struct.pack of Python gave. */
static void letters(void **state)
{
    static const struct { char letter; const char *bytes; size_t len; double value; } cases[] = {
        { 'b', "\xfe", 1, -2 }, { 'B', "\xfe", 1, 254 }, { 'M', "\x03", 1, 3 }, { 'h', "\xfe\xff", 2, -2 }, { 'H', "\xfe\xff", 2, 65534 },
        { 'c', "\x85\xff", 2, -1.23 }, { 'C', "\x7b\x00", 2, 1.23 }, { 'i', "\xfe\xff\xff\xff", 4, -2 }, { 'I', "\xfe\xff\xff\xff", 4, 4294967294.0 },
        { 'e', "\x85\xff\xff\xff", 4, -1.23 }, { 'E', "\x7b\x00\x00\x00", 4, 1.23 }, { 'L', "\xc0\xb9\x1e\x1b", 4, 45.4998464 },
        { 'q', "\xfe\xff\xff\xff\xff\xff\xff\xff", 8, -2 }, { 'Q', "\x02\x00\x00\x00\x00\x00\x00\x00", 8, 2 }, { 'g', "\x00\xc1", 2, -2.5 },
        { 'g', "\x01\x00", 2, 5.9604644775390625e-08 }, { 'f', "\x00\x00\x20\xc0", 4, -2.5 }, { 'd', "\x00\x00\x00\x00\x00\x00\x04\xc0", 8, -2.5 },
    };
    struct arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dataflash_format f;
        const struct bytes body = exact_copy(cases[i].bytes, cases[i].len);
        assert_true(dataflash_format_set(&f, arena, 1, (uint8_t)(3 + cases[i].len), TEXT("X"),
                                         (struct text){ &cases[i].letter, 1 }, TEXT("V")));
        const struct dataflash_record r = { .format = &f, .body = body };
        if (!(fabs(dataflash_real(&r, 0) - cases[i].value) < 1e-9))
            fail_msg("letter %c gives %.12g", cases[i].letter, dataflash_real(&r, 0));
        exact_copy_free(body);
    }
    struct dataflash_format f;
    assert_false(dataflash_format_set(&f, arena, 1, 0, TEXT("X"), TEXT("y"), TEXT("V")));    /* no such letter */
    assert_false(dataflash_format_set(&f, arena, 1, 0, TEXT("X"), TEXT("BB"), TEXT("V")));   /* fewer columns */
    assert_false(dataflash_format_set(&f, arena, 1, 0, TEXT("X"), TEXT("B"), TEXT("V,W")));  /* more columns */
    assert_false(dataflash_format_set(&f, arena, 1, 5, TEXT("X"), TEXT("B"), TEXT("V")));    /* another length */
    assert_false(dataflash_format_set(&f, arena, 1, 0, TEXT("FIVES"), TEXT("B"), TEXT("V"))); /* too long a name */
    arena_free(arena);
}

static void gps_time(void **state)
{
    static const struct { int64_t week, ms; const char *utc; } cases[] = {
        { 2314, 207018000, "2024-05-14T09:30:00Z" },
        { 1973, 6448000, "2017-10-29T01:47:10Z" },
        { 1930, 18000, "2017-01-01T00:00:00Z" },                       /* 18 leap seconds from here on */
        { 1929, INT64_C(604800000), "2016-12-31T23:59:43Z" }, /* 17 before */
        { 1600, 0, "2010-09-04T23:59:45Z" },
        { 1290, 207018000, "2004-09-28T09:30:05Z" },                   /* 13 */
        { 1, 0, "1980-01-13T00:00:00Z" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t want;
        assert_true(timestamp_parse(text_of(cases[i].utc), &want));
        assert_int_equal(gps_time_utc_us(cases[i].week, cases[i].ms), want / 1000);
    }
    assert_int_equal(gps_time_utc_us(0, 1000), FACT_UNKNOWN_INT);
    assert_int_equal(gps_time_utc_us(2314, -1), FACT_UNKNOWN_INT);
    assert_int_equal(gps_time_utc_us(FACT_UNKNOWN_INT, FACT_UNKNOWN_INT), FACT_UNKNOWN_INT);
}

/* What logs of 2014 have otherwise: a title ahead, no name for the last column of FMT, a kind without columns, NaN,
 * milliseconds. */
static void a_log_of_2014(void **state)
{
    struct outcome o;
    int64_t want;

    (void)state;
    outcome_of_corpus(&o, dataflash_text_read, "dataflash/log-of-2014.log");
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(f->points, 2);
    assert_true(timestamp_parse(TEXT("2014-01-26T15:44:18Z"), &want)); /* 16 leap seconds */
    assert_int_equal(position_of(&o, "aircraft", 0)->time, want);
    assert_int_equal(f->start, want - INT64_C(100000000));
    assert_true(note_says(f, "ArduPilot log as text of ArduCopter V3.1."));
    assert_true(note_says(f, "13 records of 6 kinds: 6 FMT, 2 PARM, 2 GPS, 1 ATT, 1 STRT, 1 MSG. Parameters: 2."));
    assert_true(has_identifier(&o, "serial", "00112233 44556677 8899AABB"));
    outcome_done(&o);

    outcome_of_corpus(&o, dataflash_text_read, "dataflash/kind-without-columns.log");
    assert_int_equal(o.reading.damage_count, 1); /* the line with a value */
    assert_int_equal(damage_of(&o, 0)->bytes_lost, 7);
    outcome_done(&o);
}

/* The same in binary. */
static void a_binary_kind_without_columns(void **state)
{
    const struct bytes whole = corpus_bytes("dataflash/five-fixes.bin");
    uint8_t fmt[89] = { 0xa3, 0x95, 0x80, 200, 3, 'S', 'T', 'R', 'T' };
    static const uint8_t record[] = { 0xa3, 0x95, 200 };
    struct outcome o, plain;
    struct buffer b;

    (void)state;
    outcome_of(&plain, dataflash_read, whole);
    buffer_init(&b, 1 << 16);
    buffer_add(&b, whole.at, whole.len);
    buffer_add(&b, fmt, sizeof fmt);
    buffer_add(&b, record, sizeof record);
    buffer_add(&b, record, sizeof record);
    const struct bytes in = exact_copy(b.at, b.len);
    outcome_of(&o, dataflash_read, in);
    assert_int_equal(o.reading.damage_count, plain.reading.damage_count);
    assert_int_equal(o.status, plain.status);
    assert_true(note_says(flight_of(&o, 0), "2 STRT"));
    outcome_done(&o);
    outcome_done(&plain);
    exact_copy_free(in);
    exact_copy_free(whole);
    buffer_done(&b);
}

#define NODE_COLUMNS "TimeUS,Driver,NodeId,UID1,UID2,Name,Major,Minor,Version"

/* A node of the CAN bus (ArduPilot, LogStructure.h of AP_CANManager), in text and in binary: the same number. */
static void numbers_of_nodes(void **state)
{
    static const char text[] = "FMT, 128, 89, FMT, BBnNZ, Type,Length,Name,Format,Columns\n"
        "FMT, 140, 99, CAND, QBBQQZBBI, " NODE_COLUMNS "\nCAND, 1000, 0, 125, 578437695752307201, 18374497873040170238, org.test.gnss, 1, 2, 3\n"
        "CAND, 1001, 0, 126, 0, 0, org.test.none, 1, 2, 3\n";
    uint8_t log[2 * 89 + 3 + 96] = { 0xa3, 0x95, 128, 128, 89 }, *cand = log + 89, *record = log + 2 * 89;

    (void)state;
    memcpy(log + 5, "FMT", 3);
    memcpy(log + 9, "BBnNZ", 5);
    memcpy(log + 25, "Type,Length,Name,Format,Columns", 31);
    memcpy(cand, (const uint8_t[]){ 0xa3, 0x95, 128, 140, 99 }, 5);
    memcpy(cand + 5, "CAND", 4);
    memcpy(cand + 9, "QBBQQZBBI", 9);
    memcpy(cand + 25, NODE_COLUMNS, sizeof NODE_COLUMNS - 1);
    memcpy(record, (const uint8_t[]){ 0xa3, 0x95, 140 }, 3);
    memcpy(record + 3 + 10, "\1\2\3\4\5\6\7\x08\xfe\xdc\xba\x98\x76\x54\xff\xfe", 16);
    memcpy(record + 3 + 26, "org.test.gnss", 13);
    for (int binary = 0; binary < 2; binary++) {
        struct outcome o;
        const struct bytes in = binary ? exact_copy(log, sizeof log) : exact_copy(text, sizeof text - 1);
        outcome_of(&o, binary ? dataflash_read : dataflash_text_read, in);
        assert_int_equal(o.reading.damage_count, 0);
        assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 1);
        const struct fact_device *device = kept_facts_row(&o.facts, FACT_DEVICE, 0);
        assert_text_equal(device->role, "other");
        assert_text_equal(device->model, "org.test.gnss");
        assert_text_equal(device->serial, "0102030405060708fedcba987654fffe");
        outcome_done(&o);
        exact_copy_free(in);
    }
}

#define GPS_LAYOUT "FMT, 128, 89, FMT, BBnNZ, Type,Length,Name,Format,Columns\n" \
    "FMT, 130, 38, GPS, QBBIHBcLLef, TimeUS,I,Status,GMS,GWk,NSats,HDop,Lat,Lng,Alt,Spd\n" \
    "FMT, 131, 27, POS, QLLef, TimeUS,Lat,Lng,Alt,RelHomeAlt\n"
#define GPS_WITHOUT_FIX(at_s) "GPS, " at_s "000000, 0, 1, 207018000, 2314, 0, 99.0, 44.1, -6.3, 9.0, 0\n"

/* They are of the path, as other readers count them, and are said to be what they are. */
static void places_without_a_fix(void **state)
{
    static const char text[] = GPS_LAYOUT GPS_WITHOUT_FIX("11") GPS_WITHOUT_FIX("12")
        "GPS, 30000000, 0, 3, 207037000, 2314, 9, 0.8, 45.5, -5.25, 100.0, 0\n";
    struct outcome o;

    (void)state;
    const struct bytes in = exact_copy((const uint8_t *)text, sizeof text - 1);
    outcome_of(&o, dataflash_text_read, in);
    assert_int_equal(flight_of(&o, 0)->points, 3);
    assert_place(position_of(&o, "aircraft", 2), 45.5, -5.25);
    assert_true(note_says(flight_of(&o, 0), "2 of the receiver's positions are marked as no fix: last known or guessed ones."));
    outcome_done(&o);
    exact_copy_free(in);
}

/* A receiver that counts the weeks anew every 1024: its time is told and not used. */
static void weeks_that_began_anew(void **state)
{
    const struct bytes whole = corpus_bytes("dataflash/five-fixes.log");
    const struct bytes in = exact_copy(whole.at, whole.len);
    struct outcome o;

    (void)state;
    for (uint8_t *at = (uint8_t *)(uintptr_t)in.at, *end = at + in.len;
         (at = memmem(at, (size_t)(end - at), ", 2314", 6)); )
        memcpy(at, ", 1290", 6);
    outcome_of(&o, dataflash_text_read, in);
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(f->points, 5);
    assert_int_equal(f->start, FACT_UNKNOWN_INT);
    assert_int_equal(position_of(&o, "aircraft", 0)->time, FACT_UNKNOWN_INT);
    assert_true(note_says(f, "The receiver's time, which is not used, is 2004-09-28T09:30:05.800Z, which is not believable: no such log is older than 2010. "
                             "With 1024 weeks more, by which old GPS receivers are wrong, it would be of 2024-05-14. When it was recorded is not known."));
    outcome_done(&o);
    exact_copy_free(in);
    exact_copy_free(whole);
}

/* Against what pymavlink reads in the same file. */
static void real_log(void **state)
{
    struct outcome o;
    char want[32];

    (void)state;
    const struct bytes in = file_bytes(sample_path("flightlog/test.BIN")), truth = truth_bytes("flightlog/test.BIN");
    outcome_of(&o, dataflash_read, in);
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(o.status, PARSE_TRUNCATED); /* 65,536 bytes of a longer log */
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(f->points, (int)truth_number(truth, "points", 0));
    snprintf(want, sizeof want, "%d records of %d kinds", (int)truth_number(truth, "messages", 0),
             (int)truth_number(truth, "types", 0));
    assert_true(note_says(f, want));
    static const char *const kinds[] = { "FMT", "PARM", "IMU", "NKF9", "GPS", "CMD", "MSG", "ORGN", "MODE" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(want, sizeof want, " %d %s", (int)truth_number(truth, kinds[i], 0), kinds[i]);
        assert_true(note_says(f, want));
    }
    static const char *const ends[] = { "first", "last" };
    for (size_t i = 0; i < 2; i++) {
        const struct fact_position *p = position_of(&o, "aircraft", i ? (size_t)f->points - 1 : 0);
        assert_place(p, truth_number(truth, ends[i], 1), truth_number(truth, ends[i], 2));
        assert_true(fabs((double)p->time / 1e9 - truth_number(truth, ends[i], 0)) < 1e-3);
        assert_true(fabs(p->altitude_m - truth_number(truth, ends[i], 3)) < 1e-9);
    }
    assert_true(fabs((double)f->start / 1e9 - truth_number(truth, "t0", 0)) < 1e-3);
    assert_true(fabs((double)f->end / 1e9 - truth_number(truth, "t1", 0)) < 1e-3);
    assert_true(has_identifier(&o, "serial", "00360029 30365103 31323731"));
    assert_int_equal(count_subject(&o, "target"), 11);
    free((void *)(uintptr_t)truth.at);
    exact_copy_free(in);
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_fixes_binary),
        cmocka_unit_test(five_fixes_text),
        cmocka_unit_test(a_gap_tells_how_many_records_it_took), cmocka_unit_test(damage_is_stepped_over),
        cmocka_unit_test(a_kind_without_layout_is_counted),
        cmocka_unit_test(cut_everywhere_binary),
        cmocka_unit_test(cut_everywhere_text),
        cmocka_unit_test(letters),
        cmocka_unit_test(gps_time),
        cmocka_unit_test(weeks_that_began_anew), cmocka_unit_test(places_without_a_fix), cmocka_unit_test(numbers_of_nodes),
        cmocka_unit_test(a_log_of_2014),
        cmocka_unit_test(a_binary_kind_without_columns),
        cmocka_unit_test(real_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
