#include "packet/build.h"

#include <string.h>

#include "packet/flow.h"

static struct build b;
static struct outcome o;

#define CLIENT   IP4(10, 0, 0, 2)
#define PEER     IP4(10, 0, 0, 9)
#define PUBLIC   IP4(203, 0, 113, 9)
#define PUBLIC_2 IP4(198, 51, 100, 7)

struct orientation_case {
    const char *name;
    struct ends first;
    int tcp_flags;           /* 0: a UDP datagram */
    const char *src;
    uint16_t src_port;
    int64_t local;
    int64_t packets_out;
};

static const struct orientation_case orientations[] = {
    { "private sender", { CLIENT, PUBLIC, 1000, 2000 }, 0, "10.0.0.2", 1000, 0, 1 },
    { "public sender", { PUBLIC, CLIENT, 1000, 2000 }, 0, "10.0.0.2", 2000, 0, 0 },
    { "public SYN to a private address", { PUBLIC, CLIENT, 1000, 2000 }, S, "10.0.0.2", 2000, 0, 0 },
    { "both private, SYN", { PEER, CLIENT, 1000, 2000 }, S, "10.0.0.9", 1000, 1, 1 },
    { "both private, SYN-ACK first", { PEER, CLIENT, 1000, 2000 }, S | A, "10.0.0.2", 2000, 1, 0 },
    { "both public, SYN", { PUBLIC, PUBLIC_2, 1000, 443 }, S, "203.0.113.9", 1000, 0, 1 },
    { "both public, met in the middle", { PUBLIC, PUBLIC_2, 443, 50000 }, A, "198.51.100.7", 50000, 0, 0 },
    { "both public, no known port", { PUBLIC, PUBLIC_2, 4430, 50000 }, A, "203.0.113.9", 4430, 0, 1 },
    { "to a group", { PEER, IP4(239, 1, 2, 3), 1000, 2000 }, 0, "10.0.0.9", 1000, 1, 1 },
    { "a public device to a group", { PUBLIC, IP4(224, 0, 0, 251), 5353, 5353 }, 0, "203.0.113.9", 5353, 0, 1 },
    { "no address yet", { 0, IP4(255, 255, 255, 255), 68, 67 }, 0, "0.0.0.0", 68, 1, 1 },
    { "carrier's shared address", { PUBLIC, IP4(100, 64, 1, 1), 443, 50000 }, 0, "100.64.1.1", 50000, 0, 0 },
    { "private against shared", { IP4(100, 64, 1, 1), CLIENT, 443, 50000 }, 0, "10.0.0.2", 50000, 0, 0 },
    { "loopback", { IP4(127, 0, 0, 1), IP4(127, 0, 0, 1), 1000, 2000 }, S, "127.0.0.1", 1000, 1, 1 },
};

static void sides(void **state)
{
    for (size_t i = 0; i < sizeof orientations / sizeof *orientations; i++) {
        const struct orientation_case *x = &orientations[i];
        build_pcap(&b, 1);
        if (x->tcp_flags)
            build_tcp(&b, x->first, 100, 200, x->tcp_flags, "");
        else
            build_udp(&b, x->first, "x", 1);
        read_build(&b, NULL, false, &o);
        const struct fact_flow *f = outcome_flow(&o, 0);
        if (!text_equal(f->src, text_of(x->src)) || f->src_port != x->src_port || f->local != x->local ||
            f->packets_out != x->packets_out || f->packets_in != 1 - x->packets_out)
            fail_msg("%s: %.*s:%d local %d out %d", x->name, (int)f->src.len, f->src.at, (int)f->src_port,
                     (int)f->local, (int)f->packets_out);
        outcome_done(&o);
    }
}

