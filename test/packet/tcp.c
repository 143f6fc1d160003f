#include "packet/build.h"

#include <string.h>

static struct build b;
static struct outcome o;
static const struct ends up = { IP4(10, 0, 0, 2), IP4(203, 0, 113, 9), 40000, 5000 };

/* Segments of the direction out, after a handshake with initial number `isn`. */
struct step {
    int32_t at;             /* offset in the stream, from 0 */
    const char *bytes;      /* NULL: the peer acknowledges up to `at` */
};

/* What must come out. */
struct expected {
    const char *searched;
    int64_t payload, missing;
    const char *damage;
};

struct reassembly {
    const char *name;
    uint32_t isn;
    struct step steps[10];
    struct expected then;
};

static const struct reassembly reassemblies[] = {
    { "in order", 1000, { { 0, "abc" }, { 3, "def" } }, { "abcdef|", 6, 0, NULL } },
    { "out of order", 1000, { { 3, "def" }, { 0, "abc" }, { 6, "g" } }, { "abcdefg|", 7, 0, NULL } },
    { "three the wrong way round", 1000, { { 6, "ghi" }, { 3, "def" }, { 0, "abc" } }, { "abcdefghi|", 9, 0, NULL } },
    { "retransmission", 1000, { { 0, "abc" }, { 0, "abc" }, { 3, "def" }, { 0, "abcdef" } }, { "abcdef|", 6, 0, NULL } },
    { "repetition with more behind it", 1000, { { 0, "abc" }, { 0, "abcdef" } }, { "abcdef|", 6, 0, NULL } },
    { "keep-alive of one old byte", 1000, { { 0, "abc" }, { 2, "\001" }, { 3, "def" } }, { "abcdef|", 6, 0, NULL } },
    { "numbers wrap", 0xfffffffdu, { { 0, "abc" }, { 6, "ghi" }, { 3, "def" } }, { "abcdefghi|", 9, 0, NULL } },
    { "overlap, the first stays", 1000, { { 3, "DEF" }, { 1, "bcdefg" }, { 0, "a" } }, { "abcDEFg|", 7, 0, "overlap" } },
    { "repetition with other bytes, the first stay", 1000, { { 0, "abc" }, { 3, "def" }, { 0, "aXc" }, { 6, "g" } },
      { "abcdefg|", 7, 0, "overlap" } },
    { "repetition with other bytes over two pieces", 1000, { { 0, "abc" }, { 3, "def" }, { 1, "bcdeX" } },
      { "abcdef|", 6, 0, "overlap" } },
    { "repetition that differs only behind what was there", 1000, { { 0, "abc" }, { 1, "bcX" } }, { "abcX|", 4, 0, NULL } },
    { "repetition with other bytes of what had waited", 1000, { { 3, "def" }, { 0, "abc" }, { 3, "deX" } },
      { "abcdef|", 6, 0, "overlap" } },
    { "repetition with other bytes across the wrap", 0xfffffffdu, { { 0, "abcdef" }, { 2, "cXe" } }, { "abcdef|", 6, 0,
      "overlap" } },
    { "overlap of same bytes", 1000, { { 3, "def" }, { 1, "bcdefg" }, { 0, "a" } }, { "abcdefg|", 7, 0, NULL } },
    { "a piece over several waiting ones", 1000, { { 2, "c" }, { 4, "e" }, { 6, "g" }, { 0, "abcdefgh" } },
      { "abcdefgh|", 8, 0, NULL } },
    { "waiting piece bridges waiting ones", 1000, { { 2, "c" }, { 6, "g" }, { 1, "bcdefgh" }, { 0, "a" } },
      { "abcdefgh|", 8, 0, NULL } },
    { "hole at the end of the capture", 1000, { { 0, "abc" }, { 6, "ghi" } }, { "abc[3]ghi|", 6, 3, NULL } },
    { "two holes", 1000, { { 0, "abc" }, { 6, "ghi" }, { 12, "mno" } }, { "abc[3]ghi[3]mno|", 9, 6, NULL } },
    { "acknowledged hole, told while reading", 1000,
      { { 0, "abc" }, { 6, "ghi" }, { 9, NULL }, { 9, NULL }, { 9, NULL }, { 9, NULL }, { 3, "def" } },
      { "abc[3]ghi|", 6, 3, NULL } },
    { "acknowledged before it was captured", 1000, { { 0, "abc" }, { 6, "ghi" }, { 9, NULL }, { 3, "def" } },
      { "abcdefghi|", 9, 0, NULL } },
    { "acknowledged and never captured", 1000, { { 0, "abc" }, { 50, NULL } }, { "abc[47]|", 3, 47, NULL } },
    { "one byte past the end may be a FIN", 1000, { { 0, "abc" }, { 4, NULL } }, { "abc|", 3, 0, NULL } },
};

