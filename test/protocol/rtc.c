#include "stage.h"

#include "hello.h"
#include "protocol/rtc.h"

static void stun_header(struct buffer *b, uint16_t type, size_t length)
{
    put_uint(b, type, 2);
    put_uint(b, length, 2);
    put_uint(b, 0x2112a442, 4);
    put_text(b, "transaction1");
}

/* CreatePermission for 203.0.113.5:5000, mixed with the cookie as RFC 8489 14.2 has it. */
static void put_permission(struct buffer *b)
{
    stun_header(b, 0x0008, 12 + 16);
    buffer_add(b, "\0\x12\0\x08\0\1\x32\x9a\xea\x12\xd5\x47", 12);
    buffer_add(b, "\0\x14\0\x0cturn.example", 16);
}

static void a_relay_tells_its_peers(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    put_permission(&b);
    for (int tcp = 0; tcp < 2; tcp++) {
        stage(&stun_protocol, tcp, 3478);
        say(DIRECTION_OUT, buffer_bytes(&b), 3);
        say(DIRECTION_OUT, buffer_bytes(&b), 3); /* asked again: one row */
        fake_end(&fake);
        assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1);
        assert_text_equal(request_row(0)->protocol, "turn");
        assert_text_equal(request_row(0)->method, "CreatePermission");
        assert_text_equal(request_row(0)->host, "turn.example");
        assert_text_equal(request_row(0)->path, "203.0.113.5:5000");
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, 2 * b.len);
        unstage();
    }
    sweep(&stun_protocol, true, 3478, buffer_bytes(&b));
    sweep(&stun_protocol, false, 3478, buffer_bytes(&b));
    buffer_done(&b);
}

/* The ClientHello of hello.h as DTLS 1.2 has it, with a cookie, in fragments of `part` bytes. */
static void say_dtls_hello_from(size_t part, bool last_first, void (*with)(struct bytes record))
{
    struct buffer hello, body, record;

    buffer_init(&hello, 1 << 16);
    buffer_init(&body, 1 << 16);
    buffer_init(&record, 1 << 16);
    put_client_hello(&hello, 0);
    const size_t to_session = 4 + 2 + 32, session = hello.at[to_session];
    put_uint(&body, 0xfefd, 2);
    buffer_add(&body, hello.at + 6, 32 + 1 + session);
    buffer_add(&body, "\4cook", 5);
    buffer_add(&body, hello.at + to_session + 1 + session, hello.len - to_session - 1 - session);
    const size_t count = (body.len + part - 1) / part;
    for (size_t i = 0; i < count; i++) {
        const size_t at = (last_first ? count - 1 - i : i) * part;
        const size_t n = body.len - at < part ? body.len - at : part;
        buffer_clear(&record);
        buffer_add(&record, "\x16\xfe\xfd\0\0\0\0\0\0\0\1", 11);
        put_uint(&record, 12 + n, 2);
        buffer_add_u8(&record, 1);
        put_uint(&record, body.len, 3);
        put_uint(&record, 0, 2);
        put_uint(&record, at, 3);
        put_uint(&record, n, 3);
        buffer_add(&record, body.at + at, n);
        if (with)
            with(buffer_bytes(&record));
        else
            say(DIRECTION_OUT, buffer_bytes(&record), 0);
    }
    buffer_done(&hello);
    buffer_done(&body);
    buffer_done(&record);
}

static void say_dtls_hello(size_t part, void (*with)(struct bytes record))
{
    say_dtls_hello_from(part, false, with);
}

static void sweep_record(struct bytes record)
{
    sweep(&dtls_protocol, false, 5000, record);
}

static void dtls_hello_in_fragments(void **state)
{
    static const size_t parts[] = { 20, 100, 1000 };

    (void)state;
    say_dtls_hello(150, sweep_record);
    for (size_t i = 0; i < 6; i++) {
        stage(&dtls_protocol, false, 5000);
        say_dtls_hello_from(parts[i / 2], i % 2, NULL);
        fake_end(&fake);
        assert_text_equal(fake.c.row.tls_sni, "drone.example");
        assert_text_equal(fake.c.row.host, "drone.example");
        /* The hello's supported_versions are those of TLS, so the middle says 13. */
        assert_text_equal(fake.c.row.tls_ja4, "d" HELLO_JA4_TAIL);
        assert_false(text_known(fake.c.row.tls_ja3));
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, fake.ways[DIRECTION_OUT].taken);
        unstage();
    }
}

static void say_rtp(enum direction d, uint16_t sequence, uint32_t timestamp, uint32_t ssrc)
{
    struct buffer b;

    buffer_init(&b, 256);
    buffer_add(&b, "\x80\x60", 2);
    put_uint(&b, sequence, 2);
    put_uint(&b, timestamp, 4);
    put_uint(&b, ssrc, 4);
    put_text(&b, "frame");
    say(d, buffer_bytes(&b), 0);
    buffer_done(&b);
}

