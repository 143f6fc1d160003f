#include "leak/marks.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = 64, TRIPLE_REACH = 2 };

enum class {
    DIGIT, POINT, COMMA, SLASH, EQUALS, PLUS, MINUS, DEGREE, BLANK, PART, HEMISPHERE, QUOTE, POLYLINE, WORD, TRIPLE, PERCENT,
    BACKSLASH, BEFORE_DEGREE, CLASS_COUNT
};
_Static_assert((int)CLASS_COUNT <= 18, "struct marks has room for them");

static unsigned triple_slot(const uint8_t at[3])
{
    const uint32_t key = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;

    return key * UINT32_C(0x9e3779b1) >> 16;
}

void mark_triples_add(struct mark_triples *t, const uint8_t at[3], int wanted)
{
    const unsigned slot = triple_slot(at);
    const uint8_t bucket = (uint8_t)(1u << (wanted == MARK_ANY_BUCKET ? slot & 7 : (unsigned)wanted & 7));

    for (int i = 0; i < 3; i++) {
        t->nibbles[i][0][at[i] >> 4] |= bucket;
        t->nibbles[i][1][at[i] & 15] |= bucket;
    }
    t->bits[slot >> 6] |= UINT64_C(1) << (slot & 63);
    t->any = true;
}

static inline bool triple_known(const struct mark_triples *t, const uint8_t at[3])
{
    const unsigned slot = triple_slot(at);

    return t->bits[slot >> 6] >> (slot & 63) & 1;
}

static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static bool is_letter(uint8_t c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

/* at[0, BLOCK + TRIPLE_REACH) may be read. */
static void classify_plain(const uint8_t *at, const struct mark_triples *triples, uint64_t into[CLASS_COUNT])
{
    memset(into, 0, CLASS_COUNT * sizeof *into);
    for (unsigned i = 0; i < BLOCK; i++) {
        const uint8_t c = at[i];
        const bool in[CLASS_COUNT] = {
            [DIGIT] = is_digit(c), [POINT] = c == '.', [COMMA] = c == ',', [SLASH] = c == '/', [EQUALS] = c == '=',
            [PLUS] = c == '+', [MINUS] = c == '-', [DEGREE] = c == 0xb0, [BLANK] = c == ' ', [PART] = c == ' ' || c == ':',
            [HEMISPHERE] = c == 'N' || c == 'S' || c == 'E' || c == 'W', [QUOTE] = c == '"' || c == '\'',
            [POLYLINE] = c >= '?' && c <= '~', [WORD] = is_digit(c) || is_letter(c),
            [TRIPLE] = triple_known(triples, at + i), [PERCENT] = c == '%', [BACKSLASH] = c == '\\', [BEFORE_DEGREE] = c == 0xc2,
        };
        for (int class = 0; class < CLASS_COUNT; class++)
            into[class] |= (uint64_t)in[class] << i;
    }
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2"))) static

AVX2 inline uint64_t mask(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

AVX2 inline __m256i within(__m256i data, uint8_t from, uint8_t to)
{
    const __m256i offset = _mm256_sub_epi8(data, _mm256_set1_epi8((char)from));

    return _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8((char)(to - from))), offset);
}

AVX2 inline __m256i is(__m256i data, uint8_t c) { return _mm256_cmpeq_epi8(data, _mm256_set1_epi8((char)c)); }

AVX2 inline __m256i nibble_buckets(const struct mark_triples *t, const uint8_t *at)
{
    const __m256i low_half = _mm256_set1_epi8(15);
    __m256i buckets = _mm256_set1_epi8(-1);

    for (int i = 0; i < 3; i++) {
        const __m256i data = _mm256_loadu_si256((const __m256i *)(at + i));
        const __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)t->nibbles[i][0]));
        const __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)t->nibbles[i][1]));
        buckets = _mm256_and_si256(buckets, _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(data, 4), low_half)));
        buckets = _mm256_and_si256(buckets, _mm256_shuffle_epi8(low, _mm256_and_si256(data, low_half)));
    }
    return _mm256_cmpeq_epi8(buckets, _mm256_setzero_si256());
}