static void assert_outcome(const char *name, const struct expected *then)
{
    const struct fact_flow *f = outcome_flow(&o, 0);

    if (strcmp(o.searched, then->searched) != 0)
        fail_msg("%s: %s", name, o.searched);
    if (f->payload_out != then->payload || f->missing_out != then->missing || f->opaque_out != then->payload)
        fail_msg("%s: payload %lld, missing %lld", name, (long long)f->payload_out, (long long)f->missing_out);
    if (then->damage ? !outcome_has_damage(&o, then->damage) : kept_facts_count(&o.facts, FACT_DAMAGE) > 0)
        fail_msg("%s: damage", name);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 1);
}

static void reassembles(void **state)
{
    for (size_t i = 0; i < sizeof reassemblies / sizeof *reassemblies; i++) {
        const struct reassembly *x = &reassemblies[i];
        build_pcap(&b, 1);
        build_handshake(&b, up, x->isn, 5000);
        for (int k = 0; k < 10 && (x->steps[k].bytes || x->steps[k].at); k++) {
            const uint32_t seq = x->isn + 1 + (uint32_t)x->steps[k].at;
            if (x->steps[k].bytes)
                build_tcp(&b, up, seq, 5001, A | P, x->steps[k].bytes);
            else
                build_tcp(&b, back(up), 5001, seq, A, "");
        }
        read_build(&b, NULL, true, &o);
        assert_outcome(x->name, &x->then);
        for (unsigned seed = 1; seed <= 3; seed++) {
            static struct outcome pieces;
            read_build_in_pieces(&b, seed, true, &pieces);
            assert_same_outcome(&o, &pieces);
            outcome_done(&pieces);
        }
        outcome_done(&o);
    }
}

/* Every order of arrival gives the same stream. */
static void any_order(void **state)
{
    static const char *const text = "abcdefghijklmnopqrstuvwx";
    unsigned seed = 1;

    for (int round = 0; round < 200; round++) {
        char piece[8];
        build_pcap(&b, 1);
        build_handshake(&b, up, 0xfffffff0u, 1);
        int order[12], n = 12;
        for (int i = 0; i < n; i++)
            order[i] = i;
        for (int i = n - 1; i > 0; i--) {
            seed = seed * 1103515245 + 12345;
            const int k = (int)(seed >> 16) % (i + 1), was = order[i];
            order[i] = order[k];
            order[k] = was;
        }
        for (int i = 0; i < n; i++) {
            const int len = order[i] == n - 1 ? 2 : 3;
            memcpy(piece, text + 2 * order[i], (size_t)len);
            piece[len] = '\0';
            build_tcp(&b, up, 0xfffffff1u + 2 * (uint32_t)order[i], 2, A, piece);
        }
        read_build(&b, NULL, true, &o);
        if (strcmp(o.searched, "abcdefghijklmnopqrstuvwx|") != 0)
            fail_msg("round %d: %s", round, o.searched);
        assert_int_equal(outcome_flow(&o, 0)->payload_out, 24);
        outcome_done(&o);
    }
}

