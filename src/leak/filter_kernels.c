/* The filter, 1, 16, 32 or 64 offsets at a time.  The vector kernels differ in width only. */
#include "leak/filter.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static bool always(void) { return true; }

static void mask_plain(const struct filter *f, const uint8_t *at, size_t words, uint64_t *mask)
{
    for (size_t w = 0; w < words; w++, at += 64) {
        uint64_t found = 0;
        for (size_t k = 0; k < 64; k++)
            found |= (uint64_t)((f->whole[0][at[k]] & f->whole[1][at[k + 1]] & f->whole[2][at[k + 2]]) != 0) << k;
        mask[w] = found;
    }
}

#if defined(__x86_64__)

static bool has_ssse3(void) { return __builtin_cpu_supports("ssse3"); }
static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }
static bool has_avx512(void) { return __builtin_cpu_supports("avx512bw"); }

/* Of each offset the buckets that allow all three bytes: `any` of all sets. */

__attribute__((target("ssse3")))
static void mask_ssse3(const struct filter *f, const uint8_t *at, size_t words, uint64_t *mask)
{
    const __m128i low_half = _mm_set1_epi8(15), zero = _mm_setzero_si128();

    for (size_t w = 0; w < words; w++) {
        uint64_t none = 0;
        for (int part = 0; part < 4; part++, at += 16) {
            __m128i high[FILTER_KEY_BYTES], low[FILTER_KEY_BYTES], any = zero;
            for (int byte = 0; byte < FILTER_KEY_BYTES; byte++) {
                const __m128i data = _mm_loadu_si128((const __m128i *)(at + byte));
                high[byte] = _mm_and_si128(_mm_srli_epi16(data, 4), low_half);
                low[byte] = _mm_and_si128(data, low_half);
            }
            for (int set = 0; set < f->sets; set++) {
                const __m128i *t = (const __m128i *)f->halves[set];
                __m128i all = _mm_set1_epi8(-1);
                for (int byte = 0; byte < FILTER_KEY_BYTES; byte++)
                    all = _mm_and_si128(all, _mm_and_si128(_mm_shuffle_epi8(_mm_loadu_si128(t + 2 * byte), high[byte]),
                                                           _mm_shuffle_epi8(_mm_loadu_si128(t + 2 * byte + 1),
                                                                            low[byte])));
                any = _mm_or_si128(any, all);
            }
            none |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(any, zero)) << (16 * part);
        }
        mask[w] = ~none;
    }
}

/* So many words at once: their bytes are cut into halves once for all sets, and a set's tables stay in registers meanwhile. */
enum { AT_ONCE = 8, PART = 32, PARTS_MAX = AT_ONCE * 64 / PART };
struct halves {
    uint8_t high[(PARTS_MAX + 1) * PART], low[(PARTS_MAX + 1) * PART];
    __m256i any[PARTS_MAX]; /* buckets that allow all three bytes, of the sets so far */
};

__attribute__((always_inline, target("avx2")))
static inline void cut_avx2(struct halves *h, const uint8_t *at, size_t parts)
{
    const __m256i low_half = _mm256_set1_epi8(15);

    for (size_t p = 0; p < parts; p++, at += PART) {
        const __m256i data = _mm256_loadu_si256((const __m256i *)at);
        _mm256_storeu_si256((__m256i *)(h->high + PART * p), _mm256_and_si256(_mm256_srli_epi16(data, 4), low_half));
        _mm256_storeu_si256((__m256i *)(h->low + PART * p), _mm256_and_si256(data, low_half));
    }
    for (size_t k = 0; k + 1 < FILTER_KEY_BYTES; k++) {
        h->high[PART * parts + k] = at[k] >> 4;
        h->low[PART * parts + k] = at[k] & 15;
    }
}

__attribute__((always_inline, target("avx2")))
static inline __m256i allowed_avx2(const __m256i tables[2 * FILTER_KEY_BYTES], const struct halves *h, size_t from)
{
    __m256i all = _mm256_set1_epi8(-1);

    for (size_t byte = 0; byte < FILTER_KEY_BYTES; byte++) {
        const __m256i high = _mm256_loadu_si256((const __m256i *)(h->high + from + byte)),
            low = _mm256_loadu_si256((const __m256i *)(h->low + from + byte));
        all = _mm256_and_si256(all, _mm256_and_si256(_mm256_shuffle_epi8(tables[2 * byte], high),
                                                     _mm256_shuffle_epi8(tables[2 * byte + 1], low)));
    }
    return all;
}

