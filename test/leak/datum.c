/* Positions as Chinese map services shift them: found, and named for what they are. */
#include "leak/plant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLANTED = 50, TRIALS = 20 };

static const struct site yellow_sea = { "Yellow Sea", 122.8431, 35.6127 };

static struct secrets *secrets;
static struct leak_index *index_of_flight;
static struct track_point *flown;

static int prepare(void **state)
{
    (void)state;
    flown = calloc(survey.points, sizeof *flown);
    fly(&yellow_sea, &survey, flown);
    secrets = secrets_with_flight(&yellow_sea);
    index_of_flight = leak_index_new(secrets, NULL);
    return 0;
}

static int put_away(void **state)
{
    (void)state;
    leak_index_free(index_of_flight);
    secrets_free(secrets);
    free(flown);
    return 0;
}

/* A value that other programs print for a place in Beijing (the README of the npm package
 * coordtransform), and where nothing is shifted. */
static void shifts_are_those_of_others(void **state)
{
    double lon = 116.404, lat = 39.915;

    (void)state;
    assert_true(datum_shift(DATUM_WGS84, &lon, &lat));
    assert_true(lon == 116.404 && lat == 39.915);
    assert_true(datum_shift(DATUM_GCJ02, &lon, &lat));
    assert_true(fabs(lon - 116.41024449916938) < 1e-9);
    assert_true(fabs(lat - 39.91640428150164) < 1e-9);
    double bd_lon = 116.404, bd_lat = 39.915;
    assert_true(datum_shift(DATUM_BD09, &bd_lon, &bd_lat));
    assert_true(fabs(bd_lon - lon - 0.0065) < 3e-4 && fabs(bd_lat - lat - 0.006) < 3e-4);

    static const struct track_point abroad[] = { { -30.25, 42.49, 0 }, { 81.33, -38.71, 0 }, { 139.7, 35.6, 0 },
                                                 { 71.9, 30, 0 } };
    for (size_t i = 0; i < sizeof abroad / sizeof *abroad; i++) {
        lon = abroad[i].longitude_deg;
        lat = abroad[i].latitude_deg;
        assert_false(datum_shift(DATUM_GCJ02, &lon, &lat));
        assert_true(lon == abroad[i].longitude_deg && lat == abroad[i].latitude_deg);
    }
}

static void only_where_they_apply(void **state)
{
    struct secrets *s = secrets_with_flight(&sites[SITE_ATLANTIC]);
    struct leak_index *x = leak_index_new(s, NULL);

    (void)state;
    assert_int_equal(x->track_count, 1);
    assert_int_equal(index_of_flight->track_count, DATUM_COUNT);
    leak_index_free(x);
    secrets_free(s);
}

static void each_datum_is_named(void **state)
{
    (void)state;
    for (int datum = 0; datum < DATUM_COUNT; datum++)
        for (int form = 0; form < 3; form++) {
            uint64_t random = (uint64_t)(datum * 10 + form + 1);
            int found = 0, named = 0;
            for (int trial = 0; trial < TRIALS; trial++) {
                const size_t step = 5 + random_next(&random) % 50,
                    start = random_next(&random) % (survey.points - PLANTED * step);
                struct buffer b;
                struct found f;
                buffer_init(&b, 1 << 20);
                for (size_t i = 0; i < PLANTED; i++) {
                    struct track_point p = flown[start + i * step];
                    assert_true(datum_shift((enum datum)datum, &p.longitude_deg, &p.latitude_deg));
                    if (form == 2) {
                        buffer_printf(&b, "&lng=%.6f&lat=%.6f", p.longitude_deg, p.latitude_deg);
                    } else {
                        put_number(&b, form ? NUMBER_INT32_1E7 : NUMBER_DOUBLE, form, p.latitude_deg);
                        put_number(&b, form ? NUMBER_INT32_1E7 : NUMBER_DOUBLE, form, p.longitude_deg);
                        buffer_add(&b, "record", 6);
                    }
                }
                find(index_of_flight, (struct bytes){ .at = b.at, .len = b.len }, 1400, (struct text_list){ NULL, 0 },
                     &f);
                for (size_t i = 0; i < leak_count(&f); i++) {
                    const struct fact_leak *leak = leak_row(&f, i);
                    if (!text_equal(leak->what, TEXT("flight_path")))
                        continue;
                    found++;
                    named += text_equal(leak->datum, text_of(datum_name((enum datum)datum)));
                    break;
                }
                found_done(&f);
                buffer_done(&b);
            }
            print_message("# %s, form %d: %d of %d found, %d named\n", datum_name((enum datum)datum), form, found,
                          TRIALS, named);
            assert_int_equal(found, TRIALS);
            assert_int_equal(named, TRIALS);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shifts_are_those_of_others),
        cmocka_unit_test(only_where_they_apply),
        cmocka_unit_test(each_datum_is_named),
    };
    return cmocka_run_group_tests(tests, prepare, put_away);
}
