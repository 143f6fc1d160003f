#include "stage.h"

#include <zlib.h>

#include "protocol/http1.h"

static const char ask[] = "GET /ws HTTP/1.1\r\nHost: h.example\r\nUpgrade: websocket\r\n\r\n";

static void put_frame(struct buffer *b, uint8_t first, struct bytes content, bool masked)
{
    static const uint8_t mask[] = { 0x11, 0x22, 0x33, 0x44 };

    buffer_add_u8(b, first);
    if (content.len < 126) {
        buffer_add_u8(b, (uint8_t)(content.len | (masked ? 0x80 : 0)));
    } else {
        buffer_add_u8(b, (uint8_t)(126 | (masked ? 0x80 : 0)));
        put_uint(b, content.len, 2);
    }
    if (masked)
        buffer_add(b, mask, sizeof mask);
    for (size_t i = 0; i < content.len; i++)
        buffer_add_u8(b, content.at[i] ^ (masked ? mask[i & 3] : 0));
}

/* Plays the upgrade with the fields that the server answers, then the frames. */
static void play(const char *fields, const struct buffer *frames, size_t step)
{
    char answer[300];

    snprintf(answer, sizeof answer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n%s\r\n", fields);
    stage(&http1_protocol, true, 80);
    say(DIRECTION_OUT, bytes_of(ask), 0);
    say(DIRECTION_IN, bytes_of(answer), step);
    say(DIRECTION_OUT, buffer_bytes(frames), step);
    fake_end(&fake);
    assert_text_equal(fake.c.row.service, "websocket");
    assert_int_equal(request_row(0)->status, 101);
}

static void assert_view(const char *decoding, const char *want)
{
    struct buffer got;

    buffer_init(&got, 1 << 20);
    fake_view_bytes(&fake, decoding, &got);
    assert_text_equal(buffer_text(&got), want);
    buffer_done(&got);
}

static void text_in_fragments(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    put_frame(&b, 0x01, bytes_of("lat=52."), true);
    put_frame(&b, 0x89, bytes_of("ping"), true); /* may come between */
    put_frame(&b, 0x80, bytes_of("520008"), true);
    put_frame(&b, 0x81, bytes_of(""), true);
    put_frame(&b, 0x82, BYTES("\0\1\2\3"), false);
    for (size_t step = 0; step < 20; step++) {
        play("", &b, step);
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, sizeof ask - 1 + b.len - 4); /* all but the binary message */
        struct buffer got;
        buffer_init(&got, 1 << 10);
        fake_view_bytes(&fake, "websocket", &got);
        assert_int_equal(got.len, 13 + 4);
        assert_memory_equal(got.at, "lat=52.520008\0\1\2\3", 17);
        buffer_clear(&got);
        fake_view_bytes(&fake, "websocket control", &got); /* a view for each piece of it */
        assert_memory_equal(got.at, "ping", 4);
        buffer_done(&got);
        unstage();
    }
    buffer_done(&b);
}

/* As RFC 7692 7.2.1 has it: one stream for all messages, each flushed, without the last four bytes. */
static struct bytes deflated(z_stream *z, const char *s)
{
    static uint8_t into[1 << 12];

    z->next_in = (Bytef *)(uintptr_t)s;
    z->avail_in = (uInt)strlen(s);
    z->next_out = into;
    z->avail_out = sizeof into;
    assert_int_equal(deflate(z, Z_SYNC_FLUSH), Z_OK);
    return (struct bytes){ .at = into, .len = sizeof into - z->avail_out - 4 };
}

static void compressed_messages(void **state)
{
    (void)state;
    for (int alone = 0; alone < 2; alone++) {
        struct buffer b;
        z_stream z = { 0 };
        buffer_init(&b, 1 << 16);
        assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
        put_frame(&b, 0xc1, deflated(&z, "{\"sn\":\"A1B2C3\",\"lat\":52.520008}"), true);
        if (alone)
            deflateReset(&z);
        const struct bytes second = deflated(&z, "{\"sn\":\"A1B2C3\",\"lat\":52.520009}");
        put_frame(&b, 0x41, bytes_part(second, 0, 3), true); /* in fragments */
        put_frame(&b, 0x80, bytes_part(second, 3, second.len), true);
        put_frame(&b, 0x81, bytes_of("plain"), true); /* not every message must be */
        deflateEnd(&z);
        for (size_t step = 0; step < 20; step++) {
            play(alone ? "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n"
                       : "Sec-WebSocket-Extensions: permessage-deflate\r\n", &b, step);
            assert_view("websocket+permessage-deflate",
                        "{\"sn\":\"A1B2C3\",\"lat\":52.520008}{\"sn\":\"A1B2C3\",\"lat\":52.520009}plain");
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, sizeof ask - 1 + b.len);
            unstage();
        }
        buffer_done(&b);
    }
}

static void mqtt_inside(void **state)
{
    enum { FRAME_HEAD = 6, CONNECT_BYTES = 15 };
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    put_frame(&b, 0x82, BYTES("\x10\x0d\0\4MQTT\4\2\0\x3c\0\1d\x30\x08\0"), true); /* packets and frames need not agree */
    put_frame(&b, 0x82, BYTES("\2uphell"), true);
    for (size_t step = 0; step < 10; step++) {
        play("Sec-WebSocket-Protocol: mqtt\r\n", &b, step);
        assert_identifier(0, "mqtt_client_id", "d");
        assert_text_equal(request_row(2)->method, "PUBLISH");
        assert_text_equal(request_row(2)->path, "up");
        /* where its packet begins in the first frame, though its topic is in the second */
        assert_int_equal(request_row(2)->head.origin.offset, FRAME_HEAD + CONNECT_BYTES);
        assert_view("mqtt publish", "hell");
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, sizeof ask - 1 + b.len);
        unstage();
    }
    buffer_done(&b);
}

static void what_makes_no_sense_is_searched_raw(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    put_frame(&b, 0xf1, bytes_of("serial 1581F"), false); /* reserved bits */
    play("", &b, 0);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, sizeof ask - 1);
    struct buffer got;
    buffer_init(&got, 1 << 10);
    fake_view_bytes(&fake, "http upgrade", &got);
    assert_int_equal(got.len, b.len);
    buffer_done(&got);
    unstage();
    buffer_done(&b);
}

static void cut_and_flipped(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    put_frame(&b, 0x01, bytes_of("lat=52."), true);
    put_frame(&b, 0xc1, bytes_of("not deflated"), true);
    put_frame(&b, 0x80, bytes_of("520008"), true);
    for (size_t bit = 0; bit < b.len * 8; bit++) {
        b.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        play("Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: mqtt\r\n", &b, bit % 5);
        unstage();
        play("Sec-WebSocket-Protocol: mqtt\r\n", &b, bit % 5);
        unstage();
        b.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    const size_t whole = b.len;
    for (b.len = 0; b.len < whole; b.len++) {
        play("", &b, 0);
        unstage();
    }
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_in_fragments),
        cmocka_unit_test(compressed_messages),
        cmocka_unit_test(mqtt_inside),
        cmocka_unit_test(what_makes_no_sense_is_searched_raw),
        cmocka_unit_test(cut_and_flipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