AVX2 void classify_avx2(const uint8_t *at, const struct mark_triples *triples, uint64_t into[CLASS_COUNT])
{
    const __m256i a = _mm256_loadu_si256((const __m256i *)at), b = _mm256_loadu_si256((const __m256i *)(at + 32));
    const __m256i letter_bit = _mm256_set1_epi8(0x20);

#define BOTH(class, expression) { __m256i data = a; const __m256i low = expression; data = b; into[class] = mask(low, expression); }
    BOTH(DIGIT, within(data, '0', '9'))
    BOTH(POINT, is(data, '.'))
    BOTH(COMMA, is(data, ','))
    BOTH(SLASH, is(data, '/'))
    BOTH(EQUALS, is(data, '='))
    BOTH(PLUS, is(data, '+'))
    BOTH(MINUS, is(data, '-'))
    BOTH(DEGREE, is(data, 0xb0))
    BOTH(BLANK, is(data, ' '))
    BOTH(PART, is(data, ':'))
    BOTH(HEMISPHERE, _mm256_or_si256(_mm256_or_si256(is(data, 'N'), is(data, 'S')), _mm256_or_si256(is(data, 'E'), is(data, 'W'))))
    BOTH(QUOTE, _mm256_or_si256(is(data, '"'), is(data, '\'')))
    BOTH(PERCENT, is(data, '%'))
    BOTH(BACKSLASH, is(data, '\\'))
    BOTH(BEFORE_DEGREE, is(data, 0xc2))
    BOTH(POLYLINE, within(data, '?', '~'))
    BOTH(WORD, within(_mm256_or_si256(data, letter_bit), 'a', 'z'))
#undef BOTH
    into[WORD] |= into[DIGIT];
    into[PART] |= into[BLANK];
    uint64_t found = triples->any ? ~mask(nibble_buckets(triples, at), nibble_buckets(triples, at + 32)) : 0;
    into[TRIPLE] = 0;
    for (; found; found &= found - 1) {
        const int i = __builtin_ctzll(found);
        into[TRIPLE] |= (uint64_t)triple_known(triples, at + i) << i;
    }
}

#define AVX512 __attribute__((target("avx512f,avx512bw"))) static

AVX512 inline uint64_t within_512(__m512i data, uint8_t from, uint8_t to)
{
    return _mm512_cmple_epu8_mask(_mm512_sub_epi8(data, _mm512_set1_epi8((char)from)), _mm512_set1_epi8((char)(to - from)));
}

AVX512 inline uint64_t is_512(__m512i data, uint8_t c) { return _mm512_cmpeq_epi8_mask(data, _mm512_set1_epi8((char)c)); }

AVX512 inline uint64_t in_buckets_512(const struct mark_triples *t, const uint8_t *at)
{
    const __m512i low_half = _mm512_set1_epi8(15);
    __m512i buckets = _mm512_set1_epi8(-1);

    for (int i = 0; i < 3; i++) {
        const __m512i data = _mm512_loadu_si512(at + i);
        const __m512i high = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)t->nibbles[i][0]));
        const __m512i low = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)t->nibbles[i][1]));
        buckets = _mm512_and_si512(buckets, _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(data, 4), low_half)));
        buckets = _mm512_and_si512(buckets, _mm512_shuffle_epi8(low, _mm512_and_si512(data, low_half)));
    }
    return _mm512_test_epi8_mask(buckets, buckets);
}

AVX512 void classify_avx512(const uint8_t *at, const struct mark_triples *triples, uint64_t into[CLASS_COUNT])
{
    const __m512i data = _mm512_loadu_si512(at);

    into[DIGIT] = within_512(data, '0', '9');
    into[POINT] = is_512(data, '.');
    into[COMMA] = is_512(data, ',');
    into[SLASH] = is_512(data, '/');
    into[EQUALS] = is_512(data, '=');
    into[PLUS] = is_512(data, '+');
    into[MINUS] = is_512(data, '-');
    into[DEGREE] = is_512(data, 0xb0);
    into[BLANK] = is_512(data, ' ');
    into[PART] = is_512(data, ':') | into[BLANK];
    into[HEMISPHERE] = is_512(data, 'N') | is_512(data, 'S') | is_512(data, 'E') | is_512(data, 'W');
    into[QUOTE] = is_512(data, '"') | is_512(data, '\'');
    into[PERCENT] = is_512(data, '%');
    into[BACKSLASH] = is_512(data, '\\');
    into[BEFORE_DEGREE] = is_512(data, 0xc2);
    into[POLYLINE] = within_512(data, '?', '~');
    into[WORD] = within_512(_mm512_or_si512(data, _mm512_set1_epi8(0x20)), 'a', 'z') | into[DIGIT];
    into[TRIPLE] = 0;
    for (uint64_t found = triples->any ? in_buckets_512(triples, at) : 0; found; found &= found - 1) {
        const int i = __builtin_ctzll(found);
        into[TRIPLE] |= (uint64_t)triple_known(triples, at + i) << i;
    }
}
#endif

enum marks_vector marks_vector_possible(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bw") ? MARKS_AVX512 : __builtin_cpu_supports("avx2") ? MARKS_AVX2 : MARKS_PLAIN;
#else
    return MARKS_PLAIN;
#endif
}

