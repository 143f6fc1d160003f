#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "scrub/repack.h"

enum { PLAIN_MOST = 40000, SHORT = 200 };

/* Words that repeat, and noise between them. */
static size_t make(uint8_t *to, size_t len, unsigned noise)
{
    static const char words[] = "Copyright by nobody, made for a test; ";

    srand(noise + 1);
    for (size_t i = 0; i < len; i++)
        to[i] = rand() % 100 < (int)noise ? (uint8_t)(rand() >> 5) : (uint8_t)words[i % (sizeof words - 1)];
    return len;
}

/* Whatever the length of its place, a stream fills it, and holds what it shall: nothing is left behind its end. */
static void fills_its_place(void **state)
{
    static const size_t lengths[] = { 0, 1, 2, 3, 7, 30, 200, 3000, PLAIN_MOST };
    uint8_t *plain = malloc(PLAIN_MOST + 1);

    (void)state;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++)
        for (unsigned noise = 0; noise <= 100; noise += 25) {
            struct arena *arena = arena_new(0);
            const struct bytes b = { .at = plain, .len = make(plain, lengths[k], noise) };
            size_t least = b.len + b.len / 1000 + 32, plain_bytes, packed_bytes;
            uint8_t *again;
            /* Of short ones from the shortest place on, of others where there is room in any case. */
            for (size_t room = 0; b.len <= SHORT && room < least; room++)
                if (repack_close(arena, b, room))
                    least = room;
            for (size_t room = least; room < least + 40; room++) {
                const uint8_t *packed = repack_close(arena, b, room);
                assert_non_null(packed);
                assert_true(repack_open(arena, (struct bytes){ .at = packed, .len = room }, &again, &plain_bytes,
                                        &packed_bytes));
                assert_int_equal(packed_bytes, room);
                assert_int_equal(plain_bytes, b.len);
                assert_memory_equal(again, plain, b.len);
            }
            arena_free(arena);
        }
    free(plain);
}

/* What is cut off, damaged or too much is no text; what stands behind a stream is none of it. */
static void believes_no_damage(void **state)
{
    uint8_t plain[300], *again;
    struct arena *arena = arena_new(0);
    const struct bytes b = { .at = plain, .len = make(plain, sizeof plain, 20) };
    size_t plain_bytes, packed_bytes;
    enum { ROOM = 300, BEHIND = 9 };
    uint8_t *made = repack_close(arena, b, ROOM), packed[ROOM + BEHIND] = { 0 };

    (void)state;
    assert_non_null(made);
    memcpy(packed, made, ROOM);
    assert_true(repack_open(arena, (struct bytes){ .at = packed, .len = sizeof packed }, &again, &plain_bytes,
                            &packed_bytes));
    assert_int_equal(packed_bytes, ROOM);
    for (size_t len = 0; len < ROOM; len++)
        assert_false(repack_open(arena, (struct bytes){ .at = packed, .len = len }, &again, &plain_bytes,
                                 &packed_bytes));
    packed[ROOM - 1] ^= 1; /* the sum */
    assert_false(repack_open(arena, (struct bytes){ .at = packed, .len = ROOM }, &again, &plain_bytes,
                             &packed_bytes));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(fills_its_place), cmocka_unit_test(believes_no_damage) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
