#include "packet/build.h"

#include <stdio.h>
#include <string.h>

#include "packet/conversation.h"

static struct build b;
static struct outcome o;
static const struct ends up = { IP4(10, 0, 0, 2), IP4(203, 0, 113, 9), 40000, 5000 };

static void read_now(void)
{
    read_build(&b, NULL, true, &o);
}

static void begin(void)
{
    build_pcap(&b, 1);
    build_handshake(&b, up, 99, 499);
}

static void recognised_streams_are_consumed_in_pieces(void **state)
{
    begin();
    build_tcp(&b, up, 100, 500, A, "L");
    build_tcp(&b, up, 101, 500, A, "N one");
    build_tcp(&b, up, 106, 500, A, "\ntwo\nthr");
    build_tcp(&b, back(up), 500, 114, A, "answer\n");
    build_tcp(&b, up, 114, 507, A | F, "ee");
    build_tcp(&b, back(up), 507, 117, A | F, "");
    read_now();
    assert_string_equal(lines_log, "line>:LN one;line>:two;line<:answer;end>:three;end<:;over>:;");
    assert_string_equal(o.searched, "LN one\ntwo\nthree|");
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_text_equal(f->service, "lines");
    assert_int_equal(f->payload_out, 16);
    assert_int_equal(f->readable_out, 11);
    assert_int_equal(f->opaque_out, 5);
    assert_int_equal(f->payload_in, 7);
    assert_text_equal(f->host, "lines.example");
    assert_text_equal(f->host_source, "certificate");
    outcome_done(&o);
}

static void the_answer_may_be_what_is_recognised(void **state)
{
    begin();
    build_tcp(&b, up, 100, 500, A, "L");
    build_tcp(&b, back(up), 500, 101, A, "LN hello\n");
    build_tcp(&b, up, 101, 509, A, "N x\n");
    read_now();
    assert_string_equal(lines_log, "line<:LN hello;line>:LN x;end>:;end<:;over>:;");
    outcome_done(&o);
}

static void unrecognised_streams_are_opaque_and_searched(void **state)
{
    begin();
    build_tcp(&b, up, 100, 500, A, "LX not it");
    build_tcp(&b, back(up), 500, 109, A, "LN but this\n");
    build_tcp(&b, up, 109, 512, A, " and more");
    read_now();
    assert_string_equal(o.searched, "LX not it and more|");
    assert_string_equal(lines_log, "line<:LN but this;end<:;over>:;");
    assert_int_equal(outcome_flow(&o, 0)->readable_out, 0);
    assert_int_equal(outcome_flow(&o, 0)->opaque_out, 18);
    outcome_done(&o);
}

static void an_undecided_head_is_searched_at_the_end(void **state)
{
    begin();
    build_tcp(&b, up, 100, 500, A, "LN");
    read_now();
    assert_string_equal(o.searched, "LN|");
    assert_text_equal(outcome_flow(&o, 0)->host_source, "none");
    assert_false(text_known(outcome_flow(&o, 0)->service));
    outcome_done(&o);
}

/* Behind a greeting that is nobody's, with and without a search, which decides whether somebody still listens. */
static void a_protocol_may_begin_late(void **state)
{
    for (int search = 0; search <= 1; search++) {
        begin();
        build_tcp(&b, up, 100, 500, A, "hello");
        build_tcp(&b, back(up), 500, 105, A, "welcome");
        build_tcp(&b, up, 105, 507, A, "LATE one\nLATE two\n");
        build_tcp(&b, back(up), 507, 123, A, "answer\n");
        read_build(&b, NULL, search != 0, &o);
        assert_string_equal(lines_log, "line>:LATE one;line>:LATE two;line<:answer;end>:;end<:;over>:;");
        assert_text_equal(outcome_flow(&o, 0)->service, "lines");
        assert_int_equal(outcome_flow(&o, 0)->readable_out, 18);
        assert_int_equal(outcome_flow(&o, 0)->opaque_out, 5);
        if (search)
            assert_string_equal(o.searched, "helloLATE one\nLATE two\n|");
        outcome_done(&o);
    }
}