static void rtp_is_told_by_three_packets(void **state)
{
    (void)state;
    stage(&rtp_protocol, false, 5004);
    say_rtp(DIRECTION_OUT, 65534, 0xfffffff0, 7);
    say_rtp(DIRECTION_OUT, 65535, 10, 7);
    assert_false(fake.recognised);
    say_rtp(DIRECTION_OUT, 0, 100, 7);
    assert_true(fake.recognised);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, 12); /* what it carries may be encrypted */
    fake_end(&fake);
    unstage();

    stage(&rtp_protocol, false, 5004); /* the nearest that is none: another source each time, or numbers that jump */
    for (uint16_t i = 0; i < 20; i++)
        say_rtp(DIRECTION_OUT, i, i, 7u + i % 2);
    for (uint16_t i = 0; i < 20; i++)
        say_rtp(DIRECTION_OUT, (uint16_t)(i * 100), i, 7);
    for (uint16_t i = 0; i < 20; i++)
        say_rtp(DIRECTION_OUT, 5, i, 7);
    assert_false(fake.recognised);
    fake_end(&fake);
    unstage();
}

/* What is lost at the end: the name may still be there, a fingerprint is not. */
static void dtls_hello_cut_off(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    stage(&dtls_protocol, false, 5000);
    buffer_add(&b, "\x16\xfe\xfd\0\0\0\0\0\0\0\1\0\x53\1\0\x02\0\0\0\0\0\0\0\0\x47", 25);
    put_uint(&b, 0xfefd, 2);
    put_uint(&b, 7, 32);
    put_uint(&b, 0, 2);                       /* no session, no cookie */
    put_uint(&b, 0x0002c02b, 4);
    put_uint(&b, 0x0100, 2);
    put_uint(&b, 0x0100, 2);                  /* extensions of 256 bytes */
    put_uint(&b, 0x00000012, 4);
    put_uint(&b, 0x001000000d, 5);
    put_text(&b, "drone.example");
    buffer_add(&b, "\xff\x01\0\x01\0", 5);
    say(DIRECTION_OUT, buffer_bytes(&b), 0);
    assert_false(text_known(fake.c.row.tls_sni));
    fake_end(&fake);
    assert_text_equal(fake.c.row.tls_sni, "drone.example");
    assert_false(text_known(fake.c.row.tls_ja4));
    unstage();
    buffer_done(&b);
}

/* ICE over TCP (RFC 6544): each packet behind its length, STUN and then media. */
static void packets_in_a_stream(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    put_uint(&b, 20, 2);
    stun_header(&b, 1, 0);
    for (uint16_t i = 0; i < 4; i++) {
        put_uint(&b, 17, 2);
        buffer_add(&b, "\x80\x60", 2);
        put_uint(&b, i, 2);
        put_uint(&b, 3000u * i, 4);
        put_uint(&b, 99, 4);
        put_text(&b, "frame");
    }
    for (size_t step = 0; step < 8; step++) {
        stage(&stun_protocol, true, 42000);
        say(DIRECTION_OUT, buffer_bytes(&b), step);
        fake_end(&fake);
        assert_true(fake.recognised);
        assert_text_equal(fake.c.row.service, "rtp");
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, 22 + 2 * 14); /* of the third and fourth the headers */
        unstage();
    }
    sweep(&stun_protocol, true, 42000, buffer_bytes(&b));
    buffer_done(&b);
}

static void one_conversation_becomes_another(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 256);
    stun_header(&b, 1, 0);
    stage(&stun_protocol, false, 19302);
    fake.c.row.service = TEXT("stun");
    say(DIRECTION_OUT, buffer_bytes(&b), 0);
    say_dtls_hello(100, NULL);
    assert_text_equal(fake.c.row.service, "dtls");
    for (uint16_t i = 0; i < 3; i++)
        say_rtp(DIRECTION_IN, i, i, 1);
    assert_text_equal(fake.c.row.service, "rtp");
    fake_end(&fake);
    unstage();
    buffer_done(&b);
}

static void others_are_none(void **state)
{
    static const struct { const struct protocol *p; const char *at; size_t len; } rows[] = {
        { &stun_protocol, "\0\1\0\0\x21\x12\xa4\x43transaction1", 20 }, /* another cookie */
        { &stun_protocol, "\0\1\0\0\x21\x12\xa4\x42transaction1more", 24 },
        { &dtls_protocol, "\x16\3\1\0\0\0\0\0\0\0\0\0\1\1", 14 }, /* TLS's version */
        { &dtls_protocol, "\x17\xfe\xfd\0\0\0\0\0\0\0\0\0\1\1", 14 }, /* data before keys */
        { &rtp_protocol, "\x80\xc8\0\7\0\0\0\1", 8 }, /* RTCP of 32 bytes in 8 */
    };
    uint64_t seen[SEEN_COUNT] = { 0 };
    struct conversation c = { .from_start = true, .seen = seen };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes in = exact_copy(rows[i].at, rows[i].len);
        assert_int_not_equal(rows[i].p->recognise_datagram(&c, DIRECTION_OUT, in), RECOGNISED_YES);
        exact_copy_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_relay_tells_its_peers),
        cmocka_unit_test(dtls_hello_in_fragments),
        cmocka_unit_test(rtp_is_told_by_three_packets),
        cmocka_unit_test(dtls_hello_cut_off),
        cmocka_unit_test(packets_in_a_stream),
        cmocka_unit_test(one_conversation_becomes_another),
        cmocka_unit_test(others_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