static void begins_in_the_middle(void **state)
{
    build_pcap(&b, 1);
    build_tcp(&b, up, 777, 42, A, "abc");
    build_tcp(&b, back(up), 42, 780, A, "xyz");
    build_tcp(&b, up, 780, 45, A, "def");
    read_build(&b, NULL, true, &o);
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_string_equal(o.searched, "abcdef|");
    assert_int_equal(f->payload_in, 3);
    assert_int_equal(f->missing_out, 0);
    outcome_done(&o);
}

/* What is captured first of a side may be a keep-alive, whose byte is none; a byte that is pushed is content, and so is
 * one that follows a SYN. */
static void begins_with_a_keep_alive(void **state)
{
    static const struct { const char *name,
                          *byte; size_t len; int flags; bool syn; const char *searched; int64_t payload; } rows[] = {
        { "keep-alive", "\0", 1, A, false, "PUT x|", 5 },
        { "pushed", "\0", 1, A | P, false, NULL, 6 },
        { "a letter", "O", 1, A, false, "OPUT x|", 6 },
        { "two bytes", "\0\0", 2, A, false, NULL, 7 },
        { "behind a SYN", "\0", 1, A, true, NULL, 6 },
    };
    uint8_t segment[64];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t len = make_tcp(segment, up, 777, 42, rows[i].flags, rows[i].byte, rows[i].len);
        build_pcap(&b, 1);
        if (rows[i].syn)
            build_handshake(&b, up, 776, 41);
        for (int again = 0; again < 3; again++) {
            build_ipv4(&b, up, 6, 1, 0, segment, len);
            build_tcp(&b, back(up), 42, 777 + (uint32_t)rows[i].len, A, "");
        }
        build_tcp(&b, up, 777 + (uint32_t)rows[i].len, 42, A | P, "PUT x");
        read_build(&b, NULL, true, &o);
        const struct fact_flow *f = outcome_flow(&o, 0);
        if (f->payload_out != rows[i].payload || f->missing_out != 0)
            fail_msg("%s: %d, missing %d", rows[i].name, (int)f->payload_out, (int)f->missing_out);
        if (rows[i].searched)
            assert_string_equal(o.searched, rows[i].searched);
        outcome_done(&o);
    }
}

static void only_one_side_was_captured(void **state)
{
    build_pcap(&b, 1);
    for (uint32_t i = 0; i < 10; i++)
        build_tcp(&b, back(up), 42, 1000 + 100 * i, A, "");
    read_build(&b, NULL, false, &o);
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_text_equal(f->src, "10.0.0.2");
    assert_int_equal(f->payload_out, 0);
    assert_int_equal(f->missing_out, 900);
    assert_int_equal(f->packets_out, 0);
    assert_int_equal(f->packets_in, 10);
    outcome_done(&o);
}

struct reuse {
    const char *name;
    struct { int back, flags; uint32_t seq; } steps[6];
    size_t flows;
};

enum { C = 0x1000 }; /* with content */

