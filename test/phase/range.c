#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "phase/range.h"

static void reads_ranges(void **state)
{
    static const struct { const char *argument, *name, *from, *to; } cases[] = {
        { "local data mode=2026-11-22T10:04:00Z..2026-11-22T10:30:00Z", "local data mode", "2026-11-22T10:04:00Z",
          "2026-11-22T10:30:00Z" },
        { "a=2026-11-22T10:04:00.25Z..2026-11-22T06:30:00-05:00", "a", "2026-11-22T10:04:00.25Z", "2026-11-22T11:30:00Z" },
        { "größer=2026-11-22 10:04:00+01:00..2026-11-22 10:04:01+01:00", "größer", "2026-11-22T09:04:00Z",
          "2026-11-22T09:04:01Z" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct phase_range range;
        int64_t from, to;
        assert_null(phase_range_parse(cases[i].argument, &range));
        assert_true(timestamp_parse(text_of(cases[i].from), &from) && timestamp_parse(text_of(cases[i].to), &to));
        assert_text_equal(range.name, cases[i].name);
        assert_int_equal(range.from_utc_ns, from);
        assert_int_equal(range.to_utc_ns, to);
    }
}

static void refuses_what_would_be_a_guess(void **state)
{
    static const struct { const char *argument, *says; } cases[] = {
        { "a=2026-11-22T10:04:00..2026-11-22T10:30:00Z", "no zone" },
        { "a=2026-11-22T10:04:00Z..2026-11-22T10:30:00.5", "no zone" },
        { "a=10:04..10:30", "RFC 3339" },
        { "a=2026-11-22T10:04Z..2026-11-22T10:30Z", "RFC 3339" },
        { "a=2026-02-30T10:04:00Z..2026-11-22T10:30:00Z", "RFC 3339" },
        { "a=..2026-11-22T10:30:00Z", "RFC 3339" },
        { "a=2026-11-22T10:04:00Z..", "RFC 3339" },
        { "a=2026-11-22T10:04:00Z...2026-11-22T10:30:00Z", "RFC 3339" },
        { "a=2026-11-22T10:04:00Z", "NAME=FROM..TO" },
        { "=2026-11-22T10:04:00Z..2026-11-22T10:30:00Z", "NAME=FROM..TO" },
        { "flight", "NAME=FROM..TO" },
        { "", "NAME=FROM..TO" },
        { "a=2026-11-22T10:30:00Z..2026-11-22T10:04:00Z", "ends before" },
        { "a=2026-11-22T10:04:00Z..2026-11-22T10:04:00Z", "ends before" },
        { "a\nb=2026-11-22T10:04:00Z..2026-11-22T10:30:00Z", "plain text" },
        { "a\xff=2026-11-22T10:04:00Z..2026-11-22T10:30:00Z", "plain text" },
        { "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789x="
          "2026-11-22T10:04:00Z..2026-11-22T10:30:00Z", "too long" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct phase_range range = { .from_utc_ns = 7 };
        const char *wrong = phase_range_parse(cases[i].argument, &range);
        if (!wrong || !strstr(wrong, cases[i].says))
            fail_msg("'%s': %s", cases[i].argument, wrong ? wrong : "taken");
        assert_int_equal(range.from_utc_ns, 7);
    }
}

/* Any cut of a good argument is refused or is a range itself; the sanitizer watches. */
static void cut_everywhere(void **state)
{
    static const char good[] = "local data mode=2026-11-22T10:04:00Z..2026-11-22T10:30:00.125+01:00";

    for (size_t len = 0; len < sizeof good - 1; len++) {
        char *cut = strndup(good, len);
        struct phase_range range;
        assert_non_null(phase_range_parse(cut, &range));
        free(cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_ranges), cmocka_unit_test(refuses_what_would_be_a_guess), cmocka_unit_test(cut_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
