/* Where runs begin, 64 bytes at a time: most bytes are in none. */
#include <string.h>

#include "leak/byte_sets.h"
#include "leak/decode.h"

enum { BLOCK = 64, BLOCKS = 32 };

/* Which bytes of at[from, len) are in the set, of BLOCKS words and one more. */
static void map_piece(const struct byte_set *sets, size_t count, const uint8_t *at, size_t len, size_t from,
                      uint64_t map[][BLOCKS + 1])
{
    enum { SETS_MAX = 3, WANTED = (BLOCKS + 1) * BLOCK };
    const size_t n = len - from < WANTED ? len - from : WANTED;
    uint64_t *maps[SETS_MAX];

    for (size_t i = 0; i < count; i++) {
        maps[i] = map[i];
        for (size_t w = (n + BLOCK - 1) / BLOCK; w <= BLOCKS; w++)
            map[i][w] = 0;
    }
    byte_sets_map(filter_best(), sets, count, at + from, n, maps);
}

/* Whether one of its eight bytes is all ones. */
static inline bool any_full(uint64_t x)
{
    return (~x - UINT64_C(0x0101010101010101)) & x & UINT64_C(0x8080808080808080);
}

/* Where RUN_MIN bytes in a row are in the set. */
static uint64_t runs_from(uint64_t here, uint64_t behind)
{
    _Static_assert(RUN_MIN == 32, "it is two to the number of the steps");
    /* Of any run of 32 there are 16 on one side. */
    uint64_t half = here, other = behind;

    if (!any_full(here) && !any_full(behind)) /* and whole bytes of a map among them */
        return 0;
    for (unsigned n = 1; n < RUN_MIN / 2; n *= 2) {
        half &= half >> n;
        other &= other >> n;
    }
    if (!(half | other))
        return 0;
    for (unsigned n = 1; n < RUN_MIN; n *= 2) {
        here &= bits_on(here, behind, n);
        behind &= behind >> n;
    }
    return here;
}

bool decode_find_alphabet_run(const uint8_t *at, size_t len, size_t from, size_t limit, size_t *ret_start,
                              size_t *ret_end)
{
    uint64_t map[1][BLOCKS + 1];

    for (; from < limit && len - from >= RUN_MIN; from += BLOCKS * BLOCK) {
        map_piece(&byte_set_base64, 1, at, len, from, map);
        for (size_t w = 0; w < BLOCKS && from + w * BLOCK < limit; w++) {
            const uint64_t runs = runs_from(map[0][w], map[0][w + 1]);
            if (!runs)
                continue;
            const size_t start = from + w * BLOCK + (unsigned)__builtin_ctzll(runs);
            if (start >= limit)
                return false;
            *ret_start = start;
            *ret_end = start + decode_alphabet_more(at + start, len - start);
            return true;
        }
    }
    return false;
}

enum { POSITIVE_4 = 0x1a, NEGATIVE_4 = 0x3a, ITEM = 5 };

enum { BACK_MAX = 24 };

/* Whether a number may stand before bit `n` of a map: `before` is the word before. */
static inline bool number_before(uint64_t before, uint64_t here, unsigned n)
{
    const uint64_t back = n ? here << (BLOCK - n) | before >> n : before; /* its highest bit: one byte back */

    return back >> (BLOCK - BACK_MAX) != 0;
}

/* A colon in text is the same byte as the beginning of a negative number: four bytes from blank to ~. */
static inline bool in_text(const uint8_t *behind)
{
    uint32_t four;

    memcpy(&four, behind, sizeof four);
    const uint32_t less = (four - UINT32_C(0x20202020)) & ~four, more = (four + UINT32_C(0x01010101)) | four;
    return ((less | more) & UINT32_C(0x80808080)) == 0;
}

/* A negative number at at[i], or a positive one before it: names may stand between. */
static bool cbor_around(const uint8_t *at, size_t len, size_t from, size_t i, bool positive, size_t *ret_start)
{
    for (size_t back = ITEM; positive && back <= BACK_MAX && back <= i - from; back++)
        if (at[i - back] == POSITIVE_4 && decode_cbor_numbers(at + i - back, len - i + back)) {
            *ret_start = i - back;
            return true;
        }
    *ret_start = i;
    return decode_cbor_numbers(at + i, len - i);
}

bool decode_find_cbor(const uint8_t *at, size_t len, size_t from, size_t limit, size_t *ret_start)
{
    /* Both in one set: few bytes are either, so that what they are is cheaply told. */
    static const struct byte_set numbers = {
        .by_low = { [NEGATIVE_4 & 15] = 1 << (NEGATIVE_4 >> 4) | 1 << (POSITIVE_4 >> 4) },
    };
    uint64_t map[1][BLOCKS + 1];

    for (size_t piece = from; piece < limit && len - piece >= ITEM; piece += BLOCKS * BLOCK) {
        map_piece(&numbers, 1, at, len, piece, map);
        for (size_t w = 0; w < BLOCKS && piece + w * BLOCK < limit; w++)
            for (uint64_t may = map[0][w]; may; may &= may - 1) {
                const size_t i = piece + w * BLOCK + (unsigned)__builtin_ctzll(may);
                if (i >= limit || len - i < ITEM)
                    return false;
                if (at[i] != NEGATIVE_4 || in_text(at + i + 1))
                    continue;
                const bool before = w == 0 || number_before(map[0][w - 1], map[0][w], (i - piece) % BLOCK);
                if (cbor_around(at, len, from, i, before, ret_start))
                    return true;
            }
    }
    return false;
}
