/* The scanner by itself: intervals, text, and that every way of scanning finds the same. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "leak/position_groups.h"

static const struct geo_box box = { -30.2536, 42.4871, -30.2390, 42.4989 };

struct collected {
    struct position_pair pairs[4096];
    size_t count, magics, values;
    uint64_t total, sum;
};

static void collect_pair(void *user, const struct position_pair *pair)
{
    struct collected *c = user;

    c->total++;
    c->sum = c->sum * 31 + pair->at * 7 + pair->encoding + (uint64_t)pair->length;
    if (c->count < 4096)
        c->pairs[c->count++] = *pair;
}

static void collect_value(void *user, const struct position_value *value)
{
    (void)value;
    ((struct collected *)user)->values++;
}

static void collect_magic(void *user, size_t at, enum position_magic magic)
{
    (void)at;
    (void)magic;
    ((struct collected *)user)->magics++;
}

static void scan(const struct position_index *x, struct bytes b, size_t done, size_t limit, struct collected *c)
{
    const struct position_events events = { .user = c, .pair = collect_pair, .value = collect_value,
                                            .magic = collect_magic };

    c->count = c->magics = c->values = 0;
    c->total = c->sum = 0;
    position_scan_binary(x, b.at, b.len, done, limit, &events);
}

/* What the kernels are compared on, at every length. */
enum filling { FILL_DENSE, FILL_RANDOM, FILL_ZERO, FILL_TEXT, FILL_CODE, FILL_ONES, FILLINGS };

static void fill(enum filling filling, uint32_t *random, uint8_t *data, size_t len)
{
    static const char text[] = "{\"lat\":42.4900,\"n\":12,\"id\":\"a7Qx\"},";

    for (size_t i = 0; i < len; i++) {
        *random = *random * 1664525 + 1013904223;
        const uint8_t byte = (uint8_t)(*random >> 24);
        data[i] = filling == FILL_ZERO ? 0 : filling == FILL_ONES
            ? 0xff : filling == FILL_TEXT ? (uint8_t)text[i % (sizeof text - 1)]
            : filling == FILL_CODE ? (byte & 3 ? (uint8_t)(byte & 0x0f) : (uint8_t)(byte | 0x40)) : byte;
    }
    /* Whole positions and parts of them, at all alignments. */
    for (size_t i = 0; filling == FILL_DENSE && len >= 40 && i + 16 <= len; i += 17 + *random % 13) {
        const double lat = 42.49, lon = -30.245;
        const uint32_t lat7 = (uint32_t)(int32_t)(lat * 1e7), lon7 = (uint32_t)(int32_t)(lon * 1e7);
        const int64_t lat9 = (int64_t)(lat * 1e9), lon9 = (int64_t)(lon * 1e9);
        switch (i % 3) {
        case 0:
            memcpy(data + i, &lat, 8);
            memcpy(data + i + 8, &lon, 8);
            break;
        case 1:
            memcpy(data + i, &lon7, 4);
            memcpy(data + i + 4, &lat7, 4);
            break;
        default:
            memcpy(data + i, &lat9, 8);
            memcpy(data + i + 8, &lon9, 8);
        }
    }
}

static void kernels_agree(void **state)
{
    struct position_index *x = position_index_new(&box, 1);
    static struct collected first, other;
    uint8_t data[600];
    uint32_t random = 1;
    size_t found = 0;
    int kernels = 0;

    (void)state;
    for (int filling = 0; filling < FILLINGS; filling++)
        for (size_t len = 0; len <= sizeof data; len += len < 300 ? 1 : 37) {
            fill((enum filling)filling, &random, data, len);
            const struct bytes in = exact_copy(data, len);
            for (size_t done = 0; done <= len; done += 1 + len / 4) {
                assert_true(position_index_use(x, FILTER_PLAIN));
                scan(x, in, done, len, &first);
                found += first.count;
                kernels = 1;
                for (int kernel = FILTER_PLAIN + 1; kernel < FILTER_COUNT; kernel++) {
                    if (!position_index_use(x, (enum filter_kernel)kernel))
                        continue;
                    kernels++;
                    scan(x, in, done, len, &other);
                    assert_int_equal(first.count, other.count);
                    assert_int_equal(first.values, other.values);
                    assert_int_equal(first.magics, other.magics);
                    assert_memory_equal(first.pairs, other.pairs, first.count * sizeof *first.pairs);
                }
            }
            exact_copy_free(in);
        }
    assert_true(found > 1000);
    print_message("# %d kernels of %d work on this processor\n", kernels, FILTER_COUNT);
    position_index_free(x);
}

/* A pair at each offset that many areas find is found by one of them alone, and the other way round: so many keys are
 * looked up in another way than few. */
