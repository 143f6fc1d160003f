/* Codes of cells against vectors that other implementations made (latlon-geohash, open-location-code,
 * mgrs, proj4 and nodes2ts from npm), for places over open sea on all sides of the Earth. */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "leak/cell.h"

struct place {
    double latitude_deg, longitude_deg;
    const char *geohash, *plus_code, *mgrs, *s2_leaf, *s2_level_20;
    int zone;
    double easting_m, northing_m;
};

static const struct place places[] = {
    { 42.4876123, -30.2531456, "erd3xwdk68gx", "89JFFPQW+2PXFF7H",
      "25TGH2575007574", "4a732fd32907aebf", "4a732fd3291", 25, 725750.67, 4707574.09 },
    { -38.7145321, 81.3312789, "mc1gf8pxs0jh", "4MH378PJ+5GJQGXC",
      "44HNC2880014849", "27a3bcd0e6bcbc99", "27a3bcd0e6b", 44, 528800.97, 5714849.24 },
    { -0.0052111, -0.0061222, "7zzzzz599kdf", "6CFXXXVV+WH6CMVG",
      "30MZE3329699423", "0555555130ad50f1", "0555555130b", 30, 833296.37, 9999423.22 },
    { -47.2218333, 179.9942444, "pzxgrgebcuk2", "4V4XQXHV+7M9Q7JG",
      "60GYN2668765834", "a807f60488c865ff", "a807f60488d", 60, 726687.36, 4765834.35 },
    { 71.3456, -12.8765, "gswvfupd5zc9", "CC3984WF+6CJRRRR",
      "28WEE7579417273", "4f46d0b8ff2a96e5", "4f46d0b8ff3", 28, 575794.58, 7917273.12 },
    { 23.4567, 151.2345, "xk5t3qjt5mb9", "7RMHF64M+MRCRRRR",
      "56QLL1966395183", "61387ea81631337f", "61387ea8163", 56, 319663.66, 2595183.99 },
    { -61.512345, -45.253456, "4vpf44p2w5c9", "38CPFPQW+3J73WWR",
      "23EMM8651280116", "bbfbfd4c24e441c9", "bbfbfd4c24f", 23, 486512.99, 3180116.94 },
    { 5.4321, 68.7654, "t8byuuckmbyd", "6JQCCQJ8+R5R5252",
      "42NVM7401100433", "3b612ed82606a43f", "3b612ed8261", 42, 474011.28, 600433.33 },
};

static void near(const char *what, const struct place *p, const struct cell *cell, double within_m)
{
    double dlon = fabs(cell->longitude_deg - p->longitude_deg);

    if (dlon > 180)
        dlon = 360 - dlon;
    const double metres = 111194.9 * hypot(cell->latitude_deg - p->latitude_deg,
                                           dlon * cos(p->latitude_deg * M_PI / 180));
    if (!(metres <= within_m))
        fail_msg("%s at %f %f: %f m away", what, p->latitude_deg, p->longitude_deg, metres);
}

static const uint8_t *bytes_of(const char *text) { return (const uint8_t *)text; }

static void all_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const struct place *p = &places[i];
        struct cell cell;
        /* Every length is the cell around the longer ones. */
        for (size_t len = 1; len <= strlen(p->geohash); len++) {
            assert_true(geohash_read(bytes_of(p->geohash), len, &cell));
            near("geohash", p, &cell, cell.size_m * 0.75 + 0.01);
        }
        assert_true(cell.size_m < 0.05);
        for (size_t len = 11; len <= strlen(p->plus_code); len++) {
            assert_true(plus_code_read(bytes_of(p->plus_code), len, &cell));
            near("plus code", p, &cell, cell.size_m * 0.75 + 0.01);
        }
        assert_true(mgrs_read(bytes_of(p->mgrs), strlen(p->mgrs), &cell));
        near("MGRS", p, &cell, 1);
        assert_true(s2_token_read(bytes_of(p->s2_leaf), strlen(p->s2_leaf), &cell));
        near("S2 leaf", p, &cell, 0.02);
        assert_true(s2_token_read(bytes_of(p->s2_level_20), strlen(p->s2_level_20), &cell));
        assert_true(cell.size_m > 5 && cell.size_m < 20);
        near("S2 level 20", p, &cell, cell.size_m);

        struct utm u;
        double longitude, latitude;
        assert_int_equal(utm_zone(p->longitude_deg), p->zone);
        utm_of(p->longitude_deg, p->latitude_deg, p->zone, &u);
        assert_true(fabs(u.easting_m - p->easting_m) < 0.01 && fabs(u.northing_m - p->northing_m) < 0.01);
        utm_degrees(&u, &longitude, &latitude);
        assert_true(fabs(longitude - p->longitude_deg) < 1e-8 && fabs(latitude - p->latitude_deg) < 1e-8);
    }
}

static bool all_refuse(const char *text)
{
    struct cell cell = { 1, 2, 3 };
    const struct bytes b = exact_copy(text, strlen(text));
    const bool taken = plus_code_read(b.at, b.len, &cell) || mgrs_read(b.at, b.len, &cell);

    exact_copy_free(b);
    return !taken && cell.longitude_deg == 1 && cell.latitude_deg == 2 && cell.size_m == 3;
}

static void what_is_no_code(void **state)
{
    static const char *const texts[] = {
        "", "8", "8FVC9G8F", "8FVC9G8F+", "8FVC9G8F+6", "8FVC9G8+F6X", "AFVC9G8F+6X", "8FVC9G8F+6XXXXXXXX", "XXXXXXXX+XX",
        "13", "13S", "13SDD", "13SDD1", "13SDD123", "61SDD1234", "0SDD12", "13IDD1234", "13SID1234", "13SZD1234",
        "13SDW1234", "13SDD12x4", "13SDD123456789012", "SDD1234",
    };
    struct cell cell = { 1, 2, 3 };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!all_refuse(texts[i]))
            fail_msg("%s was taken", texts[i]);
    assert_false(geohash_read(bytes_of("erd3a"), 5, &cell));
    assert_false(geohash_read(bytes_of("erd3xwdk68gx0"), 13, &cell));
    assert_false(geohash_read(bytes_of(""), 0, &cell));
    assert_false(s2_cell_read(0, &cell));
    assert_false(s2_cell_read(UINT64_C(0xc000000000000001), &cell)); /* there are six faces */
    assert_false(s2_cell_read(UINT64_C(0x4a732fd32907aebe), &cell)); /* a level between two */
    assert_false(s2_token_read(bytes_of("4a732fd32907aebf0"), 17, &cell));
    assert_false(s2_token_read(bytes_of("4a73x"), 5, &cell));
    assert_true(cell.longitude_deg == 1 && cell.latitude_deg == 2 && cell.size_m == 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_places),
        cmocka_unit_test(what_is_no_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
