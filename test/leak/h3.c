/* Ids of H3 cells against what h3-js (Uber's own, from npm) says of their middles: around each of the twelve
 * pentagons, where a sixth of the plane is left out, and in all kinds of resolution. */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "leak/h3.h"

struct h3_case {
    uint64_t id;
    double latitude_deg, longitude_deg;
};

static const struct h3_case cases[] = {
    { UINT64_C(0x830944fffffffff), 70.8107779, 6.0364958 },
    { UINT64_C(0x860906297ffffff), 64.5319247, -3.4910856 },
    { UINT64_C(0x89099c8e10fffff), 58.8790513, 7.1431604 },
    { UINT64_C(0x8c08adb5db497ff), 63.4685101, 15.6271932 },
    { UINT64_C(0x8f082ba732b0b12), 66.4669928, 14.6745048 },
    { UINT64_C(0x831d40fffffffff), 49.1169901, -134.7399258 },
    { UINT64_C(0x861d00cf7ffffff), 55.5598849, -139.5656330 },
    { UINT64_C(0x891d8089a9bffff), 53.9864772, -150.6113152 },
    { UINT64_C(0x8c1c13728a9c9ff), 48.6995430, -146.7039392 },
    { UINT64_C(0x8f1c19ac031e966), 47.7343366, -142.2327034 },
    { UINT64_C(0x833128fffffffff), 45.4036439, 123.8270254 },
    { UINT64_C(0x8631a024fffffff), 41.6822871, 115.3107064 },
    { UINT64_C(0x8930b036c03ffff), 34.5547802, 117.2528234 },
    { UINT64_C(0x8c301b80c21d3ff), 37.0205134, 124.0882425 },
    { UINT64_C(0x8f302d516881542), 39.8809639, 125.3602371 },
    { UINT64_C(0x834ceafffffffff), 17.7733896, -65.8642294 },
    { UINT64_C(0x864d71187ffffff), 23.0326555, -60.6298690 },
    { UINT64_C(0x894d1540a77ffff), 29.2784963, -64.6675002 },
    { UINT64_C(0x8c4d8926c2c07ff), 25.2435782, -69.2955602 },
    { UINT64_C(0x8f4c1e6b26629a0), 22.2177424, -69.3166870 },
    { UINT64_C(0x836286fffffffff), 5.4462296, 54.5621011 },
    { UINT64_C(0x8662c062fffffff), 6.0473585, 62.3397266 },
    { UINT64_C(0x89634081ab3ffff), 13.2226400, 63.5666026 },
    { UINT64_C(0x8c62261b6a92bff), 12.8923453, 57.6273134 },
    { UINT64_C(0x8f623244a370b73), 10.5987953, 55.6202303 },
    { UINT64_C(0x837584fffffffff), 6.6952839, -9.5460928 },
    { UINT64_C(0x86748614fffffff), -0.3824174, -10.6179200 },
    { UINT64_C(0x8974c2ba88bffff), -3.5940221, -4.1201459 },
    { UINT64_C(0x8c742ca91396dff), 2.0954119, -2.7518827 },
    { UINT64_C(0x8f7426105ce6b32), 4.6466453, -4.3801748 },
    { UINT64_C(0x837f76fffffffff), -6.4337591, 170.9864145 },
    { UINT64_C(0x867fa5347ffffff), -7.3484944, 178.0068780 },
    { UINT64_C(0x897eb4ac4dbffff), -0.5323995, -179.5066042 },
    { UINT64_C(0x8c7e1aa0d3889ff), 0.1981599, 174.6837338 },
    { UINT64_C(0x8f7e29d224e2b68), -1.7006166, 172.3257852 },
    { UINT64_C(0x8390e9fffffffff), -5.0854113, -125.3528116 },
    { UINT64_C(0x869176b67ffffff), -12.0818560, -127.7143478 },
    { UINT64_C(0x8991166cec3ffff), -16.4471471, -121.8019115 },
    { UINT64_C(0x8c9016a9d0665ff), -11.1001308, -119.3883482 },
    { UINT64_C(0x8f901ab83b35c68), -8.2966188, -120.5462972 },
    { UINT64_C(0x83a68efffffffff), -17.6771140, 113.4031594 },
    { UINT64_C(0x86a6ea037ffffff), -21.2473273, 106.9226236 },
    { UINT64_C(0x89a771cc3a7ffff), -28.3156892, 108.6589312 },
    { UINT64_C(0x8ca6359a2c9b3ff), -25.7777687, 114.4149930 },
    { UINT64_C(0x8fa78924128b90e), -22.9039646, 115.4495299 },
    { UINT64_C(0x83c3a0fffffffff), -45.4036439, -56.1729746 },
    { UINT64_C(0x86c2b0b5fffffff), -39.7156413, -49.9944332 },
    { UINT64_C(0x89c2d54c44bffff), -33.5106443, -54.8908183 },
    { UINT64_C(0x8cc22d426b82bff), -37.6019936, -60.2791194 },
    { UINT64_C(0x8fc226b69826020), -40.6278845, -60.2498160 },
    { UINT64_C(0x83d798fffffffff), -49.1169901, 45.2600742 },
    { UINT64_C(0x86d68b90fffffff), -44.1527035, 37.5629381 },
    { UINT64_C(0x89d74b79d23ffff), -47.8828092, 27.8326289 },
    { UINT64_C(0x8cd6254482491ff), -52.0932888, 34.1622561 },
    { UINT64_C(0x8fd63439e63361c), -52.0935766, 38.8800004 },
    { UINT64_C(0x83eaeafffffffff), -70.4967754, -174.1516972 },
    { UINT64_C(0x86eb468efffffff), -67.9127821, -157.6067826 },
    { UINT64_C(0x89eb15b05b7ffff), -60.6902538, -159.0207805 },
    { UINT64_C(0x8cea145b38769ff), -62.4611047, -172.0663395 },
    { UINT64_C(0x8fea1e6d5280c68), -65.1727840, -175.2081325 },
};