static void many_areas_find_what_each_alone_does(void **state)
{
    enum { AREAS = 120, ALONE = 6, BYTES = 6000 };
    struct geo_box boxes[AREAS];
    static struct collected all, one;
    uint32_t random = 7;
    uint8_t data[BYTES];
    size_t found = 0;

    (void)state;
    for (size_t i = 0; i < AREAS; i++) {
        random = random * 1664525 + 1013904223;
        const double longitude = (double)(random >> 8) / (1 << 24) * 350 - 175;
        random = random * 1664525 + 1013904223;
        const double latitude = (double)(random >> 8) / (1 << 24) * 150 - 75;
        boxes[i] = (struct geo_box){ longitude, latitude, longitude + 0.015, latitude + 0.012 };
    }
    struct position_index *many = position_index_new(boxes, AREAS);
    assert_true(many->every.crowded);
    fill(FILL_RANDOM, &random, data, sizeof data);
    for (size_t i = 0; i + 16 <= sizeof data; i += 29) {
        const struct geo_box *b = &boxes[i % ALONE];
        const double longitude = b->west + 0.007, latitude = b->south + 0.005;
        const int32_t whole[2] = { (int32_t)(latitude * 1e7), (int32_t)(longitude * 1e7) };
        memcpy(data + i, i % 2 ? (const void *)&latitude : (const void *)&whole, 8);
        memcpy(data + i + 8, i % 2 ? (const void *)&longitude : (const void *)&whole, 8);
    }
    struct position_index *alone[ALONE];
    for (size_t n = 0; n < ALONE; n++) {
        alone[n] = position_index_new(&boxes[n], 1);
        assert_false(alone[n]->every.crowded);
    }
    for (size_t len = sizeof data; len > 5000; len -= 167) {
        const struct bytes in = exact_copy(data, len);
        const size_t done = len % 3 * 100;
        scan(many, in, done, len, &all);
        for (size_t n = 0; n < ALONE; n++) {
            scan(alone[n], in, done, len, &one);
            found += one.count;
            size_t inside = 0;
            for (size_t i = 0; i < all.count; i++)
                inside += geo_box_contains(&boxes[n], all.pairs[i].longitude_deg, all.pairs[i].latitude_deg);
            assert_int_equal(inside, one.count);
        }
        exact_copy_free(in);
    }
    assert_true(found > 1000);
    for (size_t n = 0; n < ALONE; n++)
        position_index_free(alone[n]);
    position_index_free(many);
}

/* The masks themselves, candidate by candidate, also where nothing comes of them. */
static void kernels_give_the_same_candidates(void **state)
{
    enum { BYTES = 4096 };
    uint32_t random = 99;
    uint8_t data[BYTES + FILTER_KEY_BYTES - 1];

    (void)state;
    for (int units = 0; units <= 200; units += 1 + units / 2) {
        static struct filter f;
        struct filter_unit unit[200] = { 0 };
        uint64_t expected[BYTES / 64], mask[BYTES / 64];
        for (int i = 0; i < units; i++)
            for (int k = 0; k < 3; k++) {
                uint8_t key[FILTER_KEY_BYTES];
                fill(k ? FILL_RANDOM : FILL_CODE, &random, key, sizeof key);
                filter_unit_add(&unit[i], key);
            }
        filter_build(&f, unit, (size_t)units);
        for (int filling = 0; filling < FILLINGS; filling++) {
            fill((enum filling)filling, &random, data, sizeof data);
            for (size_t count = 0; count <= BYTES; count += 1 + count) {
                memset(expected, 0, sizeof expected);
                memset(mask, 0, sizeof mask);
                filter_candidates(&f, FILTER_PLAIN, data, count, expected);
                for (int kernel = 0; kernel < FILTER_COUNT; kernel++)
                    if (filter_kernels[kernel].works()) {
                        filter_candidates(&f, (enum filter_kernel)kernel, data, count, mask);
                        assert_memory_equal(mask, expected, sizeof mask);
                    }
            }
        }
        /* No wanted key is dropped. */
        for (int i = 0; i < units; i++) {
            uint8_t key[FILTER_KEY_BYTES] = { 0 };
            for (int byte = 0; byte < FILTER_KEY_BYTES; byte++)
                key[byte] = (uint8_t)(__builtin_ctz(unit[i].halves[byte][0]) << 4 |
                                      __builtin_ctz(unit[i].halves[byte][1]));
            filter_candidates(&f, FILTER_PLAIN, key, 1, mask);
            assert_int_equal(mask[0], 1);
        }
    }
}