__attribute__((always_inline, target("avx2")))
static inline void some_avx2(const struct filter *f, struct halves *h, const uint8_t *at, size_t words, uint64_t *mask)
{
    const __m256i zero = _mm256_setzero_si256();
    __m256i tables[2 * FILTER_KEY_BYTES];

    cut_avx2(h, at, words * (64 / PART));
    for (int set = 0; set < f->sets; set++) {
        for (int t = 0; t < 2 * FILTER_KEY_BYTES; t++)
            tables[t] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)f->halves[set] + t));
        if (set + 1 < f->sets) {
            for (size_t p = 0; p < words * (64 / PART); p++) {
                const __m256i all = allowed_avx2(tables, h, PART * p);
                h->any[p] = set ? _mm256_or_si256(h->any[p], all) : all;
            }
            continue;
        }
        for (size_t w = 0; w < words; w++) {
            __m256i first = allowed_avx2(tables, h, 64 * w), second = allowed_avx2(tables, h, 64 * w + PART);
            if (set) {
                first = _mm256_or_si256(first, h->any[2 * w]);
                second = _mm256_or_si256(second, h->any[2 * w + 1]);
            }
            const uint64_t none = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(first, zero)) |
                (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(second, zero)) << 32;
            mask[w] = ~none;
        }
    }
}

__attribute__((target("avx2")))
static void mask_avx2(const struct filter *f, const uint8_t *at, size_t words, uint64_t *mask)
{
    struct halves h;

    if (f->sets == 0)
        memset(mask, 0, words * sizeof *mask);
    for (; f->sets && words >= AT_ONCE; words -= AT_ONCE, at += 64 * AT_ONCE, mask += AT_ONCE)
        some_avx2(f, &h, at, AT_ONCE, mask);
    if (f->sets && words)
        some_avx2(f, &h, at, words, mask);
}

__attribute__((target("avx512f,avx512bw")))
static void mask_avx512(const struct filter *f, const uint8_t *at, size_t words, uint64_t *mask)
{
    const __m512i low_half = _mm512_set1_epi8(15);

    for (size_t w = 0; w < words; w++, at += 64) {
        __m512i high[FILTER_KEY_BYTES], low[FILTER_KEY_BYTES], any = _mm512_setzero_si512();
        for (int byte = 0; byte < FILTER_KEY_BYTES; byte++) {
            const __m512i data = _mm512_loadu_si512(at + byte);
            high[byte] = _mm512_and_si512(_mm512_srli_epi16(data, 4), low_half);
            low[byte] = _mm512_and_si512(data, low_half);
        }
        for (int set = 0; set < f->sets; set++) {
            const __m128i *t = (const __m128i *)f->halves[set];
            __m512i all = _mm512_set1_epi8(-1);
            for (int byte = 0; byte < FILTER_KEY_BYTES; byte++) {
                const __m512i by_high = _mm512_broadcast_i32x4(_mm_loadu_si128(t + 2 * byte));
                const __m512i by_low = _mm512_broadcast_i32x4(_mm_loadu_si128(t + 2 * byte + 1));
                all = _mm512_and_si512(all, _mm512_and_si512(_mm512_shuffle_epi8(by_high, high[byte]),
                                                             _mm512_shuffle_epi8(by_low, low[byte])));
            }
            any = _mm512_or_si512(any, all);
        }
        mask[w] = _mm512_test_epi8_mask(any, any);
    }
}

#else

static bool never(void) { return false; }
#define has_ssse3 never
#define has_avx2 never
#define has_avx512 never
#define mask_ssse3 mask_plain
#define mask_avx2 mask_plain
#define mask_avx512 mask_plain

#endif

const struct filter_kernel_entry filter_kernels[FILTER_COUNT] = {
    [FILTER_PLAIN]  = { "plain C", always, mask_plain },
    [FILTER_SSSE3]  = { "SSSE3", has_ssse3, mask_ssse3 },
    [FILTER_AVX2]   = { "AVX2", has_avx2, mask_avx2 },
    [FILTER_AVX512] = { "AVX-512", has_avx512, mask_avx512 },
};

enum filter_kernel filter_best(void)
{
    int best = FILTER_PLAIN;

    for (int k = 0; k < FILTER_COUNT; k++)
        if (filter_kernels[k].works())
            best = k;
    return (enum filter_kernel)best;
}
