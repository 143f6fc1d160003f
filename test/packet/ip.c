#include "packet/build.h"

#include <string.h>

#include "packet/ip.h"

static const struct ends up = { IP4(10, 0, 0, 2), IP4(203, 0, 113, 9), 40000, 5000 };
static struct build b;
static struct outcome o;

static struct ip_packet parse(const uint8_t *at, size_t len, uint64_t wire_len, enum parse_status want)
{
    struct bytes in = exact_copy(at, len);
    struct ip_packet p = { .version = 0 };

    assert_int_equal(ip_parse(in, wire_len, &p), want);
    p.payload.at = NULL;
    exact_copy_free(in);
    return p;
}

static void ipv4_lengths(void **state)
{
    uint8_t at[100] = { 0 };
    const size_t len = make_ipv4(at, up, 17, 7, 0x4000, "0123456789", 10);

    struct ip_packet p = parse(at, len, len, PARSE_OK);
    assert_int_equal(p.payload_len, 10);
    assert_int_equal(p.protocol, 17);
    assert_false(p.fragment);

    p = parse(at, 46, 46, PARSE_OK); /* Ethernet padding is not payload */
    assert_int_equal(p.payload.len, 10);
    p = parse(at, 24, 30, PARSE_OK); /* cut by the snap length */
    assert_int_equal(p.payload.len, 4);
    assert_int_equal(p.payload_len, 10);

    at[2] = at[3] = 0; /* segmentation offload */
    p = parse(at, len, 5000, PARSE_OK);
    assert_int_equal(p.payload_len, 4980);
    at[3] = 19; /* shorter than its header */
    parse(at, len, len, PARSE_INVALID);
    at[3] = 30;
    at[0] = 0x44;
    parse(at, len, len, PARSE_INVALID);
    at[0] = 0x46; /* options */
    p = parse(at, len, len, PARSE_OK);
    assert_int_equal(p.payload_len, 6);
    at[0] = 0x75;
    parse(at, len, len, PARSE_INVALID);
    at[0] = 0x45;
    for (size_t cut = 0; cut < 20; cut++)
        parse(at, cut, len, PARSE_TRUNCATED);
}

static size_t make_ipv6(uint8_t *at, int next, const char *rest, size_t len)
{
    memset(at, 0, 40);
    at[0] = 0x60;
    at[5] = (uint8_t)len;
    at[6] = (uint8_t)next;
    at[8] = 0xfd;
    at[24] = 0x20;
    at[39] = 1;
    memcpy(at + 40, rest, len);
    return 40 + len;
}

struct extension_case {
    const char *name;
    int next;
    const char *rest;
    size_t len;
    int protocol;
    int payload_len;
    bool fragment;
};

static const struct extension_case extension_cases[] = {
    { "none", 17, "12345678", 8, 17, 8, false },
    { "hop by hop", 0, "\x11\0......" "12345678", 16, 17, 8, false },
    { "hop by hop, routing, destination", 0, "\x2b\0......" "\x3c\0......" "\x06\1......" "........" "1234", 36, 6, 4, false },
    { "authentication", 51, "\x11\2......" "........" "12", 18, 17, 2, false },
    { "atomic fragment", 44, "\x11\0\0\0\0\0\0\1" "1234", 12, 17, 4, false },
    { "first fragment", 44, "\x11\0\0\1\0\0\0\1" "12345678", 16, 17, 8, true },
    { "extension runs out", 0, "\x11\x05......" "1234", 12, 0, 12, false },
    { "no next header", 59, "", 0, 59, 0, false },
};

static void ipv6_extension_headers(void **state)
{
    for (size_t i = 0; i < sizeof extension_cases / sizeof *extension_cases; i++) {
        const struct extension_case *x = &extension_cases[i];
        uint8_t at[200];
        const size_t len = make_ipv6(at, x->next, x->rest, x->len);
        const struct ip_packet p = parse(at, len, len, PARSE_OK);
        if (p.protocol != x->protocol || (int)p.payload_len != x->payload_len || p.fragment != x->fragment)
            fail_msg("%s: protocol %d, %d bytes", x->name, p.protocol, (int)p.payload_len);
        for (size_t cut = 0; cut < 40; cut++)
            parse(at, cut, len, PARSE_TRUNCATED);
        for (size_t cut = 40; cut < len; cut++)
            parse(at, cut, len, PARSE_OK);
    }
}

