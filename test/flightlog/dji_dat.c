#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "flightlog/dji_dat.h"
#include "flightlog/log_builder.h"

struct outcome {
    struct kept_facts facts;
    struct reading reading;
    enum parse_status status;
};

static void read_bytes(struct outcome *o, struct bytes in)
{
    kept_facts_init(&o->facts);
    o->reading = reading_for_test(&o->facts);
    o->status = dji_dat_read(&o->reading, in);
}

static void outcome_done(struct outcome *o)
{
    reading_for_test_done(&o->reading);
    kept_facts_done(&o->facts);
}

static void read_buffer(struct outcome *o, struct buffer *b)
{
    struct bytes in = exact_copy(b->at, b->len);

    assert_true(dji_dat_recognise(in));
    read_bytes(o, in);
    exact_copy_free(in);
}

static const struct fact_flight *flight_of(const struct outcome *o)
{
    assert_int_equal(kept_facts_count(&o->facts, FACT_FLIGHT), 1);
    return kept_facts_row(&o->facts, FACT_FLIGHT, 0);
}

static bool says(const struct fact_flight *f, const char *what)
{
    return memmem(f->note.at, f->note.len, what, strlen(what)) != NULL;
}

static void small_log(struct buffer *b)
{
    uint8_t attitude[80] = { 0 };

    buffer_init(b, 1 << 20);
    dat_header(b, "0TESTEXAMPLE0001", true);
    memcpy(attitude + 52, "0TESTEXAMPLE0001", 16);
    dat_record(b, 13, 1000, attitude, sizeof attitude);
    for (unsigned i = 0; i < 10; i++)
        dat_fix(b, 0xfffff000u + i * 3840000, 20240514, 93000 + i, -5.25, 45.5 + 0.001 * i, 12.5 + i);
}

static void fixes_serial_and_counts(void **state)
{
    struct buffer b;
    struct outcome o;
    int64_t start;

    (void)state;
    small_log(&b);
    read_buffer(&o, &b);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_text_equal(f->format, "dji-dat");
    assert_text_equal(f->aircraft_serial, "0TESTEXAMPLE0001");
    assert_int_equal(f->points, 10);
    assert_int_equal(kept_facts_count(&o.facts, FACT_POSITION), 10);
    assert_true(timestamp_parse(TEXT("2024-05-14T09:30:00Z"), &start));
    assert_int_equal(f->start, start);
    assert_near(f->duration_s, 9, 1e-9);
    assert_near(f->last_latitude_deg, 45.509, 1e-9);
    assert_near(f->last_altitude_m, 21.5, 1e-9);
    assert_text_equal(f->alt_ref, "unknown");
    assert_true(says(f, "11 whole records of 2 types. Read: 10 of type 2096 (GPS fix), 1 of type 13 (home point)."));
    assert_false(says(f, "Not understood"));
    assert_true(says(f, "It spans 9 s by its own counter")); /* which wrapped on the way */
    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 1);
    const struct fact_position *p = kept_facts_row(&o.facts, FACT_POSITION, 3);
    assert_int_equal(p->time, start + 3 * NS_PER_S);
    assert_text_equal(p->time_basis, "utc");
    assert_text_equal(p->subject, "aircraft");
    outcome_done(&o);
    buffer_done(&b);
}

static void an_old_log_without_the_mark(void **state)
{
    struct buffer b;
    struct outcome o;

    (void)state;
    buffer_init(&b, 4096);
    dat_header(&b, "", false);
    struct bytes in = exact_copy(b.at, b.len);
    assert_false(dji_dat_recognise(in)); /* not one record: no log that could be read */
    exact_copy_free(in);
    dat_fix(&b, 5, 20240514, 93000, -5.25, 45.5, 1);
    read_buffer(&o, &b);
    assert_int_equal(flight_of(&o)->points, 1);
    assert_false(text_known(flight_of(&o)->aircraft_serial));
    outcome_done(&o);
    buffer_done(&b);
}

