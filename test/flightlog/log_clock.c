#include "support/support.h"

#include <string.h>

#include "base/timestamp.h"
#include "flightlog/log_clock.h"

/* `utc` is the instant as RFC 3339, NULL where there is none; `left` how many characters stay. */
static const struct clock_case {
    const char *text, *utc;
    size_t left;
    bool has_date, has_time, zoned, ambiguous, whole_seconds;
} cases[] = {
    { "2016-09-15 17:51:19", "2016-09-15T17:51:19Z", 0, true, true, false, false, true },
    { "2019-09-27T10:28:08.438Z", "2019-09-27T10:28:08.438Z", 0, true, true, true, false, false },
    { "2018-11-10T094343-0500", "2018-11-10T14:43:43Z", 0, true, true, true, false, true },
    { "2017.8.5 14:11:51", "2017-08-05T14:11:51Z", 0, true, true, false, false, true },
    { "2020-08-12 08:55:21,745,078", "2020-08-12T08:55:21.745078Z", 0, true, true, false, false, false },
    { "2020-08-12 08:55:21,745,078,1", "2020-08-12T08:55:21.745078Z", 2, true, true, false, false, false },
    { "2020-08-12 08:55:21.7,45", "2020-08-12T08:55:21.7Z", 3, true, true, false, false, false },
    { "2020-08-12 08:55:21.1234567899999", "2020-08-12T08:55:21.123456789Z", 0, true, true, false, false, false },
    { "2023/09/22 21:45:13.1", "2023-09-22T21:45:13.1Z", 0, true, true, false, false, false },
    { "2023-09/22 21:45:13", "2023-09-22T21:45:13Z", 0, true, true, false, false, true },
    { "22.09.2023 21:45:13", "2023-09-22T21:45:13Z", 0, true, true, false, false, true },
    { "20160815 18:26:34:590", "2016-08-15T18:26:34.59Z", 0, true, true, false, false, false },
    { "11/25/2025 7:05:08.97 PM", "2025-11-25T19:05:08.97Z", 0, true, true, false, false, false },
    { "11/12/2025 12:05:08 AM", "2025-11-12T00:05:08Z", 0, true, true, false, true, true },
    { "2025-11-25", "2025-11-25T00:00:00Z", 0, true, false, false, false, false },
    { "2025-11-251 1:02:03", NULL, 0, false, false, false, false, false },
    { "12/11/2025 12:05:08 AM", "2025-12-11T00:05:08Z", 0, true, true, false, true, true },
    { "12/11/2025", "2025-12-11T00:00:00Z", 0, true, false, false, true, false },
    { "2025-11-25x", "2025-11-25T00:00:00Z", 1, true, false, false, false, false },
    { "2025-11-25 ab:cd:ef", "2025-11-25T00:00:00Z", 9, true, false, false, false, false },
    { "2025-11-25 24:00:00", "2025-11-25T00:00:00Z", 9, true, false, false, false, false },
    { "2025-11-25_01:02:03 UTC", "2025-11-25T01:02:03Z", 0, true, true, true, false, true },
    { "2025-11-25   01:02:03+02:00", "2025-11-24T23:02:03Z", 0, true, true, true, false, true },
    { "7:05:08.97 PM", "1970-01-01T19:05:08.97Z", 0, false, true, false, false, false },
    { "17:05:08", "1970-01-01T17:05:08Z", 0, false, true, false, false, true },
    { "13:05:08 PM", NULL, 0, false, false, false, false, false },
    { "2025-13-25", NULL, 0, false, false, false, false, false },
    { "2025-02-30 10:00:00", NULL, 0, false, false, false, false, false },
    { "1:2:3", NULL, 0, false, false, false, false, false },
    { "12:3x:45", NULL, 0, false, false, false, false, false },
    { "", NULL, 0, false, false, false, false, false },
    { "x2025-11-25", NULL, 0, false, false, false, false, false },
};

static void check(const struct clock_case *one)
{
    const struct bytes exact = exact_copy(one->text, strlen(one->text));
    struct text t = text_of_bytes(exact);
    struct log_clock clock;
    int64_t ns;

    print_message("# %s\n", one->text);
    assert_int_equal(log_clock_take(&t, &clock), one->utc != NULL);
    if (one->utc) {
        assert_true(timestamp_parse(text_of(one->utc), &ns));
        assert_int_equal(clock.ns, ns);
        assert_int_equal(t.len, one->left);
        assert_int_equal(clock.has_date, one->has_date);
        assert_int_equal(clock.has_time, one->has_time);
        assert_int_equal(clock.zoned, one->zoned);
        assert_int_equal(clock.ambiguous, one->ambiguous);
        if (clock.has_time)
            assert_int_equal(clock.whole_seconds, one->whole_seconds);
    } else {
        assert_int_equal(t.len, exact.len);
    }
    exact_copy_free(exact);
}

static void every_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i]);
}

/* Nothing is read behind the end, and what is taken is a part of what stands there. */
static void cut_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t len = 0; len < strlen(cases[i].text); len++) {
            const struct bytes exact = exact_copy(cases[i].text, len);
            struct text t = text_of_bytes(exact);
            struct log_clock clock;

            if (log_clock_take(&t, &clock))
                assert_true(t.len < len && (clock.has_date || clock.has_time));
            else
                assert_int_equal(t.len, len);
            exact_copy_free(exact);
        }
}

/* Whatever was kept, each clock says what it says alone. */
static void a_date_that_was_kept_changes_nothing(void **state)
{
    (void)state;
    for (size_t before = 0; before < sizeof cases / sizeof *cases; before++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct log_clock_day kept = { 0 };
            struct text first = text_of(cases[before].text), near = text_of(cases[i].text), alone = near;
            struct log_clock ignored, a = { 0 }, b = { 0 };

            (void)!log_clock_take_near(&kept, &first, &ignored);
            assert_int_equal(log_clock_take_near(&kept, &near, &a), log_clock_take(&alone, &b));
            assert_int_equal(near.len, alone.len);
            assert_true(a.ns == b.ns && a.has_date == b.has_date && a.has_time == b.has_time && a.zoned == b.zoned &&
                        a.ambiguous == b.ambiguous && a.whole_seconds == b.whole_seconds);
        }
}

static void seconds_since_1970_by_their_size(void **state)
{
    static const struct { double value; int64_t ns; } numbers[] = {
        { 1600000000, 1600000000 * NS_PER_S }, { 1600000000.5, 1600000000 * NS_PER_S + 500000000 },
        { 1600000000123.0, 1600000000 * NS_PER_S + 123000000 }, { 1600000000123456.0, 1600000000 * NS_PER_S + 123456000 },
        { 5, 0 }, { -1600000000, 0 }, { 2e10, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int64_t ns = 0;
        assert_int_equal(log_clock_unix(numbers[i].value, &ns), numbers[i].ns != 0);
        assert_int_equal(ns, numbers[i].ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(a_date_that_was_kept_changes_nothing),
        cmocka_unit_test(seconds_since_1970_by_their_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
