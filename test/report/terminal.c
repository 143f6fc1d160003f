#include "support/support.h"

#include <string.h>

#include "report/terminal.h"

static struct text safe(struct buffer *b, struct text t, size_t columns_max)
{
    buffer_clear(b);
    terminal_safe(b, t, columns_max);
    return buffer_text(b);
}

static void shows_what_would_steer_or_deceive(void **state)
{
    const struct { struct text in; const char *out; size_t columns; } cases[] = {
        { TEXT("plain"), "plain", 5 },
        { TEXT("\x1b[31mred"), "\\x1b[31mred", 11 },
        { TEXT("a\nb\tc\r"), "a\\x0ab\\x09c\\x0d", 15 },
        { { "a\0b", 3 }, "a\\x00b", 6 },
        { TEXT("\xc2\x9b" "31m"), "\\x9b31m", 7 },              /* C1 control sequence introducer */
        { TEXT("\x80\xff"), "\\x80\\xff", 8 },                  /* not UTF-8 */
        { TEXT("\xed\xa0\x80"), "\\xed\\xa0\\x80", 12 },        /* a surrogate */
        { TEXT("\xc0\xaf"), "\\xc0\\xaf", 8 },                  /* overlong */
        { TEXT("gpj\xe2\x80\xae.exe"), "gpj\\u{202e}.exe", 15 }, /* right-to-left override */
        { TEXT("a\xe2\x80\x8b" "b"), "a\\u{200b}b", 10 },        /* zero-width space */
        { TEXT("\xf3\xa0\x81\xa1"), "\\u{e0061}", 9 },           /* tag */
        { TEXT("\\x1b"), "\\\\x1b", 5 },                         /* looks like an escape and is none */
        { TEXT("C:\\temp"), "C:\\temp", 7 },
        { TEXT("caf\xc3\xa9"), "caf\xc3\xa9", 4 },
        { TEXT("e\xcc\x81"), "e\xcc\x81", 1 },                   /* one accent is a letter */
        { TEXT("e\xcc\x81\xcc\x81\xcc\x81"), "e\xcc\x81\xcc\x81\\u{301}", 8 }, /* a pile is not */
        { TEXT("\xe5\xa4\xa7\xe7\x96\x86"), "\xe5\xa4\xa7\xe7\x96\x86", 4 },   /* wide */
        { TEXT(""), "", 0 },
        { TEXT_UNKNOWN, "", 0 },
    };
    struct buffer b;

    (void)state;
    buffer_init(&b, 4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes exact = exact_copy(cases[i].in.at, cases[i].in.len);
        const struct text in = { (const char *)exact.at, exact.len };
        assert_text_equal(safe(&b, in, SIZE_MAX), cases[i].out);
        assert_int_equal(terminal_columns(in), cases[i].columns);
        exact_copy_free(exact);
    }
    buffer_done(&b);
}

static void cuts_by_columns(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 4096);
    assert_text_equal(safe(&b, TEXT("abcdefgh"), 8), "abcdefgh");
    assert_text_equal(safe(&b, TEXT("abcdefgh"), 7), "abcd...");
    assert_text_equal(safe(&b, TEXT("abcdefgh"), 2), "..");
    assert_text_equal(safe(&b, TEXT("abcdefgh"), 0), "");
    /* A wide character or an escape is not cut in two. */
    assert_text_equal(safe(&b, TEXT("\xe5\xa4\xa7\xe7\x96\x86\xe5\xa4\xa7"), 5), "\xe5\xa4\xa7...");
    assert_text_equal(safe(&b, TEXT("ab\x1b" "cdefg"), 8), "ab...");
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_would_steer_or_deceive),
        cmocka_unit_test(cuts_by_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