/* The same in real captures: what a kernel finds must not depend on the processor. */
static void kernels_agree_on_samples(void **state)
{
    static const char *const samples[] = { "traffic/ndpi__android.pcap", "traffic/e99_app_to_laptop.pcapng",
                                           "traffic/ndpi__443-firefox.pcap" };
    /* An area as large as a continent, so that there is something to compare. */
    const struct geo_box wide = { -20, 30, 40, 60 };
    static struct collected first, other;

    (void)state;
    (void)sample_path(samples[0]); /* skips without samples */
    struct position_index *x = position_index_new(&wide, 1);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct bytes in = file_bytes(sample_path(samples[i]));
        position_index_use(x, FILTER_PLAIN);
        scan(x, in, 0, in.len, &first);
        for (int kernel = 1; kernel < FILTER_COUNT; kernel++)
            if (position_index_use(x, (enum filter_kernel)kernel)) {
                scan(x, in, 0, in.len, &other);
                assert_int_equal(first.total, other.total);
                assert_int_equal(first.sum, other.sum);
                assert_int_equal(first.magics, other.magics);
            }
        exact_copy_free(in);
    }
    position_index_free(x);
}

/* Both ends of a range, and what lies a little outside, in every kind. */
static void intervals_hold_their_degrees(void **state)
{
    static const double ranges[][2] = { { 42.4871, 42.4989 }, { -30.2536, -30.2390 }, { 179.99, 180 },
                                        { -180, -179.99 },
                                        { 0.0001, 0.01 }, { -0.01, -0.0001 }, { 89.9, 90 } };

    (void)state;
    for (int kind = 0; kind < NUMBER_KIND_COUNT; kind++)
        for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
            uint64_t lo, hi;
            assert_true(number_interval((enum number_kind)kind, ranges[i][0], ranges[i][1], &lo, &hi));
            for (int step = 0; step <= 10; step++) {
                const double degrees = fmin(ranges[i][0] + (ranges[i][1] - ranges[i][0]) * step / 10, ranges[i][1]);
                const uint64_t raw = number_raw((enum number_kind)kind, degrees);
                assert_true(raw - lo <= hi - lo);
                assert_true(fabs(number_degrees((enum number_kind)kind, raw) - degrees) <=
                            2.01 * number_precision_deg((enum number_kind)kind, degrees)); /* 180 is one unit less in semicircles */
            }
            const double outside = ranges[i][1] + 0.001;
            /* zigzag has both signs in one order: the scanner looks at the sign afterwards */
            if (outside < 180 && !(number_formats[kind].zigzag && (outside < 0) != (ranges[i][0] < 0))) {
                const uint64_t raw = number_raw((enum number_kind)kind, outside);
                assert_true(raw - lo > hi - lo);
            }
        }
    uint64_t lo, hi;
    assert_false(number_interval(NUMBER_DOUBLE, -1, 1, &lo, &hi));
}

/* The reference's box and what it computed for it, in bits per pair. */
static void bits_are_those_of_the_reference(void **state)
{
    static const struct {
        enum number_kind kind;
        double bits;
    } cases[] = {
        { NUMBER_DOUBLE, 47.6 }, { NUMBER_FLOAT, 41.6 }, { NUMBER_INT32_1E7, 30.1 }, { NUMBER_INT32_1E6, 36.7 },
        { NUMBER_INT32_SEMICIRCLE, 29.6 }, { NUMBER_INT32_RADIANS, 41.8 },
    };
    const struct geo_box reference_box = { -104.9973, 39.7336, -104.9834, 39.7454 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct position_pair pair = { .longitude_deg = -104.99, .latitude_deg = 39.74,
                                            .encoding = (uint8_t)(cases[i].kind * 2) };
        const double bits = position_pair_bits(&reference_box, &pair);
        /* small integers' leading bytes count for nothing here */
        if (!(bits <= cases[i].bits + 0.3 &&
              bits >= cases[i].bits - (cases[i].kind == NUMBER_INT32_RADIANS ? 17 : 0.3)))
            fail_msg("%s: %.2f bits", number_formats[cases[i].kind].name, bits);
    }
}

/* What nothing says to be a coordinate has no more than its place in the area where small numbers of any kind would
 * be. */
