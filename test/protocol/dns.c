#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "build.h"
#include "fake_conversation.h"
#include "protocol/dns.h"
#include "protocol/dns_message.h"

enum { QUERY = 0x0100, RESPONSE = 0x8180 };

static struct fake_conversation fake;
static struct kept_facts kept;

static void start(bool over_tcp, int64_t port)
{
    kept_facts_init(&kept);
    fake_begin(&fake, &dns_protocol, &kept.sink, over_tcp, port);
}

static void stop(void)
{
    fake_done(&fake);
    kept_facts_done(&kept);
}

static void put_name(struct buffer *b, const char *dotted)
{
    while (*dotted) {
        const size_t len = strcspn(dotted, ".");
        buffer_add_u8(b, (uint8_t)len);
        buffer_add(b, dotted, len);
        dotted += len + (dotted[len] == '.');
    }
    buffer_add_u8(b, 0);
}

static void put_header(struct buffer *b, uint16_t id, uint16_t flags, uint16_t questions, uint16_t answers)
{
    put_uint(b, id, 2);
    put_uint(b, flags, 2);
    put_uint(b, questions, 2);
    put_uint(b, answers, 2);
    put_uint(b, 0, 4);
}

static void put_question(struct buffer *b, const char *name, uint16_t type)
{
    put_name(b, name);
    put_uint(b, type, 2);
    put_uint(b, 1, 2);
}

/* A record whose owner is a pointer to `owner`; its data is put between begin and end. */
static size_t record_begin(struct buffer *b, uint16_t owner, uint16_t type)
{
    put_uint(b, 0xc000 | owner, 2);
    put_uint(b, type, 2);
    put_uint(b, 1, 2);
    put_uint(b, 300, 4);
    return length_begin(b, 2);
}

static void record_address(struct buffer *b, uint16_t owner, uint32_t address)
{
    const size_t at = record_begin(b, owner, DNS_A);
    put_uint(b, address, 4);
    length_end(b, at, 2);
}

/* telemetry.example -> edge.cdn.example -> 203.0.113.7 */
static void build_exchange(struct buffer *query, struct buffer *response)
{
    buffer_init(query, 4096);
    put_header(query, 0x1234, QUERY, 1, 0);
    put_question(query, "Telemetry.example", DNS_A);

    buffer_init(response, 4096);
    put_header(response, 0x1234, RESPONSE, 1, 2);
    put_question(response, "Telemetry.example", DNS_A);
    const size_t at = record_begin(response, DNS_HEADER_BYTES, DNS_CNAME);
    const uint16_t target = (uint16_t)response->len;
    put_name(response, "edge.cdn.example");
    length_end(response, at, 2);
    record_address(response, target, 0xcb007107);
}

static void check_exchange(void)
{
    const struct fact_dns *row = kept_facts_row(&kept, FACT_DNS, 0);

    assert_int_equal(kept_facts_count(&kept, FACT_DNS), 1);
    assert_text_equal(row->name, "Telemetry.example");
    assert_text_equal(row->type, "A");
    assert_int_equal(row->answers.count, 2);
    assert_text_equal(row->answers.items[0], "edge.cdn.example");
    assert_text_equal(row->answers.items[1], "203.0.113.7");
    assert_text_equal(row->client, "192.0.2.1");
    assert_text_equal(row->server, "198.51.100.1");
    assert_int_equal(fake.name_count, 1);
    assert_text_equal(fake.names[0].client, "192.0.2.1");
    assert_text_equal(fake.names[0].address, "203.0.113.7");
    assert_text_equal(fake.names[0].name, "telemetry.example");
    assert_int_equal(fake.names[0].ttl_s, 300);
}

