#include "stage.h"

#include <stdlib.h>

#include "protocol/duml.h"

/* The checks again, from their polynomials: the remainder of the message, most significant coefficient first in each
 * byte's lowest bit. */
static unsigned remainder_of(struct bytes b, unsigned width, unsigned polynomial, unsigned start)
{
    unsigned r = start;

    for (size_t i = 0; i < 8 * b.len; i++) {
        const unsigned bit = (b.at[i / 8] >> i % 8 & 1) ^ (r & 1);
        r >>= 1;
        for (unsigned k = 0; bit && k < width; k++) /* the polynomial read backwards */
            r ^= (polynomial >> k & 1) << (width - 1 - k);
    }
    return r;
}

static void put_le(struct buffer *b, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        buffer_add_u8(b, (uint8_t)(value >> 8 * i));
}

static void put_frame(struct buffer *b, uint8_t kind, uint8_t set, uint8_t command, struct bytes payload)
{
    const size_t from = b->len, length = DUML_HEADER + payload.len + DUML_CHECK;

    buffer_add_u8(b, 0x55);
    put_le(b, length | 1 << 10, 2);
    buffer_add_u8(b, (uint8_t)remainder_of(bytes_part(buffer_bytes(b), from, 3), 8, 0x31, 0x77));
    buffer_add(b, "\x03\x0a\x01\x00", 4);
    buffer_add_u8(b, kind);
    buffer_add_u8(b, set);
    buffer_add_u8(b, command);
    buffer_add(b, payload.at, payload.len);
    put_le(b, remainder_of(bytes_part(buffer_bytes(b), from, b->len), 16, 0x1021, 0x3692), 2);
}

static void put_position(struct buffer *b, uint8_t kind, uint8_t command, double longitude_rad, double latitude_rad)
{
    uint8_t payload[50] = { 0 };

    memcpy(payload, &longitude_rad, 8);
    memcpy(payload + 8, &latitude_rad, 8);
    put_frame(b, kind, 3, command, (struct bytes){ .at = payload, .len = sizeof payload });
}

static const double degree = 0.017453292519943295;

static void positions_in_the_open(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    put_frame(&b, 0, 0, 1, BYTES("?"));
    put_position(&b, 0, 0x43, 0, 0);                                /* no fix */
    put_position(&b, 0, 0x44, 800000, 800000);                      /* no home point yet */
    put_position(&b, 1, 0x43, 13 * degree, 52 * degree);            /* encrypted */
    put_position(&b, 0, 0x43, 13.404954 * degree, 52.520008 * degree);
    put_position(&b, 0, 0x44, -1 * degree, -2.5 * degree);
    put_position(&b, 0, 0x43, 14 * degree, 53 * degree);            /* only the first becomes a row */
    for (size_t step = 0; step < 40; step += 7) {
        stage(&duml_protocol, true, 9000);
        say(DIRECTION_OUT, buffer_bytes(&b), step);
        fake_end(&fake);
        assert_true(fake.recognised);
        assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 2);
        assert_text_equal(request_row(0)->protocol, "duml");
        assert_text_equal(request_row(0)->method, "aircraft position");
        assert_text_equal(request_row(0)->path, "52.5200080,13.4049540");
        assert_text_equal(request_row(1)->method, "home position");
        assert_text_equal(request_row(1)->path, "-2.5000000,-1.0000000");
        /* whole: the three positions; of the others all but the payload */
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, b.len - 1 - 3 * 50);
        unstage();
    }
    sweep(&duml_protocol, true, 9000, buffer_bytes(&b));
    buffer_done(&b);
}

/* In datagrams a header of the carrier's may stand in front. */
static void frames_in_datagrams(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    put_text(&b, "U header");
    put_position(&b, 0, 0x43, 13 * degree, 52 * degree);
    put_frame(&b, 0, 0, 1, BYTES(""));
    stage(&duml_protocol, false, 9003);
    say(DIRECTION_OUT, buffer_bytes(&b), 0);
    fake_end(&fake);
    assert_true(fake.recognised);
    assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, b.len - 8);
    unstage();
    buffer_add_u8(&b, 0); /* the nearest that is none: something behind the frames */
    stage(&duml_protocol, false, 9003);
    say(DIRECTION_OUT, buffer_bytes(&b), 0);
    fake_end(&fake);
    assert_false(fake.recognised);
    unstage();
    sweep(&duml_protocol, false, 9003, bytes_part(buffer_bytes(&b), 0, b.len - 1));
    buffer_done(&b);
}

/* What a carrier writes before the first frame is not long. */
static void frames_begin_near_the_start(void **state)
{
    enum { BEFORE_MAX = 64 };

    (void)state;
    for (size_t before = BEFORE_MAX - 1; before <= BEFORE_MAX + 1; before++) {
        struct buffer b;
        buffer_init(&b, 1 << 16);
        for (size_t i = 0; i < before; i++)
            buffer_add_u8(&b, 0);
        put_position(&b, 0, 0x43, 13 * degree, 52 * degree);
        stage(&duml_protocol, false, 9003);
        say(DIRECTION_OUT, buffer_bytes(&b), 0);
        fake_end(&fake);
        assert_int_equal(fake.recognised, before <= BEFORE_MAX);
        unstage();
        buffer_done(&b);
    }
}

/* No byte may be another. */
static void frames_are_checked(void **state)
{
    struct duml_frame f;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    put_frame(&b, 0x80, 3, 9, BYTES("payload"));
    assert_int_equal(duml_frame_parse(buffer_bytes(&b), &f), PARSE_OK);
    assert_int_equal(f.sender, 3);
    assert_int_equal(f.receiver, 10);
    assert_int_equal(f.kind, 0x80);
    assert_int_equal(f.set, 3);
    assert_int_equal(f.command, 9);
    assert_true(bytes_equal(f.payload, "payload", 7));
    for (size_t len = 0; len < b.len; len++) {
        struct bytes copy = exact_copy(b.at, len);
        assert_int_equal(duml_frame_parse(copy, &f), PARSE_TRUNCATED);
        exact_copy_free(copy);
    }
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        b.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_not_equal(duml_frame_parse(buffer_bytes(&b), &f), PARSE_OK);
        b.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    buffer_done(&b);
}

static void records_of_a_serial_line(void **state)
{
    struct buffer b;
    unsigned told = 0;

    (void)state;
    buffer_init(&b, 1 << 12);
    kept_facts_init(&kept);
    struct reading r = reading_for_test(&kept);
    put_position(&b, 0, 0x43, 13 * degree, 52 * degree);
    assert_true(duml_record_met(&r, buffer_bytes(&b), 1, 5, &told));
    assert_true(duml_record_met(&r, buffer_bytes(&b), 2, 6, &told));
    put_text(&b, "more");
    assert_false(duml_record_met(&r, buffer_bytes(&b), 3, 7, &told));
    assert_int_equal(kept_facts_count(&kept, FACT_DEVICE), 1);
    assert_text_equal(device_row(0)->vendor, "DJI");
    assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1);
    assert_int_equal(request_row(0)->head.origin.packet_first, 1);
    assert_int_equal(request_row(0)->flow, FACT_UNKNOWN_INT);
    arena_free(r.arena);
    kept_facts_done(&kept);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_in_the_open),
        cmocka_unit_test(frames_in_datagrams),
        cmocka_unit_test(frames_begin_near_the_start),
        cmocka_unit_test(frames_are_checked),
        cmocka_unit_test(records_of_a_serial_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
