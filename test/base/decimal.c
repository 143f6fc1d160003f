#include "support/support.h"

/* Numbers and times as texts: what is written reads back as the same double and has no digit too many; what is read is
 * the nearest double; times near one another are written as each alone. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/real_text.h"
#include "base/timestamp.h"

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Of the kinds that evidence has: what devices measure, and what was worked out. */
static double some_double(uint64_t *state, int kind)
{
    const uint64_t random = next_random(state);
    const double below_one = (double)(random >> 11) / 9007199254740992.0;
    double any;

    switch (kind) {
    case 0: return (double)(random % 3600000000) / 1e7;      /* degrees as most receivers have them */
    case 1: return below_one * 180;                          /* from radians */
    case 2: return (double)(random % 100000) / 10;
    case 3: return below_one * 1e7;
    case 4: return (double)(random % 1000000000) / 1e3;
    case 5: return (double)(random % 1000000000);
    case 6: return below_one / 1000;
    default:
        memcpy(&any, &random, sizeof any);
        return isfinite(any) ? any : 1;
    }
}

static int digits_of(const char *number)
{
    int count = 0, zeros = 0;

    for (; *number && *number != 'e'; number++) {
        if (*number == '0' && count > 0)
            zeros++;
        if (*number >= '1' && *number <= '9') {
            count += zeros + 1;
            zeros = 0;
        }
    }
    return count;
}

static int digits_needed(double value)
{
    char text[64];
    int digits = 1;

    for (; digits < 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return digits;
}

static void written_numbers_read_back(void **state)
{
    enum { KINDS = 8, TRIES = 80000 };
    static const double corners[] = { 0.1, 1, 1.5, 9.9999999, 10, 100, 45.5, 999999.9999999, 1e6, 123456789, 0.0001,
                                      0.1234567, 1e9, 0.125, 0.25, 524288, 999999.99999999988, 0.10000000000000001, 0.10000000000000002,
                                      12.345678901234, 12.3456789012345, 12.34567890123456, 7.9999999999999991, 8.0000000000000018,
                                      1024, 0.5, 4503599627370496, 5e-324, DBL_MAX, 0.30000000000000004, 45.99999999999999 };
    uint64_t random = 88172645463325252;
    char text[REAL_TEXT_MAX + 1];

    (void)state;
    for (size_t i = 0; i < TRIES + sizeof corners / sizeof *corners; i++) {
        double value = i < TRIES ? some_double(&random, (int)(i % KINDS)) : corners[i - TRIES];
        value = i & 8 ? -value : value;
        text[real_text_put(text, value)] = '\0';
        assert_true(strtod(text, NULL) == value);
        if (fabs(value) >= DBL_MIN) /* smaller ones have fewer digits than are written */
            assert_true(digits_of(text) <= digits_needed(value));
    }
}

static void whole_numbers_with_and_without_a_call(void **state)
{
    static const int64_t numbers[] = { 0, 9, 10, 42, 99, 100, 101, 99999999, 100000000, -1, -99, -100, INT64_MAX, INT64_MIN };
    char one[TEXT_INT_MAX + 1], other[TEXT_INT_MAX + 1], expected[32];

    (void)state;
    for (size_t i = 0; i < 200 + sizeof numbers / sizeof *numbers; i++) {
        const int64_t value = i < 200 ? (int64_t)i : numbers[i - 200];
        snprintf(expected, sizeof expected, "%lld", (long long)value);
        one[text_put_int(one, value)] = other[text_put_small(other, value)] = '\0';
        assert_string_equal(one, expected);
        assert_string_equal(other, expected);
    }
}

static void read_numbers_are_the_nearest(void **state)
{
    static const char *const texts[] = { "45.500003", "-5.2599870", "0", "-0.0", "5.", ".5", "+7.25", "007.50", "1e3",
                                         "1.5e-7", "123456789012345678901234567890",
                                         "0.00000000000000000000000123", "9007199254740993", "1.7976931348623157e308", "99999999999999999999.5", "12.34.56" };
    uint64_t random = 1234567;
    char made[64];
    double value;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *end;
        const double expected = strtod(texts[i], &end);
        struct text t = text_of(texts[i]);
        assert_true(text_take_real(&t, &value));
        assert_true(value == expected && signbit(value) == signbit(expected));
        assert_int_equal(t.len, strlen(texts[i]) - (size_t)(end - texts[i]));
    }
    for (int i = 0; i < 40000; i++) {
        snprintf(made, sizeof made, "%.*f", i % 12, some_double(&random, i % 5));
        struct text t = text_of(made);
        assert_true(text_take_real(&t, &value) && t.len == 0);
        assert_true(value == strtod(made, NULL));
    }
    static const char *const none[] = { "", ".", "-", "+.", "x1", "e5", "-.e3" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct text t = text_of(none[i]);
        assert_false(text_take_real(&t, &value));
        assert_int_equal(t.len, strlen(none[i]));
    }
}

static void times_near_one_another(void **state)
{
    static const int64_t times[] = { INT64_C(58000000000), INT64_C(59001000000), INT64_C(60000001000), INT64_C(61000000001),
                                     INT64_C(69000000000), INT64_C(70120000000), INT64_C(71123456000), 0, 1, 1000, 999999999, NS_PER_S, NS_PER_S + 500000000, -1, -NS_PER_S,
                                     -NS_PER_S - 1, 0, INT64_C(1714555800301000000),
                                     INT64_C(1714555800301000000) + 20000, INT64_C(1714555801000000000), INT64_MAX, INT64_MIN + 1 };
    struct timestamp_second kept = { 0 };
    char near[TIMESTAMP_TEXT_MAX], alone[TIMESTAMP_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const struct text a = timestamp_text_near(&kept, times[i], near), b = timestamp_text(times[i], alone);
        assert_text_equal(a, alone);
        assert_int_equal(a.len, b.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_numbers_read_back),
        cmocka_unit_test(whole_numbers_with_and_without_a_call),
        cmocka_unit_test(read_numbers_are_the_nearest),
        cmocka_unit_test(times_near_one_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