static void one_row_per_exchange(void **state)
{
    struct buffer query, response;

    (void)state;
    build_exchange(&query, &response);
    start(false, 53);
    fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&query));
    fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&query)); /* asked again */
    fake_datagram(&fake, DIRECTION_IN, buffer_bytes(&response));
    fake_datagram(&fake, DIRECTION_IN, buffer_bytes(&response)); /* answered again */
    fake_end(&fake);
    check_exchange();
    const struct fact_dns *row = kept_facts_row(&kept, FACT_DNS, 0);
    assert_int_equal(row->head.origin.packet_first, 1);
    assert_int_equal(row->head.origin.packet_last, 3);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, 2 * query.len);
    assert_int_equal(fake.ways[DIRECTION_IN].readable, 2 * response.len);
    stop();
    buffer_done(&query);
    buffer_done(&response);
}

static void unanswered_and_unasked_make_rows_too(void **state)
{
    struct buffer query, response;
    const struct fact_dns *row;

    (void)state;
    build_exchange(&query, &response);
    start(false, 53);
    fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&query));
    assert_int_equal(kept_facts_count(&kept, FACT_DNS), 0);
    fake_end(&fake);
    row = kept_facts_row(&kept, FACT_DNS, 0);
    assert_text_equal(row->name, "Telemetry.example");
    assert_non_null(row->answers.items);
    assert_int_equal(row->answers.count, 0);
    stop();

    start(false, 53);
    fake_datagram(&fake, DIRECTION_IN, buffer_bytes(&response));
    fake_end(&fake);
    check_exchange();
    stop();
    buffer_done(&query);
    buffer_done(&response);
}

static void more_outstanding_than_are_kept(void **state)
{
    struct buffer b;
    char name[32];

    (void)state;
    buffer_init(&b, 4096);
    start(false, 53);
    for (int i = 0; i < 1000; i++) {
        buffer_clear(&b);
        snprintf(name, sizeof name, "host-%d.example", i);
        put_header(&b, (uint16_t)i, QUERY, 1, 0);
        put_question(&b, name, DNS_AAAA);
        fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&b));
    }
    fake_end(&fake);
    assert_int_equal(kept_facts_count(&kept, FACT_DNS), 1000);
    assert_text_equal(((const struct fact_dns *)kept_facts_row(&kept, FACT_DNS, 0))->name, "host-0.example");
    assert_text_equal(((const struct fact_dns *)kept_facts_row(&kept, FACT_DNS, 999))->name, "host-999.example");
    stop();
    buffer_done(&b);
}

#define D(literal) (literal), sizeof(literal) - 1

