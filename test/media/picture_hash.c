/* Looks of pictures: the same for copies of another size and quality, others for other
 * pictures; and what cannot be told is not. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "media/picture_hash.h"

enum { SIDE = 512 };

static uint64_t random_bits(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Soft patches of light and dark, `side` points wide and high. */
static void paint(uint64_t seed, int side, uint8_t *grey)
{
    double patches[8][8];
    uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;

    for (int i = 0; i < 64; i++)
        patches[i / 8][i % 8] = (double)(random_bits(&state) % 200) + 20;
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            const double u = x * 7.0 / side, v = y * 7.0 / side;
            const int i = (int)v, k = (int)u;
            const double a = u - k, b = v - i;
            grey[y * side + x] = (uint8_t)((patches[i][k] * (1 - a) + patches[i][k + 1] * a) * (1 - b) +
                                           (patches[i + 1][k] * (1 - a) + patches[i + 1][k + 1] * a) * b);
        }
}

/* An exact copy of the JPEG of the painting. */
static struct bytes jpeg_of(uint64_t seed, int side, int quality)
{
    uint8_t *grey = malloc((size_t)side * (size_t)side);
    unsigned char *jpeg = NULL;
    unsigned long len = 0;
    tjhandle encoder = tjInitCompress();

    assert_non_null(grey);
    paint(seed, side, grey);
    assert_int_equal(tjCompress2(encoder, grey, side, 0, side, TJPF_GRAY, &jpeg, &len, TJSAMP_GRAY, quality, 0), 0);
    const struct bytes copy = exact_copy(jpeg, len);
    tjFree(jpeg);
    tjDestroy(encoder);
    free(grey);
    return copy;
}

static struct picture_hash hash_of(uint64_t seed, int side, int quality)
{
    const struct bytes jpeg = jpeg_of(seed, side, quality);
    struct picture_hash h = { 0, 0 };

    assert_true(picture_hash_of(jpeg, &h));
    exact_copy_free(jpeg);
    return h;
}

static void copies_are_alike(void **state)
{
    static const struct { int side, quality; } copies[] = { { 512, 95 }, { 512, 30 }, { 300, 80 }, { 128, 60 },
                                                            { 1777, 75 } };

    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        const struct picture_hash first = hash_of(seed, SIDE, 90);
        for (size_t i = 0; i < sizeof copies / sizeof *copies; i++)
            assert_true(picture_hash_distance(first,
                                              hash_of(seed, copies[i].side, copies[i].quality)) <= PICTURE_ALIKE_MAX);
    }
}

static void others_are_not(void **state)
{
    enum { COUNT = 40 };
    struct picture_hash all[COUNT];
    unsigned nearest = PICTURE_HASH_BITS;

    (void)state;
    for (uint64_t i = 0; i < COUNT; i++)
        all[i] = hash_of(1000 + i, 128, 80);
    for (int i = 0; i < COUNT; i++)
        for (int k = 0; k < i; k++) {
            const unsigned d = picture_hash_distance(all[i], all[k]);
            nearest = d < nearest ? d : nearest;
        }
    print_message("# nearest of %d pairs: %u bits\n", COUNT * (COUNT - 1) / 2, nearest);
    assert_true(nearest > 2 * PICTURE_ALIKE_MAX);
}

/* Many cuts, and a flipped byte in many places: never more than is there, no crash. */
static void damage_is_borne(void **state)
{
    const struct bytes jpeg = jpeg_of(5, 64, 70);
    struct picture_hash h;

    (void)state;
    for (size_t len = 0; len < jpeg.len; len += 3) {
        const struct bytes cut = exact_copy(jpeg.at, len);
        if (picture_hash_of(cut, &h))
            assert_true(picture_hash_distance(h, h) == 0);
        exact_copy_free(cut);
    }
    for (size_t i = 0; i < jpeg.len; i += 3) {
        const struct bytes bad = exact_copy(jpeg.at, jpeg.len);
        ((uint8_t *)(uintptr_t)bad.at)[i] ^= 0x5a;
        if (picture_hash_of(bad, &h))
            assert_true(picture_hash_distance(h, h) == 0);
        exact_copy_free(bad);
    }
    exact_copy_free(jpeg);
}

static void what_cannot_be_told_is_not(void **state)
{
    const struct bytes small = jpeg_of(5, 31, 90);
    uint8_t even[64 * 64];
    unsigned char *jpeg = NULL;
    unsigned long len = 0;
    struct picture_hash h = { 7, 7 };
    tjhandle encoder = tjInitCompress();

    (void)state;
    assert_false(picture_hash_of(small, &h));
    memset(even, 128, sizeof even);
    assert_int_equal(tjCompress2(encoder, even, 64, 0, 64, TJPF_GRAY, &jpeg, &len, TJSAMP_GRAY, 90, 0), 0);
    assert_false(picture_hash_of((struct bytes){ .at = jpeg, .len = len }, &h));
    assert_false(picture_hash_of((struct bytes){ .at = even, .len = sizeof even }, &h));
    tjFree(jpeg);
    tjDestroy(encoder);
    exact_copy_free(small);
}

/* A frame of 60,000 by 60,000 points in a few bytes is not decoded: 3.6 gigapixels. */
static void a_huge_frame_is_refused(void **state)
{
    struct bytes jpeg = jpeg_of(5, 64, 70);
    struct picture_hash h;

    (void)state;
    uint8_t *at = (uint8_t *)(uintptr_t)jpeg.at;
    for (size_t i = 2; i + 9 < jpeg.len; i++)
        if (at[i] == 0xff && at[i + 1] == 0xc0) {
            at[i + 5] = at[i + 7] = 0xea;
            at[i + 6] = at[i + 8] = 0x60;
            break;
        }
    assert_false(picture_hash_of(jpeg, &h));
    exact_copy_free(jpeg);
}

static void written_and_read(void **state)
{
    const struct picture_hash h = { UINT64_C(0x0123456789abcdef), UINT64_C(0xfedcba9876543210) };
    char hex[PICTURE_HASH_HEX];
    struct picture_hash again;

    (void)state;
    picture_hash_write(h, hex);
    assert_memory_equal(hex, "0123456789abcdeffedcba9876543210", sizeof hex);
    assert_true(picture_hash_read((struct text){ hex, sizeof hex }, &again));
    assert_int_equal(picture_hash_distance(h, again), 0);
    assert_int_equal(picture_hash_distance(h, (struct picture_hash){ h.across ^ 5, ~h.down }), 66);
    assert_false(picture_hash_read((struct text){ hex, sizeof hex - 1 }, &again));
    assert_false(picture_hash_read(TEXT_UNKNOWN, &again));
    hex[3] = 'g';
    assert_false(picture_hash_read((struct text){ hex, sizeof hex }, &again));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_alike),
        cmocka_unit_test(others_are_not),
        cmocka_unit_test(damage_is_borne),
        cmocka_unit_test(what_cannot_be_told_is_not),
        cmocka_unit_test(a_huge_frame_is_refused),
        cmocka_unit_test(written_and_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