static void interrupted_records_are_joined(void **state)
{
    struct buffer b, whole, other;
    struct outcome o;
    uint8_t attitude[80] = { 0 };

    (void)state;
    buffer_init(&b, 65536);
    buffer_init(&whole, 4096);
    buffer_init(&other, 4096);
    dat_header(&b, "", true);
    memcpy(attitude + 52, "0TESTEXAMPLE0009", 16);
    dat_record(&whole, 13, 77, attitude, sizeof attitude);
    dat_fix(&other, 99, 20240514, 93000, -5.25, 45.5, 1);
    for (size_t cut = 1; cut < whole.len; cut++) {
        buffer_add(&b, whole.at, cut);
        buffer_add(&b, other.at, other.len);
        buffer_add(&b, whole.at + cut, whole.len - cut);
    }
    read_buffer(&o, &b);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(o.reading.damage_count, 0); /* not one byte is lost */
    assert_int_equal(f->points, whole.len - 1);
    assert_text_equal(f->aircraft_serial, "0TESTEXAMPLE0009");
    assert_true(says(f, "91 more records, each interrupted by another one"));
    const struct fact_device *device = kept_facts_row(&o.facts, FACT_DEVICE, 0);
    assert_int_equal(device->head.origin.steps.count, 2);
    assert_int_equal(device->head.origin.offset, 256);
    assert_int_equal(device->head.origin.length, whole.len + other.len);
    outcome_done(&o);
    buffer_done(&b);
    buffer_done(&whole);
    buffer_done(&other);
}

enum { RATE = 3840000 };

/* Week and milliseconds of GPS time, and a place in degrees. */
static void put_rtk(struct buffer *b, uint32_t tick, uint32_t week, uint32_t in_week_ms, double longitude_deg,
                    double latitude_deg)
{
    struct buffer p;

    buffer_init(&p, 128);
    put_u32(&p, week);
    put_u32(&p, in_week_ms);
    put_f64(&p, longitude_deg);
    put_f64(&p, latitude_deg);
    put_f32(&p, 30.5f);
    while (p.len < 78)
        buffer_add_u8(&p, 0);
    dat_record(b, 53234, tick, p.at, p.len);
    buffer_done(&p);
}

/* Nose up by `pitch_deg` and nothing else, looking to `yaw_deg`. */
static void put_estimate(struct buffer *b, uint16_t type, uint32_t tick, double longitude_deg, double latitude_deg,
                         double pitch_deg,
                         double yaw_deg)
{
    const double p2 = pitch_deg * M_PI / 360, y2 = yaw_deg * M_PI / 360;
    struct buffer p;

    buffer_init(&p, 128);
    put_f64(&p, longitude_deg * M_PI / 180);
    put_f64(&p, latitude_deg * M_PI / 180);
    put_f32(&p, 12.5f);
    while (p.len < 48)
        buffer_add_u8(&p, 0);
    put_f32(&p, (float)(cos(y2) * cos(p2)));
    put_f32(&p, (float)(-sin(y2) * sin(p2)));
    put_f32(&p, (float)(cos(y2) * sin(p2)));
    put_f32(&p, (float)(sin(y2) * cos(p2)));
    while (p.len < 120)
        buffer_add_u8(&p, 0);
    dat_record(b, type, tick, p.at, p.len);
    buffer_done(&p);
}

static void put_home(struct buffer *b, uint32_t tick, double longitude_deg, double latitude_deg, unsigned flags)
{
    struct buffer p;

    buffer_init(&p, 128);
    put_f64(&p, longitude_deg * M_PI / 180);
    put_f64(&p, latitude_deg * M_PI / 180);
    put_f32(&p, 1805.0f);
    put_u16(&p, (uint16_t)flags);
    while (p.len < 83)
        buffer_add_u8(&p, 0);
    dat_record(b, 13, tick, p.at, p.len);
    buffer_done(&p);
}

static const struct fact_position *position(const struct outcome *o, size_t i)
{
    assert_true(i < kept_facts_count(&o->facts, FACT_POSITION));
    return kept_facts_row(&o->facts, FACT_POSITION, i);
}

/* Receivers that count the weeks anew every 1024 tell where, and no time that is used. */
static void weeks_that_began_anew(void **state)
{
    struct buffer b;
    struct outcome o;

    (void)state;
    buffer_init(&b, 1 << 16);
    dat_header(&b, "0TESTEXAMPLE0001", true);
    for (unsigned i = 0; i < 10; i++) {
        dat_fix(&b, 5000 + i * RATE, 20040926, i, -5.25, 45.5 + 0.00001 * i, 100);
        put_rtk(&b, 6000 + i * RATE, 2314 - 1024, 13000 + i * 1000, 0, 0);
    }
    read_buffer(&o, &b);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(f->points, 10);
    assert_int_equal(f->start, FACT_UNKNOWN_INT);
    assert_int_equal(position(&o, 9)->time, FACT_UNKNOWN_INT);
    assert_true(says(f, "The receiver's time, which is not used, is 2004-09-26T00:00:09Z, which is not believable: no such log is older than 2010. With "
                        "1024 weeks more, by which old GPS receivers are wrong, it would be of 2024-05-12. When it was recorded is not known."));
    outcome_done(&o);
    buffer_done(&b);
}