static double metres(double latitude_deg, double longitude_deg, const struct cell *c)
{
    const double east = remainder(c->longitude_deg - longitude_deg, 360) * cos(latitude_deg * M_PI / 180);

    return 111194.9 * hypot(c->latitude_deg - latitude_deg, east);
}

static void middles_of_cells(void **state)
{
    struct cell cell;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct h3_case *c = &cases[i];
        assert_true(h3_cell_read(c->id, &cell));
        if (!(metres(c->latitude_deg, c->longitude_deg, &cell) < 0.1))
            fail_msg("%llx: %f %f", (unsigned long long)c->id, cell.latitude_deg, cell.longitude_deg);
    }
    assert_true(h3_cell_read(UINT64_C(0x8f351675dae8973), &cell) && cell.size_m > 0.5 && cell.size_m < 2);
    assert_true(h3_cell_read(UINT64_C(0x89351675dafffff), &cell) && cell.size_m > 250 && cell.size_m < 450);
}

/* Each cell lies in its parents: of every id, what is left when digits are taken away. */
static void parents(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t id = cases[i].id;
        for (uint64_t r = id >> 52 & 15; r > 0; r--) {
            struct cell child, parent;
            assert_true(h3_cell_read(id, &child));
            id = (id & ~(UINT64_C(15) << 52)) | (r - 1) << 52 | UINT64_C(7) << 3 * (H3_RESOLUTION_MAX - r);
            assert_true(h3_cell_read(id, &parent));
            assert_true(metres(child.latitude_deg, child.longitude_deg, &parent) < 0.75 * parent.size_m);
        }
    }
}

static bool parent_seen;
static uint64_t wanted;

static void see_parent(void *user, uint64_t id)
{
    (void)user;
    parent_seen |= id == wanted;
}

static void parents_near_a_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wanted = (cases[i].id & ~(UINT64_C(15) << 52)) | UINT64_C(2) << 52 | ((UINT64_C(1) << 39) - 1);
        parent_seen = false;
        h3_parents_near(cases[i].longitude_deg, cases[i].latitude_deg, see_parent, NULL);
        if (!parent_seen)
            fail_msg("%llx", (unsigned long long)cases[i].id);
    }
}

static void what_is_no_cell(void **state)
{
    static const uint64_t ids[] = {
        0, UINT64_MAX, UINT64_C(0x0f351675dae8973),   /* no mode */
        UINT64_C(0x10f351675dae8973),                 /* an edge */
        UINT64_C(0x8f351675dae897f),                  /* a digit is missing */
        UINT64_C(0x88351675dafffff),                  /* one too many */
        UINT64_C(0x88f5ffffffffffff),                 /* a bit that must be zero */
        UINT64_C(0x80f5fffffffffff),                  /* there are 122 base cells */
    };
    struct cell cell = { 1, 2, 3 };
    uint64_t id;

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        assert_false(h3_cell_read(ids[i], &cell));
    /* Base cell 4 is a pentagon: the first digit that is not zero is never 1. */
    assert_false(h3_cell_read(UINT64_C(0x82080ffffffffff), &cell));
    assert_true(cell.longitude_deg == 1 && cell.latitude_deg == 2 && cell.size_m == 3);
    id = 5;
    assert_false(h3_text_read((const uint8_t *)"8f351675dae897", 14, &id));
    assert_false(h3_text_read((const uint8_t *)"8f351675dae897x", 15, &id));
    assert_int_equal(id, 5);
    assert_true(h3_text_read((const uint8_t *)"8F351675dae8973", 15, &id) && id == UINT64_C(0x8f351675dae8973));
    assert_true(h3_text_read((const uint8_t *)"08f351675dae8973", 16, &id) && id == UINT64_C(0x8f351675dae8973));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(middles_of_cells),
        cmocka_unit_test(parents),
        cmocka_unit_test(parents_near_a_place),
        cmocka_unit_test(what_is_no_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
