#include "stage.h"


#include "base/hash.h"
#include "protocol/http1.h"
#include "protocol/http2.h"

static void put_frame(struct buffer *b, uint8_t type, uint8_t flags, uint32_t stream, const void *at, size_t len)
{
    put_uint(b, len, 3);
    buffer_add_u8(b, type);
    buffer_add_u8(b, flags);
    put_uint(b, stream, 4);
    buffer_add(b, at, len);
}

/* A literal field, in the form that adds it to the table or in the one that does not (RFC 7541, 6.2). */
static void put_field(struct buffer *b, bool indexed, const char *name, const char *value)
{
    buffer_add_u8(b, indexed ? 0x40 : 0);
    buffer_add_u8(b, (uint8_t)strlen(name));
    put_text(b, name);
    buffer_add_u8(b, (uint8_t)strlen(value));
    put_text(b, value);
}

static void put_head(struct buffer *b, const char *path)
{
    buffer_add_u8(b, 0x83); /* :method POST, of the static table */
    put_field(b, true, ":authority", "log.example:8080");
    put_field(b, false, ":path", path);
    put_field(b, true, "user-agent", "app/1 (Linux; Android 12; X-1)");
    put_field(b, false, "content-type", "application/json");
}

static void put_start(struct buffer *b)
{
    put_text(b, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    put_frame(b, 4, 0, 0, "\0\1\0\0\x40\0", 6);
}

static const char body[] = "{\"lat\":52.520008}";

static void two_requests_and_answers(void **state)
{
    struct buffer out, in, head;

    (void)state;
    buffer_init(&out, 1 << 16);
    buffer_init(&in, 1 << 16);
    buffer_init(&head, 1 << 12);
    put_start(&out);
    put_head(&head, "/v2/a");
    put_frame(&out, 1, 0, 1, head.at, 10); /* in two frames, and another stream begins before its body */
    put_frame(&out, 9, 4, 1, head.at + 10, head.len - 10);
    /* Of what the first put into the table 63 is the authority, 62 the user agent. */
    buffer_clear(&head);
    buffer_add(&head, "\x82\xbf", 2);
    put_field(&head, false, ":path", "/v2/b");
    put_frame(&out, 1, 5, 3, head.at, head.len);
    put_frame(&out, 0, 0, 1, body, 5);
    put_frame(&out, 0, 9, 1, "\3" "t\":52.520008}\0\0\0", 17);
    buffer_clear(&head);
    put_frame(&in, 4, 0, 0, NULL, 0);
    put_frame(&in, 1, 4, 3, "\x88", 1);     /* 200 */
    put_frame(&in, 0, 1, 3, "hello", 5);
    put_frame(&in, 1, 5, 1, "\x8d", 1);     /* 404 */
    for (size_t step = 0; step < 30; step++) {
        stage(&http2_protocol, true, 8080);
        say(DIRECTION_OUT, buffer_bytes(&out), step);
        say(DIRECTION_IN, buffer_bytes(&in), step);
        fake_end(&fake);
        const struct fact_request *a = request_row(1), *b = request_row(0);
        assert_text_equal(b->method, "GET");
        assert_text_equal(b->host, "log.example");
        assert_text_equal(b->path, "/v2/b");
        assert_int_equal(b->status, 200);
        assert_int_equal(b->response_bytes, 5);
        assert_text_equal(a->method, "POST");
        assert_text_equal(a->path, "/v2/a");
        assert_text_equal(a->content_type, "application/json");
        assert_int_equal(a->status, 404);
        assert_int_equal(a->body_bytes, 18);
        assert_int_equal(a->body_sha256.len, SHA256_HEX);
        assert_text_equal(device_row(0)->model, "X-1");
        assert_text_equal(fake.c.row.host, "log.example");
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, out.len);
        struct buffer got;
        buffer_init(&got, 1 << 12);
        fake_view_bytes(&fake, "http body", &got);
        assert_text_equal(buffer_text(&got), "{\"latt\":52.520008}");
        buffer_done(&got);
        unstage();
    }
    sweep(&http2_protocol, true, 8080, buffer_bytes(&out));
    buffer_done(&out);
    buffer_done(&in);
    buffer_done(&head);
}

