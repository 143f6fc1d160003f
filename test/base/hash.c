/* Two hashes at once are each what it is alone. */
#include "support/support.h"

#include <string.h>

#include "base/hash.h"

static uint64_t random_state = 7;

static uint32_t noise(void)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(random_state >> 33);
}

static void assert_digest(struct sha256 *h, struct bytes of)
{
    uint8_t digest[SHA256_BYTES], alone[SHA256_BYTES];

    sha256_finish(h, digest);
    sha256_of(of, alone);
    assert_memory_equal(digest, alone, sizeof digest);
    sha256_restart(h);
}

/* Every length around a few blocks beside every other, in pieces that end anywhere. */
static void of_any_lengths(void **state)
{
    enum { MOST = 333 };
    struct sha256 *one = sha256_new(), *other = sha256_new();
    uint8_t data[2][MOST];

    (void)state;
    for (size_t i = 0; i < sizeof data; i++)
        data[i / MOST][i % MOST] = (uint8_t)noise();
    for (size_t a = 0; a <= MOST; a += 1 + a / 70)
        for (size_t b = 0; b <= MOST; b += 1 + b / 70) {
            const struct bytes x = exact_copy(data[0], a), y = exact_copy(data[1], b);
            const size_t cut_x = a ? noise() % (a + 1) : 0, cut_y = b ? noise() % (b + 1) : 0;
            sha256_add_both(one, bytes_part(x, 0, cut_x), other, bytes_part(y, 0, cut_y));
            sha256_add_both(one, bytes_part(x, cut_x, UINT64_MAX), other, bytes_part(y, cut_y, UINT64_MAX));
            assert_digest(one, x);
            assert_digest(other, y);
            sha256_add_both(one, x, other, y);
            assert_digest(one, x);
            assert_digest(other, y);
            exact_copy_free(x);
            exact_copy_free(y);
        }
    sha256_free(one);
    sha256_free(other);
}

/* The count of bits goes beyond 32 bits, and may have come so far before. */
static void of_many_bytes(void **state)
{
    enum { PIECE = 1 << 20, PIECES = 520 };
    static uint8_t data[PIECE];
    struct sha256 *one = sha256_new(), *other = sha256_new(), *alone = sha256_new();
    const struct bytes piece = { .at = data, .len = PIECE };
    uint8_t digest[SHA256_BYTES], expected[SHA256_BYTES];

    (void)state;
    for (size_t i = 0; i < PIECE; i++)
        data[i] = (uint8_t)noise();
    for (int n = 0; n < PIECES; n++) {
        sha256_add_both(one, piece, other, bytes_part(piece, 0, PIECE / 2));
        sha256_add(alone, piece);
    }
    sha256_finish(one, digest);
    sha256_finish(alone, expected);
    assert_memory_equal(digest, expected, sizeof digest);
    sha256_restart(alone);
    for (int n = 0; n < PIECES; n++)
        sha256_add(alone, bytes_part(piece, 0, PIECE / 2));
    sha256_finish(other, digest);
    sha256_finish(alone, expected);
    assert_memory_equal(digest, expected, sizeof digest);
    sha256_free(one);
    sha256_free(other);
    sha256_free(alone);
}

/* One that is given twice takes one after the other. */
static void of_the_same(void **state)
{
    struct sha256 *h = sha256_new();
    uint8_t data[256];

    (void)state;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)noise();
    const struct bytes all = { .at = data, .len = sizeof data };
    sha256_add_both(h, bytes_part(all, 0, 128), h, bytes_part(all, 128, UINT64_MAX));
    assert_digest(h, all);
    sha256_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_any_lengths),
        cmocka_unit_test(of_many_bytes),
        cmocka_unit_test(of_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
