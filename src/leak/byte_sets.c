/* A byte chooses a row by its low half; the high half is a bit in it.  Upper bytes are looked up without their highest
 * bit.  The vector kernels differ in width only. */
#include "leak/byte_sets.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = 64 };

const struct byte_set byte_set_base64 = {
    .by_low = { 0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x54, 0x50, 0x54, 0x50, 0x74 },
};
const struct byte_set byte_set_printed = {
    .by_low = { 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfd, 0xfd, 0xfc, 0xfc, 0xfd, 0xfc, 0x7c },
};

/* Rows and columns of eight by eight bits change places: bit i of byte k becomes bit k of byte i. */
static inline uint64_t transposed(uint64_t x)
{
    uint64_t swap = (x ^ x >> 7) & UINT64_C(0x00aa00aa00aa00aa);

    x ^= swap ^ swap << 7;
    swap = (x ^ x >> 14) & UINT64_C(0x0000cccc0000cccc);
    x ^= swap ^ swap << 14;
    swap = (x ^ x >> 28) & UINT64_C(0x00000000f0f0f0f0);
    return x ^ swap ^ swap << 28;
}

/* Up to eight sets: each byte has a bit for each that it is in. */
static void map_eight(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w,
                      uint64_t *const maps[])
{
    enum { EIGHT = 8 };
    uint8_t in[256] = { 0 };

    for (size_t i = 0; i < count; i++)
        for (unsigned low = 0; low < 16; low++)
            for (unsigned high = sets[i].by_low[low]; high; high &= high - 1)
                in[(sets[i].upper ? 128u : 0) | (unsigned)__builtin_ctz(high) << 4 | low] |= (uint8_t)(1u << i);
    for (size_t b = 0; b < blocks; b++, at += BLOCK) {
        uint64_t out[EIGHT] = { 0 };
        for (unsigned from = 0; from < BLOCK; from += EIGHT) {
            uint64_t rows = 0;
            for (unsigned k = 0; k < EIGHT; k++)
                rows |= (uint64_t)in[at[from + k]] << (8 * k);
            rows = transposed(rows);
            for (unsigned i = 0; i < EIGHT; i++)
                out[i] |= (rows >> (8 * i) & 0xff) << from;
        }
        for (size_t i = 0; i < count; i++)
            maps[i][w + b] = out[i];
    }
}

/* Whole blocks, of which the first goes to word `w`. */
static void map_plain(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w,
                      uint64_t *const maps[])
{
    for (size_t first = 0; first < count && blocks; first += 8)
        map_eight(sets + first, count - first < 8 ? count - first : 8, at, blocks, w, maps + first);
}

#if defined(__x86_64__)

/* By the high half: the bit of a row; none from 128 on, for which the row is zero too. */
#define HIGH_BITS 1, 2, 4, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0

__attribute__((target("ssse3")))
static void map_ssse3(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w,
                      uint64_t *const maps[])
{
    const __m128i low_half = _mm_set1_epi8(15), zero = _mm_setzero_si128(), high_bits = _mm_setr_epi8(HIGH_BITS);
    const __m128i flip[2] = { zero, _mm_set1_epi8((char)0x80) };

    for (size_t b = 0; b < blocks; b++, at += BLOCK) {
        __m128i data[2][4], bit[2][4];
        for (int half = 0; half < 2; half++)
            for (int part = 0; part < 4; part++) {
                data[half][part] = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(at + 16 * part)), flip[half]);
                bit[half][part] = _mm_shuffle_epi8(high_bits,
                                                   _mm_and_si128(_mm_srli_epi16(data[half][part], 4), low_half));
            }
        for (size_t i = 0; i < count; i++) {
            const __m128i rows = _mm_loadu_si128((const __m128i *)sets[i].by_low);
            uint64_t out = 0;
            for (int part = 0; part < 4; part++) {
                const __m128i in = _mm_and_si128(_mm_shuffle_epi8(rows, data[sets[i].upper][part]),
                                                 bit[sets[i].upper][part]);
                out |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(in, zero)) << (16 * part);
            }
            maps[i][w + b] = ~out;
        }
    }
}

enum { BESIDE = 4 }; /* blocks for which a set is fetched once */

/* By the high half: the bit of a row; all bits from 128 on, which no row has. */
#define BIT_OR_NONE 1, 2, 4, 8, 16, 32, 64, (char)128, -1, -1, -1, -1, -1, -1, -1, -1

__attribute__((always_inline, target("avx2")))
static inline uint64_t bits_of(__m256i first, __m256i second)
{
    return (uint32_t)_mm256_movemask_epi8(first) | (uint64_t)(uint32_t)_mm256_movemask_epi8(second) << 32;
}

__attribute__((always_inline, target("avx2")))
static inline __m256i in_rows(__m256i rows, __m256i data, __m256i bit)
{
    return _mm256_cmpeq_epi8(_mm256_and_si256(_mm256_shuffle_epi8(rows, data), bit), bit);
}

