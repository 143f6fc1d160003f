#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scrub/move.h"
#include "scrub/names.h"

static void names_of_fields(void **state)
{
    static const struct {
        const char *name;
        enum scrub_kind kind;
    } cases[] = {
        { "lat", SCRUB_POSITION }, { "GPSLongtitude", SCRUB_POSITION }, { "OSD.latitude", SCRUB_POSITION }, { "Lng", SCRUB_POSITION },
        { "current.lon", SCRUB_POSITION }, { "home_lat", SCRUB_OPERATOR }, { "HOME.longitude", SCRUB_OPERATOR }, { "APP_GPS.latitude", SCRUB_OPERATOR },
        { "ref_lat", SCRUB_OPERATOR }, { "RtkStdLat", SCRUB_KIND_COUNT }, { "lateral", SCRUB_KIND_COUNT }, { "flat", SCRUB_KIND_COUNT },
        { "lat_std", SCRUB_KIND_COUNT }, { "latency", SCRUB_KIND_COUNT }, { "DroneSerialNumber", SCRUB_SERIAL }, { "DETAILS.aircraftSnBytes", SCRUB_SERIAL },
        { "aircraft SN", SCRUB_SERIAL }, { "CaptureUUID", SCRUB_SERIAL }, { "OwnerName", SCRUB_NAME }, { "DETAILS.city", SCRUB_POSITION },
        { "speed", SCRUB_KIND_COUNT }, { "altitude", SCRUB_KIND_COUNT }, { "", SCRUB_KIND_COUNT }, { "___", SCRUB_KIND_COUNT },
        { "GimbalPitchDegree", SCRUB_KIND_COUNT },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (scrub_kind_of_name(text_of(cases[i].name)) != cases[i].kind)
            fail_msg("%s is taken for %d", cases[i].name, (int)scrub_kind_of_name(text_of(cases[i].name)));
    assert_int_equal(scrub_axis_of_name(TEXT("GPSLatitude")), AXIS_LATITUDE);
    assert_int_equal(scrub_axis_of_name(TEXT("longtitude")), AXIS_LONGITUDE);
    assert_int_equal(scrub_axis_of_name(TEXT("RtkStdLon")), AXIS_NONE);
}

/* Words are looked up in a table by their order: the first and the last one, those that begin as others do, the longest,
 * and any that are none. */
static void words_of_names(void **state)
{
    static const struct {
        const char *name;
        enum scrub_kind kind;
        enum axis axis;
    } cases[] = {
        { "acc_lat", SCRUB_KIND_COUNT, AXIS_NONE }, { "acclat", SCRUB_KIND_COUNT, AXIS_NONE }, { "zip", SCRUB_POSITION, AXIS_NONE },
        { "zippy", SCRUB_KIND_COUNT, AXIS_NONE }, { "lat1", SCRUB_POSITION, AXIS_LATITUDE }, { "lat3", SCRUB_KIND_COUNT, AXIS_NONE },
        { "latitud", SCRUB_KIND_COUNT, AXIS_NONE }, { "latitudes", SCRUB_POSITION, AXIS_LATITUDE },
        { "latitudess", SCRUB_KIND_COUNT, AXIS_NONE }, { "longitudes_ref", SCRUB_OPERATOR, AXIS_LONGITUDE },
        { "longitudesofthings", SCRUB_KIND_COUNT, AXIS_NONE }, { "photographers", SCRUB_KIND_COUNT, AXIS_NONE },
        { "PHOTOGRAPHER", SCRUB_NAME, AXIS_NONE }, { "registration", SCRUB_SERIAL, AXIS_NONE }, { "id", SCRUB_KIND_COUNT, AXIS_NONE },
        { "uasId", SCRUB_SERIAL, AXIS_NONE }, { "name", SCRUB_KIND_COUNT, AXIS_NONE }, { "fileName", SCRUB_NAME, AXIS_NONE },
        { "GPS Altitude", SCRUB_KIND_COUNT, AXIS_ALTITUDE }, { "a b c d e f g h i j k lat", SCRUB_POSITION, AXIS_LATITUDE },
        { "a b c d e f g h i j k l lat", SCRUB_KIND_COUNT, AXIS_NONE },
    };
    static const char *const all[] = {
        "street", "city", "district", "subdistrict", "county", "country", "province", "town", "village", "postcode", "geohash",
        "mgrs", "serial", "sn", "serials", "uuid", "uid", "guid", "imei", "imsi", "iccid", "mac", "bssid", "ssid", "owner", "pilot",
        "operator", "user", "username", "email", "mail", "author", "creator", "artist", "account", "phone", "hostname", "person",
        "lat", "lats", "latitude", "lat2", "lon", "lons", "lng", "lngs", "long", "longitude", "longtitude", "lon1", "lon2", "lng1",
        "lng2", "address",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct text name = text_of(cases[i].name);
        if (scrub_kind_of_name(name) != cases[i].kind || scrub_axis_of_name(name) != cases[i].axis)
            fail_msg("%s is taken for %d, %d", cases[i].name, (int)scrub_kind_of_name(name), (int)scrub_axis_of_name(name));
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (scrub_kind_of_name(text_of(all[i])) == SCRUB_KIND_COUNT)
            fail_msg("%s is not known", all[i]);
}

static void moving_keeps_shapes(void **state)
{
    const double radian = acos(-1) / 180;

    (void)state;
    for (unsigned seed = 0; seed < 500; seed++) {
        unsigned char random[16];
        struct move m;
        for (size_t i = 0; i < sizeof random; i++)
            random[i] = (unsigned char)(seed * 2654435761u >> (i % 4 * 8)) ^ (unsigned char)(i * 37 * seed);
        const double lat = (double)(seed % 120) - 60, lon = (double)(seed * 7 % 360) - 180;
        move_init(&m, lon, lat, random);
        /* a kilometre to the north and to the east */
        const double north_deg = 1 / 111.32, east_deg = 1 / (111.32 * cos(lat * radian));
        const double lat0 = move_latitude_deg(&m, lat), lon0 = move_longitude_deg(&m, lon);
        const double lat1 = move_latitude_deg(&m, lat + north_deg),
            lon1 = move_longitude_deg(&m, remainder(lon + east_deg, 360));
        assert_true(fabs(lat0) <= 60.001 && fabs(lon0) <= 180.0001);
        assert_true(fabs((lat1 - lat0) * 111.32 - 1) < 1e-6);
        assert_true(fabs(fabs(remainder(lon1 - lon0, 360)) * 111.32 * cos(lat0 * radian) - 1) < 1e-6);
        assert_true(fabs(remainder(lon0 - lon, 360)) >= 19.99);
    }
}

/* One that was drawn anew until it fits keeps the digits before the point; and fitting is no rare chance anywhere. */
static void a_move_that_fits_takes_no_more_digits(void **state)
{
    static const double places[][2] = { { 5.12, 52.1 }, { -5.12, 9.9 }, { 13.4, -33.9 }, { -122.4, 37.8 },
                                        { 151.2, -5 }, { 0.5, 0.5 }, { -70.1, -53 } };

    (void)state;
    srand(7);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int fits = 0;
        for (int n = 0; n < 2000; n++) {
            unsigned char random[16];
            char from[2][16], to[2][16];
            struct move m;
            for (size_t k = 0; k < sizeof random; k++)
                random[k] = (unsigned char)(rand() >> 4);
            move_init(&m, places[i][0], places[i][1], random);
            if (!move_keeps_widths(&m))
                continue;
            fits++;
            for (int axis = 0; axis < 2; axis++) {
                snprintf(from[axis], sizeof from[axis], "%.3f", places[i][axis]);
                snprintf(to[axis], sizeof to[axis], "%.3f", axis ? m.to_latitude_deg : m.to_longitude_deg);
                assert_true(strlen(to[axis]) <= strlen(from[axis]) || strlen(to[axis]) <= strlen("12.345"));
            }
        }
        assert_in_range(fits, 250, 2000);
    }
}

static unsigned asked;

static struct name_meaning ask(struct text name)
{
    asked++;
    return (struct name_meaning){ scrub_kind_of_name(name), scrub_axis_of_name(name) };
}

/* What is kept of names is theirs: also where two share a place, and where one is too long to be kept. */
static void names_met_before(void **state)
{
    static struct names_met met;
    char name[40];

    (void)state;
    for (int round = 0; round < 3; round++)
        for (unsigned i = 0; i < 500; i++) {
            snprintf(name, sizeof name, i % 3 == 0 ? "home_lat_%u" : i % 3 == 1 ? "lon%u" : "a_name_that_is_much_too_long_lat_%u", i);
            for (int twice = 0; twice < 2; twice++) {
                const struct name_meaning m = scrub_name_met(&met, text_of(name), ask);
                assert_int_equal(m.kind, scrub_kind_of_name(text_of(name)));
                assert_int_equal(m.axis, scrub_axis_of_name(text_of(name)));
            }
        }
    asked = 0;
    for (int i = 0; i < 10; i++)
        (void)scrub_name_met(&met, TEXT("latitude"), ask);
    assert_int_equal(asked, 1);
    (void)scrub_name_met(&met, TEXT(""), ask);
    assert_int_equal(asked, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(names_of_fields), cmocka_unit_test(words_of_names), cmocka_unit_test(names_met_before), cmocka_unit_test(moving_keeps_shapes),
                                         cmocka_unit_test(a_move_that_fits_takes_no_more_digits) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