/* The receiver falls silent for 20 s; an estimate tells on, and its times come from the other receiver's clock. */
static void other_positions_fill_in(void **state)
{
    struct buffer b;
    struct outcome o;
    int64_t midnight;

    (void)state;
    buffer_init(&b, 1 << 20);
    dat_header(&b, "0TESTEXAMPLE0001", true);
    assert_true(timestamp_parse(TEXT("2024-05-12T00:00:00Z"), &midnight)); /* week 2314 of GPS begins 18 s earlier */
    for (unsigned ms = 0; ms < 40000; ms += 200) {
        const uint32_t tick = 5000 + ms * (RATE / 1000);
        const double latitude_deg = 45.5 + 0.000001 * ms;
        put_estimate(&b, 2048, tick, -5.25, latitude_deg, 10, -90);
        put_rtk(&b, tick + 10, 2314, 18000 + ms, 0, 0);
        if (ms < 5000 || ms >= 25000)
            dat_fix(&b, tick + 20, 20240512, ms / 1000, -5.25, latitude_deg, 100);
    }
    put_home(&b, 7, -5.25, 45.5, 0x2006);  /* not set */
    put_home(&b, 8, -5.25, 45.6, 0x2007);
    dat_record(&b, 4711, 9, "abc", 3);
    dat_record(&b, 4711, 9, "abc", 3);
    dat_record(&b, 32768, 9, "   1325 [L-SYS]app lost connection!\r\n", 37);
    dat_record(&b, 32768, 9, "   1399 [L-SYS]app lost connection!\r\n", 37);
    dat_record(&b, 32768, 9, "   1400 [L-FAN]fan cfg synced", 29);
    read_buffer(&o, &b);
    const struct fact_flight *f = flight_of(&o);
    /* 25 + 75 of the receiver; from ten seconds on without a fix another one fills in, until just before the next
     * fix. */
    assert_true(says(f, "The path is that of the GPS receiver (100 fixes) and, where that paused for 10 s, of the estimate of IMU 0 (51 fixes); "
                        "not in it are 149 of the estimate of IMU 0."));
    assert_int_equal(f->points, 151);
    assert_true(says(f, "51 positions of the path have no date of their own"));
    assert_true(says(f, "200 records of other sources have no position yet (0/0)."));
    assert_true(says(f, "known to a millisecond, its first record is of 2024-05-12T00:00:00.000Z"));
    assert_true(says(f, "Not understood, and only counted: 2 of 1 types: 2 of type 4711."));
    assert_true(says(f, "3 lines of text"));
    assert_true(says(f, "Messages: 1: \"[L-SYS]app lost connection!\""));
    assert_near(f->home_latitude_deg, 45.6, 1e-12);
    const struct fact_position *first = position(&o, 0), *filled = position(&o, 30), *home = position(&o, 151);
    assert_int_equal(first->time, midnight);
    assert_text_equal(first->time_basis, "utc");
    assert_near(first->pitch_deg, 10, 1e-4);
    assert_near(first->roll_deg, 0, 1e-4);
    assert_near(first->yaw_deg, -90, 1e-4);
    assert_text_equal(filled->time_basis, "derived");
    assert_text_equal(filled->alt_ref, "unknown");
    assert_near(filled->altitude_m, 12.5, 1e-9);
    /* North by one microdegree a millisecond: the place tells the time that it must have. */
    assert_near((double)(filled->time - midnight) / 1e6, (filled->latitude_deg - 45.5) * 1e6, 1);
    assert_text_equal(home->subject, "home");
    assert_near(home->altitude_m, 180.5, 1e-9);
    assert_true(isnan(home->pitch_deg));
    outcome_done(&o);
    buffer_done(&b);
}