/* The block at `from`; what lies behind `len` counts as zeros. */
static void classify(const struct marks *m, size_t from, uint64_t into[CLASS_COUNT])
{
    uint8_t copy[BLOCK + TRIPLE_REACH + 1] = { 0 };
    const uint8_t *at = m->at + from;

    if (from >= m->len) {
        memset(into, 0, CLASS_COUNT * sizeof *into);
        return;
    }
    if (m->len - from < BLOCK + TRIPLE_REACH) {
        memcpy(copy, at, m->len - from);
        at = copy;
    }
#if defined(__x86_64__)
    if (m->vector != MARKS_PLAIN) {
        (m->vector == MARKS_AVX512 ? classify_avx512 : classify_avx2)(at, m->triples, into);
        return;
    }
#endif
    classify_plain(at, m->triples, into);
}

void marks_begin(struct marks *m, const uint8_t *at, size_t len, size_t from, const struct mark_triples *triples,
                 enum marks_vector vector)
{
    *m = (struct marks){ .at = at, .len = len, .next_block = from, .triples = triples, .vector = vector };
    if (from >= BLOCK) {
        classify(m, from - BLOCK, m->classes[1]);
    } else if (from > 0) {
        classify(m, 0, m->classes[1]);
        for (int class = 0; class < CLASS_COUNT; class++)
            m->classes[1][class] <<= BLOCK - from;
    }
    classify(m, from, m->classes[2]);
}

bool marks_next(struct marks *m, size_t limit)
{
#define BACK(class, n) (here[class] << (n) | before[class] >> (BLOCK - (n)))
#define ON(class, n) (here[class] >> (n) | behind[class] << (BLOCK - (n)))
    while (m->next_block < limit) {
        m->turn = (m->turn + 1) % 3;
        const uint64_t *before = m->classes[m->turn], *here = m->classes[(m->turn + 1) % 3];
        uint64_t *behind = m->classes[(m->turn + 2) % 3];
        m->block = m->next_block;
        m->next_block += BLOCK;
        classify(m, m->next_block, behind);
        m->any = 0;
        if (here[DIGIT] | here[POLYLINE] | here[DEGREE] | here[PLUS] | here[TRIPLE] | here[PERCENT]) {
            const uint64_t d1 = ON(DIGIT, 1), d2 = ON(DIGIT, 2), four = d1 & d2 & ON(DIGIT, 3) & ON(DIGIT, 4);
            const uint64_t digit_before = BACK(DIGIT, 1), number_before = digit_before | BACK(QUOTE, 1);
            const uint64_t poly2 = here[POLYLINE] & ON(POLYLINE, 1), poly4 = poly2 & ON(POLYLINE, 2) & ON(POLYLINE, 3);
            const uint64_t poly10 = poly4 & ON(POLYLINE, 4) & ON(POLYLINE, 5) & ON(POLYLINE, 6) & ON(POLYLINE, 7) &
                                    ON(POLYLINE, 8) & ON(POLYLINE, 9);
            m->mark[MARK_POINT] = here[POINT] & digit_before & four;
            m->mark[MARK_COMMA] = here[COMMA] & digit_before & four;
            m->mark[MARK_COARSE] = here[POINT] & digit_before & d1 & d2 & ~four;
            m->mark[MARK_DIGITS] = here[DIGIT] & ~digit_before & four & ON(DIGIT, 5);
            m->mark[MARK_SLASH] = here[SLASH] & d1 & (ON(SLASH, 2) | (d2 & ON(SLASH, 3)));
            m->mark[MARK_EQUALS] = here[EQUALS] & (d1 | ON(MINUS, 1));
            m->mark[MARK_DEGREE] = here[DEGREE] & (digit_before | BACK(BEFORE_DEGREE, 1)); /* in UTF-8 it has two bytes */
            m->mark[MARK_HEMISPHERE] = here[HEMISPHERE] & ~ON(WORD, 1) &
                (number_before | (BACK(BLANK, 1) & (BACK(DIGIT, 2) | BACK(QUOTE, 2))));
            m->mark[MARK_HEMISPHERE] |= here[HEMISPHERE] & ~BACK(WORD, 1) & (d1 | (ON(BLANK, 1) & d2));
            m->mark[MARK_PARTS] = here[PART] & digit_before & d1 & d2 & ON(PART, 3) & ON(DIGIT, 4);
            m->mark[MARK_PLUS] = here[PLUS] & BACK(WORD, 1) & BACK(WORD, 2); /* of eight */
            m->mark[MARK_POLYLINE] = poly10 & ~BACK(POLYLINE, 1);
            m->mark[MARK_TRIPLE] = here[TRIPLE];
            m->mark[MARK_PERCENT] = here[PERCENT] & ON(WORD, 1);
            m->mark[MARK_BACKSLASH] = here[BACKSLASH] & (ON(WORD, 1) | ON(QUOTE, 1) | ON(BACKSLASH, 1) | ON(SLASH, 1));
            for (int mark = 0; mark < MARK_COUNT; mark++)
                m->any |= m->mark[mark];
        }
        if (limit - m->block < BLOCK)
            m->any &= (UINT64_C(1) << (limit - m->block)) - 1;
        if (m->any)
            return true;
    }
#undef BACK
#undef ON
    return false;
}
