#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "fake_conversation.h"
#include "hello.h"
#include "protocol/tls.h"

static struct fake_conversation fake;
static struct kept_facts kept;

static void start(void)
{
    kept_facts_init(&kept);
    fake_begin(&fake, &tls_protocol, &kept.sink, true, 8443);
}

static void stop(void)
{
    fake_end(&fake);
    fake_done(&fake);
    kept_facts_done(&kept);
}

/* The bytes of `content` in records of at most `record_bytes`. */
static void put_records(struct buffer *b, uint8_t type, struct bytes content, size_t record_bytes)
{
    for (size_t at = 0; at < content.len; at += record_bytes) {
        const struct bytes part = bytes_part(content, at, record_bytes);
        put_uint(b, type, 1);
        put_uint(b, 0x0303, 2);
        put_uint(b, part.len, 2);
        buffer_add(b, part.at, part.len);
    }
}

static void put_random_record(struct buffer *b, uint8_t type, size_t len)
{
    put_uint(b, type, 1);
    put_uint(b, 0x0303, 2);
    put_uint(b, len, 2);
    for (size_t i = 0; i < len; i++)
        buffer_add_u8(b, (uint8_t)(i * 37 + 200));
}

static void put_server_hello(struct buffer *b, uint16_t version, uint16_t selected, uint8_t random)
{
    buffer_add_u8(b, 2);
    const size_t message = length_begin(b, 3);
    put_uint(b, version, 2);
    for (int i = 0; i < 32; i++)
        buffer_add_u8(b, random);
    buffer_add_u8(b, 0);
    put_uint(b, 0x1301, 2);
    buffer_add_u8(b, 0);
    const size_t all = length_begin(b, 2);
    if (selected) {
        put_uint(b, 0x002b, 2);
        put_uint(b, 2, 2);
        put_uint(b, selected, 2);
    }
    length_end(b, all, 2);
    length_end(b, message, 3);
}

static void check_hello(void)
{
    const struct fact_flow *row = &fake.c.row;

    assert_text_equal(row->tls_sni, "drone.example");
    assert_text_equal(row->host, "drone.example");
    assert_text_equal(row->host_source, "sni");
    assert_int_equal(row->tls_alpn.count, 2);
    assert_text_equal(row->tls_alpn.items[0], "h2");
    assert_text_equal(row->tls_alpn.items[1], "http/1.1");
    assert_text_equal(row->tls_ja3, HELLO_JA3);
    assert_text_equal(row->tls_ja4, "t" HELLO_JA4_TAIL);
}

static void split_over_records_and_segments(void **state)
{
    static const size_t record_sizes[] = { 1, 3, 4, 5, 100, 1 << 14 }, steps[] = { 0, 1, 2, 7, 1448 };
    struct buffer message, stream;

    (void)state;
    buffer_init(&message, 1 << 16);
    buffer_init(&stream, 1 << 20);
    put_client_hello(&message, 1500);
    for (size_t r = 0; r < sizeof record_sizes / sizeof *record_sizes; r++) {
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
            if (record_sizes[r] == 1 && steps[s] == 1)
                continue; /* slow, and nothing new */
            buffer_clear(&stream);
            put_records(&stream, 22, buffer_bytes(&message), record_sizes[r]);
            start();
            /* a first record of one byte could be anything */
            fake.recognised = record_sizes[r] < 2;
            fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&stream), steps[s]);
            check_hello();
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, stream.len);
            stop();
        }
    }
    buffer_done(&message);
    buffer_done(&stream);
}

static void cut_anywhere_gives_no_fingerprint(void **state)
{
    struct buffer message, stream;
    size_t named = 0;

    (void)state;
    buffer_init(&message, 1 << 16);
    buffer_init(&stream, 1 << 20);
    put_client_hello(&message, 0);
    put_records(&stream, 22, buffer_bytes(&message), 100);
    for (size_t len = 0; len < stream.len; len++) {
        start();
        fake_stream(&fake, DIRECTION_OUT, bytes_part(buffer_bytes(&stream), 0, len), 0);
        fake_end(&fake);
        assert_false(text_known(fake.c.row.tls_ja3));
        assert_false(text_known(fake.c.row.tls_ja4));
        if (text_known(fake.c.row.tls_sni)) {
            assert_text_equal(fake.c.row.tls_sni, "drone.example");
            named++;
        }
        fake_done(&fake);
        kept_facts_done(&kept);
    }
    assert_true(named > 100); /* whatever is there is said */
    buffer_done(&message);
    buffer_done(&stream);
}

