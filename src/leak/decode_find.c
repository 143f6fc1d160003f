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

/* Whether two of its eight bytes that stand side by side are all ones. */
static inline bool any_full_pair(uint64_t x)
{
    x &= x >> 8;
    return (~x - UINT64_C(0x0101010101010101)) & x & UINT64_C(0x8080808080808080);
}

/* Where RUN_MIN bytes in a row are in the set. */
static uint64_t runs_from(uint64_t here, uint64_t behind)
{
    _Static_assert(RUN_MIN == 32, "it is two to the number of the steps");
    for (unsigned n = 1; n < RUN_MIN; n *= 2) {
        here &= bits_on(here, behind, n);
        behind &= behind >> n;
    }
    return here;
}

/* The first word from `w` on in which such a run begins; `words`: none does. */
static size_t next_run(const uint64_t *map, size_t w, size_t words, uint64_t *ret_runs)
{
    /* Of any run of 32 there are 16 on one side, and among these, or 32, two whole bytes of the map. */
    bool here = any_full_pair(map[w]);

    for (; w < words; w++) {
        const bool behind = any_full_pair(map[w + 1]);
        if ((here || behind) && (*ret_runs = runs_from(map[w], map[w + 1])))
            return w;
        here = behind;
    }
    return words;
}

bool decode_find_alphabet_run(const uint8_t *at, size_t len, size_t from, size_t limit, size_t *ret_start,
                              size_t *ret_end)
{
    uint64_t map[1][BLOCKS + 1], runs;

    for (; from < limit && len - from >= RUN_MIN; from += BLOCKS * BLOCK) {
        const size_t words = limit - from < BLOCKS * BLOCK ? (limit - from + BLOCK - 1) / BLOCK : BLOCKS;
        map_piece(&byte_set_base64, 1, at, len, from, map);
        const size_t w = next_run(map[0], 0, words, &runs);
        if (w == words)
            continue;
        const size_t start = from + w * BLOCK + (unsigned)__builtin_ctzll(runs);
        if (start >= limit)
            return false;
        *ret_start = start;
        *ret_end = start + decode_alphabet_more(at + start, len - start);
        return true;
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

/* Where four-byte numbers of CBOR may begin, and text: few bytes are the one. */
enum { CBOR_NUMBER, CBOR_TEXT, CBOR_SETS };
static const struct byte_set cbor_sets[CBOR_SETS] = {
    [CBOR_NUMBER] = { .by_low = { [NEGATIVE_4 & 15] = 1 << (NEGATIVE_4 >> 4) | 1 << (POSITIVE_4 >> 4) } },
    /* Blank to ~. */
    [CBOR_TEXT] = { .by_low = { 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0x7c } },
};

/* Negative numbers: of both kinds those that are text too.  A colon is the same byte, so not where four bytes of text
 * follow. */
static inline uint64_t negative_numbers(uint64_t numbers, uint64_t text, uint64_t text_behind)
{
    const uint64_t four = bits_on(text, text_behind, 1) & bits_on(text, text_behind, 2) &
        bits_on(text, text_behind, 3) & bits_on(text, text_behind, 4);

    return numbers & text & ~four;
}

bool decode_find_cbor(const uint8_t *at, size_t len, size_t from, size_t limit, size_t *ret_start)
{
    uint64_t map[CBOR_SETS][BLOCKS + 1];
    const uint64_t *numbers = map[CBOR_NUMBER], *text = map[CBOR_TEXT];

    for (size_t piece = from; piece < limit && len - piece >= ITEM; piece += BLOCKS * BLOCK) {
        map_piece(cbor_sets, CBOR_SETS, at, len, piece, map);
        for (size_t w = 0; w < BLOCKS && piece + w * BLOCK < limit; w++)
            for (uint64_t may = negative_numbers(numbers[w], text[w], text[w + 1]); may; may &= may - 1) {
                const size_t i = piece + w * BLOCK + (unsigned)__builtin_ctzll(may);
                if (i >= limit || len - i < ITEM)
                    return false;
                const bool before = w == 0 || number_before(numbers[w - 1], numbers[w], (i - piece) % BLOCK);
                if (cbor_around(at, len, from, i, before, ret_start))
                    return true;
            }
    }
    return false;
}
