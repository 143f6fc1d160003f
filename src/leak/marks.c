#include "leak/marks.h"

#include <string.h>

#include "leak/byte_sets.h"

enum { BLOCK = 64 };

enum class {
    DIGIT, POINT, COMMA, SLASH, EQUALS, PLUS, MINUS, BLANK, PART, HEMISPHERE, QUOTE, POLYLINE, WORD, PERCENT, BACKSLASH, DEGREE, BEFORE_DEGREE,
    SETS, TRIPLE = SETS, CLASS_COUNT
};
_Static_assert((int)CLASS_COUNT == (int)MARK_CLASSES, "struct marks has room for them");
_Static_assert((int)DIGIT == (int)MARK_CLASS_DIGIT, "it is known by that number outside");

static const struct byte_set sets[SETS] = {
    [DIGIT] = { .by_low = { 8, 8, 8, 8, 8, 8, 8, 8, 8, 8 } },
    [POINT] = { .by_low = { ['.' & 15] = 4 }, .only = '.' },
    [COMMA] = { .by_low = { [',' & 15] = 4 }, .only = ',' },
    [SLASH] = { .by_low = { ['/' & 15] = 4 }, .only = '/' },
    [EQUALS] = { .by_low = { ['=' & 15] = 8 }, .only = '=' },
    [PLUS] = { .by_low = { ['+' & 15] = 4 }, .only = '+' },
    [MINUS] = { .by_low = { ['-' & 15] = 4 }, .only = '-' },
    [BLANK] = { .by_low = { [' ' & 15] = 4 }, .only = ' ' },
    [PART] = { .by_low = { [' ' & 15] = 4, [':' & 15] = 8 } },
    [HEMISPHERE] = { .by_low = { ['N' & 15] = 16, ['S' & 15] = 32, ['E' & 15] = 16, ['W' & 15] = 32 } },
    [QUOTE] = { .by_low = { ['"' & 15] = 4, ['\'' & 15] = 4 } },
    /* ? to ~ */
    [POLYLINE] = { .by_low = { 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0x78 } },
    [WORD] = { .by_low = { 0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x50, 0x50, 0x50, 0x50, 0x50 } },
    [PERCENT] = { .by_low = { ['%' & 15] = 4 }, .only = '%' },
    [BACKSLASH] = { .by_low = { ['\\' & 15] = 32 }, .only = '\\' },
    [DEGREE] = { .by_low = { [0xb0 & 15] = 1 << 3 }, .upper = true, .only = 0xb0 },
    [BEFORE_DEGREE] = { .by_low = { [0xc2 & 15] = 1 << 4 }, .upper = true, .only = 0xc2 },
};

static inline uint32_t triple_hash(const uint8_t at[3])
{
    return (at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16) * UINT32_C(0x9e3779b1);
}

static inline uint64_t bit_of(const uint64_t *bits, unsigned slot) { return bits[slot >> 6] >> (slot & 63) & 1; }

void mark_triples_add(struct mark_triples *t, const uint8_t at[3], int wanted)
{
    const unsigned near = triple_hash(at) >> (32 - MARK_NEAR_BITS), far = triple_hash(at) >> (32 - MARK_FAR_BITS);

    filter_add(&t->filter, at, wanted == MARK_ANY_BUCKET ? near & 7 : (unsigned)wanted & 7);
    filter_add(&t->wide, at, at[0] >> 2);
    t->near[near >> 6] |= UINT64_C(1) << (near & 63);
    t->far[far >> 6] |= UINT64_C(1) << (far & 63);
    t->any = true;
}

void mark_triples_done(struct mark_triples *t)
{
    /* A wide one costs eight times as much, and what passes more still. */
    const double most = 0.04, most_wide = 0.15;

    t->use = filter_pass_rate(&t->filter) <= most ? &t->filter : filter_pass_rate(&t->wide) <= most_wide
        ? &t->wide : NULL;
}

/* Of each offset whether a triple may begin there, in one table; nothing that the processor would have to guess. */
static void triples_near(const struct mark_triples *t, const uint8_t *at, size_t count, uint64_t *found)
{
    for (size_t w = 0; w * BLOCK < count; w++, at += BLOCK) {
        const size_t n = count - w * BLOCK < BLOCK ? count - w * BLOCK : BLOCK;
        uint64_t may = 0;
        for (size_t k = 0; k < n; k++)
            may |= bit_of(t->near, triple_hash(at + k) >> (32 - MARK_NEAR_BITS)) << k;
        found[w] = may;
    }
}

/* As many words, or some more, as compilers take at once. */
static inline size_t together(size_t words) { return (words + 7) / 8 * 8; }
_Static_assert(MARK_BLOCKS % 8 == 0, "there is room for them");