static void small_numbers_say_little_at_zero(void **state)
{
    static const struct {
        double longitude_deg, latitude_deg;
        uint8_t encoding;
        bool labelled, tells;
    } cases[] = {
        { -0.0086, -0.0086, POSITION_TEXT_DEGREES, false, false }, { 0.0012, -0.0004, POSITION_TEXT_SCALED, false, false },
        { 0.0012, -0.0004, POSITION_TEXT_RADIANS, false, false }, { 0.0012, -0.0004, POSITION_TEXT_DEGREES, true, true },
        { 0.0012, -0.0004, POSITION_TEXT_SCALED, true, true }, { 0.0012, -0.0004, POSITION_TEXT_NMEA, false, true },
        { 0.0012, -0.0004, POSITION_TEXT_SEXAGESIMAL, false, true }, { -29.4, 0.0004, POSITION_TEXT_DEGREES, false, true },
        { 0.0004, 57.3, POSITION_TEXT_SCALED, false, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct geo_box around = { cases[i].longitude_deg - 0.005, cases[i].latitude_deg - 0.005,
                                        cases[i].longitude_deg + 0.005, cases[i].latitude_deg + 0.005 };
        const struct position_pair pair = { .longitude_deg = cases[i].longitude_deg,
                                            .latitude_deg = cases[i].latitude_deg, .encoding = cases[i].encoding,
                                            .labelled = cases[i].labelled, .fixed_chars = 5, .decimals = 7 };
        /* What tells has its characters besides the size of the box: 13 bits. */
        if ((position_pair_bits(&around, &pair) > 14) != cases[i].tells)
            fail_msg("case %zu", i);
    }
}

/* The tables of degrees give what comparing with each area gives. */
static void areas_are_known_by_degrees(void **state)
{
    static const struct geo_box boxes[] = {
        { 10, 45, 10.01, 45.01 }, { 179.99, -17, -179.99, -16.9 }, { -180, -90, -179.5, -89 }, { 170, 89.5, 180, 90 }, { -0.01, -0.01, 0.01, 0.01 },
        { -104.9973, 39.7336, -104.9834, 39.7454 }, { 10.125, 45.125, 10.25, 45.25 },
    };
    struct position_index *x = position_index_new(boxes, sizeof boxes / sizeof *boxes);

    (void)state;
    for (int n = 0; n < 40000; n++) {
        /* Every hundredth of a degree, the boxes' edges, and beyond the globe. */
        const struct geo_box *edge = &boxes[(size_t)n % (sizeof boxes / sizeof *boxes)];
        const double values[] = { n * 0.01 - 200, edge->west, edge->east, edge->south, edge->north,
                                  nextafter(edge->north, 200), nextafter(edge->west, -200) };
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
            uint64_t latitudes = 0, longitudes = 0;
            for (size_t i = 0; i < x->area_count && i < POSITION_AREAS_MAX; i++) {
                const struct geo_box *a = &x->areas[i];
                latitudes |= (uint64_t)(values[k] >= a->south && values[k] <= a->north) << i;
                longitudes |= (uint64_t)(fabs(values[k]) <= 180 && geo_box_contains(a, values[k], a->south)) << i;
            }
            assert_int_equal(position_areas_at_latitude(x, values[k]), latitudes);
            assert_int_equal(position_areas_at_longitude(x, values[k]), longitudes);
        }
    }
    position_index_free(x);
}

/* What two boxes covered, their joint box covers, and no more than it must. */
static void joined_boxes_cover_both(void **state)
{
    static const struct { struct geo_box a, b, both; } cases[] = {
        { { 10, 1, 12, 2 }, { 11, 1.5, 13, 3 }, { 10, 1, 13, 3 } }, { { 11, 1, 13, 2 }, { 10, 1, 12, 2 }, { 10, 1, 13, 2 } },
        { { 10, 1, 20, 2 }, { 12, 1, 13, 2 }, { 10, 1, 20, 2 } }, { { 12, 1, 13, 2 }, { 10, 1, 20, 2 }, { 10, 1, 20, 2 } },
        { { 10, 1, 11, 2 }, { 30, 1, 31, 2 }, { 10, 1, 31, 2 } }, { { 179, 1, -179, 2 }, { -179.5, 1, -178, 2 }, { 179, 1, -178, 2 } },
        { { 170, 1, 171, 2 }, { -171, 1, -170, 2 }, { 170, 1, -170, 2 } }, { { -1, 1, 1, 2 }, { 0, 0, 2, 1 }, { -1, 0, 2, 2 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct geo_box both = geo_box_joined(&cases[i].a, &cases[i].b);
        if (both.west != cases[i].both.west || both.east != cases[i].both.east || both.south != cases[i].both.south ||
            both.north != cases[i].both.north)
            fail_msg("case %zu: %g %g %g %g", i, both.west, both.south, both.east, both.north);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_agree),
        cmocka_unit_test(many_areas_find_what_each_alone_does),
        cmocka_unit_test(kernels_give_the_same_candidates),
        cmocka_unit_test(kernels_agree_on_samples),
        cmocka_unit_test(intervals_hold_their_degrees),
        cmocka_unit_test(bits_are_those_of_the_reference),
        cmocka_unit_test(small_numbers_say_little_at_zero),
        cmocka_unit_test(areas_are_known_by_degrees),
        cmocka_unit_test(joined_boxes_cover_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