static void a_head_that_is_undecided_gives_way_to_it(void **state)
{
    begin();
    build_tcp(&b, up, 100, 500, A, "L");
    build_tcp(&b, back(up), 500, 101, A, "L");
    build_tcp(&b, up, 101, 501, A, "LATE one\n");
    build_tcp(&b, back(up), 501, 110, A, "two\n");
    read_now();
    assert_string_equal(lines_log, "line>:LATE one;line<:two;end>:;end<:;over>:;");
    assert_string_equal(o.searched, "LLATE one\n|");
    outcome_done(&o);
}

static void it_begins_with_a_segment_near_the_beginning(void **state)
{
    static const struct { size_t greeting; const char *first; bool begins; } cases[] = {
        { 4096, "", true }, { 4097, "", false }, { 10, "xLATE", false }, { 1, "", true },
    };
    char text[4200];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t at = 100;
        begin();
        memset(text, 'x', sizeof text);
        for (size_t left = cases[i].greeting; left > 0; ) {
            const size_t n = left < 1000 ? left : 1000;
            text[n] = '\0';
            build_tcp(&b, up, at, 500, A, text);
            text[n] = 'x';
            at += (uint32_t)n;
            left -= n;
        }
        snprintf(text, sizeof text, "%sLATE one\n", cases[i].first);
        build_tcp(&b, up, at, 500, A, text);
        read_build(&b, NULL, false, &o);
        assert_int_equal(text_known(outcome_flow(&o, 0)->service), cases[i].begins);
        outcome_done(&o);
    }
}

static void gaps_end_a_direction_unless_the_protocol_survives_them(void **state)
{
    for (int survive = 0; survive < 2; survive++) {
        lines_survive_gaps = survive;
        begin();
        build_tcp(&b, up, 100, 500, A, "LN one\nlost");
        build_tcp(&b, up, 121, 500, A, "two\n");
        read_now();
        assert_string_equal(lines_log, survive ? "line>:LN one;gap>:10;line>:two;end>:;end<:;over>:;"
                                               : "line>:LN one;gap>:10;end<:;over>:;");
        assert_string_equal(o.searched, "LN one\nlost[10]two\n|");
        assert_int_equal(outcome_flow(&o, 0)->missing_out, 10);
        assert_int_equal(outcome_flow(&o, 0)->readable_out, survive ? 11 : 7);
        outcome_done(&o);
    }
    lines_survive_gaps = false;
}

static void a_protocol_that_gives_up_leaves_the_rest_opaque(void **state)
{
    begin();
    build_tcp(&b, up, 100, 500, A, "LN one\n");
    build_tcp(&b, up, 107, 500, A, "!garbage\n");
    build_tcp(&b, up, 116, 500, A, "LN not\n");
    read_now();
    assert_string_equal(lines_log, "line>:LN one;end<:;over>:;");
    assert_string_equal(o.searched, "LN one\n!garbage\nLN not\n|");
    assert_int_equal(outcome_flow(&o, 0)->readable_out, 7);
    outcome_done(&o);
}

static void what_is_held_back_is_bounded(void **state)
{
    static char big[1001];

    memset(big, 'x', 1000);
    begin();
    build_tcp(&b, up, 100, 500, A, "LN one\n");
    for (uint32_t i = 0; i < 70; i++)
        build_tcp(&b, up, 107 + 1000 * i, 500, A, big);
    build_tcp(&b, up, 107 + 70000, 500, A, "\nLN two\n");
    read_now();
    assert_string_equal(lines_log, "line>:LN one;end<:;over>:;");
    assert_int_equal(outcome_flow(&o, 0)->payload_out, 70015);
    assert_int_equal(o.searched_len, 70016);
    outcome_done(&o);
}

