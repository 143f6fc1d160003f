/* A byte below 128 chooses a row by its low half; the high half is a bit in it.  The vector kernels differ in width only. */
#include "leak/byte_sets.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = 64 };

const struct byte_set byte_set_base64 = {
    { 0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x54, 0x50, 0x54, 0x50, 0x74 }
};
const struct byte_set byte_set_printed = {
    { 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfc, 0xfd, 0xfd, 0xfc, 0xfc, 0xfd, 0xfc, 0x7c }
};

/* Whole blocks, of which the first goes to word `w`. */
static void map_plain(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w, uint64_t *const maps[])
{
    for (size_t b = 0; b < blocks; b++, at += BLOCK)
        for (size_t i = 0; i < count; i++) {
            uint64_t in = 0;
            for (unsigned k = 0; k < BLOCK; k++)
                in |= (uint64_t)byte_set_has(&sets[i], at[k]) << k;
            maps[i][w + b] = in;
        }
}

#if defined(__x86_64__)

/* By the high half: the bit of a row; none from 128 on. */
#define HIGH_BITS 1, 2, 4, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0

__attribute__((target("ssse3")))
static void map_ssse3(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w, uint64_t *const maps[])
{
    const __m128i low_half = _mm_set1_epi8(15), zero = _mm_setzero_si128(), high_bits = _mm_setr_epi8(HIGH_BITS);

    for (size_t b = 0; b < blocks; b++, at += BLOCK) {
        __m128i data[4], bit[4];
        for (int part = 0; part < 4; part++) {
            data[part] = _mm_loadu_si128((const __m128i *)(at + 16 * part));
            bit[part] = _mm_shuffle_epi8(high_bits, _mm_and_si128(_mm_srli_epi16(data[part], 4), low_half));
        }
        for (size_t i = 0; i < count; i++) {
            const __m128i rows = _mm_loadu_si128((const __m128i *)sets[i].by_low);
            uint64_t out = 0;
            for (int part = 0; part < 4; part++) {
                const __m128i in = _mm_and_si128(_mm_shuffle_epi8(rows, data[part]), bit[part]);
                out |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(in, zero)) << (16 * part);
            }
            maps[i][w + b] = ~out;
        }
    }
}

__attribute__((target("avx2")))
static void map_avx2(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w, uint64_t *const maps[])
{
    const __m256i low_half = _mm256_set1_epi8(15), zero = _mm256_setzero_si256();
    const __m256i high_bits = _mm256_broadcastsi128_si256(_mm_setr_epi8(HIGH_BITS));

    for (size_t b = 0; b < blocks; b++, at += BLOCK) {
        __m256i data[2], bit[2];
        for (int part = 0; part < 2; part++) {
            data[part] = _mm256_loadu_si256((const __m256i *)(at + 32 * part));
            bit[part] = _mm256_shuffle_epi8(high_bits, _mm256_and_si256(_mm256_srli_epi16(data[part], 4), low_half));
        }
        for (size_t i = 0; i < count; i++) {
            const __m256i rows = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)sets[i].by_low));
            uint64_t out = 0;
            for (int part = 0; part < 2; part++) {
                const __m256i in = _mm256_and_si256(_mm256_shuffle_epi8(rows, data[part]), bit[part]);
                out |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(in, zero)) << (32 * part);
            }
            maps[i][w + b] = ~out;
        }
    }
}

__attribute__((target("avx512f,avx512bw")))
static void map_avx512(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w, uint64_t *const maps[])
{
    const __m512i low_half = _mm512_set1_epi8(15), high_bits = _mm512_broadcast_i32x4(_mm_setr_epi8(HIGH_BITS));

    for (size_t b = 0; b < blocks; b++, at += BLOCK) {
        const __m512i data = _mm512_loadu_si512(at);
        const __m512i bit = _mm512_shuffle_epi8(high_bits, _mm512_and_si512(_mm512_srli_epi16(data, 4), low_half));
        for (size_t i = 0; i < count; i++) {
            const __m512i rows = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)sets[i].by_low));
            maps[i][w + b] = _mm512_test_epi8_mask(_mm512_shuffle_epi8(rows, data), bit);
        }
    }
}

#else
#define map_ssse3 map_plain
#define map_avx2 map_plain
#define map_avx512 map_plain
#endif

void byte_sets_map(enum filter_kernel kernel, const struct byte_set *sets, size_t count, const uint8_t *at, size_t len, uint64_t *const maps[])
{
    static void (*const kernels[FILTER_COUNT])(const struct byte_set *sets, size_t count, const uint8_t *at, size_t blocks, size_t w, uint64_t *const maps[]) = {
        [FILTER_PLAIN] = map_plain, [FILTER_SSSE3] = map_ssse3, [FILTER_AVX2] = map_avx2, [FILTER_AVX512] = map_avx512,
    };
    const size_t blocks = len / BLOCK, rest = len % BLOCK;
    uint8_t last[BLOCK] = { 0 };

    kernels[kernel](sets, count, at, blocks, 0, maps);
    if (rest == 0)
        return;
    memcpy(last, at + blocks * BLOCK, rest);
    kernels[kernel](sets, count, last, 1, blocks, maps);
    for (size_t i = 0; i < count; i++)
        maps[i][blocks] &= (UINT64_C(1) << rest) - 1;
}
