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

    assert_int_equal(ip_parse(&in, wire_len, &p), want);
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

/* RFC 4302: the header says what follows, as in IPv6. */
static void ipv4_authentication_header(void **state)
{
    static const char ah[] = "\x11\4\0\0" "spi." "seq." "123456789012"; /* of (4 + 2) * 4 bytes, before UDP */
    uint8_t at[100], udp[24 + 12];

    memcpy(udp, ah, 24);
    const size_t udp_len = make_udp(udp + 24, up, "1234", 4);
    const size_t len = make_ipv4(at, up, 51, 7, 0x4000, udp, 24 + udp_len);
    struct ip_packet p = parse(at, len, len, PARSE_OK);
    assert_int_equal(p.protocol, 17);
    assert_int_equal(p.payload_len, 12);
    assert_int_equal(p.payload.origin, 44);
    for (size_t cut = 20; cut < 44; cut++) {
        p = parse(at, cut, len, PARSE_OK);
        assert_int_equal(p.protocol, 51);
        assert_int_equal(p.payload_len, 36);
    }
    at[21] = 40; /* longer than the packet */
    assert_int_equal(parse(at, len, len, PARSE_OK).protocol, 51);
    at[21] = 4;
    at[6] = 0x20; /* a fragment: what follows the header is known when it is whole */
    assert_int_equal(parse(at, len, len, PARSE_OK).protocol, 51);
    at[6] = 0x40;
    at[9] = 60; /* the other headers are IPv6's alone */
    assert_int_equal(parse(at, len, len, PARSE_OK).protocol, 60);
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

static const char conflict[] = "IP fragments overlap with different content";

static const struct fragment_case fragment_cases[] = {
    { "in order", { 1, 2, 3, 4 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 4, 24, 0, NULL },
    { "backwards", { 4, 3, 2, 1 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 4, 24, 0, NULL },
    { "one twice", { 1, 2, 2, 3, 4 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 5, 24, 0, NULL },
    { "each twice", { 1, 1, 2, 2, 3, 3, 4, 4 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 8, 24, 0, NULL },
    { "all twice", { 1, 2, 3, 4, 3, 1, 4, 2 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 8, 24, 0, NULL },
    { "overlap, the first stays", { 1, 3, -3, 2, 4 }, "aaaaaaaabbbbbbbbcccccccc[0]|", 5, 24, 0, conflict },
    { "overlap, the other came first", { 1, -3, 3, 2, 4 }, "aaaaaaaaXXXXXXXXcccccccc[0]|", 5, 24, 0, conflict },
    { "the last is missing", { 1, 2, 3 }, "aaaaaaaabbbbbbbb[0]|", 3, 16, 0, "fragments" },
    { "one within is missing", { 1, 2, 4 }, "aaaaaaaa[16]|", 3, 8, 16, "fragments" },
};

/* IPv6 with a fragment header, in Ethernet. */
static void build_fragment6(int protocol, unsigned offset_and_more, const void *payload, size_t len)
{
    static const uint8_t head[14] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd };
    uint8_t frame[200], rest[100] = { (uint8_t)protocol };

    rest[2] = (uint8_t)(offset_and_more >> 8);
    rest[3] = (uint8_t)offset_and_more;
    rest[7] = 9; /* identification */
    memcpy(rest + 8, payload, len);
    memcpy(frame, head, sizeof head);
    build_record(&b, frame, sizeof head + make_ipv6(frame + sizeof head, 44, (const char *)rest, 8 + len));
}

static void build_piece(int version, int piece, const uint8_t *content)
{
    if (version == 4)
        build_ipv4(&b, up, 17, 99, (unsigned)(piece - 1) | (piece < PIECES ? 0x2000 : 0), content, 8);
    else
        build_fragment6(17, (unsigned)(piece - 1) * 8 | (piece < PIECES), content, 8);
}

static void assert_fragments(const struct fragment_case *x, int version)
{
    const struct fact_flow *f = outcome_flow(&o, 0);
    const int64_t frame_bytes = version == 4 ? 60 : 14 + 40 + 8 + 8;

    if (strcmp(o.searched, x->searched) != 0)
        fail_msg("%s, IPv%d: %s", x->name, version, o.searched);
    if (f->packets_out != x->packets || f->bytes_out != frame_bytes * x->packets || f->payload_out != x->payload ||
        f->missing_out != x->missing)
        fail_msg("%s, IPv%d: %d packets, payload %d, missing %d", x->name, version, (int)f->packets_out,
                 (int)f->payload_out, (int)f->missing_out);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 1);
    assert_int_equal(f->dst_port, 5000);
    assert_int_equal(f->head.origin.packet_first, 1);
    assert_int_equal(f->head.origin.packet_last, x->packets);
    if (kept_facts_count(&o.facts, FACT_DAMAGE) != (x->damage != NULL) ||
        (x->damage && !outcome_has_damage(&o, x->damage)))
        fail_msg("%s, IPv%d: damage", x->name, version);
}

static void fragments_come_together(void **state)
{
    uint8_t udp[64], other[8];

    memset(other, 'X', sizeof other);
    make_udp(udp, up, "aaaaaaaabbbbbbbbcccccccc", 24);
    for (size_t i = 0; i < 2 * sizeof fragment_cases / sizeof *fragment_cases; i++) {
        const struct fragment_case *x = &fragment_cases[i / 2];
        const int version = i % 2 ? 6 : 4;
        build_pcap(&b, 1);
        for (int k = 0; k < 8 && x->order[k]; k++) {
            const int piece = x->order[k] < 0 ? -x->order[k] : x->order[k];
            build_piece(version, piece, x->order[k] < 0 ? other : udp + 8 * (piece - 1));
        }
        read_build(&b, NULL, true, &o);
        assert_fragments(x, version);
        outcome_done(&o);
    }
}

/* Pieces over each other in part, and one that ends the datagram elsewhere. */
static void fragments_that_contradict_are_told(void **state)
{
    static const struct {
        unsigned fragment;   /* flags and offset in 8 bytes */
        const char *content;
        size_t len;
        bool told;
    } second[] = {
        { 0x2000, "\x9c\x40\x13\x88\0\x20\0\0" "aaaaaaaa", 16, false },
        { 0x2000, "\x9c\x40\x13\x88\0\x20\0\0" "aaaaaaaX", 16, true },
        { 0x2001, "aaaaaaaabbbbbbbb", 16, false },
        { 0x2001, "Xaaaaaaa", 8, true },
        { 0x0001, "aaaa", 4, true },               /* ends before what was there */
        { 0x2004, "dddddddd", 8, false },          /* goes on behind the end, before that is known */
    };
    for (size_t i = 0; i < sizeof second / sizeof *second; i++) {
        build_pcap(&b, 1);
        build_ipv4(&b, up, 17, 99, 0x2000, "\x9c\x40\x13\x88\0\x20\0\0" "aaaaaaaa", 16);
        build_ipv4(&b, up, 17, 99, second[i].fragment, second[i].content, second[i].len);
        read_build(&b, NULL, true, &o);
        if (outcome_has_damage(&o, conflict) != second[i].told)
            fail_msg("second fragment %zu", i);
        outcome_done(&o);
    }
}

/* All fragments came, and the snap length cut them: nothing is damaged, the rest is counted. */
static void fragments_cut_by_the_snap_length(void **state)
{
    static uint8_t udp[8 + 3000], body[3000];

    memset(body, 'a', sizeof body);
    make_udp(udp, up, body, sizeof body);
    for (int backwards = 0; backwards < 2; backwards++) {
        build_pcap(&b, 1);
        b.snap = 14 + 20 + 8 + 10;
        for (int k = 0; k < 3; k++) {
            const unsigned piece = (unsigned)(backwards ? 2 - k : k), at = piece * 1480;
            build_ipv4(&b, up, 17, 99, at / 8 | (piece < 2 ? 0x2000 : 0), udp + at, piece < 2 ? 1480 : sizeof udp - at);
        }
        read_build(&b, NULL, true, &o);
        const struct fact_flow *f = outcome_flow(&o, 0);
        assert_string_equal(o.searched, "aaaaaaaaaa[2990]|");
        assert_int_equal(f->packets_out, 3);
        assert_int_equal(f->bytes_out, 3 * 34 + (int)sizeof udp);
        assert_int_equal(f->payload_out, 10);
        assert_int_equal(f->missing_out, 2990);
        assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 0);
        outcome_done(&o);
    }
}

/* What the authentication header covers is known once the datagram is whole. */
static void fragments_of_authenticated_datagrams(void **state)
{
    uint8_t content[24 + 8 + 16] = { 17, 4 };

    make_udp(content + 24, up, "0123456789abcdef", 16);
    for (int version = 4; version <= 6; version += 2) {
        build_pcap(&b, 1);
        for (unsigned at = 0; at < sizeof content; at += 16) {
            const bool more = at + 16 < sizeof content;
            if (version == 4)
                build_ipv4(&b, up, 51, 99, at / 8 | (more ? 0x2000 : 0), content + at, 16);
            else
                build_fragment6(51, at | more, content + at, 16);
        }
        read_build(&b, NULL, true, &o);
        const struct fact_flow *f = outcome_flow(&o, 0);
        assert_text_equal(f->proto, "udp");
        assert_int_equal(f->dst_port, 5000);
        assert_int_equal(f->payload_out, 16);
        assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 0);
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
    build_udp(&b, up, "and later still", 15); /* now the minute is believed to be over */
    read_build(&b, NULL, false, &o);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 2);
    const struct fact_flow *f = outcome_flow(&o, 1);
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

/* Pieces of 8 bytes with gaps between them, more than are kept apart, and then those that fill the gaps. */
static void many_tiny_fragments_are_bounded(void **state)
{
    enum { PAIRS = 2000 };

    build_pcap(&b, 1);
    for (unsigned i = 0; i < PAIRS; i++)
        build_ipv4(&b, up, 17, 99, 0x2000 | 2 * i, "\x9c\x40\x13\x88\0\x20\0\0", 8);
    for (unsigned i = 0; i < PAIRS; i++)
        build_ipv4(&b, up, 17, 99, 0x2000 | (2 * i + 1), "aaaaaaaa", 8);
    read_build(&b, NULL, false, &o);
    assert_int_equal(outcome_flow(&o, 0)->packets_out, 2 * PAIRS);
    assert_true(outcome_has_damage(&o, "fragments of an IP datagram are missing"));
    outcome_done(&o);
}

static void many_conflicts_are_told_together(void **state)
{
    enum { CONFLICTS = 300 };

    build_pcap(&b, 1);
    build_ipv4(&b, up, 17, 99, 0x2001, "aaaaaaaa", 8);
    for (unsigned i = 0; i < CONFLICTS; i++)
        build_ipv4(&b, up, 17, 99, 0x2001, "bbbbbbbb", 8);
    read_build(&b, NULL, false, &o);
    assert_true(outcome_has_damage(&o, "in all, 300 IP fragments contradict"));
    assert_true(kept_facts_count(&o.facts, FACT_DAMAGE) < 40);
    outcome_done(&o);
}

/* A fragment that goes past 64 KiB ("ping of death") makes its datagram incomplete, and no longer. */
static void fragments_beyond_the_longest_datagram(void **state)
{
    static uint8_t content[1480];

    build_pcap(&b, 1);
    for (unsigned at = 0; at + 1480 < 65536; at += 1480)
        build_ipv4(&b, up, 1, 99, at / 8 | 0x2000, content, 1480);
    build_ipv4(&b, up, 1, 99, 65504 / 8, content, 1480);
    read_build(&b, NULL, false, &o);
    assert_int_equal(outcome_flow(&o, 0)->payload_out, 44 * 1480);
    assert_true(outcome_has_damage(&o, "fragments of an IP datagram are missing"));
    outcome_done(&o);
}

/* PPPoE says where the packet ends; a length of IP that counts the frame's padding, too, makes no hole in the
 * stream. */
static void padding_that_ip_counts(void **state)
{
    static const uint8_t link[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0x64, 0x11, 0, 0, 1, 0, 42, 0, 0x21 };
    const struct { bool padded; uint32_t seq; const char *payload; } sent[] = {
        { false, 1001, "before" }, { true, 1007, "" }, { false, 1007, "behind" },
    };
    uint8_t frame[128], segment[64];

    build_pcap(&b, 1);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        const size_t segment_len = make_tcp(segment, up, sent[i].seq, 1, A, sent[i].payload, strlen(sent[i].payload));
        const size_t len = make_ipv4(frame + sizeof link, up, 6, 1, 0, segment, segment_len);
        memcpy(frame, link, sizeof link);
        frame[19] = (uint8_t)(2 + len);
        memset(frame + sizeof link + len, 0, 6);
        if (sent[i].padded)
            frame[sizeof link + 3] = (uint8_t)(len + 6);
        build_record(&b, frame, sizeof link + len + (sent[i].padded ? 6 : 0));
    }
    read_build(&b, NULL, true, &o);
    assert_int_equal(outcome_flow(&o, 0)->payload_out, 12);
    assert_int_equal(outcome_flow(&o, 0)->missing_out, 0);
    assert_string_equal(o.searched, "beforebehind|");
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv4_lengths),
        cmocka_unit_test(ipv4_authentication_header),
        cmocka_unit_test(ipv6_extension_headers),
        cmocka_unit_test(fragments_come_together),
        cmocka_unit_test(fragments_that_contradict_are_told),
        cmocka_unit_test(fragments_cut_by_the_snap_length),
        cmocka_unit_test(fragments_of_authenticated_datagrams),
        cmocka_unit_test(fragments_without_their_beginning),
        cmocka_unit_test(many_open_datagrams_are_bounded),
        cmocka_unit_test(many_tiny_fragments_are_bounded),
        cmocka_unit_test(many_conflicts_are_told_together),
        cmocka_unit_test(fragments_beyond_the_longest_datagram),
        cmocka_unit_test(padding_that_ip_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
