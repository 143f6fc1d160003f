#include "support/support.h"

#include <string.h>

#include "judge/template.h"

#define INT(n)  { .type = QUERY_INT, .integer = (n) }
#define REAL(n) { .type = QUERY_REAL, .real = (n) }
#define STRING(s) { .type = QUERY_TEXT, .text = { (s), sizeof(s) - 1 } }

static void values_are_written_for_readers(void **state)
{
    static const struct { const char *template; struct query_cell cell; const char *result; } cases[] = {
        { "a {x} b", INT(7), "a 7 b" },
        { "{x}", { .type = QUERY_NULL }, "unknown" },
        { "{x}", STRING("<b>{x}"), "<b>{x}" },
        { "{x|size}", INT(1), "1 byte" },
        { "{x|size}", INT(999), "999 bytes" },
        { "{x|size}", INT(999600), "1.0 MB" },
        { "{x|size}", REAL(12345678), "12 MB" },
        { "{x|size}", { .type = QUERY_NULL }, "an unknown number of bytes" },
        { "{x|percent}", REAL(0), "0 %" },
        { "{x|percent}", REAL(0.0004), "under 0.1 %" },
        { "{x|percent}", REAL(0.042), "4.2 %" },
        { "{x|percent}", REAL(0.9999), "99.9 %" },
        { "{x|percent}", REAL(1), "100 %" },
        { "{x|duration}", REAL(59.4), "59 s" },
        { "{x|duration}", INT(3599), "59 min 59 s" },
        { "{x|duration}", INT(3660), "1 h 1 min" },
        { "{x|duration}", REAL(-1), "an unknown time" },
        { "{x|day}", INT(0), "1970-01-01" },
        { "{x|day}", STRING("2026-03-01T23:59:59Z"), "2026-03-01" },
        { "{x|day}", STRING("soon"), "an unknown day" },
        { "{x|count open door}", INT(1), "1 open door" },
        { "{x|count open door}", INT(2), "2 open doors" },
    };
    struct arena *arena = arena_new(0);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct template_value value = { TEXT("x"), cases[i].cell };
        const struct text got = template_fill(text_of(cases[i].template), &value, 1, arena);
        if (!text_equal(got, text_of(cases[i].result)))
            fail_msg("%s gives %.*s", cases[i].template, (int)got.len, got.at);
    }
    arena_free(arena);
}

static void holes_are_checked(void **state)
{
    static const struct { const char *template; bool good; } cases[] = {
        { "", true }, { "no hole", true }, { "{x}{y|size}", true }, { "{z}", false }, { "{x", false }, { "{}", false },
        { "{x|speed}", false }, { "{x|count}", false }, { "{x|size of}", false }, { "}", true }, { "{x}{", false },
    };
    const struct text names[] = { TEXT("x"), TEXT("y") };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes copy = exact_copy(cases[i].template, strlen(cases[i].template));
        struct text bad = TEXT_UNKNOWN;
        if (template_check(text_of_bytes(copy), names, 2, &bad) != cases[i].good)
            fail_msg("%s", cases[i].template);
        assert_int_equal(text_known(bad), !cases[i].good);
        exact_copy_free(copy);
    }
}

static void long_texts_are_cut_between_characters(void **state)
{
    struct arena *arena = arena_new(0);
    char text[1201];

    for (size_t i = 0; i < 600; i++)
        memcpy(text + 2 * i, "\xc3\xa4", 2);
    text[0] = 'x'; /* from here on characters begin at odd places, but for one broken byte */
    const struct template_value value = { TEXT("x"), { .type = QUERY_TEXT, .text = { text, 1200 } } };
    const struct text got = template_fill(TEXT("{x}"), &value, 1, arena);
    assert_true(got.len <= TEMPLATE_TEXT_MAX + 3);
    assert_true(text_ends_with(got, TEXT("\xc3\xa4...")));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_for_readers),
        cmocka_unit_test(holes_are_checked),
        cmocka_unit_test(long_texts_are_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
