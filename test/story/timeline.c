#include "support/support.h"

#include <math.h>

#include "base/timestamp.h"
#include "story/timeline.h"

#define DEGREE_M 111194.93

/* East at 10 m/s from (0, 50), a sample each `step_ms`, the clock `late_ms` behind. */
static struct timeline straight(size_t limit, int64_t from_ms, int64_t to_ms, int64_t step_ms, int64_t late_ms,
                                double north_m)
{
    struct timeline t;

    timeline_init(&t, limit);
    for (int64_t ms = from_ms; ms <= to_ms; ms += step_ms)
        timeline_add(&t, (struct timeline_sample){ (ms - late_ms) * 1000000,
                                                   0.01 * (double)ms / DEGREE_M / cos(50 * M_PI / 180),
                                             50 + north_m / DEGREE_M, 100 });
    timeline_end(&t);
    return t;
}

static void a_place_between_two_samples(void **state)
{
    struct timeline t = straight(100, 0, 60000, 1000, 0, 0);
    struct timeline_sample s;

    assert_true(timeline_at(&t, 1500000000, &s));
    assert_true(fabs(s.longitude_deg * DEGREE_M * cos(50 * M_PI / 180) - 15) < 0.01);
    assert_true(timeline_at(&t, 0, &s));
    assert_true(timeline_at(&t, 60 * NS_PER_S, &s));
    assert_false(timeline_at(&t, -1, &s));
    assert_false(timeline_at(&t, 60 * NS_PER_S + 1, &s));
    timeline_done(&t);
}

static void nothing_is_known_in_a_gap(void **state)
{
    struct timeline t;
    struct timeline_sample s;

    timeline_init(&t, 100);
    for (int64_t second = 0; second < 40; second++)
        if (second <= 10 || second >= 21)
            timeline_add(&t, (struct timeline_sample){ second * NS_PER_S, 1, 50, NAN });
    timeline_end(&t);
    assert_false(timeline_at(&t, 15 * NS_PER_S, &s));
    assert_true(timeline_at(&t, 21 * NS_PER_S, &s));
    timeline_done(&t);
}

/* Ten hours at ten a second stay within the limit, and still lie on the path. */
static void memory_is_bounded(void **state)
{
    struct timeline t = straight(500, 0, 36000000, 100, 0, 0);
    struct timeline_sample s;

    assert_true(t.count > 200 && t.count <= 500);
    assert_true(t.room <= 1024);
    assert_true(timeline_at(&t, 18000 * NS_PER_S, &s));
    assert_true(fabs(s.longitude_deg * DEGREE_M * cos(50 * M_PI / 180) - 180000) < 1);
    timeline_done(&t);
}

static void times_in_any_order(void **state)
{
    struct timeline forth = straight(100, 0, 30000, 1000, 0, 0), back;

    timeline_init(&back, 100);
    for (size_t i = forth.count; i > 0; i--)
        timeline_add(&back, forth.at[i - 1]);
    timeline_end(&back);
    assert_int_equal(back.count, forth.count);
    for (size_t i = 0; i < back.count; i++)
        assert_true(back.at[i].time_ns == forth.at[i].time_ns);
    timeline_done(&forth);
    timeline_done(&back);
}

static void compares_and_finds_the_shift(void **state)
{
    struct timeline a = straight(1000, 0, 120000, 200, 0, 0), b = straight(1000, 10000, 100000, 1000, 42300, 4);
    struct timeline_fit as_is = timeline_compare(&a, &b, 0, 1024);

    assert_true(as_is.points > 50 && fabs(as_is.median_m - 423) < 2);
    const int64_t shift = timeline_best_shift(&a, &b, 120 * NS_PER_S);
    assert_true(fabs(time_between_s(0, shift) - 42.3) < 0.35);
    const struct timeline_fit fit = timeline_compare(&a, &b, 42300 * INT64_C(1000000), 1024);
    assert_int_equal(fit.points, 91);
    assert_true(fabs(fit.median_m - 4) < 0.1 && fabs(fit.higher_m) < 0.01);
    timeline_done(&a);
    timeline_done(&b);
}

static void numbers_at_their_ends(void **state)
{
    struct timeline a, b;

    timeline_init(&a, 4);
    timeline_init(&b, 4);
    timeline_add(&a, (struct timeline_sample){ INT64_MIN + 1, 180, 90, 1e300 });
    timeline_add(&a, (struct timeline_sample){ INT64_MAX, -180, -90, -1e300 });
    timeline_add(&b, (struct timeline_sample){ 0, 0, 0, 0 });
    timeline_end(&a);
    timeline_end(&b);
    assert_int_equal(timeline_compare(&a, &b, INT64_MAX, 10).points, 1); /* moved onto the last one */
    assert_int_equal(timeline_compare(&a, &b, 5, 10).points, 0);
    /* Nothing can be later than the last moment there is, so that the end of the common time is left out. */
    assert_int_equal(timeline_compare(&b, &a, INT64_MIN + 1, 10).points, 0);
    timeline_best_shift(&a, &b, 10 * NS_PER_S);
    assert_true(place_distance_m(179.9999, 0, -179.9999, 0) < 25);
    timeline_done(&a);
    timeline_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_between_two_samples), cmocka_unit_test(nothing_is_known_in_a_gap), cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(times_in_any_order), cmocka_unit_test(compares_and_finds_the_shift), cmocka_unit_test(numbers_at_their_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