/* Older aircraft: other types, and by whole seconds a counter of another rate. */
static void an_older_generation(void **state)
{
    struct buffer b, fix;
    struct outcome o;

    (void)state;
    buffer_init(&b, 1 << 16);
    buffer_init(&fix, 4096);
    dat_header(&b, "", false);
    for (unsigned s = 0; s < 60; s++) {
        uint8_t payload[64] = { 0 };
        fix.len = 0;
        put_u32(&fix, 20150514);
        put_u32(&fix, 93000 + s);
        put_u32(&fix, (uint32_t)-52500000);
        put_u32(&fix, 455000000);
        put_u32(&fix, 12500);
        memcpy(payload, fix.at, fix.len);
        dat_record(&b, 5, 100 + 600 * s, payload, 52);
        put_estimate(&b, 1, 101 + 600 * s, -5.25, 45.5, -3, 45);
    }
    read_buffer(&o, &b);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(f->points, 60);
    assert_true(says(f, "That runs at 600 Hz by the log's times"));
    assert_true(says(f, "It spans 59 s"));
    assert_true(says(f, "60 of type 1 (estimate), 60 of type 5 (GPS fix)"));
    assert_true(says(f, "An older form: untested on real files."));
    assert_true(says(f, "Positions of types 1, 5 and 2066 are untested on real files."));
    assert_near(position(&o, 59)->altitude_m, 12.5, 1e-9);
    assert_near(f->duration_s, 59, 1e-9);
    outcome_done(&o);
    buffer_done(&b);
    buffer_done(&fix);
}

static void damage_is_summed_up(void **state)
{
    struct buffer b;
    struct outcome o;

    (void)state;
    small_log(&b);
    const size_t at = b.len;
    for (unsigned i = 0; i < 5000; i++)
        buffer_add_u8(&b, (uint8_t)(i * 85)); /* full of false starts */
    dat_fix(&b, 1, 20240514, 93100, -5.25, 45.6, 1);
    const size_t second = b.len;
    dat_fix(&b, 2, 20240514, 93101, -5.25, 45.7, 1);
    b.at[second + 30] ^= 1;
    dat_fix(&b, 3, 20240514, 93102, -5.25, 45.8, 1);
    read_buffer(&o, &b);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(flight_of(&o)->points, 12);
    assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 1);
    const struct fact_damage *damage = kept_facts_row(&o.facts, FACT_DAMAGE, 0);
    assert_int_equal(damage->head.origin.offset, at);
    assert_int_equal(damage->bytes_lost, 5000 + 82);
    outcome_done(&o);
    buffer_done(&b);
}

static void fixes_without_place_or_date(void **state)
{
    struct buffer b;
    struct outcome o;
    int64_t start;

    (void)state;
    buffer_init(&b, 4096);
    dat_header(&b, "0TESTEXAMPLE0001", true);
    dat_fix(&b, 0, 0, 0, -5.25, 45.5, 1);                     /* before any date: no time */
    dat_fix(&b, 3840000, 20240514, 93000, -5.25, 45.5, 1);
    dat_fix(&b, 2 * 3840000, 20241399, 93000, -5.25, 45.5, 1); /* no such date: by the counter */
    dat_fix(&b, 3 * 3840000, 20240514, 93002, 0, 0, 0);
    dat_fix(&b, 4 * 3840000, 20240514, 93003, 200, 45.5, 0);
    read_buffer(&o, &b);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(f->points, 3);
    assert_true(timestamp_parse(TEXT("2024-05-14T09:30:00Z"), &start));
    assert_int_equal(((const struct fact_position *)kept_facts_row(&o.facts, FACT_POSITION, 0))->time,
                     FACT_UNKNOWN_INT);
    const struct fact_position *derived = kept_facts_row(&o.facts, FACT_POSITION, 2);
    assert_int_equal(derived->time, start + NS_PER_S);
    assert_text_equal(derived->time_basis, "derived");
    assert_true(says(f, "1 positions without a fix (0/0)"));
    assert_true(says(f, "1 positions outside the globe"));
    outcome_done(&o);
    buffer_done(&b);
}