static void a_gap_in_data_only(void **state)
{
    struct buffer out, head;

    (void)state;
    buffer_init(&out, 1 << 16);
    buffer_init(&head, 1 << 12);
    put_start(&out);
    put_head(&head, "/big");
    put_frame(&out, 1, 4, 1, head.at, head.len);
    put_uint(&out, 500, 3);
    buffer_add(&out, "\0\1\0\0\0\1", 6);
    put_text(&out, "begin");
    stage(&http2_protocol, true, 80);
    say(DIRECTION_OUT, buffer_bytes(&out), 0);
    fake_gap(&fake, DIRECTION_OUT, 495);
    assert_false(fake.ways[DIRECTION_OUT].opaque);
    fake_gap(&fake, DIRECTION_OUT, 1);
    assert_true(fake.ways[DIRECTION_OUT].opaque);
    fake_end(&fake);
    assert_int_equal(request_row(0)->body_bytes, 500);
    assert_false(text_known(request_row(0)->body_sha256));
    unstage();
    buffer_done(&out);
    buffer_done(&head);
}

/* A small block may name a large entry of the table many times over. */
static void a_block_that_unfolds(void **state)
{
    struct buffer out, head;

    (void)state;
    buffer_init(&out, 1 << 20);
    buffer_init(&head, 1 << 20);
    put_start(&out);
    put_head(&head, "/");
    buffer_add(&head, "\x40\1x\x7f\x81\x1e", 6); /* 127 + 1 + 30 * 128 */
    for (int i = 0; i < 3968; i++)
        buffer_add_u8(&head, 'v');
    for (int i = 0; i < 3000; i++)
        buffer_add_u8(&head, 0xbe);
    put_frame(&out, 1, 5, 1, head.at, head.len);
    stage(&http2_protocol, true, 80);
    say(DIRECTION_OUT, buffer_bytes(&out), 0);
    fake_end(&fake);
    assert_null(kept_facts_row(&kept, FACT_REQUEST, 0));
    assert_true(fake.ways[DIRECTION_OUT].opaque);
    unstage();
    buffer_done(&out);
    buffer_done(&head);
}

static void behind_an_upgrade(void **state)
{
    struct buffer out, head;

    (void)state;
    buffer_init(&out, 1 << 12);
    buffer_init(&head, 1 << 12);
    put_start(&out);
    put_head(&head, "/second");
    put_frame(&out, 1, 5, 3, head.at, head.len);
    stage(&http1_protocol, true, 80);
    say(DIRECTION_OUT, bytes_of("GET /first HTTP/1.1\r\nHost: h.example\r\nUpgrade: h2c\r\n\r\n"), 0);
    say(DIRECTION_IN, bytes_of("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n"), 0);
    say(DIRECTION_OUT, buffer_bytes(&out), 7);
    fake_end(&fake);
    assert_text_equal(request_row(0)->path, "/first");
    assert_text_equal(request_row(1)->path, "/second");
    assert_text_equal(request_row(1)->protocol, "http/2");
    assert_text_equal(fake.c.row.service, "http2");
    unstage();
    buffer_done(&out);
    buffer_done(&head);
}

static void only_from_the_first_byte(void **state)
{
    struct conversation c = { .from_start = true, .client = DIRECTION_OUT };

    (void)state;
    assert_int_equal(http2_protocol.recognise_stream(&c, DIRECTION_OUT, BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
                     RECOGNISED_YES);
    assert_int_equal(http2_protocol.recognise_stream(&c, DIRECTION_OUT, BYTES("PRI *")), RECOGNISED_MAYBE);
    assert_int_equal(http2_protocol.recognise_stream(&c, DIRECTION_OUT, BYTES("PRI * HTTP/1.1")), RECOGNISED_NO);
    assert_int_equal(http2_protocol.recognise_stream(&c, DIRECTION_IN, BYTES("PRI *")), RECOGNISED_NO);
    c.from_start = false;
    assert_int_equal(http2_protocol.recognise_stream(&c, DIRECTION_OUT, BYTES("PRI *")), RECOGNISED_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_requests_and_answers),
        cmocka_unit_test(a_gap_in_data_only),
        cmocka_unit_test(a_block_that_unfolds),
        cmocka_unit_test(behind_an_upgrade),
        cmocka_unit_test(only_from_the_first_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