static void given_local_side_wins(void **state)
{
    static const struct network_prefix prefix = {
        { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 0 }, 120,
    };
    static const uint8_t macs[1][6] = { { 2, 0, 0, 0, 0, 1 } }; /* of the end with the lower address */
    const struct reading_options by_prefix = { .local_prefixes = &prefix, .local_prefix_count = 1 };
    const struct reading_options by_mac = { .local_macs = macs, .local_mac_count = 1 };
    const struct ends e = { CLIENT, PUBLIC, 1000, 2000 };

    build_pcap(&b, 1);
    build_udp(&b, e, "x", 1);
    read_build(&b, &by_prefix, false, &o);
    assert_text_equal(outcome_flow(&o, 0)->src, "203.0.113.9");
    assert_int_equal(outcome_flow(&o, 0)->local, 1);
    assert_int_equal(outcome_flow(&o, 0)->packets_in, 1);
    outcome_done(&o);
    read_build(&b, &by_mac, false, &o);
    assert_text_equal(outcome_flow(&o, 0)->src, "10.0.0.2");
    assert_text_equal(outcome_flow(&o, 0)->src_mac, "02:00:00:00:00:01");
    outcome_done(&o);
}

static void dhcp_clients_are_devices(void **state)
{
    uint8_t offer[240] = { 2 };
    const struct ends from_server = { PEER, IP4(255, 255, 255, 255), 67, 68 };

    memcpy(offer + 16, (uint8_t[]){ 10, 0, 0, 2 }, 4);
    build_pcap(&b, 1);
    build_udp(&b, from_server, offer, sizeof offer);
    build_udp(&b, (struct ends){ PEER, CLIENT, 1000, 2000 }, "x", 1);
    read_build(&b, NULL, false, &o);
    assert_text_equal(outcome_flow(&o, 1)->src, "10.0.0.2");
    assert_int_equal(outcome_flow(&o, 1)->packets_in, 1);
    outcome_done(&o);
}

static void counts_whole_frames(void **state)
{
    const struct ends e = { CLIENT, PUBLIC, 1000, 2000 };

    build_pcap(&b, 1);
    build_udp(&b, e, "x", 1);                         /* padded to 60 */
    build_udp(&b, e, "0123456789012345678901234567", 28); /* 70 */
    b.time_us -= 5000000;                             /* the clock was set back */
    build_udp(&b, back(e), "yy", 2);
    read_build(&b, NULL, false, &o);
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_text_equal(f->proto, "udp");
    assert_int_equal(f->packets_out, 2);
    assert_int_equal(f->packets_in, 1);
    assert_int_equal(f->bytes_out, 130);
    assert_int_equal(f->bytes_in, 60);
    assert_int_equal(f->payload_out, 29);
    assert_int_equal(f->payload_in, 2);
    assert_int_equal(f->opaque_out, 29);
    assert_int_equal(f->missing_out, 0);
    assert_int_equal(f->last - f->first, INT64_C(4999000000));
    assert_int_equal(f->head.origin.packet_first, 1);
    assert_int_equal(f->head.origin.packet_last, 3);
    assert_int_equal(f->head.origin.offset, 24);
    assert_text_equal(f->src_mac, "02:00:00:00:00:01");
    outcome_done(&o);
}

static void counts_go_past_their_halves(void **state)
{
    struct flow_counts c = { .packets = 0 };

    (void)state;
    for (uint64_t i = 1; i <= 3; i++) {
        count_packets(&c, UINT32_MAX, UINT64_C(0x123456789a));
        count_payload(&c, UINT64_C(0xffffffffff));
        assert_int_equal(counted_packets(&c), i * UINT32_MAX);
        assert_int_equal(counted_bytes(&c), i * UINT64_C(0x123456789a));
        assert_int_equal(counted_payload(&c), i * UINT64_C(0xffffffffff));
    }
}

