/* The scanner by itself: intervals, text, and that every way of scanning finds the same. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "leak/position.h"

static const struct geo_box box = { -30.2536, 42.4871, -30.2390, 42.4989 };

struct collected {
    struct position_pair pairs[4096];
    size_t count, magics;
};

static void collect_pair(void *user, const struct position_pair *pair)
{
    struct collected *c = user;

    if (c->count < 4096)
        c->pairs[c->count++] = *pair;
}

static void collect_magic(void *user, size_t at, enum position_magic magic)
{
    (void)at;
    (void)magic;
    ((struct collected *)user)->magics++;
}

static void scan(const struct position_index *x, struct bytes b, size_t done, size_t limit, struct collected *c)
{
    const struct position_events events = { c, collect_pair, collect_magic };

    c->count = c->magics = 0;
    position_scan_binary(x, b.at, b.len, done, limit, &events);
}

/* Bytes that are dense with parts of positions, at every length and alignment of the tail. */
static void vector_and_scalar_agree(void **state)
{
    struct position_index *vector = position_index_new(&box, 1), *scalar = position_index_new(&box, 1);
    static struct collected a, b;
    uint8_t data[400];
    uint32_t random = 1;
    size_t found = 0;

    (void)state;
    position_index_scalar_only(scalar);
    for (size_t len = 0; len <= sizeof data; len++) {
        for (size_t i = 0; i < len; i++) {
            random = random * 1664525 + 1013904223;
            data[i] = (uint8_t)(random >> 24);
        }
        for (size_t i = 0; len >= 40 && i + 16 <= len; i += 23 + random % 7) {
            const double lat = 42.49, lon = -30.245;
            const uint32_t lat7 = (uint32_t)(int32_t)(lat * 1e7), lon7 = (uint32_t)(int32_t)(lon * 1e7);
            if (i & 1) {
                memcpy(data + i, &lat, 8);
                memcpy(data + i + 8, &lon, 8);
            } else {
                memcpy(data + i, &lon7, 4);
                memcpy(data + i + 4, &lat7, 4);
            }
        }
        const struct bytes in = exact_copy(data, len);
        for (size_t done = 0; done <= len; done += 1 + len / 5) {
            scan(vector, in, done, len, &a);
            scan(scalar, in, done, len, &b);
            assert_int_equal(a.count, b.count);
            assert_int_equal(a.magics, b.magics);
            assert_memory_equal(a.pairs, b.pairs, a.count * sizeof *a.pairs);
            found += a.count;
        }
        exact_copy_free(in);
    }
    assert_true(found > 1000);
    position_index_free(vector);
    position_index_free(scalar);
}

/* Both ends of a range, and what lies a little outside, in every kind. */
static void intervals_hold_their_degrees(void **state)
{
    static const double ranges[][2] = { { 42.4871, 42.4989 }, { -30.2536, -30.2390 }, { 179.99, 180 }, { -180, -179.99 },
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
            if (outside < 180) {
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
        const struct position_pair pair = { .longitude_deg = -104.99, .latitude_deg = 39.74, .encoding = (uint8_t)(cases[i].kind * 2) };
        const double bits = position_pair_bits(&reference_box, &pair);
        /* small integers' leading bytes count for nothing here */
        if (!(bits <= cases[i].bits + 0.3 && bits >= cases[i].bits - (cases[i].kind == NUMBER_INT32_RADIANS ? 17 : 0.3)))
            fail_msg("%s: %.2f bits", number_formats[cases[i].kind].name, bits);
    }
}

static void text_numbers(void **state)
{
    static const struct {
        const char *text;
        size_t pairs;
    } cases[] = {
        { "42.4900,-30.2450", 1 }, { "-30.2450 42.4900", 1 }, { "42.4900%2C-30.2450", 1 }, { "42.4900N, 30.2450W", 1 },
        { "N42.4900 W30.2450", 1 }, { "lat=42.490000&x=1.5&lon=-30.245000", 1 }, { "4229.40000,N,03014.70000,W", 1 },
        { "0.741590400,-0.527874833", 1 }, /* radians */
        { "42.490,-30.245", 0 }, { "42.4900.1,-30.2450.1", 0 }, { "142.4900,-30.2450", 0 }, { "42.4900,30.2450", 0 },
        { "v42.4900,-30.2450", 0 }, { "42.4900", 0 }, { "42.4900                                                                       -30.2450", 0 },
        { ".4900,-30.2450", 0 }, { "42.", 0 }, { "", 0 }, { "4261.00000,N,03014.70000,W", 0 },
        { "[42.4900,-30.2450],[42.4901,-30.2451]", 3 }, /* the third is the second longitude before its latitude's turn */
    };
    struct position_index *x = position_index_new(&box, 1);
    static struct collected c;
    const struct position_events events = { &c, collect_pair, NULL };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bytes in = exact_copy(cases[i].text, strlen(cases[i].text));
        c.count = 0;
        position_scan_text(x, in.at, in.len, 0, in.len, true, &events);
        if (c.count != cases[i].pairs)
            fail_msg("%s: %zu", cases[i].text, c.count);
        for (size_t k = 0; k < c.count; k++) {
            assert_true(fabs(c.pairs[k].latitude_deg - 42.49) < 2e-4);
            assert_true(fabs(c.pairs[k].longitude_deg + 30.245) < 2e-4);
            assert_true(c.pairs[k].at + c.pairs[k].length <= in.len);
        }
        exact_copy_free(in);
    }
    position_index_free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vector_and_scalar_agree),
        cmocka_unit_test(intervals_hold_their_degrees),
        cmocka_unit_test(bits_are_those_of_the_reference),
        cmocka_unit_test(text_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