static void versions_that_servers_choose(void **state)
{
    static const struct { uint16_t version, selected; const char *text; } rows[] = {
        { 0x0303, 0x0304, "TLS 1.3" }, { 0x0303, 0, "TLS 1.2" }, { 0x0302, 0, "TLS 1.1" }, { 0x0301, 0, "TLS 1.0" },
        { 0x0300, 0, "SSL 3.0" }, { 0x0303, 0x7f1c, "TLS 1.3 draft-28" }, { 0x0303, 0x7e02, "0x7e02" },
    };
    struct buffer message, stream;

    (void)state;
    buffer_init(&message, 1 << 16);
    buffer_init(&stream, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buffer_clear(&message);
        buffer_clear(&stream);
        put_server_hello(&message, rows[i].version, rows[i].selected, 7);
        put_records(&stream, 22, buffer_bytes(&message), 1 << 14);
        start();
        fake_stream(&fake, DIRECTION_IN, buffer_bytes(&stream), 3);
        assert_text_equal(fake.c.row.tls_version, rows[i].text);
        stop();
    }
    buffer_done(&message);
    buffer_done(&stream);
}

/* Plain handshake readable; what is encrypted opaque, whatever its record type says. */
static void what_is_readable(void **state)
{
    struct buffer client, server, message;
    size_t plain;

    (void)state;
    buffer_init(&client, 1 << 20);
    buffer_init(&server, 1 << 20);
    buffer_init(&message, 1 << 16);

    /* TLS 1.2: hello, key exchange, change, encrypted finished, data, encrypted alert */
    put_client_hello(&message, 0);
    put_records(&client, 22, buffer_bytes(&message), 1 << 14);
    put_records(&client, 22, (struct bytes){ .at = (const uint8_t *)"\x10\0\0\x02\x01\xff", .len = 6 }, 100);
    put_records(&client, 20, (struct bytes){ .at = (const uint8_t *)"\x01", .len = 1 }, 100);
    plain = client.len;
    put_random_record(&client, 22, 40);
    put_random_record(&client, 23, 5000);
    put_random_record(&client, 21, 26);
    for (size_t step = 0; step < 40; step++) {
        start();
        fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&client), step);
        check_hello();
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, plain);
        assert_int_equal(fake.ways[DIRECTION_OUT].held.len, 0);
        stop();
    }

    /* TLS 1.3 with a second hello behind the change that is only for show */
    static const uint8_t retry[] = {
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
        0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    };
    buffer_clear(&message);
    put_server_hello(&message, 0x0303, 0x0304, 0);
    memcpy(message.at + 4 + 2, retry, sizeof retry);
    put_records(&server, 22, buffer_bytes(&message), 1 << 14);
    buffer_clear(&client);
    buffer_clear(&message);
    put_client_hello(&message, 0);
    put_records(&client, 22, buffer_bytes(&message), 1 << 14);
    struct buffer second;
    buffer_init(&second, 1 << 20);
    put_records(&second, 20, (struct bytes){ .at = (const uint8_t *)"\x01", .len = 1 }, 100);
    put_records(&second, 22, buffer_bytes(&message), 1 << 14);
    plain = client.len + second.len;
    put_random_record(&second, 23, 300);
    start();
    fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&client), 0);
    fake_stream(&fake, DIRECTION_IN, buffer_bytes(&server), 0);
    fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&second), 0);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, plain);
    assert_int_equal(fake.ways[DIRECTION_IN].readable, server.len);
    assert_text_equal(fake.c.row.tls_version, "TLS 1.3");
    stop();

    buffer_done(&client);
    buffer_done(&second);
    buffer_done(&server);
    buffer_done(&message);
}

static void put_der(struct buffer *b, uint8_t tag, const void *content, size_t len)
{
    buffer_add_u8(b, tag);
    buffer_add_u8(b, 0x82);
    put_uint(b, len, 2);
    buffer_add(b, content, len);
}

static void put_name(struct buffer *b, const char *country, const char *common_name)
{
    static const struct { const char *oid; size_t oid_len; } kinds[] = { { "\x55\x04\x06", 3 }, { "\x55\x04\x03", 3 } };
    const char *values[] = { country, common_name };
    struct buffer all, pair, set;

    buffer_init(&all, 4096);
    buffer_init(&pair, 4096);
    buffer_init(&set, 4096);
    for (int i = 0; i < 2; i++) {
        buffer_clear(&pair);
        buffer_clear(&set);
        put_der(&pair, 0x06, kinds[i].oid, kinds[i].oid_len);
        put_der(&pair, 0x0c, values[i], strlen(values[i]));
        put_der(&set, 0x30, pair.at, pair.len);
        put_der(&all, 0x31, set.at, set.len);
    }
    put_der(b, 0x30, all.at, all.len);
    buffer_done(&all);
    buffer_done(&pair);
    buffer_done(&set);
}