static const struct reuse reuses[] = {
    { "SYN repeated", { { 0, S, 100 }, { 0, S, 100 }, { 1, S | A, 500 } }, 1 },
    { "SYN with another number", { { 0, S, 100 }, { 0, S, 9000 } }, 2 },
    { "refused, tried again", { { 0, S, 100 }, { 1, R | A, 0 }, { 0, S, 9000 } }, 2 },
    { "after FIN", { { 0, S, 100 }, { 1, S | A, 500 }, { 0, F | A, 101 }, { 1, F | A, 501 }, { 0, S, 9000 } }, 2 },
    { "content of its own after both FINs, the SYN was not captured",
      { { 0, S, 100 }, { 1, S | A, 500 }, { 0, F | A, 101 }, { 1, F | A, 501 }, { 0, A | C, 70000 } }, 2 },
    { "late acknowledgements after both FINs",
      { { 0, S, 100 }, { 1, S | A, 500 }, { 0, F | A, 101 }, { 1, F | A, 501 }, { 0, A, 102 }, { 1, R, 502 } }, 1 },
    { "content behind both FINs",
      { { 0, S, 100 }, { 1, S | A, 500 }, { 0, F | A, 101 }, { 1, F | A, 501 }, { 0, A | C, 102 } }, 1 },
    { "packets after RST", { { 0, S, 100 }, { 1, R | A, 0 }, { 0, A, 101 } }, 1 },
    { "simultaneous open", { { 0, S, 100 }, { 1, S, 500 }, { 0, S | A, 100 }, { 1, S | A, 500 } }, 1 },
    { "SYN into a connection met in the middle", { { 0, A, 100 }, { 1, A, 500 }, { 0, S, 9000 } }, 2 },
    { "SYN captured late", { { 0, A, 101 }, { 0, S, 100 } }, 1 },
};

static void ports_are_used_again(void **state)
{
    for (size_t i = 0; i < sizeof reuses / sizeof *reuses; i++) {
        build_pcap(&b, 1);
        for (int k = 0; k < 6 && reuses[i].steps[k].flags; k++)
            build_tcp(&b, reuses[i].steps[k].back ? back(up) : up, reuses[i].steps[k].seq, 0,
                      reuses[i].steps[k].flags & ~C, reuses[i].steps[k].flags & C ? "content" : "");
        read_build(&b, NULL, false, &o);
        if (kept_facts_count(&o.facts, FACT_FLOW) != reuses[i].flows)
            fail_msg("%s: %zu flows", reuses[i].name, kept_facts_count(&o.facts, FACT_FLOW));
        outcome_done(&o);
    }
}

/* Segments out after "abc" and a FIN. */
struct behind {
    const char *name;
    bool peer_ends;
    struct { int32_t at; int flags; const char *bytes; } steps[4];
    struct expected then;
};

static const struct behind behinds[] = {
    { "nothing", true, { { 0 } }, { "abc|", 3, 0, NULL } },
    { "the same again", false, { { 0, A, "abc" } }, { "abc|", 3, 0, NULL } },
    { "the same again with other bytes", false, { { 0, A, "aXc" } }, { "abc|", 3, 0, "overlap" } },
    { "a keep-alive", false, { { 3, A, "\1" } }, { "abc|", 3, 0, NULL } },
    { "more in the place of the FIN", false, { { 3, A, "def" } }, { "abc|def|", 6, 0, NULL } },
    { "more behind the FIN", false, { { 4, A, "def" } }, { "abc|def|", 6, 0, NULL } },
    { "more, and again", false, { { 3, A, "def" }, { 3, A, "def" }, { 6, A, "ghi" } }, { "abc|defghi|", 9, 0, NULL } },
    { "more behind both FINs", true, { { 3, A, "def" } }, { "abc|def|", 6, 0, NULL } },
    { "more behind a hole", false, { { 6, A, "ghi" } }, { "abc|ghi|", 6, 3, NULL } },
    { "more and a FIN", false, { { 3, A, "def" }, { 6, F | A, "" }, { 6, A, "ghi" } }, { "abc|def|ghi|", 9, 0, NULL } },
};

static void content_behind_the_end_counts(void **state)
{
    for (size_t i = 0; i < sizeof behinds / sizeof *behinds; i++) {
        const struct behind *x = &behinds[i];
        build_pcap(&b, 1);
        build_handshake(&b, up, 1000, 5000);
        build_tcp(&b, up, 1001, 5001, A | P, "abc");
        build_tcp(&b, up, 1004, 5001, F | A, "");
        if (x->peer_ends)
            build_tcp(&b, back(up), 5001, 1005, F | A, "");
        for (int k = 0; k < 4 && x->steps[k].flags; k++)
            build_tcp(&b, up, 1001 + (uint32_t)x->steps[k].at, 5001, x->steps[k].flags, x->steps[k].bytes);
        read_build(&b, NULL, true, &o);
        assert_outcome(x->name, &x->then);
        outcome_done(&o);
    }
}

