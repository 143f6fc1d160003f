#include "stage.h"

#include "protocol/srt.h"

static void put_handshake(struct buffer *b, uint32_t version, uint16_t extension, uint32_t kind)
{
    put_uint(b, 0x80000000, 4);
    put_uint(b, 0, 12);
    put_uint(b, version, 4);
    put_uint(b, 0, 2);
    put_uint(b, extension, 2);
    put_uint(b, 4711, 4);
    put_uint(b, 1500, 4);
    put_uint(b, 8192, 4);
    put_uint(b, kind, 4);
    put_uint(b, 0, 8);
    put_uint(b, 0, 8);
    put_uint(b, 0, 8);
}

static void a_stream_by_its_name(void **state)
{
    uint8_t data[16 + 188] = { 0, 0, 0, 1, 0xc0, 0, 0, 1 };
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    put_handshake(&b, 5, 4, 0xffffffff);
    buffer_add(&b, "\0\5\0\3evil\0mac\0\0\0/", 16); /* "live" "cam" "/", each word back to front */
    stage(&srt_protocol, false, 9000);
    say(DIRECTION_OUT, buffer_bytes(&b), 0);
    assert_text_equal(request_row(0)->protocol, "srt");
    assert_text_equal(request_row(0)->path, "livecam/");
    const uint64_t before = fake.ways[DIRECTION_OUT].readable;
    assert_int_equal(before, b.len);
    data[16] = 0x47;
    say(DIRECTION_OUT, (struct bytes){ .at = data, .len = sizeof data }, 0);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable - before, sizeof data);
    data[4] |= 0x08; /* encrypted with the even key */
    say(DIRECTION_OUT, (struct bytes){ .at = data, .len = sizeof data }, 0);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable - before, sizeof data + 16);
    fake_end(&fake);
    unstage();
    sweep(&srt_protocol, false, 9000, buffer_bytes(&b));
    buffer_done(&b);
}

static void told_by_its_handshake(void **state)
{
    static const struct { uint32_t version; uint16_t extension; uint32_t kind; enum recognition want; } rows[] = {
        { 4, 2, 1, RECOGNISED_YES }, { 5, 0x4a17, 1, RECOGNISED_YES }, { 5, 5, 0xffffffff, RECOGNISED_YES },
        { 4, 1, 1, RECOGNISED_NO /* UDT */ }, { 6, 0, 1, RECOGNISED_NO }, { 4, 2, 77, RECOGNISED_NO }, { 5, 0, 1002, RECOGNISED_YES },
    };
    const struct conversation c = { .from_start = true };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer b;
        buffer_init(&b, 256);
        put_handshake(&b, rows[i].version, rows[i].extension, rows[i].kind);
        assert_int_equal(srt_protocol.recognise_datagram(&c, DIRECTION_OUT, buffer_bytes(&b)), rows[i].want);
        buffer_done(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_by_its_name),
        cmocka_unit_test(told_by_its_handshake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