/* Where known triples begin in the blocks at hand: by the smaller table first, as the larger one is not in the nearest
 * cache. */
static void find_triples(struct marks *m)
{
    const struct mark_triples *t = m->triples;
    uint64_t *found = &m->classes[TRIPLE][1];
    const size_t seen = m->len - m->first, begins = seen < FILTER_KEY_BYTES ? 0 : seen - FILTER_KEY_BYTES + 1;
    const size_t n = begins < m->count * BLOCK ? begins : m->count * BLOCK;

    for (size_t w = 0; w < together(m->count); w++)
        found[w] = 0;
    if (!t->any || n == 0)
        return;
    if (t->use)
        filter_candidates(t->use, m->kernel, m->at + m->first, n, found);
    else
        triples_near(t, m->at + m->first, n, found);
    for (size_t w = 0; w * BLOCK < n; w++) {
        const uint8_t *at = m->at + m->first + w * BLOCK;
        uint64_t known = found[w];
        for (uint64_t may = known; may && t->use; may &= may - 1)
            known ^= (may & -may) * !bit_of(t->near,
                                            triple_hash(at + (unsigned)__builtin_ctzll(may)) >> (32 - MARK_NEAR_BITS));
        for (uint64_t may = known; may; may &= may - 1)
            known ^= (may & -may) * !bit_of(t->far,
                                            triple_hash(at + (unsigned)__builtin_ctzll(may)) >> (32 - MARK_FAR_BITS));
        found[w] = known;
    }
}

/* The bytes of the blocks at hand and of the one behind; that before them is known already. */
static void classify(struct marks *m)
{
    const size_t wanted = (m->count + 1) * BLOCK, n = m->len - m->first < wanted ? m->len - m->first : wanted;
    uint64_t *maps[SETS];

    for (int set = 0; set < SETS; set++) {
        maps[set] = &m->classes[set][1];
        for (size_t w = n / BLOCK; w <= together(m->count); w++)
            maps[set][w] = 0;
    }
    byte_sets_map(m->kernel, sets, SETS, m->at + m->first, n, maps);
    find_triples(m);
}

/* The marks of each block, from the classes of the bytes in and around it: word by word, so that compilers can take
 * several at once. */
__attribute__((always_inline))
static inline void find_marks(struct marks *m)
{
#define HERE(class) m->classes[class][w + 1]
#define BACK(class, n) (m->classes[class][w + 1] << (n) | m->classes[class][w] >> (BLOCK - (n)))
#define ON(class, n) (m->classes[class][w + 1] >> (n) | m->classes[class][w + 2] << (BLOCK - (n)))
    for (size_t w = 0; w < together(m->count); w++) {
        const uint64_t d1 = ON(DIGIT, 1), d2 = ON(DIGIT, 2), four = d1 & d2 & ON(DIGIT, 3) & ON(DIGIT, 4);
        const uint64_t digit_before = BACK(DIGIT, 1), number_before = digit_before | BACK(QUOTE, 1);
        const uint64_t polyline = HERE(POLYLINE) & ON(POLYLINE, 1) & ON(POLYLINE, 2) & ON(POLYLINE, 3) &
            ON(POLYLINE, 4) & ON(POLYLINE, 5) &
                                  ON(POLYLINE, 6) & ON(POLYLINE, 7) & ON(POLYLINE, 8) & ON(POLYLINE, 9);
        const uint64_t point = HERE(POINT) & digit_before & four, comma = HERE(COMMA) & digit_before & four;
        const uint64_t coarse = HERE(POINT) & digit_before & d1 & d2 & ~four;
        const uint64_t digits = HERE(DIGIT) & ~digit_before & four & ON(DIGIT, 5);
        const uint64_t slash = HERE(SLASH) & d1 & (ON(SLASH, 2) | (d2 & ON(SLASH, 3)));
        const uint64_t equals = HERE(EQUALS) & (d1 | ON(MINUS, 1));
        const uint64_t degree = HERE(DEGREE) & (digit_before | BACK(BEFORE_DEGREE, 1)); /* in UTF-8 it has two bytes */
        const uint64_t hemisphere =
            (HERE(HEMISPHERE) & ~ON(WORD, 1) & (number_before | (BACK(BLANK, 1) & (BACK(DIGIT, 2) | BACK(QUOTE, 2))))) |
            (HERE(HEMISPHERE) & ~BACK(WORD, 1) & (d1 | (ON(BLANK, 1) & d2)));
        const uint64_t parts = HERE(PART) & digit_before & d1 & d2 & ON(PART, 3) & ON(DIGIT, 4);
        const uint64_t plus = HERE(PLUS) & BACK(WORD, 1) & BACK(WORD, 2); /* of eight */
        const uint64_t percent = HERE(PERCENT) & ON(WORD, 1);
        const uint64_t backslash = HERE(BACKSLASH) & (ON(WORD, 1) | ON(QUOTE, 1) | ON(BACKSLASH, 1) | ON(SLASH, 1));
        const uint64_t first = polyline & ~BACK(POLYLINE, 1);
        m->marks[MARK_POINT][w] = point;
        m->marks[MARK_COMMA][w] = comma;
        m->marks[MARK_COARSE][w] = coarse;
        m->marks[MARK_DIGITS][w] = digits;
        m->marks[MARK_SLASH][w] = slash;
        m->marks[MARK_EQUALS][w] = equals;
        m->marks[MARK_DEGREE][w] = degree;
        m->marks[MARK_HEMISPHERE][w] = hemisphere;
        m->marks[MARK_PARTS][w] = parts;
        m->marks[MARK_PLUS][w] = plus;
        m->marks[MARK_POLYLINE][w] = first;
        m->marks[MARK_TRIPLE][w] = HERE(TRIPLE);
        m->marks[MARK_PERCENT][w] = percent;
        m->marks[MARK_BACKSLASH][w] = backslash;
        m->marked[w] = point | comma | coarse | digits | slash | equals | degree | hemisphere | parts | plus | first |
            HERE(TRIPLE) | percent | backslash;
    }
#undef HERE
#undef BACK
#undef ON
}