/* A UDP datagram with 24 bytes, in pieces of 8 bytes of its payload each: */
enum { PIECES = 4 };

struct fragment_case {
    const char *name;
    int order[8];            /* numbers of pieces from 1; negative: with other bytes */
    const char *searched;
    int64_t packets, payload, missing;
    const char *damage;
};

static const struct fragment_case fragment_cases[] = {
    { "in order", { 1, 2, 3, 4 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 4, 24, 0, NULL },
    { "backwards", { 4, 3, 2, 1 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 4, 24, 0, NULL },
    { "one twice", { 1, 2, 2, 3, 4 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 5, 24, 0, NULL },
    { "overlap, the first stays", { 1, 3, -3, 2, 4 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 5, 24, 0, NULL },
    { "the last is missing", { 1, 2, 3 }, "aaaaaaaabbbbbbbb[0]|", 3, 16, 0, "fragments" },
    { "one within is missing", { 1, 2, 4 }, "aaaaaaaa[16]|", 3, 8, 16, "fragments" },
};

static void fragments_come_together(void **state)
{
    uint8_t udp[64];

    make_udp(udp, up, "aaaaaaaabbbbbbbbcccccccc", 24);
    for (size_t i = 0; i < sizeof fragment_cases / sizeof *fragment_cases; i++) {
        const struct fragment_case *x = &fragment_cases[i];
        build_pcap(&b, 1);
        for (int k = 0; x->order[k]; k++) {
            const int piece = x->order[k] < 0 ? -x->order[k] : x->order[k];
            uint8_t other[8];
            memset(other, 'X', sizeof other);
            build_ipv4(&b, up, 17, 99, (unsigned)(piece - 1) | (piece < PIECES ? 0x2000 : 0),
                       x->order[k] < 0 ? other : udp + 8 * (piece - 1), 8);
        }
        read_build(&b, NULL, true, &o);
        const struct fact_flow *f = outcome_flow(&o, 0);
        if (strcmp(o.searched, x->searched) != 0)
            fail_msg("%s: %s", x->name, o.searched);
        if (f->packets_out != x->packets || f->bytes_out != 60 * x->packets || f->payload_out != x->payload ||
            f->missing_out != x->missing)
            fail_msg("%s: %d packets, payload %d, missing %d", x->name, (int)f->packets_out, (int)f->payload_out,
                     (int)f->missing_out);
        assert_int_equal(f->dst_port, 5000);
        assert_int_equal(f->head.origin.packet_first, 1);
        assert_int_equal(f->head.origin.packet_last, x->packets);
        if (x->damage ? !outcome_has_damage(&o, x->damage) : kept_facts_count(&o.facts, FACT_DAMAGE) > 0)
            fail_msg("%s: damage", x->name);
        outcome_done(&o);
    }
}

static void fragments_without_their_beginning(void **state)
{
    build_pcap(&b, 1);
    build_ipv4(&b, up, 17, 99, 0x2001, "bbbbbbbb", 8);
    build_ipv4(&b, up, 17, 99, 2, "cccccccc", 8);
    b.time_us += 61 * INT64_C(1000000);
    build_udp(&b, up, "later", 5);
    read_build(&b, NULL, false, &o);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 2);
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_text_equal(f->proto, "udp");
    assert_int_equal(f->src_port, FACT_UNKNOWN_INT);
    assert_int_equal(f->packets_out, 2);
    assert_true(outcome_has_damage(&o, "fragments"));
    outcome_done(&o);
}

static void many_open_datagrams_are_bounded(void **state)
{
    build_pcap(&b, 1);
    for (unsigned i = 0; i < 5000; i++)
        build_ipv4(&b, up, 17, i, 0x2000, "\x9c\x40\x13\x88\0\x20\0\0", 8);
    read_build(&b, NULL, false, &o);
    assert_int_equal(outcome_flow(&o, 0)->packets_out, 5000);
    assert_true(outcome_has_damage(&o, "in all, fragments of 5000"));
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv4_lengths),
        cmocka_unit_test(ipv6_extension_headers),
        cmocka_unit_test(fragments_come_together),
        cmocka_unit_test(fragments_without_their_beginning),
        cmocka_unit_test(many_open_datagrams_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