/* What the snap length left of a header is no payload. */
static void a_cut_header_is_no_payload(void **state)
{
    for (size_t left = 0; left < 20; left++) {
        build_pcap(&b, 1);
        b.snap = 14 + 20 + left;
        build_tcp(&b, up, 1001, 5001, A, "abcdefgh");
        read_build(&b, NULL, true, &o);
        const struct fact_flow *f = outcome_flow(&o, 0);
        assert_int_equal(f->payload_out, 0);
        assert_int_equal(f->missing_out, 8);
        outcome_done(&o);
    }
    for (size_t left = 0; left < 8; left++) {
        build_pcap(&b, 1);
        b.snap = 14 + 20 + left;
        build_udp(&b, up, "abcdefgh", 8);
        read_build(&b, NULL, true, &o);
        const struct fact_flow *f = outcome_flow(&o, 0);
        assert_int_equal(f->payload_out, 0);
        assert_int_equal(f->missing_out, 8);
        outcome_done(&o);
    }
}

static void snap_length_is_missing_not_payload(void **state)
{
    build_pcap(&b, 1);
    b.snap = 14 + 20 + 20 + 4;
    build_handshake(&b, up, 1000, 5000);
    build_tcp(&b, up, 1001, 5001, A, "abcdefgh");
    build_tcp(&b, up, 1009, 5001, A, "ijklmnop");
    read_build(&b, NULL, true, &o);
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_int_equal(f->payload_out, 8);
    assert_int_equal(f->missing_out, 8);
    assert_string_equal(o.searched, "abcd[4]ijkl[4]|");
    assert_int_equal(f->bytes_out, 60 + 60 + 62 + 62);
    outcome_done(&o);
}

/* The server still knows the connection that had these ports before: it says so, is told that it is over, and answers
 * when the SYN comes again (RFC 9293, 3.5.1, figure 9). */
static void an_old_connection_is_in_the_way(void **state)
{
    build_pcap(&b, 1);
    build_tcp(&b, up, 1000, 0, S, "");
    build_tcp(&b, back(up), 0x30000000, 0x70000000, A, "");
    build_tcp(&b, up, 0x70000000, 0, R, "");
    build_tcp(&b, up, 1000, 0, S, "");
    build_tcp(&b, back(up), 5000, 1001, S | A, "");
    build_tcp(&b, up, 1001, 5001, A, "request");
    build_tcp(&b, back(up), 5001, 1008, A, "answer");
    build_tcp(&b, up, 1008, 5007, A, "more");
    read_build(&b, NULL, true, &o);
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 1);
    assert_false(outcome_has_damage(&o, "jump"));
    assert_int_equal(f->payload_out, 11);
    assert_int_equal(f->payload_in, 6);
    assert_int_equal(f->missing_out, 0);
    assert_string_equal(o.searched, "requestmore|");
    outcome_done(&o);
}

static void a_jump_beyond_any_window_is_told(void **state)
{
    build_pcap(&b, 1);
    build_handshake(&b, up, 1000, 5000);
    build_tcp(&b, up, 1001, 5001, A, "abc");
    build_tcp(&b, up, 0x70000000, 5001, A, "uvw");
    build_tcp(&b, up, 0x70000003, 5001, A, "xyz");
    read_build(&b, NULL, true, &o);
    assert_true(outcome_has_damage(&o, "jump"));
    assert_non_null(strstr(o.searched, "xyz"));
    outcome_done(&o);
}

