#include "flightlog/text_log.h"

#include <math.h>

#include "base/buffer.h"
#include "flightlog/blackbox.h"

/* Logs made here; that blackbox_decode (betaflight/blackbox-tools) reads the same from them is checked by
 * tools outside of these tests: write_log below can put one into a file. */

#define FIRMWARE "Betaflight 4.4.2 (23d066d08) STM32F7X2"

static void put_unsigned(struct buffer *b, uint64_t value)
{
    for (; value > 0x7f; value >>= 7)
        buffer_add_u8(b, (uint8_t)(value | 0x80));
    buffer_add_u8(b, (uint8_t)value);
}

static void put_signed(struct buffer *b, int64_t value)
{
    put_unsigned(b, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

static void put_header(struct buffer *b, const char *firmware, const char *start)
{
    buffer_printf(b, "H Product:Blackbox flight data recorder by Nicholas Sherlock\nH Data version:2\nH I interval:32\nH P interval:1/1\n"
                  "H Firmware type:Cleanflight\nH Firmware revision:%s\nH Log start datetime:%s\nH Craft name:Example\nH Device UID:0x0102030405060708090a0b0c\n",
                  firmware, start);
    buffer_printf(b, "H Field I name:loopIteration,time,axisP[0],axisP[1],axisP[2],rcCommand[0],rcCommand[1],rcCommand[2],rcCommand[3],debug[0],debug[1],vbatLatest\n"
                  "H Field I signed:0,0,1,1,1,1,1,1,0,1,1,0\nH Field I predictor:0,0,0,0,0,0,0,0,0,0,0,0\nH Field I encoding:1,1,0,0,0,0,0,0,1,0,0,3\n"
                  "H Field P predictor:6,2,1,1,1,1,1,1,1,1,1,1\nH Field P encoding:9,0,7,7,7,8,8,8,8,6,6,6\n"
                  "H Field G name:time,GPS_numSat,GPS_coord[0],GPS_coord[1],GPS_altitude,GPS_speed,GPS_ground_course\n"
                  "H Field G signed:0,0,1,1,1,0,0\nH Field G predictor:10,0,7,7,0,0,0\nH Field G encoding:1,1,0,0,0,1,1\n"
                  "H Field H name:GPS_home[0],GPS_home[1]\nH Field H signed:1,1\nH Field H predictor:0,0\nH Field H encoding:0,0\n"
                  "H Field S name:flightModeFlags\nH Field S signed:0\nH Field S predictor:0\nH Field S encoding:1\n");
}

static void put_I(struct buffer *b, uint32_t iteration, uint32_t time_us)
{
    buffer_add_u8(b, 'I');
    put_unsigned(b, iteration);
    put_unsigned(b, time_us);
    for (int i = 0; i < 6; i++)
        put_signed(b, i - 3);
    put_unsigned(b, 1500);
    put_signed(b, 5);
    put_signed(b, -5);
    put_unsigned(b, 100);
}

/* `time` is the difference from the straight line through the two times before; `kind` picks widths of the groups. */
static void put_P(struct buffer *b, int32_t time, int kind)
{
    static const uint8_t tag2[][5] = { { 0x15 }, { 0x41, 0x23 }, { 0x81, 1, 2 }, { 0xe4, 1, 2, 3, 4 } };
    static const uint8_t tag2_bytes[] = { 1, 2, 3, 7 };
    static const uint8_t tag8[][8] = { { 0x00 }, { 0x55, 0x12, 0x34 }, { 0x1b, 0x11, 0x22, 0x33, 0x44 },
                                       { 0xff, 1, 2, 3, 4, 5, 6, 7 } };
    static const uint8_t tag8_bytes[] = { 1, 3, 5, 9 };

    buffer_add_u8(b, 'P');
    put_signed(b, time);
    buffer_add(b, tag2[kind], tag2_bytes[kind] < 5 ? tag2_bytes[kind] : 5);
    for (size_t i = 5; i < tag2_bytes[kind]; i++)
        buffer_add_u8(b, 0);
    buffer_add(b, tag8[kind], tag8_bytes[kind] < 8 ? tag8_bytes[kind] : 8);
    for (size_t i = 8; i < tag8_bytes[kind]; i++)
        buffer_add_u8(b, 0);
    buffer_add_u8(b, kind == 0 ? 0 : 5); /* two of three fields differ */
    if (kind != 0) {
        put_signed(b, 3);
        put_signed(b, -300);
    }
}

static void put_G(struct buffer *b, int32_t after_main_us, int32_t north, int32_t east, int32_t altitude)
{
    buffer_add_u8(b, 'G');
    put_unsigned(b, (uint32_t)after_main_us);
    put_unsigned(b, 12);
    put_signed(b, north);
    put_signed(b, east);
    put_signed(b, altitude);
    put_unsigned(b, 100);
    put_unsigned(b, 900);
}

static void put_H(struct buffer *b, int32_t latitude, int32_t longitude)
{
    buffer_add_u8(b, 'H');
    put_signed(b, latitude);
    put_signed(b, longitude);
}

static void put_end(struct buffer *b)
{
    buffer_add(b, "E\xff" "End of log", 13); /* with its NUL */
}

/* 40 main frames 500 us apart, a fix behind every fourth, home before the second of them. */
static void put_log(struct buffer *b, const char *firmware, const char *start, uint32_t from_us)
{
    put_header(b, firmware, start);
    for (uint32_t i = 0; i < 40; i++) {
        if (i % 20 == 0)
            put_I(b, i, from_us + i * 500);
        else
            put_P(b, i % 20 == 1 ? 500 : 0, (int)(i % 4));
        if (i == 2)
            put_H(b, 455000000, -52500000);
        if (i % 4 == 0)
            put_G(b, 10, (int32_t)i * 100, -(int32_t)i * 100, 1234);
        if (i == 10)
            buffer_add(b, "S\x05", 2);
    }
    put_end(b);
}

static void read_log(struct log_outcome *o, struct buffer *b)
{
    log_read_text(o, blackbox_read, "blackbox", (const char *)b->at, b->len);
}

static void fixes_home_and_names(void **state)
{
    struct log_outcome o;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    put_log(&b, FIRMWARE, "2024-05-01T09:30:00.000+00:00", 0xfffffff0u - 5000); /* the counter wraps on the way */
    read_log(&o, &b);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(f->points, 9); /* the first stands before the home point */
    assert_true(log_says(f, "1 fixes before the first home point cannot be placed."));
    assert_true(log_says(f, "53 frames, 10 of them of GPS"));
    assert_true(log_says(f, "untested on real files"));
    assert_place(log_position(&o, "home", 0), -5.25, 45.5);
    const struct fact_position *p = log_position(&o, "aircraft", 8);
    assert_place(p, -5.25 - 36e-5, 45.5 + 36e-5);
    assert_true(fabs(p->altitude_m - 123.4) < 1e-9);
    assert_text_equal(p->alt_ref, "msl");
    assert_text_equal(p->time_basis, "derived");
    assert_int_equal(p->time, log_time("2024-05-01T09:30:00.018010Z"));
    assert_true(fabs(f->duration_s - 0.0195) < 1e-9);
    assert_text_equal(f->app_version, FIRMWARE);
    assert_true(log_has_identifier(&o, "name", "Example"));
    assert_true(log_has_identifier(&o, "chip_id", "0x0102030405060708090a0b0c"));
    log_done(&o);
    buffer_done(&b);
}

static void no_clock_and_other_heights(void **state)
{
    struct log_outcome o;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    put_log(&b, "INAV 6.0.0 (1234) MATEKF405", "0000-01-01T00:00:00.000+00:00", 1000);
    read_log(&o, &b);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(f->points, 9);
    assert_int_equal(f->start, FACT_UNKNOWN_INT);
    assert_int_equal(log_position(&o, "aircraft", 0)->time, FACT_UNKNOWN_INT);
    assert_true(isnan(log_position(&o, "aircraft", 0)->altitude_m));
    assert_true(log_says(f, "not known in UTC"));
    assert_true(log_says(f, "Heights are left out"));
    log_done(&o);
    buffer_done(&b);
}

static void several_logs_in_a_flash_memory(void **state)
{
    struct log_outcome o;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    put_log(&b, FIRMWARE, "2024-05-01T09:30:00.000+00:00", 1000);
    const size_t second = b.len + 300;
    while (b.len < second)
        buffer_add_u8(&b, 0xff);
    put_log(&b, FIRMWARE, "2024-05-01T10:30:00.000+00:00", 1000);
    read_log(&o, &b);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLIGHT), 2);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(log_flight(&o, 1)->points, 9);
    assert_int_equal(log_flight(&o, 1)->head.origin.offset, second);
    assert_int_equal(log_flight(&o, 1)->start, log_time("2024-05-01T10:30:00Z"));
    log_done(&o);
    buffer_done(&b);
}