static void other_protocols_are_flows(void **state)
{
    const struct ends e = { CLIENT, PUBLIC, 0, 0 };

    build_pcap(&b, 1);
    build_ipv4(&b, e, 1, 1, 0, "\x08\0\0\0ping", 8);
    build_ipv4(&b, back(e), 1, 1, 0, "\0\0\0\0ping", 8);
    build_ipv4(&b, e, 47, 1, 0, "\0\0\x08\0....", 8);
    build_ipv4(&b, e, 6, 1, 0, "\0", 1);              /* TCP without its ports */
    build_record(&b, "\2\0\0\0\0\2\2\0\0\0\0\1\x08\6....", 18);
    read_build(&b, NULL, false, &o);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 3);
    assert_text_equal(outcome_flow(&o, 0)->proto, "icmp");
    assert_int_equal(outcome_flow(&o, 0)->src_port, FACT_UNKNOWN_INT);
    assert_int_equal(outcome_flow(&o, 0)->packets_in, 1);
    assert_int_equal(outcome_flow(&o, 0)->payload_out, 8);
    assert_text_equal(outcome_flow(&o, 1)->proto, "other");
    assert_text_equal(outcome_flow(&o, 2)->proto, "tcp");
    assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 0);
    outcome_done(&o);
}

static void ipv6_flows_and_both_families_apart(void **state)
{
    uint8_t frame[14 + 40 + 8 + 2] = "\2\0\0\0\0\2\2\0\0\0\0\1\x86\xdd\x60";
    static const uint8_t src[16] = { 0xfd, 0, 0, 1, [15] = 2 }, dst[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 9 };

    frame[14 + 5] = 10;
    frame[14 + 6] = 17;
    memcpy(frame + 14 + 8, src, 16);
    memcpy(frame + 14 + 24, dst, 16);
    make_udp(frame + 54, (struct ends){ 0, 0, 1000, 2000 }, "hi", 2);
    build_pcap(&b, 1);
    build_record(&b, frame, sizeof frame);
    build_udp(&b, (struct ends){ CLIENT, PUBLIC, 1000, 2000 }, "x", 1);
    read_build(&b, NULL, false, &o);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 2);
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_text_equal(f->src, "fd00:1::2");
    assert_text_equal(f->dst, "2001:db8::9");
    assert_int_equal(f->payload_out, 2);
    assert_int_equal(f->bytes_out, 64);
    assert_int_equal(f->local, 0);
    outcome_done(&o);
}

static void the_table_is_bounded(void **state)
{
    const struct reading_options options = { .flows_max = 100 };
    int64_t packets = 0;

    build_pcap(&b, 1);
    for (unsigned i = 0; i < 1000; i++)
        build_udp(&b, (struct ends){ CLIENT, PUBLIC, (uint16_t)(1000 + i % 300), 2000 }, "x", 1);
    read_build(&b, &options, false, &o);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 1000); /* each was forgotten before it came again */
    for (size_t i = 0; i < 1000; i++)
        packets += outcome_flow(&o, i)->packets_out;
    assert_int_equal(packets, 1000);
    assert_true(outcome_has_damage(&o, "900 flows were set aside early"));
    outcome_done(&o);
}

static void closed_flows_make_room_first(void **state)
{
    const struct reading_options options = { .flows_max = 10 };

    build_pcap(&b, 1);
    build_udp(&b, (struct ends){ CLIENT, PUBLIC, 1, 1 }, "x", 1);
    for (unsigned i = 0; i < 100; i++) {
        const struct ends e = { CLIENT, PUBLIC, (uint16_t)(1000 + i), 2000 };
        build_tcp(&b, e, 100, 0, S, "");
        build_tcp(&b, back(e), 0, 101, R | A, "");
    }
    build_udp(&b, (struct ends){ CLIENT, PUBLIC, 1, 1 }, "x", 1);
    read_build(&b, &options, false, &o);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 101);
    assert_int_equal(outcome_flow(&o, 0)->packets_out, 2);
    assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 0);
    outcome_done(&o);
}

enum { SECOND = 1000000, MINUTE = 60 * SECOND };