/* A certificate as far as it is read: version, serial, algorithm, names, validity, key, alternative names. */
static void put_certificate(struct buffer *b, bool alternative)
{
    struct buffer body, names, octets, extension, extensions, outer;

    buffer_init(&body, 8192);
    buffer_init(&names, 8192);
    buffer_init(&octets, 8192);
    buffer_init(&extension, 8192);
    buffer_init(&extensions, 8192);
    buffer_init(&outer, 8192);
    put_der(&body, 0xa0, "\x02\x01\x02", 3);
    put_der(&body, 0x02, "\x01", 1);
    put_der(&body, 0x30, "", 0);
    put_name(&body, "US", "Example CA, Root");
    put_der(&body, 0x30, "", 0);
    put_name(&body, "DE", "cn.example");
    put_der(&body, 0x30, "", 0);
    if (alternative) {
        put_der(&names, 0x82, "*.wild.example", 14);
        put_der(&names, 0x82, "api.example", 11);
        put_der(&octets, 0x30, names.at, names.len);
        put_der(&extension, 0x06, "\x55\x1d\x11", 3);
        put_der(&extension, 0x01, "\xff", 1);
        put_der(&extension, 0x04, octets.at, octets.len);
        put_der(&extensions, 0x30, extension.at, extension.len);
        buffer_clear(&octets);
        put_der(&octets, 0x30, extensions.at, extensions.len);
        put_der(&body, 0xa3, octets.at, octets.len);
    }
    put_der(&outer, 0x30, body.at, body.len);
    put_der(b, 0x30, outer.at, outer.len);
    buffer_done(&body);
    buffer_done(&names);
    buffer_done(&octets);
    buffer_done(&extension);
    buffer_done(&extensions);
    buffer_done(&outer);
}

static void put_server_flight(struct buffer *stream, bool alternative)
{
    struct buffer message;

    buffer_init(&message, 1 << 16);
    put_server_hello(&message, 0x0303, 0, 9);
    buffer_add_u8(&message, 11);
    const size_t at = length_begin(&message, 3), list = length_begin(&message, 3), one = length_begin(&message, 3);
    put_certificate(&message, alternative);
    length_end(&message, one, 3);
    length_end(&message, list, 3);
    length_end(&message, at, 3);
    put_uint(&message, 0x0e000000, 4); /* done */
    put_records(stream, 22, buffer_bytes(&message), 64);
    buffer_done(&message);
}