/* The sets of one half of the bytes, in `n` blocks. */
__attribute__((always_inline, target("avx2")))
static inline void map_beside(const struct byte_set *sets, size_t count, bool upper, const uint8_t *at, size_t n,
                              size_t w, uint64_t *const maps[])
{
    const __m256i low_half = _mm256_set1_epi8(15), flip = _mm256_set1_epi8(upper ? (char)0x80 : 0),
        bits = _mm256_broadcastsi128_si256(_mm_setr_epi8(BIT_OR_NONE));
    __m256i data[2 * BESIDE], bit[2 * BESIDE];

    for (size_t h = 0; h < 2 * n; h++) {
        data[h] = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(at + 32 * h)), flip);
        bit[h] = _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(data[h], 4), low_half));
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t *into = maps[i] + w;
        if (sets[i].upper != upper)
            continue;
        const __m256i rows = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)sets[i].by_low));
        for (size_t b = 0; b < n; b++)
            into[b] = bits_of(in_rows(rows, data[2 * b], bit[2 * b]), in_rows(rows, data[2 * b + 1], bit[2 * b + 1]));
    }
}

__attribute__((target("avx2")))
static void map_avx2(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w,
                     uint64_t *const maps[])
{
    bool any_upper = false;

    for (size_t i = 0; i < count; i++)
        any_upper |= sets[i].upper;
    for (int upper = 0; upper <= any_upper; upper++) {
        size_t b = 0;
        for (; b + BESIDE <= blocks; b += BESIDE)
            map_beside(sets, count, upper, at + BLOCK * b, BESIDE, w + b, maps);
        /* Some once more cost less than the last ones one by one. */
        if (blocks - b > 1 && blocks >= BESIDE) {
            b = blocks - BESIDE;
            map_beside(sets, count, upper, at + BLOCK * b, BESIDE, w + b, maps);
            b = blocks;
        }
        for (; b < blocks; b++)
            map_beside(sets, count, upper, at + BLOCK * b, 1, w + b, maps);
    }
}

enum { TOGETHER = 8, SOME = 3 };

/* So many blocks stay in registers while set after set is looked at. */
__attribute__((always_inline, target("avx512f,avx512bw")))
static inline void map_together(const struct byte_set *sets, size_t count, bool upper, const uint8_t *at, int n,
                                size_t w, uint64_t *const maps[])
{
    const __m512i low_half = _mm512_set1_epi8(15), high_bits = _mm512_broadcast_i32x4(_mm_setr_epi8(HIGH_BITS));
    __m512i data[TOGETHER], bit[TOGETHER];

    for (int b = 0; b < n; b++) {
        data[b] = _mm512_loadu_si512(at + BLOCK * b);
        if (upper)
            data[b] = _mm512_xor_si512(data[b], _mm512_set1_epi8((char)0x80));
        bit[b] = _mm512_shuffle_epi8(high_bits, _mm512_and_si512(_mm512_srli_epi16(data[b], 4), low_half));
    }
    for (size_t i = 0; i < count; i++) {
        const __m512i rows = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)sets[i].by_low));
        uint64_t *into = maps[i] + w;
        if (sets[i].upper != upper)
            continue;
        for (int b = 0; b < n; b++)
            into[b] = _mm512_test_epi8_mask(_mm512_shuffle_epi8(rows, data[b]), bit[b]);
    }
}

__attribute__((target("avx512f,avx512bw")))
static void map_avx512(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w,
                       uint64_t *const maps[])
{
    bool any_upper = false;

    for (size_t i = 0; i < count; i++)
        any_upper |= sets[i].upper;
    for (int upper = 0; upper <= any_upper; upper++) {
        size_t b = 0;
        for (; b + TOGETHER <= blocks; b += TOGETHER)
            map_together(sets, count, upper, at + BLOCK * b, TOGETHER, w + b, maps);
        /* Some once more cost less than the last ones one by one. */
        if (blocks - b >= SOME && blocks >= TOGETHER) {
            b = blocks - TOGETHER;
            map_together(sets, count, upper, at + BLOCK * b, TOGETHER, w + b, maps);
            b = blocks;
        }
        for (; b < blocks; b++)
            map_together(sets, count, upper, at + BLOCK * b, 1, w + b, maps);
    }
}

#else
#define map_ssse3 map_plain
#define map_avx2 map_plain
#define map_avx512 map_plain
#endif

void byte_sets_map(enum filter_kernel kernel, const struct byte_set *sets, size_t count, const uint8_t *at, size_t len,
                   uint64_t *const maps[])
{
    static void (*const kernels[FILTER_COUNT])(const struct byte_set *sets, size_t count, const uint8_t *at,
                                               size_t blocks, size_t w, uint64_t *const maps[]) = {
        [FILTER_PLAIN] = map_plain, [FILTER_SSSE3] = map_ssse3, [FILTER_AVX2] = map_avx2, [FILTER_AVX512] = map_avx512,
    };
    const size_t blocks = len / BLOCK, rest = len % BLOCK;
    uint8_t last[BLOCK] = { 0 };

    if (blocks)
        kernels[kernel](sets, count, at, blocks, 0, maps);
    if (rest == 0)
        return;
    if (blocks) { /* the last whole block that there is, which begins earlier */
        kernels[kernel](sets, count, at + len - BLOCK, 1, blocks, maps);
        for (size_t i = 0; i < count; i++)
            maps[i][blocks] >>= BLOCK - rest;
        return;
    }
    memcpy(last, at + blocks * BLOCK, rest);
    kernels[kernel](sets, count, last, 1, blocks, maps);
    for (size_t i = 0; i < count; i++)
        maps[i][blocks] &= (UINT64_C(1) << rest) - 1;
}