/* A flow of datagrams, silent for so long, beside another that lets time go on. */
static size_t flows_after_silence(int64_t us)
{
    static const struct ends one = { IP4(10, 0, 0, 2), IP4(203, 0, 113, 9), 40000, 5000 },
                             other = { IP4(10, 0, 0, 3), IP4(203, 0, 113, 9), 40000, 5000 };
    build_pcap(&b, 1);
    build_udp(&b, one, "a", 1);
    build_udp(&b, other, "b", 1);
    b.time_us += us;
    build_udp(&b, other, "c", 1);
    build_udp(&b, other, "d", 1);
    build_udp(&b, one, "e", 1);
    read_build(&b, NULL, false, &o);
    size_t count = 0;
    int64_t packets = 0;
    for (size_t i = 0; i < kept_facts_count(&o.facts, FACT_FLOW); i++) {
        const struct fact_flow *f = outcome_flow(&o, i);
        count += text_equal(f->src, TEXT("10.0.0.2"));
        packets += f->packets_out;
    }
    assert_int_equal(packets, 5);
    outcome_done(&o);
    return count;
}

static void long_silence_ends_a_flow(void **state)
{
    assert_int_equal(flows_after_silence(INT64_C(29) * MINUTE), 1);
    assert_int_equal(flows_after_silence(INT64_C(31) * MINUTE), 2);
}

/* One record whose time is wrong, of another flow, ends nothing. */
static void a_false_time_ends_nothing(void **state)
{
    static const struct ends up = { IP4(10, 0, 0, 2), IP4(203, 0, 113, 9), 40000, 5000 },
                             other = { IP4(10, 0, 0, 3), IP4(203, 0, 113, 9), 40000, 53 };

    for (int wrong = 0; wrong < 5; wrong++) {
        build_pcap(&b, 1);
        build_handshake(&b, up, 1000, 5000);
        for (int i = 0; i < 5; i++) {
            const int64_t right = b.time_us;
            if (i == wrong) {
                b.time_us += INT64_C(180) * MINUTE;
                build_udp(&b, other, "x", 1);
            }
            b.time_us = right + 1000;
            build_tcp(&b, up, 1001 + 3 * (uint32_t)i, 5001, A | P, "abc");
        }
        read_build(&b, NULL, false, &o);
        assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 2);
        assert_int_equal(outcome_flow(&o, 0)->payload_out, 15);
        assert_int_equal(outcome_flow(&o, 0)->missing_out, 0);
        outcome_done(&o);
    }
}

/* Both ends closed it; the same ports come again much later, without a beginning. */
static void closed_flows_are_forgotten(void **state)
{
    static const struct ends up = { IP4(10, 0, 0, 2), IP4(203, 0, 113, 9), 40000, 5000 },
                             other = { IP4(10, 0, 0, 3), IP4(203, 0, 113, 9), 40000, 53 };
    for (int minutes = 3; minutes <= 5; minutes += 2) {
        build_pcap(&b, 1);
        build_handshake(&b, up, 1000, 5000);
        build_tcp(&b, up, 1001, 5001, F | A, "");
        build_tcp(&b, back(up), 5001, 1002, F | A, "");
        build_tcp(&b, up, 1002, 5002, A, "");
        b.time_us += (int64_t)minutes * MINUTE;
        build_udp(&b, other, "x", 1);
        build_udp(&b, other, "x", 1);
        build_tcp(&b, back(up), 5001, 1002, F | A, "");
        read_build(&b, NULL, false, &o);
        assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), minutes > 4 ? 3 : 2);
        outcome_done(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sides),
        cmocka_unit_test(given_local_side_wins),
        cmocka_unit_test(dhcp_clients_are_devices),
        cmocka_unit_test(counts_whole_frames),
        cmocka_unit_test(counts_go_past_their_halves),
        cmocka_unit_test(other_protocols_are_flows),
        cmocka_unit_test(ipv6_flows_and_both_families_apart),
        cmocka_unit_test(the_table_is_bounded),
        cmocka_unit_test(closed_flows_make_room_first),
        cmocka_unit_test(long_silence_ends_a_flow),
        cmocka_unit_test(a_false_time_ends_nothing),
        cmocka_unit_test(closed_flows_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