static void data_as_text(void **state)
{
    static const struct { const char *name; uint16_t type; const char *data; size_t len; const char *text; } rows[] = {
        { "address", DNS_A, "\xc0\x00\x02\x01", 4, "192.0.2.1" },
        { "address of the wrong length", DNS_A, "\xc0\x00\x02", 3, "\\# 3 c00002" },
        { "IPv6", DNS_AAAA, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16, "2001:db8::1" },
        { "mail exchanger", DNS_MX, "\0\x0a\4mail\0", 8, "10 mail" },
        { "service", DNS_SRV, "\0\1\0\2\x13\xc4\3sip\0", 11, "1 2 5060 sip" },
        { "text in two parts", DNS_TXT, "\3abc\2d\xff", 7, "abcd\\255" },
        { "text cut", DNS_TXT, "\7abc", 4, "\\# 4 07616263" },
        { "pointer", DNS_PTR, "\4host\3lan\0", 10, "host.lan" },
        { "name server by compression", DNS_NS, "\2ns\xc0\x0c", 5, "ns.q.example" },
        { "root", DNS_NS, "\0", 1, "." },
        { "start of authority", DNS_SOA, "\1m\0\1r\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5", 26, "m r 1 2 3 4 5" },
        { "https", DNS_HTTPS, "\0\1\0\0\1\0\6\2h2\2h3\0\4\0\4\xcb\0\x71\5", 21, "1 . alpn=h2,h3 ipv4hint=203.0.113.5" },
        { "issuer", DNS_CAA, "\0\5issueca.example", 17, "0 issue ca.example" },
        { "mail exchanger and more", DNS_MX, D("\0\x0a\4mail\0!"), "\\# 9 000a046d61696c0021" },
        { "naming authority", 35, D("\0\x64\0\x0a\1S\7SIP+D2U\0\4_sip\4_udp\7example\0"),
          "100 10 \"S\" \"SIP+D2U\" \"\" _sip._udp.example" },
        { "other name", DNS_DNAME, D("\1a\7example\0"), "a.example" },
        { "responsible person", 17, D("\2me\7example\0\0"), "me.example ." },
        { "key fingerprint", 44, D("\4\2\xca\xfe"), "4 2 cafe" },
        { "signature", DNS_RRSIG, D("\0\1\x08\2\0\0\1\x2c\x65\x92\x00\x80\x65\x6a\x73\x80\x30\x39\7example\0abcd"),
          "A 8 2 300 20240101000000 20231202000000 12345 example YWJjZA==" },
        { "what is there", 47, D("\4next\0\0\6\x40\1\0\0\0\3\1\1\x40"), "next A MX RRSIG NSEC CAA" },
        { "what is there, hashed", 50, D("\1\0\0\x0a\2\xaa\xbb\5hello\0\1\x40"), "1 0 10 aabb d1imor3f A" },
        { "no salt", 51, D("\1\0\0\x0a\0"), "1 0 10 -" },
        { "delegation signer", 43, D("\x30\x39\x0d\2\x01\x02"), "12345 13 2 0102" },
        { "gateway by address", 45, D("\x0a\1\2\xc0\0\2\x26xyz"), "10 1 2 192.0.2.38 eHl6" },
        { "gateway by name", 45, D("\x0a\3\0\2gw\7example\0"), "10 3 0 gw.example " },
        { "no gateway", 45, D("\x0a\0\2xyz"), "10 0 2 . eHl6" },
        { "gateway of an unknown kind", 45, D("\x0a\4\2xyz"), "\\# 6 0a040278797a" },
        { "relay", 260, D("\x0a\x81\xcb\0\x71\x0f"), "10 1 1 203.0.113.15" },
        { "prefixes", 42, D("\0\1\x15\3\xc0\xa8\x20\0\2\x20\x84\x20\x01\x0d\xb8"), "1:192.168.32.0/21 !2:2001:db8::/32" },
        { "identity", 55, D("\2\2\0\3\xaa\xbb" "abc\3rvs\0"), "2 aabb YWJj rvs" },
        { "address of a locator", 105, D("\0\x0a\x0a\1\2\0"), "10 10.1.2.0" },
        { "resource", 256, D("\0\x0a\0\1https://a.example"), "10 1 \"https://a.example\"" },
        { "service with ECH", DNS_SVCB, D("\0\1\3svc\0\0\0\0\4\0\1\0\3\0\3\0\2\x01\xbb\0\5\0\3abc\0\7\0\2/d\x10\0\0\0"),
          "1 svc mandatory=alpn,port port=443 ech=YWJj dohpath=/d key4096" },
        { "host information", 13, D("\3ARM\5Linux"), "\"ARM\" \"Linux\"" },
        { "unknown type", 4711, "\xca\xfe", 2, "\\# 2 cafe" },
        { "unknown type, empty", 4711, "", 0, "\\# 0" },
        { "dots, backslashes and others in labels", DNS_CNAME, "\6a.b\\\0\xff\0", 8, "a\\.b\\\\\\000\\255" },
        { "a name in a circle", DNS_CNAME, "\1a\xc0\x29", 4, NULL },
    };
    struct buffer b;

    (void)state;
    buffer_init(&b, 4096);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buffer_clear(&b);
        put_header(&b, 1, RESPONSE, 1, 1);
        put_question(&b, "q.example", rows[i].type);
        const size_t at = record_begin(&b, DNS_HEADER_BYTES, rows[i].type);
        buffer_add(&b, rows[i].data, rows[i].len);
        length_end(&b, at, 2);
        start(false, 53);
        fake_datagram(&fake, DIRECTION_IN, buffer_bytes(&b));
        const struct fact_dns *row = kept_facts_row(&kept, FACT_DNS, 0);
        assert_non_null(row);
        assert_int_equal(row->answers.count, 1);
        if (rows[i].text)
            assert_text_equal(row->answers.items[0], rows[i].text);
        else
            assert_true(text_starts_with(row->answers.items[0], TEXT("\\# ")));
        fake_end(&fake);
        stop();
    }
    buffer_done(&b);
}

