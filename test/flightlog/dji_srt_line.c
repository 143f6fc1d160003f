#include "support/support.h"

#include <string.h>

#include "flightlog/dji_srt_line.h"

enum { LINES_MAX = 70 };

/* What a line is by its bytes, one by one. */
static size_t plain_length(const uint8_t *at, size_t len, size_t *ret_controls)
{
    size_t n = 0;

    *ret_controls = 0;
    for (; n < len && at[n] != '\n'; n++)
        *ret_controls += at[n] < ' ' && at[n] != '\t' && at[n] != '\r';
    return n;
}

static void check(const uint8_t *text, size_t len)
{
    const struct bytes exact = exact_copy(text, len);
    struct bytes rest = exact;
    struct dji_srt_line line;
    size_t from = 0;

    while (dji_srt_line_next(&rest, &line)) {
        size_t controls, n = plain_length(text + from, len - from, &controls), kept = n;
        while (kept > 0 && strchr("\r \t", text[from + kept - 1]) && text[from + kept - 1] != 0)
            kept--;
        assert_int_equal(line.at.origin, from);
        assert_int_equal(line.at.len, kept);
        assert_int_equal(line.kind, kept == 0 ? LINE_BLANK : controls > 0 && controls * 16 >= kept ? LINE_NOISE : LINE_TEXT);
        from += n + (from + n < len);
    }
    assert_int_equal(from, len);
    exact_copy_free(exact);
}

/* Blocks of sixteen and their ends: every byte that means something, at every place of lines of every length. */
static void ends_and_controls_at_every_place(void **state)
{
    static const uint8_t means[] = { '\n', '\r', '\t', 0, 1, 0x1f, ' ', 0x7f, 0x80, 0xff };
    uint8_t text[LINES_MAX];

    (void)state;
    for (size_t len = 0; len <= LINES_MAX; len++)
        for (size_t place = 0; place < len; place++)
            for (size_t m = 0; m < sizeof means; m++) {
                memset(text, 'x', sizeof text);
                text[place] = means[m];
                check(text, len);
                if (len > place + 20) {
                    text[place + 9] = '\n';
                    text[place + 17] = 2;
                    check(text, len);
                }
            }
}

static void long_lines_end_at_16_kib(void **state)
{
    enum { LONG = 16 * 1024 };
    uint8_t *text = test_malloc(LONG + 3);
    struct dji_srt_line line;

    (void)state;
    memset(text, 'x', LONG + 3);
    struct bytes rest = { .at = text, .len = LONG + 3 };
    assert_true(dji_srt_line_next(&rest, &line));
    assert_int_equal(line.at.len, LONG);
    assert_true(dji_srt_line_next(&rest, &line));
    assert_int_equal(line.at.len, 3);
    assert_false(dji_srt_line_next(&rest, &line));
    test_free(text);
}

static void counters_and_spans(void **state)
{
    static const struct { const char *text; enum dji_srt_line_kind kind; int64_t counter, from_ms, to_ms; } lines[] = {
        { "1", LINE_COUNTER, 1, 0, 0 }, { "100000000", LINE_COUNTER, 100000000, 0, 0 }, { "0012 \r", LINE_COUNTER, 12, 0, 0 },
        { "100000001", LINE_TEXT, 0, 0, 0 }, { "0000000001", LINE_TEXT, 0, 0, 0 }, { "12a", LINE_TEXT, 0, 0, 0 }, { "-1", LINE_TEXT, 0, 0, 0 },
        { "00:00:01,000 --> 00:00:02,500", LINE_SPAN, 0, 1000, 2500 }, { "99:59:58.999 --> 01:02:03,004 X1:1", LINE_SPAN, 0, 359998999, 3723004 },
        { "00:00:01,000 -> 00:00:02,5000", LINE_TEXT, 0, 0, 0 }, { "00:00:01,00x --> 00:00:02,500", LINE_TEXT, 0, 0, 0 },
        { "00:00:01,000 --> 00:0a:02,500", LINE_TEXT, 0, 0, 0 }, { "00:00:01;000 --> 00:00:02,500", LINE_TEXT, 0, 0, 0 },
        { "00:00:01,000 --> 00:00:02,50", LINE_TEXT, 0, 0, 0 }, { "00-00:01,000 --> 00:00:02,500", LINE_TEXT, 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct bytes exact = exact_copy(lines[i].text, strlen(lines[i].text)), rest = exact;
        struct dji_srt_line line;

        print_message("# %s\n", lines[i].text);
        assert_true(dji_srt_line_next(&rest, &line));
        assert_int_equal(line.kind, lines[i].kind);
        if (line.kind == LINE_COUNTER)
            assert_int_equal(line.counter, lines[i].counter);
        if (line.kind == LINE_SPAN) {
            assert_int_equal(line.from_ms, lines[i].from_ms);
            assert_int_equal(line.to_ms, lines[i].to_ms);
        }
        exact_copy_free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_and_controls_at_every_place),
        cmocka_unit_test(long_lines_end_at_16_kib),
        cmocka_unit_test(counters_and_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