/* What stands between damage and the next whole frame is not believed. */
static void damage(void **state)
{
    struct log_outcome o;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    put_log(&b, FIRMWARE, "2024-05-01T09:30:00.000+00:00", 1000);
    uint8_t *at = memmem(b.at, b.len, "S\x05", 2);
    at[0] = 0xfe;
    at[1] = 0xfd;
    read_log(&o, &b);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(o.reading.damage_count, 1);
    /* the frame before it is not believed either: no letter follows */
    assert_in_range(log_damage(&o, 0)->head.origin.offset, at - b.at - 16, at - b.at - 1);
    assert_int_equal(log_damage(&o, 0)->head.origin.offset + log_damage(&o, 0)->bytes_lost, at + 2 - b.at);
    assert_int_equal(f->points, 7); /* of those behind frames 12 and 16 nothing is told */
    assert_true(log_says(f, "2 GPS frames between damage and the next whole frame are not believed."));
    log_done(&o);
    buffer_done(&b);
}

static void a_text_log_without_gps(void **state)
{
    static const char text[] = "H Product:Blackbox flight data recorder by Nicholas Sherlock\nH Field I name:loopIteration,time\nH Field I predictor:0,0\n"
                               "H Field I encoding:1,77\nI\x01\x02";
    struct log_outcome o;

    (void)state;
    log_read_text(&o, blackbox_read, "blackbox", text, sizeof text - 1);
    assert_int_equal(log_flight(&o, 0)->points, 0);
    assert_true(log_says(log_flight(&o, 0), "no GPS frames"));
    assert_int_equal(o.reading.damage_count, 1);
    log_done(&o);
}

static void cut_everywhere(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    put_log(&b, FIRMWARE, "2024-05-01T09:30:00.000+00:00", 1000);
    log_cut_everywhere(blackbox_read, blackbox_recognise, (const char *)b.at, b.len);
    buffer_done(&b);
}

/* With a name as argument: writes a log there, for other programs. */
static int write_log(const char *path)
{
    struct buffer b;
    FILE *out = fopen(path, "wb");

    buffer_init(&b, 1 << 20);
    put_log(&b, FIRMWARE, "2024-05-01T09:30:00.000+00:00", 1000);
    const bool written = out && fwrite(b.at, 1, b.len, out) == b.len;
    if (out)
        fclose(out);
    buffer_done(&b);
    return written ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixes_home_and_names),
        cmocka_unit_test(no_clock_and_other_heights),
        cmocka_unit_test(several_logs_in_a_flash_memory),
        cmocka_unit_test(damage),
        cmocka_unit_test(a_text_log_without_gps),
        cmocka_unit_test(cut_everywhere),
    };
    return argc > 1 ? write_log(argv[1]) : cmocka_run_group_tests(tests, NULL, NULL);
}