/* RFC 7871: whom the query tells the servers that it is for; and what the answer says of itself. */
static void client_subnets_and_statuses(void **state)
{
    static const struct { const char *option; size_t len; const char *subnet; } cases[] = {
        { D("\0\x08\0\7\0\1\x18\0\xc0\0\2"), "192.0.2.0/24" },
        { D("\0\x0a\0\2ab\0\x08\0\6\0\2\x10\0\x20\x01"), "2001::/16" }, /* behind a cookie */
        { D("\0\x08\0\4\0\1\0\0"), NULL },                              /* asks for none */
        { D("\0\x08\0\5\0\1\x21\0\xc0"), NULL },                         /* longer than the address */
        { D("\0\x08\0\x09\0\1\x20\0\1\2\3\4\5"), NULL },
        { D("\0\x08\0\x63\0\1\x18\0\xc0"), NULL },
        { D(""), NULL },
    };
    static const struct { uint16_t code; const char *status; } statuses[] = { { 0, "NOERROR" }, { 3, "NXDOMAIN" },
                                                                              { 14, "RCODE14" } };
    struct buffer query, response;

    (void)state;
    buffer_init(&query, 4096);
    buffer_init(&response, 4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint16_t code = statuses[i % 3].code;
        buffer_clear(&query);
        buffer_clear(&response);
        put_header(&query, 5, 0, 1, 0);
        query.at[11] = 1; /* one additional record */
        put_question(&query, "q.example", DNS_A);
        put_uint(&query, 0, 1);
        put_uint(&query, DNS_OPT, 2);
        put_uint(&query, 1232, 2);
        put_uint(&query, 0, 4);
        put_uint(&query, cases[i].len, 2);
        buffer_add(&query, cases[i].option, cases[i].len);
        put_header(&response, 5, (uint16_t)(RESPONSE | code), 1, 0);
        put_question(&response, "q.example", DNS_A);
        for (int answered = 0; answered < 2; answered++) {
            start(false, 53);
            fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&query));
            if (answered)
                fake_datagram(&fake, DIRECTION_IN, buffer_bytes(&response));
            fake_end(&fake);
            assert_int_equal(kept_facts_count(&kept, FACT_DNS), 1);
            const struct fact_dns *row = kept_facts_row(&kept, FACT_DNS, 0);
            assert_int_equal(text_known(row->client_subnet), cases[i].subnet != NULL);
            if (cases[i].subnet)
                assert_text_equal(row->client_subnet, cases[i].subnet);
            assert_int_equal(text_known(row->status), answered);
            if (answered)
                assert_text_equal(row->status, statuses[i % 3].status);
            stop();
        }
    }
    buffer_done(&query);
    buffer_done(&response);
}

