/* The filter of windows, several at once; the kernels differ in width only. */
#include "leak/literals_inside.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* Every eighth bit of a word, and of half of one, as the lowest of the result. */
static inline unsigned eighths(uint64_t bits) { return (unsigned)(bits * UINT64_C(0x0102040810204080) >> 56); }
static inline unsigned eighths_of_half(uint32_t bits) { return bits * UINT32_C(0x01020408) >> 24 & 15; }
#define EIGHTHS UINT64_C(0x0101010101010101)

static bool look_512_possible(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

struct look {
    __m256i fold, mask, low, high;
    __m128i shift;
    const long long *words;
};

/* Four windows that begin eight bytes apart. */
__attribute__((always_inline, target("avx2")))
static inline unsigned look_four(const struct look *l, const uint8_t *at)
{
    const __m256i one = _mm256_set1_epi64x(1), six_bits = _mm256_set1_epi64x(63);
    const __m256i data = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(const void *)at), l->fold);
    const __m256i window = _mm256_and_si256(data, l->mask);
    const __m256i sum = _mm256_add_epi64(_mm256_mul_epu32(window, l->low),
                                         _mm256_mul_epu32(_mm256_srli_epi64(window, 32), l->high));
    const __m256i hash = _mm256_shuffle_epi32(sum, _MM_SHUFFLE(2, 3, 0, 1));
    const __m256i words = _mm256_i64gather_epi64(l->words, _mm256_srl_epi64(hash, l->shift), 8);
    __m256i bits = _mm256_sllv_epi64(one, _mm256_and_si256(hash, six_bits));
    bits = _mm256_or_si256(bits, _mm256_sllv_epi64(one, _mm256_and_si256(_mm256_srli_epi64(hash, 6), six_bits)));
    bits = _mm256_or_si256(bits, _mm256_sllv_epi64(one, _mm256_and_si256(_mm256_srli_epi64(hash, 12), six_bits)));
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(_mm256_and_si256(words, bits), bits)));
}

__attribute__((always_inline, target("avx2")))
static inline uint64_t look_block(const struct look *l, const uint8_t *at, uint64_t wanted)
{
    uint64_t known = 0;

    for (unsigned first = 0; first < 8 && wanted >> first & EIGHTHS; first += 4)
        for (unsigned half = first; half < BLOCK; half += BLOCK / 2) {
            const unsigned lanes = eighths_of_half((uint32_t)(wanted >> half & EIGHTHS));
            unsigned found = lanes ? look_four(l, at + half) & lanes : 0;
            for (; __builtin_expect(found != 0, 0); found &= found - 1)
                known |= UINT64_C(1) << (half + 8 * (unsigned)__builtin_ctz(found));
        }
    return known;
}

__attribute__((target("avx2")))
static void look_avx2(const struct window_filter *f, int class, struct window_blocks *b)
{
    const struct window_class *c = &classes[class];
    const struct look l = {
        .fold = _mm256_set1_epi64x((long long)folded(0)), .mask = _mm256_set1_epi64x((long long)c->mask),
        .low = _mm256_set1_epi64x(c->low), .high = _mm256_set1_epi64x(c->high),
        .shift = _mm_cvtsi32_si128((int)f->shift), .words = (const long long *)(const void *)f->words,
    };

    for (size_t i = 0; i < b->count; i++)
        b->known[i] = look_block(&l, b->at + (size_t)BLOCK * b->blocks[i], b->wanted[b->blocks[i]] & b->every);
}

__attribute__((target("avx512f,avx512bw,avx512dq")))
static uint64_t look_block_avx512(const struct window_filter *f, int class, const uint8_t *at, uint64_t wanted)
{
    const struct window_class *c = &classes[class];
    const __m512i fold = _mm512_set1_epi64((long long)folded(0)), mask = _mm512_set1_epi64((long long)c->mask),
        low = _mm512_set1_epi64(c->low), high = _mm512_set1_epi64(c->high), one = _mm512_set1_epi64(1),
        six_bits = _mm512_set1_epi64(63);
    const __m128i shift = _mm_cvtsi32_si128((int)f->shift);
    uint64_t known = 0;

    for (unsigned first = 0; first < 8; first += 4) {
        const __mmask8 lanes = (__mmask8)eighths(wanted >> first & EIGHTHS);
        if (!lanes)
            continue;
        const __m512i window = _mm512_and_si512(_mm512_or_si512(_mm512_loadu_si512(at + first), fold), mask);
        const __m512i sum = _mm512_add_epi64(_mm512_mul_epu32(window, low),
                                             _mm512_mul_epu32(_mm512_srli_epi64(window, 32), high));
        const __m512i hash = _mm512_rol_epi64(sum, 32);
        const __m512i words = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), lanes, _mm512_srl_epi64(hash, shift),
                                                          f->words, 8);
        __m512i bits = _mm512_sllv_epi64(one, _mm512_and_si512(hash, six_bits));
        bits = _mm512_or_si512(bits, _mm512_sllv_epi64(one, _mm512_and_si512(_mm512_srli_epi64(hash, 6), six_bits)));
        bits = _mm512_or_si512(bits, _mm512_sllv_epi64(one, _mm512_and_si512(_mm512_srli_epi64(hash, 12), six_bits)));
        for (unsigned found = _mm512_mask_cmpeq_epi64_mask(lanes, _mm512_and_si512(words, bits), bits); found;
             found &= found - 1)
            known |= UINT64_C(1) << (first + 8 * (unsigned)__builtin_ctz(found));
    }
    return known;
}

__attribute__((target("avx512f,avx512bw,avx512dq")))
static void look_avx512(const struct window_filter *f, int class, struct window_blocks *b)
{
    for (size_t i = 0; i < b->count; i++)
        b->known[i] = look_block_avx512(f, class, b->at + (size_t)BLOCK * b->blocks[i],
                                        b->wanted[b->blocks[i]] & b->every);
}
#else
static bool look_512_possible(void) { return false; }
#define look_avx2 NULL
#define look_avx512 NULL
#endif

window_look *window_look_of(enum filter_kernel kernel)
{
    if (kernel == FILTER_AVX512 && look_512_possible())
        return look_avx512;
    return kernel >= FILTER_AVX2 ? look_avx2 : NULL;
}