static void certificates_name_the_other_side(void **state)
{
    struct buffer stream;

    (void)state;
    buffer_init(&stream, 1 << 20);
    for (size_t step = 0; step < 100; step++) {
        for (int alternative = 0; alternative < 2; alternative++) {
            buffer_clear(&stream);
            put_server_flight(&stream, alternative);
            start();
            fake_stream(&fake, DIRECTION_IN, buffer_bytes(&stream), step);
            assert_text_equal(fake.c.row.tls_issuer, "CN=Example CA\\, Root,C=US");
            assert_text_equal(fake.c.row.tls_subject, "CN=cn.example,C=DE");
            assert_text_equal(fake.c.row.host, alternative ? "api.example" : "cn.example");
            assert_text_equal(fake.c.row.host_source, "certificate");
            assert_int_equal(fake.ways[DIRECTION_IN].readable, stream.len);
            stop();
        }
    }
    /* cut and flipped: no harm */
    for (size_t len = 0; len < stream.len; len++) {
        start();
        fake_stream(&fake, DIRECTION_IN, bytes_part(buffer_bytes(&stream), 0, len), 0);
        stop();
    }
    for (size_t bit = 0; bit < stream.len * 8; bit++) {
        stream.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        start();
        fake_stream(&fake, DIRECTION_IN, buffer_bytes(&stream), 0);
        stop();
        stream.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    buffer_done(&stream);
}

static void gaps_inside_opaque_records_are_passed(void **state)
{
    struct buffer message, stream;

    (void)state;
    buffer_init(&message, 1 << 16);
    buffer_init(&stream, 1 << 20);
    put_client_hello(&message, 0);
    put_records(&stream, 22, buffer_bytes(&message), 1 << 14);
    put_random_record(&stream, 23, 5000);
    start();
    fake_stream(&fake, DIRECTION_OUT, bytes_part(buffer_bytes(&stream), 0, stream.len - 4000), 0);
    fake_gap(&fake, DIRECTION_OUT, 4000);
    assert_false(fake.ways[DIRECTION_OUT].opaque);
    fake_gap(&fake, DIRECTION_OUT, 1);
    assert_true(fake.ways[DIRECTION_OUT].opaque);
    check_hello();
    stop();
    buffer_done(&message);
    buffer_done(&stream);
}

static void the_name_of_a_connection_that_came_in_is_our_own(void **state)
{
    struct buffer message, stream;

    (void)state;
    buffer_init(&message, 1 << 16);
    buffer_init(&stream, 1 << 20);
    put_client_hello(&message, 0);
    put_records(&stream, 22, buffer_bytes(&message), 1 << 14);
    start();
    fake_stream(&fake, DIRECTION_IN, buffer_bytes(&stream), 0);
    assert_text_equal(fake.c.row.tls_sni, "drone.example");
    assert_false(text_known(fake.c.row.host));
    stop();
    buffer_done(&message);
    buffer_done(&stream);
}

static enum recognition recognise(bool from_start, const void *at, size_t len)
{
    struct conversation c = { .from_start = from_start };
    struct bytes head = exact_copy(at, len);
    const enum recognition r = tls_protocol.recognise_stream(&c, DIRECTION_OUT, head);

    exact_copy_free(head);
    return r;
}

static void told_by_content(void **state)
{
    static const uint8_t old[] = { 0x80, 0x1c, 1, 3, 1, 0, 3, 0, 0, 0, 16, 0, 0, 0x35 };

    (void)state;
    assert_int_equal(recognise(true, "\x16\x03\x01\x02\x00\x01", 6), RECOGNISED_YES);
    assert_int_equal(recognise(true, "\x16\x03\x01\x02\x00", 5), RECOGNISED_MAYBE);
    assert_int_equal(recognise(true, "\x16", 1), RECOGNISED_MAYBE);
    assert_int_equal(recognise(true, "\x16\x04", 2), RECOGNISED_NO);
    assert_int_equal(recognise(true, "\x16\x03\x01\xff\xff\x01", 6), RECOGNISED_NO);
    assert_int_equal(recognise(true, "\x17\x03\x03\x02\x00\x01", 6), RECOGNISED_NO);
    assert_int_equal(recognise(false, "\x17\x03\x03\x02\x00\x01", 6), RECOGNISED_YES);
    assert_int_equal(recognise(true, "GET / HTTP/1.1", 14), RECOGNISED_NO);
    assert_int_equal(recognise(true, old, sizeof old), RECOGNISED_YES);
    assert_int_equal(recognise(true, old, 8), RECOGNISED_MAYBE);
}

/* Behind other bytes nothing but a client's hello counts, at any length that tells. */
static void begins_late_with_a_hello(void **state)
{
    enum { TELLS = 11 };
    struct buffer message, stream;
    static const struct { size_t at; uint8_t is; } spoilt[] = { { 0, 23 }, { 1, 2 }, { 2, 5 }, { 5, 2 }, { 6, 1 }, { 9, 2 }, { 10, 5 } };

    (void)state;
    buffer_init(&message, 1 << 16);
    buffer_init(&stream, 1 << 17);
    put_client_hello(&message, 0);
    put_records(&stream, 22, buffer_bytes(&message), 1 << 14);
    for (size_t len = 0; len <= stream.len; len++) {
        struct bytes cut = exact_copy(stream.at, len);
        assert_int_equal(tls_protocol.begins_late(cut), len >= TELLS);
        exact_copy_free(cut);
    }
    for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
        const uint8_t was = stream.at[spoilt[i].at];
        stream.at[spoilt[i].at] = spoilt[i].is;
        assert_false(tls_protocol.begins_late(buffer_bytes(&stream)));
        stream.at[spoilt[i].at] = was;
    }
    stream.at[4]++; /* a record that is longer than its message */
    assert_false(tls_protocol.begins_late(buffer_bytes(&stream)));
    buffer_done(&message);
    buffer_done(&stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_over_records_and_segments),
        cmocka_unit_test(cut_anywhere_gives_no_fingerprint),
        cmocka_unit_test(versions_that_servers_choose),
        cmocka_unit_test(what_is_readable),
        cmocka_unit_test(certificates_name_the_other_side),
        cmocka_unit_test(gaps_inside_opaque_records_are_passed),
        cmocka_unit_test(the_name_of_a_connection_that_came_in_is_our_own),
        cmocka_unit_test(told_by_content),
        cmocka_unit_test(begins_late_with_a_hello),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