static void names_have_limits(void **state)
{
    struct dns_name name;
    struct buffer b;
    struct cursor c;

    (void)state;
    buffer_init(&b, 4096);
    /* four labels of 63 do not fit into 255 bytes, with a last one of 61 they do */
    for (int i = 0; i < 4; i++) {
        buffer_add_u8(&b, 63);
        for (int k = 0; k < 63; k++)
            buffer_add_u8(&b, 'x');
    }
    buffer_add_u8(&b, 0);
    c = cursor_over(buffer_bytes(&b));
    assert_int_equal(dns_name_read(&c, buffer_bytes(&b), &name), PARSE_INVALID);
    b.at[3 * 64] = 61;
    b.at[3 * 64 + 62] = 0;
    c = cursor_over(buffer_bytes(&b));
    assert_int_equal(dns_name_read(&c, buffer_bytes(&b), &name), PARSE_OK);
    assert_int_equal(name.len, DNS_NAME_MAX);

    /* a pointer to itself, one forward, and the reserved label kinds */
    static const struct { uint8_t bytes[4]; enum parse_status status; } bad[] = {
        { { 0xc0, 0x00, 0, 0 }, PARSE_INVALID }, { { 0xc0, 0x02, 0, 0 }, PARSE_INVALID },
        { { 0x40, 0x00, 0, 0 }, PARSE_INVALID }, { { 0x80, 0x00, 0, 0 }, PARSE_INVALID },
        { { 4, 'a', 'b', 'c' }, PARSE_TRUNCATED },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct bytes in = exact_copy(bad[i].bytes, 4);
        c = cursor_over(in);
        assert_int_equal(dns_name_read(&c, in, &name), bad[i].status);
        exact_copy_free(in);
    }

    /* a chain of pointers, each to the one before: as long as allowed, and one longer */
    buffer_clear(&b);
    put_uint(&b, 0, 2); /* the root, at 0 */
    for (unsigned i = 0; i <= DNS_POINTERS_MAX; i++)
        put_uint(&b, 0xc000 | (i == 0 ? 0 : 2 * i), 2);
    struct bytes all = buffer_bytes(&b);
    c = cursor_over(bytes_part(all, 2 * DNS_POINTERS_MAX, all.len));
    assert_int_equal(dns_name_read(&c, all, &name), PARSE_OK);
    c = cursor_over(bytes_part(all, 2 * DNS_POINTERS_MAX + 2, all.len));
    assert_int_equal(dns_name_read(&c, all, &name), PARSE_INVALID);
    buffer_done(&b);
}

static void tcp_in_pieces_is_the_same(void **state)
{
    struct buffer query, response, out, in;

    (void)state;
    build_exchange(&query, &response);
    buffer_init(&out, 8192);
    buffer_init(&in, 8192);
    put_uint(&out, query.len, 2);
    buffer_add(&out, query.at, query.len);
    put_uint(&in, response.len, 2);
    buffer_add(&in, response.at, response.len);
    for (size_t step = 1; step <= in.len; step++) {
        start(true, 53);
        fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&out), step);
        fake_stream(&fake, DIRECTION_IN, buffer_bytes(&in), step);
        fake_end(&fake);
        check_exchange();
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, out.len);
        stop();
    }
    buffer_done(&query);
    buffer_done(&response);
    buffer_done(&out);
    buffer_done(&in);
}

static void a_zone_transfer_loses_nothing(void **state)
{
    enum { RECORDS = 3000, TYPE_AXFR = 252, MESSAGES = 3 };
    struct buffer b;
    size_t answers = 0;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (int m = 0; m < MESSAGES; m++) {
        const size_t at = length_begin(&b, 2);
        put_header(&b, 7, RESPONSE, m == 0, RECORDS);
        if (m == 0)
            put_question(&b, "zone.example", TYPE_AXFR);
        else
            put_name(&b, ""); /* the root, as part of the first record */
        for (int i = 0; i < RECORDS; i++) {
            if (m > 0 && i == 0) {
                put_uint(&b, DNS_A, 2);
                put_uint(&b, 1, 2);
                put_uint(&b, 300, 4);
                put_uint(&b, 4, 2);
                put_uint(&b, 0xc0000200, 4);
            } else {
                record_address(&b, DNS_HEADER_BYTES, 0xc0000200 + (uint32_t)i);
            }
        }
        length_end(&b, at, 2);
    }
    start(true, 53);
    fake_stream(&fake, DIRECTION_IN, buffer_bytes(&b), 1448);
    fake_end(&fake);
    for (size_t i = 0; i < kept_facts_count(&kept, FACT_DNS); i++) {
        const struct fact_dns *row = kept_facts_row(&kept, FACT_DNS, i);
        answers += row->answers.count;
    }
    assert_int_equal(answers, MESSAGES * RECORDS);
    assert_int_equal(fake.ways[DIRECTION_IN].readable, b.len);
    stop();
    buffer_done(&b);
}