static void cut_everywhere_and_flip(void **state)
{
    struct buffer b;
    int64_t before = 0;

    (void)state;
    small_log(&b);
    for (size_t len = 0; len < b.len; len++) {
        struct bytes in = exact_copy(b.at, len);
        struct outcome o;

        read_bytes(&o, in);
        assert_true(dji_dat_recognise(in) == (len >= 252));
        if (len < 21) {
            assert_int_equal(o.status, PARSE_INVALID);
            assert_int_equal(o.facts.count, 0);
        } else {
            assert_true(flight_of(&o)->points >= before);
            before = flight_of(&o)->points;
        }
        outcome_done(&o);
        exact_copy_free(in);
    }
    assert_int_equal(before, 9);
    for (size_t bit = 8 * 256; bit < 8 * b.len; bit += 5) {
        struct bytes in = exact_copy(b.at, b.len);
        struct outcome o;

        ((uint8_t *)(uintptr_t)in.at)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        read_bytes(&o, in);
        assert_in_range(flight_of(&o)->points, 9, 10);
        assert_int_equal(o.reading.damage_count, 1);
        outcome_done(&o);
        exact_copy_free(in);
    }
    buffer_done(&b);
}

static double truth_number(struct bytes truth, const char *key, int nth)
{
    const char *found = memmem(truth.at, truth.len, key, strlen(key));

    if (!found)
        fail_msg("no %s in the truth", key);
    found += strlen(key);
    for (; nth >= 0; nth--)
        found += strcspn(found + 1, "-0123456789.") + 1 +
            (nth > 0 ? strspn(found + 1 + strcspn(found + 1, "-0123456789."), "-0123456789.") : 0);
    return strtod(found, NULL);
}

static void check_real(const char *name)
{
    char below[256];
    struct outcome o;

    snprintf(below, sizeof below, "flightlog/%s", name);
    struct bytes in = file_bytes(sample_path(below));
    assert_true(dji_dat_recognise(in));
    read_bytes(&o, in);
    snprintf(below, sizeof below, "flightlog/%s.truth.json", name);
    struct bytes json = file_bytes(sample_path(below));
    char *text = calloc(json.len + 1, 1);
    assert_non_null(text);
    memcpy(text, json.at, json.len);
    const struct bytes truth = { .at = (const uint8_t *)text, .len = json.len };

    const struct fact_flight *f = flight_of(&o);
    char want[64];
    int64_t start;
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(f->points, (int)truth_number(truth, "\"points\":", 0));
    assert_near(f->bbox_south, truth_number(truth, "\"bbox\":", 0), 1e-9);
    assert_near(f->bbox_west, truth_number(truth, "\"bbox\":", 1), 1e-9);
    assert_near(f->bbox_north, truth_number(truth, "\"bbox\":", 2), 1e-9);
    assert_near(f->bbox_east, truth_number(truth, "\"bbox\":", 3), 1e-9);
    snprintf(want, sizeof want, " %d whole records of %d types", (int)truth_number(truth, "\"records\":", 0),
             (int)truth_number(truth, "\"types\":", 0));
    assert_true(says(f, want));
    const char *serial = strstr(text, "\"aircraft_serial_in_header\": \"") + 30;
    assert_true(text_equal(f->aircraft_serial, (struct text){ serial, 16 }));
    char first[32];
    snprintf(first, sizeof first, "%.10sT%.8sZ", strstr(text, "\"first\":") + 14, strstr(text, "\"first\":") + 25);
    assert_true(timestamp_parse(text_of(first), &start));
    assert_int_equal(f->start, start);

    /* Each of these logs ends in the middle of a record, and nothing else is lost. */
    const struct fact_damage *damage = kept_facts_row(&o.facts, FACT_DAMAGE, 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 1);
    assert_int_equal(damage->head.origin.offset + damage->bytes_lost, in.len);
    assert_in_range(damage->bytes_lost, 1, 100);
    free(text);
    exact_copy_free(json);
    exact_copy_free(in);
    outcome_done(&o);
}

static void real_log_13(void **state) { (void)state; check_real("2023-09-22_15-42-10_FLY013.DAT"); }
static void real_log_21(void **state) { (void)state; check_real("2023-09-22_17-44-44_FLY021.DAT"); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixes_serial_and_counts),
        cmocka_unit_test(an_old_log_without_the_mark),
        cmocka_unit_test(interrupted_records_are_joined),
        cmocka_unit_test(weeks_that_began_anew),
        cmocka_unit_test(other_positions_fill_in),
        cmocka_unit_test(an_older_generation),
        cmocka_unit_test(damage_is_summed_up),
        cmocka_unit_test(fixes_without_place_or_date),
        cmocka_unit_test(cut_everywhere_and_flip),
        cmocka_unit_test(real_log_13),
        cmocka_unit_test(real_log_21),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