static void find_marks_plain(struct marks *m) { find_marks(m); }
#if defined(__x86_64__)
__attribute__((target("avx2"))) static void find_marks_avx2(struct marks *m) { find_marks(m); }
__attribute__((target("avx512f,avx512bw,prefer-vector-width=512"))) static void find_marks_avx512(struct marks *m) { find_marks(m); }
#else
#define find_marks_avx2 find_marks_plain
#define find_marks_avx512 find_marks_plain
#endif

/* The next blocks come to hand. */
static bool more(struct marks *m)
{
    static void (*const kernels[FILTER_COUNT])(struct marks *m) = {
        [FILTER_PLAIN] = find_marks_plain, [FILTER_SSSE3] = find_marks_plain, [FILTER_AVX2] = find_marks_avx2, [FILTER_AVX512] = find_marks_avx512,
    };

    if (m->next >= m->limit)
        return false;
    for (int set = 0; set < SETS; set++)
        m->classes[set][0] = m->classes[set][m->count];
    const size_t blocks = (m->limit - m->next + BLOCK - 1) / BLOCK;
    m->first = m->next;
    m->count = blocks < MARK_BLOCKS ? blocks : MARK_BLOCKS;
    m->next += m->count * BLOCK;
    m->here = 0;
    classify(m);
    kernels[m->kernel](m);
    if (m->next > m->limit)
        m->marked[m->count - 1] &= (UINT64_C(1) << (BLOCK - (m->next - m->limit))) - 1;
    return true;
}

void marks_begin(struct marks *m, const uint8_t *at, size_t len, size_t from, size_t limit,
                 const struct mark_triples *triples,
                 enum filter_kernel kernel)
{
    uint64_t *maps[SETS];
    const size_t before = from < BLOCK ? from : BLOCK;

    m->at = at;
    m->len = len;
    m->next = from;
    m->limit = limit;
    m->triples = triples;
    m->kernel = kernel;
    m->first = m->count = m->here = 0;
    for (int set = 0; set < SETS; set++) {
        maps[set] = &m->classes[set][0];
        *maps[set] = 0;
    }
    byte_sets_map(kernel, sets, SETS, at + from - before, before, maps);
    for (int set = 0; set < SETS && before; set++)
        *maps[set] <<= BLOCK - before;
}

bool marks_next(struct marks *m)
{
    do
        for (; m->here < m->count; m->here++)
            if (m->marked[m->here]) {
                m->any = m->marked[m->here];
                m->block = m->first + BLOCK * m->here++;
                return true;
            }
    while (more(m));
    return false;
}

unsigned marks_digits_from(const struct marks *m, size_t at)
{
    const uint64_t *word = &m->classes[DIGIT][1 + (at - m->first) / BLOCK];
    const unsigned n = (at - m->first) % BLOCK;
    const uint64_t none = ~(n ? bits_on(word[0], word[1], n) : word[0]);

    return none ? (unsigned)__builtin_ctzll(none) : BLOCK;
}

unsigned marks_digits_before(const struct marks *m, size_t at)
{
    const uint64_t *word = &m->classes[DIGIT][(at - m->first) / BLOCK];
    const unsigned n = (at - m->first) % BLOCK;
    const uint64_t none = ~(n ? bits_on(word[0], word[1], n) : word[0]);

    return none ? (unsigned)__builtin_clzll(none) : BLOCK;
}