static void the_longest_message_is_read(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (int m = 0; m < 2; m++) {
        const size_t start_len = b.len;
        put_uint(&b, 65535, 2);
        put_header(&b, (uint16_t)(8 + m), RESPONSE, 1, 2);
        put_question(&b, "long.example", DNS_A);
        record_address(&b, DNS_HEADER_BYTES, 0xc0000201);
        const size_t at = record_begin(&b, DNS_HEADER_BYTES, DNS_TXT);
        while (b.len - start_len < 65537)
            buffer_add_u8(&b, 0);
        length_end(&b, at, 2);
    }
    start(true, 53);
    fake_stream(&fake, DIRECTION_IN, buffer_bytes(&b), 1000);
    fake_end(&fake);
    assert_int_equal(kept_facts_count(&kept, FACT_DNS), 2);
    stop();
    buffer_done(&b);
}

static void cut_and_flipped_messages_do_no_harm(void **state)
{
    struct buffer query, response;

    (void)state;
    build_exchange(&query, &response);
    for (size_t len = 0; len <= response.len; len++) {
        start(false, 53);
        fake_datagram(&fake, DIRECTION_IN, bytes_part(buffer_bytes(&response), 0, len));
        fake_end(&fake);
        assert_true(fake.ways[DIRECTION_IN].readable <= len);
        stop();
    }
    for (size_t bit = 0; bit < response.len * 8; bit++) {
        response.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        start(false, 53);
        fake_datagram(&fake, DIRECTION_IN, buffer_bytes(&response));
        fake_end(&fake);
        stop();
        response.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    buffer_done(&query);
    buffer_done(&response);
}

static enum recognition recognise(const struct protocol *p, int64_t port, struct bytes b)
{
    struct conversation c = { .from_start = true };

    c.row.src_port = 40000;
    c.row.dst_port = port;
    return p->recognise_datagram(&c, DIRECTION_OUT, b);
}

static void record_of_class(struct buffer *b, const char *owner, uint16_t type, uint16_t class, uint32_t ttl)
{
    put_name(b, owner);
    put_uint(b, type, 2);
    put_uint(b, class, 2);
    put_uint(b, ttl, 4);
}

/* RFC 2136: a condition, a name that goes, and what is set in its place. */
static void updates_tell_what_is_set(void **state)
{
    enum { UPDATE = 5 << 11, SOA = 6, NONE = 254, ANY = 255 };
    struct buffer b;

    (void)state;
    for (int sets = 0; sets < 2; sets++) {
        buffer_init(&b, 1 << 12);
        put_uint(&b, 7, 2);
        put_uint(&b, UPDATE, 2);
        put_uint(&b, 1, 2);
        put_uint(&b, 1, 2);
        put_uint(&b, sets ? 3 : 1, 2);
        put_uint(&b, 0, 2);
        put_question(&b, "home.example", SOA);
        record_of_class(&b, "drone.home.example", DNS_CNAME, NONE, 0);
        put_uint(&b, 0, 2);
        record_of_class(&b, "drone.home.example", DNS_A, ANY, 0);
        put_uint(&b, 0, 2);
        if (sets) {
            record_of_class(&b, "drone.home.example", DNS_A, 1, 300);
            put_uint(&b, 4, 2);
            put_uint(&b, 0x0a090002, 4);
            record_of_class(&b, "pilots-phone.home.example", DNS_TXT, 1, 300);
            put_uint(&b, 6, 2);
            buffer_add(&b, "\5hello", 6);
        }
        start(false, 53);
        fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&b));
        fake_end(&fake);
        assert_int_equal(kept_facts_count(&kept, FACT_DNS), sets ? 2 : 1);
        const struct fact_dns *row = kept_facts_row(&kept, FACT_DNS, 0);
        assert_text_equal(row->name, "drone.home.example");
        assert_text_equal(row->type, "A");
        assert_int_equal(row->answers.count, sets);
        if (sets) {
            assert_text_equal(row->answers.items[0], "10.9.0.2");
            assert_text_equal(((const struct fact_dns *)kept_facts_row(&kept, FACT_DNS, 1))->name,
                              "pilots-phone.home.example");
        }
        assert_int_equal(fake.name_count, 0);
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, b.len);
        stop();
        for (size_t len = 0; len < b.len; len++) {
            struct bytes part = exact_copy(b.at, len);
            start(false, 53);
            fake_datagram(&fake, DIRECTION_OUT, part);
            fake_end(&fake);
            assert_true(kept_facts_count(&kept, FACT_DNS) <= (sets ? 2 : 1));
            stop();
            exact_copy_free(part);
        }
        buffer_done(&b);
    }
}