/* One number that was hit says nothing of what is missing. */
static void a_single_leap_counts_nothing(void **state)
{
    enum { FAR = 1 << 29, NEAR = 2 << 20 };
    static const struct {
        const char *name;
        struct { int back, flags; uint32_t seq, ack; const char *bytes; } steps[4];
        int64_t payload, missing;
        bool told;
    } rows[] = {
        { "an acknowledgement", { { 1, A, 5001, 1004 + FAR, "" }, { 1, A, 5001, 1004, "" }, { 0, A, 1004, 5001, "def" } }, 6, 0, false },
        { "the last acknowledgement", { { 1, A, 5001, 1004 + FAR, "" } }, 3, 0, false },
        { "two that agree", { { 1, A, 5001, 1004 + FAR, "" }, { 1, A, 5001, 2004 + FAR, "" } }, 3, 0, true },
        { "acknowledgements of what was not captured", { { 1, A, 5001, 101004, "" }, { 1, A, 5001, 201004, "" } }, 3, 200000, false },
        { "content", { { 0, A, 1004 + FAR, 5001, "xyz" }, { 0, A, 1007, 5001, "ghi" }, { 0, A, 1004, 5001, "def" } }, 12, 0, true },
        { "content, not so far", { { 0, A, 1004 + NEAR, 5001, "xyz" } }, 6, 0, true },
        { "content, not so far, twice", { { 0, A, 1004 + NEAR, 5001, "xyz" }, { 0, A, 1007 + NEAR, 5001, "abc" } }, 9, NEAR, false },
        { "content, not so far, and acknowledged",
          { { 0, A, 1004 + NEAR, 5001, "xyz" }, { 1, A, 5001, 1007 + NEAR, "" }, { 1, A, 5001, 1007 + NEAR, "" } }, 6, NEAR, false },
        { "a FIN", { { 0, F | A, 1004 + FAR, 5001, "" }, { 0, A, 1004, 5001, "def" } }, 6, 0, false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        build_pcap(&b, 1);
        build_handshake(&b, up, 1000, 5000);
        build_tcp(&b, up, 1001, 5001, A, "abc");
        for (int k = 0; k < 4 && rows[i].steps[k].flags; k++)
            build_tcp(&b, rows[i].steps[k].back ? back(up) : up, rows[i].steps[k].seq, rows[i].steps[k].ack,
                      rows[i].steps[k].flags, rows[i].steps[k].bytes);
        read_build(&b, NULL, true, &o);
        const struct fact_flow *f = outcome_flow(&o, 0);
        if (f->payload_out != rows[i].payload || f->missing_out != rows[i].missing)
            fail_msg("%s: payload %lld, missing %lld", rows[i].name, (long long)f->payload_out,
                     (long long)f->missing_out);
        if (outcome_has_damage(&o, "jump") != rows[i].told)
            fail_msg("%s: damage", rows[i].name);
        outcome_done(&o);
    }
}

/* A hole that is never filled, with more behind it than may wait. */
static void waiting_is_bounded(void **state)
{
    static char big[301];

    memset(big, 'x', 300);
    build_pcap(&b, 1);
    build_handshake(&b, up, 1000, 5000);
    for (uint32_t i = 0; i < 1500; i++)
        build_tcp(&b, up, 2001 + 310 * i, 5001, A, big);
    read_build(&b, NULL, false, &o);
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_int_equal(f->payload_out, 1500 * 300);
    assert_int_equal(f->missing_out, 1000 + 1499 * 10);
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reassembles),
        cmocka_unit_test(any_order),
        cmocka_unit_test(begins_in_the_middle),
        cmocka_unit_test(begins_with_a_keep_alive),
        cmocka_unit_test(only_one_side_was_captured),
        cmocka_unit_test(ports_are_used_again),
        cmocka_unit_test(content_behind_the_end_counts),
        cmocka_unit_test(a_cut_header_is_no_payload),
        cmocka_unit_test(snap_length_is_missing_not_payload),
        cmocka_unit_test(an_old_connection_is_in_the_way),
        cmocka_unit_test(a_jump_beyond_any_window_is_told),
        cmocka_unit_test(a_single_leap_counts_nothing),
        cmocka_unit_test(waiting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
