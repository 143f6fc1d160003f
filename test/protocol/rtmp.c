#include "stage.h"

#include "protocol/rtmp.h"

static struct buffer client;

static void amf_text(struct buffer *b, const char *s)
{
    buffer_add_u8(b, 2);
    put_uint(b, strlen(s), 2);
    put_text(b, s);
}

static void amf_member(struct buffer *b, const char *name, const char *value)
{
    put_uint(b, strlen(name), 2);
    put_text(b, name);
    amf_text(b, value);
}

/* A message in chunks of `size`, on chunk stream `id`. */
static void put_message(struct buffer *b, uint8_t type, uint8_t id, const struct buffer *body, size_t size)
{
    buffer_add_u8(b, id);
    put_uint(b, 0, 3);
    put_uint(b, body->len, 3);
    buffer_add_u8(b, type);
    put_uint(b, 0, 4);
    for (size_t at = 0; at < body->len; at += size) {
        if (at > 0)
            buffer_add_u8(b, 0xc0 | id);
        buffer_add(b, body->at + at, body->len - at < size ? body->len - at : size);
    }
}

static void put_command(struct buffer *b, const char *name, const char *stream, size_t size)
{
    struct buffer body;

    buffer_init(&body, 1 << 16);
    amf_text(&body, name);
    buffer_add_u8(&body, 0);
    put_uint(&body, 0x3ff0000000000000, 8);
    if (stream) {
        buffer_add_u8(&body, 5);
        amf_text(&body, stream);
    } else {
        buffer_add_u8(&body, 3);
        amf_member(&body, "app", "live2");
        put_uint(&body, 4, 2); /* a member of another type */
        put_text(&body, "fpad");
        buffer_add(&body, "\1\1", 2);
        amf_member(&body, "flashVer", "encoder/3.0");
        amf_member(&body, "swfUrl", "a long member so that the command takes several chunks, which begin every 128 bytes until set otherwise");
        amf_member(&body, "tcUrl", "rtmp://ingest.example:1935/live2");
        buffer_add(&body, "\0\0\x09", 3);
    }
    put_message(b, 20, 3, &body, size);
    buffer_done(&body);
}

static void make_client(void)
{
    struct buffer body;

    buffer_init(&client, 1 << 20);
    buffer_init(&body, 1 << 16);
    buffer_add_u8(&client, 3);
    for (int i = 0; i < 1536 * 2; i++)
        buffer_add_u8(&client, 0);
    put_command(&client, "connect", NULL, 128);
    put_uint(&body, 4096, 4);
    put_message(&client, 1, 2, &body, 128);
    put_command(&client, "createStream", NULL, 4096);
    put_command(&client, "publish", "abcd-secret-key", 4096);
    buffer_clear(&body);
    for (int i = 0; i < 9000; i++)
        buffer_add_u8(&body, 0x17);
    put_message(&client, 9, 6, &body, 4096);
    buffer_done(&body);
}

static void a_stream_is_published(void **state)
{
    (void)state;
    for (size_t step = 0; step < 300; step += 1 + step / 8) {
        stage(&rtmp_protocol, true, 1935);
        say(DIRECTION_OUT, bytes_part(buffer_bytes(&client), 0, 1537), step);
        say(DIRECTION_OUT, bytes_part(buffer_bytes(&client), 1537, client.len), step);
        fake_end(&fake);
        assert_text_equal(request_row(0)->method, "CONNECT");
        assert_text_equal(request_row(0)->path, "/live2");
        assert_text_equal(request_row(0)->user_agent, "encoder/3.0");
        assert_text_equal(request_row(1)->method, "PUBLISH");
        assert_text_equal(request_row(1)->host, "ingest.example");
        assert_text_equal(request_row(1)->path, "/live2/abcd***"); /* a key */
        assert_int_equal(request_row(1)->body_bytes, 9000);         /* how much of it went */
        assert_text_equal(fake.c.row.host, "ingest.example");
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, client.len);
        unstage();
    }
}

static void a_gap_in_video_only(void **state)
{
    (void)state;
    stage(&rtmp_protocol, true, 1935);
    say(DIRECTION_OUT, bytes_part(buffer_bytes(&client), 0, 1537), 0);
    say(DIRECTION_OUT, bytes_part(buffer_bytes(&client), 1537, client.len - 1537 - 100), 0);
    fake_gap(&fake, DIRECTION_OUT, 100);
    assert_false(fake.ways[DIRECTION_OUT].opaque);
    fake_gap(&fake, DIRECTION_OUT, 1);
    assert_true(fake.ways[DIRECTION_OUT].opaque);
    fake_end(&fake);
    unstage();
}

static void told_by_its_handshake(void **state)
{
    struct { int64_t port; uint8_t first, fifth; size_t len; enum recognition want; } rows[] = {
        { 1935, 3, 0, 1537, RECOGNISED_YES }, { 1935, 3, 0, 1536, RECOGNISED_MAYBE }, { 1935, 3, 0x80, 1537, RECOGNISED_YES },
        { 1935, 3, 0x55, 1537, RECOGNISED_NO }, { 443, 3, 0, 1537, RECOGNISED_YES }, { 443, 3, 0x80, 1537, RECOGNISED_NO },
        { 443, 3, 0, 1538, RECOGNISED_NO }, { 1935, 6, 0, 1537, RECOGNISED_NO }, { 1935, 3, 0, 1, RECOGNISED_MAYBE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t head[1600] = { rows[i].first, 1, 2, 3, 4, rows[i].fifth };
        struct conversation c = { .from_start = true, .client = DIRECTION_OUT };
        fact_init(FACT_FLOW, &c.row);
        c.row.dst_port = rows[i].port;
        struct bytes in = exact_copy(head, rows[i].len);
        assert_int_equal(rtmp_protocol.recognise_stream(&c, DIRECTION_OUT, in), rows[i].want);
        assert_int_equal(rtmp_protocol.recognise_stream(&c, DIRECTION_IN, in), RECOGNISED_NO);
        exact_copy_free(in);
    }
}

/* Behind the handshake; cutting inside it shows nothing. */
static void cut_and_flipped(void **state)
{
    (void)state;
    for (size_t at = 1 + 1536 * 2; at < 1 + 1536 * 2 + 700; at++) {
        for (int flip = 0; flip < 2; flip++) {
            struct bytes copy = exact_copy(client.at, flip ? client.len : at);
            if (flip)
                ((uint8_t *)(uintptr_t)copy.at)[at] ^= (uint8_t)(1 << at % 8);
            (void)sweep_one(&rtmp_protocol, true, 1935, copy, 0);
            exact_copy_free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_published),
        cmocka_unit_test(a_gap_in_video_only),
        cmocka_unit_test(told_by_its_handshake),
        cmocka_unit_test(cut_and_flipped),
    };
    make_client();
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buffer_done(&client);
    return failed;
}