static void told_from_its_relatives_and_from_others(void **state)
{
    struct buffer query, response;
    static const char noise[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    (void)state;
    build_exchange(&query, &response);
    assert_int_equal(recognise(&dns_protocol, 53, buffer_bytes(&query)), RECOGNISED_YES);
    assert_int_equal(recognise(&dns_protocol, 5300, buffer_bytes(&query)), RECOGNISED_YES);
    assert_int_equal(recognise(&dns_protocol, 5353, buffer_bytes(&query)), RECOGNISED_NO);
    assert_int_equal(recognise(&mdns_protocol, 5353, buffer_bytes(&query)), RECOGNISED_YES);
    assert_int_equal(recognise(&llmnr_protocol, 5355, buffer_bytes(&query)), RECOGNISED_YES);
    assert_int_equal(recognise(&nbns_protocol, 137, buffer_bytes(&query)), RECOGNISED_YES);
    assert_int_equal(recognise(&mdns_protocol, 53, buffer_bytes(&query)), RECOGNISED_NO);
    /* to a server, from the port of multicast DNS */
    struct conversation from_mdns = { .from_start = true };
    from_mdns.row.src_port = 5353;
    from_mdns.row.dst_port = 53;
    assert_int_equal(mdns_protocol.recognise_datagram(&from_mdns, DIRECTION_OUT, buffer_bytes(&query)), RECOGNISED_NO);
    assert_int_equal(dns_protocol.recognise_datagram(&from_mdns, DIRECTION_OUT, buffer_bytes(&query)), RECOGNISED_YES);
    assert_int_equal(recognise(&dns_protocol, 53, (struct bytes){ .at = (const uint8_t *)noise, .len = 27 }),
                     RECOGNISED_NO);
    /* one byte too many is tolerated on port 53 only */
    buffer_add_u8(&query, 0);
    assert_int_equal(recognise(&dns_protocol, 53, buffer_bytes(&query)), RECOGNISED_YES);
    assert_int_equal(recognise(&dns_protocol, 5300, buffer_bytes(&query)), RECOGNISED_NO);

    kept_facts_init(&kept);
    fake_begin(&fake, &mdns_protocol, &kept.sink, false, 5353);
    fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&response));
    fake_end(&fake);
    assert_int_equal(kept_facts_count(&kept, FACT_DNS), 0);
    assert_int_equal(fake.name_count, 0);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, response.len);
    stop();
    buffer_done(&query);
    buffer_done(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_row_per_exchange),
        cmocka_unit_test(unanswered_and_unasked_make_rows_too),
        cmocka_unit_test(more_outstanding_than_are_kept),
        cmocka_unit_test(data_as_text),
        cmocka_unit_test(client_subnets_and_statuses),
        cmocka_unit_test(names_have_limits),
        cmocka_unit_test(tcp_in_pieces_is_the_same),
        cmocka_unit_test(a_zone_transfer_loses_nothing),
        cmocka_unit_test(the_longest_message_is_read),
        cmocka_unit_test(cut_and_flipped_messages_do_no_harm),
        cmocka_unit_test(updates_tell_what_is_set),
        cmocka_unit_test(told_from_its_relatives_and_from_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