static void a_line_as_long_as_may_be_held(void **state)
{
    static char big[1001];

    memset(big, 'x', 1000);
    begin();
    build_tcp(&b, up, 100, 500, A, "LN ");
    for (uint32_t i = 0; i < 65; i++)
        build_tcp(&b, up, 103 + 1000 * i, 500, A, big);
    build_tcp(&b, up, 103 + 65000, 500, A, "\n");
    read_now();
    assert_int_equal(outcome_flow(&o, 0)->readable_out, 65004);
    outcome_done(&o);
}

static void datagrams_are_recognised_one_by_one(void **state)
{
    build_pcap(&b, 1);
    build_udp(&b, up, "noise", 5);
    build_udp(&b, up, "LN one", 6);
    build_udp(&b, back(up), "two", 3);
    build_udp(&b, up, "", 0);
    read_now();
    assert_string_equal(lines_log, "datagram>:LN one;datagram<:two;over>:;");
    assert_string_equal(o.searched, "noise[0]LN one[0]|");
    const struct fact_flow *f = outcome_flow(&o, 0);
    assert_int_equal(f->payload_out, 11);
    assert_int_equal(f->readable_out, 6);
    assert_int_equal(f->payload_in, 3);
    assert_int_equal(f->packets_out, 3);
    outcome_done(&o);
}

static void names_are_applied_to_later_flows(void **state)
{
    const struct ends to_resolver = { up.src, IP4(10, 0, 0, 1), 5353, 999 };
    const struct ends other_client = { IP4(10, 0, 0, 3), up.dst, 40000, 5000 };

    build_pcap(&b, 1);
    build_handshake(&b, up, 1, 1);                                      /* before the answer */
    build_udp(&b, to_resolver, "LN is 203.0.113.9 drone.example", 31);
    build_handshake(&b, (struct ends){ up.src, up.dst, 40001, 443 }, 1, 1);
    build_handshake(&b, other_client, 1, 1);
    b.time_us += INT64_C(1000000) * 3600;
    build_handshake(&b, (struct ends){ up.src, up.dst, 40002, 443 }, 1, 1); /* long after its time to live */
    read_now();
    assert_text_equal(outcome_flow(&o, 0)->host_source, "none");
    assert_text_equal(outcome_flow(&o, 2)->host, "drone.example");
    assert_text_equal(outcome_flow(&o, 2)->host_source, "dns");
    assert_text_equal(outcome_flow(&o, 3)->host_source, "none");
    assert_text_equal(outcome_flow(&o, 4)->host_source, "none");
    outcome_done(&o);
}

/* More conversations with something to say than fit: each is ended in an orderly way. */
static void many_conversations_are_bounded(void **state)
{
    enum { COUNT = 4000 };

    build_pcap(&b, 1);
    for (unsigned i = 0; i < COUNT; i++) {
        struct ends e = up;
        e.src_port = (uint16_t)(1000 + i);
        build_udp(&b, e, "LN one", 6);
    }
    read_now();
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        assert_text_equal(outcome_flow(&o, i)->service, "lines");
        assert_int_equal(outcome_flow(&o, i)->readable_out, 6);
    }
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recognised_streams_are_consumed_in_pieces),
        cmocka_unit_test(the_answer_may_be_what_is_recognised),
        cmocka_unit_test(unrecognised_streams_are_opaque_and_searched),
        cmocka_unit_test(an_undecided_head_is_searched_at_the_end),
        cmocka_unit_test(a_protocol_may_begin_late),
        cmocka_unit_test(a_head_that_is_undecided_gives_way_to_it),
        cmocka_unit_test(it_begins_with_a_segment_near_the_beginning),
        cmocka_unit_test(gaps_end_a_direction_unless_the_protocol_survives_them),
        cmocka_unit_test(a_protocol_that_gives_up_leaves_the_rest_opaque),
        cmocka_unit_test(what_is_held_back_is_bounded),
        cmocka_unit_test(a_line_as_long_as_may_be_held),
        cmocka_unit_test(datagrams_are_recognised_one_by_one),
        cmocka_unit_test(names_are_applied_to_later_flows),
        cmocka_unit_test(many_conversations_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
