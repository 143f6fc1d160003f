#include "support/support.h"

#include <stdio.h>
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
    struct wire_more more;
    void *row;

    (void)state;
    fill(&flow);
    buffer_init(&wire, 1 << 20);
    assert_true(wire_encode(&wire, FACT_FLOW, &flow, 3));
    struct cursor c = cursor_over((struct bytes){ .at = wire.at, .len = wire.len });
    assert_int_equal(wire_decode(&c, arena, &kind, &row, &more), PARSE_OK);
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
    struct wire_more more;
    void *row;

    (void)state;
    fill(&flow);
    buffer_init(&wire, 1 << 20);
    assert_true(wire_encode(&wire, FACT_FLOW, &flow, 3));
    for (size_t len = 0; len < wire.len; len++) {
        struct bytes in = exact_copy(wire.at, len);
        struct cursor c = cursor_over(in);
        assert_int_equal(wire_decode(&c, arena, &kind, &row, &more), PARSE_TRUNCATED);
        exact_copy_free(in);
    }
    /* A length that lies within the input is caught inside the row. */
    for (size_t i = 0; i < 4; i++) {
        struct bytes in = exact_copy(wire.at, wire.len);
        ((uint8_t *)(uintptr_t)in.at)[i] ^= 0x11;
        struct cursor c = cursor_over(in);
        assert_int_not_equal(wire_decode(&c, arena, &kind, &row, &more), PARSE_OK);
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

/* Positions of one log, and how each differs from the one before. */
static size_t fill_path(struct fact_position rows[], size_t room)
{
    static const struct text unmasked[1] = { TEXT_INIT("unmasked") },
        opened[2] = { TEXT_INIT("unmasked"), TEXT_INIT("opened") };
    static char local[8][24];
    size_t n = 0;

    for (; n < room; n++) {
        struct fact_position *p = &rows[n];
        fact_init(FACT_POSITION, p);
        p->head.origin = fact_origin_at(100 * n, 40 + n);
        p->flight = 1;
        p->subject = TEXT("aircraft");
        p->time = (int64_t)n * 100000000;
        p->longitude_deg = -5.25 + (double)n / 1e5;
        p->latitude_deg = 45.5;
    }
    for (size_t i = 3; i < n; i++)
        rows[i].head.origin.steps = (struct text_list){ unmasked, 1 };
    rows[6].subject = TEXT("home");
    rows[7].subject = TEXT("home");
    rows[7].head.origin.steps = (struct text_list){ opened, 2 };
    rows[8].altitude_m = 12.5;
    rows[8].alt_ref = TEXT("takeoff");
    for (size_t i = 9; i < n; i++) { /* a text that differs from row to row, in memory that is used again */
        snprintf(local[i % 8], sizeof local[0], "2024-05-14T09:30:%02u", (unsigned char)i);
        rows[i].time_local = text_of(local[i % 8]);
        rows[i].yaw_deg = -90.5;
    }
    rows[14].flight = 2;
    rows[15].head.origin.packet_first = rows[15].head.origin.packet_last = 7;
    return n;
}

static void assert_same_position(const struct fact_position *a, const struct fact_position *b, int64_t number)
{
    struct buffer at[2];
    const struct fact_position *of[2] = { a, b };

    assert_int_equal(b->head.number, number);
    for (int i = 0; i < 2; i++) {
        buffer_init(&at[i], 1 << 16);
        assert_true(wire_encode(&at[i], FACT_POSITION, of[i], number));
    }
    assert_int_equal(at[0].len, at[1].len);
    assert_memory_equal(at[0].at, at[1].at, at[0].len);
    buffer_done(&at[0]);
    buffer_done(&at[1]);
}

static void positions_that_travel_together_are_the_same_rows(void **state)
{
    enum { ROWS = 16 };
    struct fact_position rows[ROWS];
    const size_t count = fill_path(rows, ROWS);
    struct arena *arena = arena_new(0);
    struct buffer wire, alone;
    struct wire_run run;
    size_t got = 0, travelled = 0;

    (void)state;
    buffer_init(&wire, 1 << 20);
    buffer_init(&alone, 1 << 20);
    wire_run_init(&run, &wire);
    for (size_t i = 0; i < count; i++) {
        assert_true(wire_put(&run, FACT_POSITION, &rows[i], (int64_t)i + 5));
        assert_true(wire_encode(&alone, FACT_POSITION, &rows[i], (int64_t)i + 5));
    }
    struct cursor c = cursor_over((struct bytes){ .at = wire.at, .len = wire.len });
    struct wire_more more;
    while (c.rest.len > 0) {
        enum fact_kind kind;
        void *row;
        assert_int_equal(wire_decode(&c, arena, &kind, &row, &more), PARSE_OK);
        assert_same_position(&rows[got], row, (int64_t)got + 5);
        for (got++; wire_has_more(&more); got++, travelled++) {
            assert_int_equal(wire_more(&more, row), PARSE_OK);
            assert_same_position(&rows[got], row, (int64_t)got + 5);
        }
    }
    assert_int_equal(got, count);
    assert_int_equal(travelled, 6 + 6); /* behind row 0 and row 8; 7 has two steps, 15 has packets */
    assert_true(wire.len < alone.len);
    buffer_done(&wire);
    buffer_done(&alone);
    arena_free(arena);
}

static void edits_that_travel_together_are_the_same_rows(void **state)
{
    static const struct { const char *action, *kind, *what, *bytes; int64_t fill; } edits[] = {
        { "replace", "position", "flight state", "\x01\x02", 0 }, { "replace", "position", "flight state", "", 0 },
        { "replace", "operator", "home point", NULL, 0 }, { "replace", "position", "flight state", "\x03", 0 },
        { "replace", "operator", "home point", "12345678", 0 }, { "replace", "operator", "home point", NULL, 32 },
        { "replace", "position", "flight state", "longer", FACT_UNKNOWN_INT }, { "left", "unknown", "a block", NULL, FACT_UNKNOWN_INT },
        { "remove", "unknown", NULL, NULL, FACT_UNKNOWN_INT }, { "remove", "unknown", "", NULL, FACT_UNKNOWN_INT },
        { "replace", "serial", "a", NULL, 0 }, { "replace", "serial", "b", NULL, 0 }, { "replace", "serial", "a", NULL, 0 },
    };
    enum { ROWS = sizeof edits / sizeof *edits };
    struct arena *arena = arena_new(0);
    struct fact_edit rows[ROWS];
    struct wire_more more;
    struct buffer wire;
    struct wire_run run;
    size_t got = 0, travelled = 0;

    (void)state;
    buffer_init(&wire, 1 << 20);
    wire_run_init(&run, &wire);
    for (size_t i = 0; i < ROWS; i++) {
        fact_init(FACT_EDIT, &rows[i]);
        rows[i].head.origin = fact_origin_at(1000 * i, i);
        rows[i].action = text_of(edits[i].action);
        rows[i].kind = text_of(edits[i].kind);
        rows[i].what = edits[i].what ? text_of(edits[i].what) : TEXT_UNKNOWN;
        rows[i].bytes = edits[i].bytes ? text_of(edits[i].bytes) : TEXT_UNKNOWN;
        rows[i].fill = edits[i].fill;
        assert_true(wire_put(&run, FACT_EDIT, &rows[i], (int64_t)i + 2));
    }
    struct fact_position place;
    fact_init(FACT_POSITION, &place);
    assert_true(wire_put(&run, FACT_POSITION, &place, 1)); /* it goes on with no edit */
    struct cursor c = cursor_over((struct bytes){ .at = wire.at, .len = wire.len });
    while (c.rest.len > 0 && got < ROWS) {
        enum fact_kind kind;
        void *row;
        bool more_of_it;
        assert_int_equal(wire_decode(&c, arena, &kind, &row, &more), PARSE_OK);
        assert_int_equal(kind, FACT_EDIT);
        do {
            const struct fact_edit *e = row;
            assert_true(got < ROWS);
            assert_int_equal(e->head.number, got + 2);
            assert_int_equal(e->head.origin.offset, 1000 * got);
            assert_int_equal(e->head.origin.length, got);
            assert_int_equal(e->fill, rows[got].fill);
            assert_true(text_equal(e->action, rows[got].action) && text_equal(e->kind, rows[got].kind));
            assert_true(text_equal(e->what, rows[got].what) && text_equal(e->bytes, rows[got].bytes));
            got++;
            more_of_it = wire_has_more(&more);
            travelled += more_of_it;
            if (more_of_it)
                assert_int_equal(wire_more(&more, row), PARSE_OK);
        } while (more_of_it);
    }
    assert_int_equal(got, ROWS);
    assert_int_equal(travelled, ROWS - 2); /* the form of row 11 is the ninth, so that begins anew */
    assert_true(c.rest.len > 0);
    buffer_done(&wire);
    arena_free(arena);
}

static void a_cut_or_false_run_gives_no_row(void **state)
{
    enum { ROWS = 16, FIRST = 3, TOGETHER = 3 };
    struct fact_position rows[ROWS];
    struct arena *arena = arena_new(0);
    struct buffer wire;
    struct wire_run run;
    struct wire_more more;
    enum fact_kind kind;
    void *row;

    (void)state;
    fill_path(rows, ROWS);
    buffer_init(&wire, 1 << 20);
    wire_run_init(&run, &wire);
    for (size_t i = 0; i < TOGETHER; i++)
        assert_true(wire_put(&run, FACT_POSITION, &rows[FIRST + i], (int64_t)i + 1));
    for (size_t len = 0; len < wire.len; len++) {
        struct bytes in = exact_copy(wire.at, len);
        struct cursor c = cursor_over(in);
        assert_int_equal(wire_decode(&c, arena, &kind, &row, &more), PARSE_TRUNCATED);
        exact_copy_free(in);
    }
    for (size_t cut = 1; cut < 84; cut++) { /* the row's length says less than the last of them takes */
        struct bytes in = exact_copy(wire.at, wire.len - cut);
        const uint32_t length = (uint32_t)(in.len - 4);
        for (int i = 0; i < 4; i++)
            ((uint8_t *)(uintptr_t)in.at)[i] = (uint8_t)(length >> 8 * i);
        struct cursor c = cursor_over(in);
        assert_int_equal(wire_decode(&c, arena, &kind, &row, &more), PARSE_OK);
        assert_int_equal(wire_more(&more, row), PARSE_OK);
        assert_int_equal(wire_more(&more, row), PARSE_INVALID);
        exact_copy_free(in);
    }
    buffer_done(&wire);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_survives_the_wire),
        cmocka_unit_test(cut_anywhere_it_is_truncated),
        cmocka_unit_test(what_does_not_fit_is_refused_whole),
        cmocka_unit_test(positions_that_travel_together_are_the_same_rows),
        cmocka_unit_test(edits_that_travel_together_are_the_same_rows),
        cmocka_unit_test(a_cut_or_false_run_gives_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
