#include "support/support.h"

#include <math.h>
#include <stdlib.h>

#include "report/track.h"

static struct track *t;

static int begin(void **state)
{
    (void)state;
    t = malloc(sizeof *t);
    return t == NULL;
}

static int end(void **state)
{
    (void)state;
    free(t);
    return 0;
}

static struct track_point at(double longitude, double latitude)
{
    return (struct track_point){ longitude, latitude, NAN };
}

static void keeps_ends_and_corners(void **state)
{
    (void)state;
    track_begin(t);
    for (int i = 0; i <= 300; i++) /* an L: east, then north */
        track_add(t, i <= 200 ? at(i * 1e-5, 50) : at(200e-5, 50 + (i - 200) * 1e-5));
    track_simplify(t, 3);
    assert_int_equal(t->count, 3);
    assert_true(t->points[0].longitude_deg == 0);
    assert_true(t->points[1].longitude_deg == 200e-5 && t->points[1].latitude_deg == 50);
    assert_true(t->points[2].latitude_deg == 50 + 100e-5);
}

static void a_long_flight_stays_bounded(void **state)
{
    const size_t points = 1000003;

    (void)state;
    track_begin(t);
    for (size_t i = 0; i < points; i++)
        track_add(t, at(0.01 * cos((double)i / 5e4), 0.01 * sin((double)i / 5e4)));
    assert_int_equal(t->seen, points);
    track_simplify(t, 2000);
    assert_true(t->count > 1000 && t->count <= 2000);
    assert_true(t->points[t->count - 1].longitude_deg == 0.01 * cos((double)(points - 1) / 5e4));
}

static void crosses_the_date_line(void **state)
{
    (void)state;
    track_begin(t);
    for (int i = 0; i <= 100; i++) /* straight west to east over 180, with one bend */
        track_add(t, at(remainder(179.9995 + i * 1e-5, 360), i == 40 ? -16.9 : -17));
    track_simplify(t, 3);
    assert_int_equal(t->count, 3);
    assert_true(t->points[1].latitude_deg == -16.9);
}

static void small_and_standing_still(void **state)
{
    (void)state;
    track_begin(t);
    track_simplify(t, 2);
    assert_int_equal(t->count, 0);
    track_add(t, at(1, 1));
    track_simplify(t, 2);
    assert_int_equal(t->count, 1);
    track_begin(t);
    for (int i = 0; i < 5000; i++)
        track_add(t, at(7, 7));
    track_simplify(t, 100);
    assert_int_equal(t->count, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_ends_and_corners),
        cmocka_unit_test(a_long_flight_stays_bounded),
        cmocka_unit_test(crosses_the_date_line),
        cmocka_unit_test(small_and_standing_still),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
