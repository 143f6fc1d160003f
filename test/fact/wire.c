#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "fact/wire.h"

static void fill(struct fact_flow *flow)
{
    static const struct text alpn[2] = { TEXT_INIT("h2"), TEXT_INIT("http/1.1") };
    static const struct text steps[1] = { TEXT_INIT("gzip") };

    fact_init(FACT_FLOW, flow);
    flow->head.origin = fact_origin_at(40, 60);
    flow->head.origin.steps = (struct text_list){ steps, 1 };
    flow->src = TEXT("192.0.2.1");
    flow->host = TEXT(""); /* known and empty */
    flow->packets_out = 7;
    flow->tls_alpn = (struct text_list){ alpn, 2 };
    flow->first = -5;
}

static void a_row_survives_the_wire(void **state)
{
    struct arena *arena = arena_new(0);
    struct fact_flow flow;
    struct buffer wire;
    enum fact_kind kind;
    void *row;

    (void)state;
    fill(&flow);
    buffer_init(&wire, 1 << 20);
    assert_true(wire_encode(&wire, FACT_FLOW, &flow, 3));
    struct cursor c = cursor_over((struct bytes){ .at = wire.at, .len = wire.len });
    assert_int_equal(wire_decode(&c, arena, &kind, &row), PARSE_OK);
    assert_int_equal(c.rest.len, 0);
    const struct fact_flow *got = row;
    assert_int_equal(kind, FACT_FLOW);
    assert_int_equal(got->head.number, 3);
    assert_text_equal(got->src, "192.0.2.1");
    assert_true(text_known(got->host));
    assert_false(text_known(got->dst));
    assert_int_equal(got->packets_out, 7);
    assert_int_equal(got->bytes_in, FACT_UNKNOWN_INT);
    assert_int_equal(got->first, -5);
    assert_int_equal(got->tls_alpn.count, 2);
    assert_text_equal(got->tls_alpn.items[1], "http/1.1");
    assert_text_equal(got->head.origin.steps.items[0], "gzip");
    buffer_done(&wire);
    arena_free(arena);
}

static void cut_anywhere_it_is_truncated(void **state)
{
    struct arena *arena = arena_new(0);
    struct fact_flow flow;
    struct buffer wire;
    enum fact_kind kind;
    void *row;

    (void)state;
    fill(&flow);
    buffer_init(&wire, 1 << 20);
    assert_true(wire_encode(&wire, FACT_FLOW, &flow, 3));
    for (size_t len = 0; len < wire.len; len++) {
        struct bytes in = exact_copy(wire.at, len);
        struct cursor c = cursor_over(in);
        assert_int_equal(wire_decode(&c, arena, &kind, &row), PARSE_TRUNCATED);
        exact_copy_free(in);
    }
    /* A length that lies within the input is caught inside the row. */
    for (size_t i = 0; i < 4; i++) {
        struct bytes in = exact_copy(wire.at, wire.len);
        ((uint8_t *)(uintptr_t)in.at)[i] ^= 0x11;
        struct cursor c = cursor_over(in);
        assert_int_not_equal(wire_decode(&c, arena, &kind, &row), PARSE_OK);
        exact_copy_free(in);
    }
    buffer_done(&wire);
    arena_free(arena);
}

static void what_does_not_fit_is_refused_whole(void **state)
{
    struct fact_flow flow;
    struct buffer wire;

    (void)state;
    fill(&flow);
    buffer_init(&wire, 100);
    assert_true(buffer_add(&wire, "xy", 2));
    assert_false(wire_encode(&wire, FACT_FLOW, &flow, 3));
    assert_int_equal(wire.len, 2);
    buffer_done(&wire);

    char *huge = calloc(1, WIRE_ROW_MAX + 1);
    flow.host = (struct text){ .at = huge, .len = WIRE_ROW_MAX + 1 };
    buffer_init(&wire, 16 << 20);
    assert_false(wire_encode(&wire, FACT_FLOW, &flow, 3));
    buffer_done(&wire);
    free(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_survives_the_wire),
        cmocka_unit_test(cut_anywhere_it_is_truncated),
        cmocka_unit_test(what_does_not_fit_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
