#include "leak/marks.h"

#include <string.h>

#include "leak/byte_sets.h"

enum { BLOCK = 64 };

/* What runs are made of, as maps of bits: the other marks are rare enough to be looked at one by one. */
enum class { DIGIT, POLYLINE, SETS };
_Static_assert((int)SETS == (int)MARK_CLASSES, "struct marks has room for them");
_Static_assert((int)DIGIT == (int)MARK_CLASS_DIGIT, "it is known by that number outside");

static const struct byte_set sets[SETS] = {
    [DIGIT] = { .by_low = { 8, 8, 8, 8, 8, 8, 8, 8, 8, 8 } },
    /* ? to ~ */
    [POLYLINE] = { .by_low = { 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0x78 } },
};

/* What each mark has right before it, itself, and right behind it: which high and which low half bytes.  Bytes that are
 * no part of a word take two lines. */
#define ANY { 0xffff, 0xffff }
#define DIGITS { 1 << 3, 0x3ff }
#define NUMBERS { 1 << 2 | 1 << 3, 0x3ff } /* and blanks and quotes */
#define LETTERS { 0x00f8, 0xffff }         /* and digits, and more */
#define APART { 0xff0f, 0xffff }
#define APART_TOO { 0x00f0, 0xf801 }
#define ONE(c) { 1 << ((c) >> 4), 1 << ((c) & 15) }
#define SIDES { 1 << 4 | 1 << 5, 1 << 3 | 1 << 5 | 1 << 7 | 1 << 14 } /* N, S, E and W */
static const struct filter_unit shapes[] = {
    { { DIGITS, { 1 << 2, 1 << (',' & 15) | 1 << ('.' & 15) | 1 << (' ' & 15) }, DIGITS } },
    { { DIGITS, ONE(':'), DIGITS } },
    { { ANY, ONE('/'), DIGITS } },
    { { ANY, ONE('='), DIGITS } }, { { ANY, ONE('='), ONE('-') } },
    { { { 1 << 3 | 1 << (0xc2 >> 4), 0x3ff }, ONE(0xb0), ANY } },
    { { NUMBERS, SIDES, APART } }, { { NUMBERS, SIDES, APART_TOO } },
    { { APART, SIDES, NUMBERS } }, { { APART_TOO, SIDES, NUMBERS } },
    { { LETTERS, ONE('+'), ANY } },
    { { ANY, ONE('%'), LETTERS } },
    { { ANY, ONE('\\'), { 0x00fc, 0xffff } } },
};

static inline bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static inline bool is_word(uint8_t c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); }
static inline bool is_quote(uint8_t c) { return c == '"' || c == '\''; }

/* N, S, E or W at p[0]. */
static bool hemisphere_at(const uint8_t *p)
{
    const bool number_before = is_digit(p[-1]) || is_quote(p[-1]) ||
        (p[-1] == ' ' && (is_digit(p[-2]) || is_quote(p[-2])));
    const bool number_behind = is_digit(p[1]) || (p[1] == ' ' && is_digit(p[2]));

    return (number_before && !is_word(p[1])) || (number_behind && !is_word(p[-1]));
}

/* A digit before p[0] and two behind; and two more. */
static inline bool number_around(const uint8_t *p)
{
    return (int)is_digit(p[-1]) & is_digit(p[1]) & is_digit(p[2]);
}
static inline bool four_digits(const uint8_t *p) { return (int)is_digit(p[3]) & is_digit(p[4]); }

/* The mark at p[0], of those that have a shape; MARK_COUNT: none.  p[-2] to p[4] may be read. */
static enum text_mark mark_at(const uint8_t *p)
{
    /* Points are the most, and a switch is guessed badly. */
    if (p[0] == '.')
        return !number_around(p) ? MARK_COUNT : four_digits(p) ? MARK_POINT : MARK_COARSE;
    switch (p[0]) {
    case ',': return number_around(p) && four_digits(p) ? MARK_COMMA : MARK_COUNT;
    case ' ':
    case ':': return number_around(p) && (p[3] == ' ' || p[3] == ':') && is_digit(p[4]) ? MARK_PARTS : MARK_COUNT;
    case '/': return is_digit(p[1]) && (p[2] == '/' || (is_digit(p[2]) && p[3] == '/')) ? MARK_SLASH : MARK_COUNT;
    case '=': return is_digit(p[1]) || p[1] == '-' ? MARK_EQUALS : MARK_COUNT;
    case 0xb0: return is_digit(p[-1]) || p[-1] == 0xc2 ? MARK_DEGREE : MARK_COUNT; /* in UTF-8 it has two bytes */
    case 'N':
    case 'S':
    case 'E':
    case 'W': return hemisphere_at(p) ? MARK_HEMISPHERE : MARK_COUNT;
    case '+': return is_word(p[-1]) && is_word(p[-2]) ? MARK_PLUS : MARK_COUNT; /* of eight */
    case '%': return is_word(p[1]) ? MARK_PERCENT : MARK_COUNT;
    case '\\': return is_word(p[1]) || is_quote(p[1]) || p[1] == '\\' || p[1] == '/' ? MARK_BACKSLASH : MARK_COUNT;
    default: return MARK_COUNT;
    }
}

static inline uint32_t triple_hash(const uint8_t at[3])
{
    return (at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16) * UINT32_C(0x9e3779b1);
}

static inline uint64_t bit_of(const uint64_t *bits, unsigned slot) { return bits[slot >> 6] >> (slot & 63) & 1; }

/* Each once. */
static void keep_few(struct mark_triples *t, const uint8_t at[3])
{
    for (size_t i = 0; i < t->few_count && i < MARK_FEW; i++)
        if (memcmp(t->few[i], at, sizeof t->few[i]) == 0)
            return;
    if (t->few_count < MARK_FEW)
        memcpy(t->few[t->few_count], at, sizeof t->few[t->few_count]);
    t->few_count += t->few_count <= MARK_FEW;
}

void mark_triples_add(struct mark_triples *t, const uint8_t at[3], int wanted)
{
    const unsigned near = triple_hash(at) >> (32 - MARK_NEAR_BITS), far = triple_hash(at) >> (32 - MARK_FAR_BITS);

    filter_add(&t->filter, at, wanted == MARK_ANY_BUCKET ? near & 7 : (unsigned)wanted & 7);
    filter_add(&t->wide, at, at[0] >> 2);
    t->near[near >> 6] |= UINT64_C(1) << (near & 63);
    t->far[far >> 6] |= UINT64_C(1) << (far & 63);
    t->any = true;
    keep_few(t, at);
}

/* Of few triples a filter of their own lets less through than one in eight buckets. */
static void build_for_few(struct mark_triples *t)
{
    struct filter_unit units[MARK_FEW];

    memset(units, 0, sizeof units);
    for (size_t i = 0; i < t->few_count; i++)
        filter_unit_add(&units[i], t->few[i]);
    filter_build(&t->filter, units, t->few_count);
}

void mark_triples_done(struct mark_triples *t)
{
    /* A wide one costs eight times as much, and what passes more still. */
    const double most = 0.04, most_wide = 0.15;

    filter_build(&t->shapes, shapes, sizeof shapes / sizeof *shapes);
    if (t->any && t->few_count <= MARK_FEW)
        build_for_few(t);
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
    uint64_t *found = m->marks[MARK_TRIPLE];
    const size_t seen = m->len - m->first, begins = seen < FILTER_KEY_BYTES ? 0 : seen - FILTER_KEY_BYTES + 1;
    const size_t n = begins < m->count * BLOCK ? begins : m->count * BLOCK;

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

/* Where a mark with a shape may stand.  The first and the last byte of all have nothing on one side. */
static void find_shapes(struct marks *m)
{
    const struct filter *f = &m->triples->shapes;
    const size_t left = m->len - m->first, n = left < m->count * BLOCK ? left : m->count * BLOCK;
    uint8_t head[BLOCK + FILTER_KEY_BYTES] = { 0 };
    size_t done = 0;

    for (size_t w = 0; w < together(m->count); w++)
        m->may[w] = 0;
    if (n == 0)
        return;
    if (m->first == 0) {
        const size_t seen = left < BLOCK + 1 ? left : BLOCK + 1;
        memcpy(head + 1, m->at, seen);
        filter_candidates(f, m->kernel, head, seen - (seen == BLOCK + 1), m->may);
        done = BLOCK;
    }
    /* As far as there is a byte behind. */
    const size_t end = n < left ? n : left - 1;
    if (end > done)
        filter_candidates(f, m->kernel, m->at + m->first + done - 1, end - done, m->may + done / BLOCK);
    if (n == left)
        m->may[(n - 1) / BLOCK] |= UINT64_C(1) << (n - 1) % BLOCK;
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
    for (int mark = 0; mark < MARK_COUNT; mark++)
        memset(m->marks[mark], 0, together(m->count) * sizeof *m->marks[mark]);
    find_triples(m);
    find_shapes(m);
}

/* Where runs begin, from the classes of the bytes in and around each block: word by word, so that compilers can take
 * several at once. */
__attribute__((always_inline))
static inline void find_runs(struct marks *m)
{
#define HERE(class) m->classes[class][w + 1]
#define BACK(class, n) (m->classes[class][w + 1] << (n) | m->classes[class][w] >> (BLOCK - (n)))
#define ON(class, n) (m->classes[class][w + 1] >> (n) | m->classes[class][w + 2] << (BLOCK - (n)))
    for (size_t w = 0; w < together(m->count); w++) {
        const uint64_t polyline = HERE(POLYLINE) & ON(POLYLINE, 1) & ON(POLYLINE, 2) & ON(POLYLINE, 3) &
            ON(POLYLINE, 4) & ON(POLYLINE, 5) &
                                  ON(POLYLINE, 6) & ON(POLYLINE, 7) & ON(POLYLINE, 8) & ON(POLYLINE, 9);
        const uint64_t digits = HERE(DIGIT) & ~BACK(DIGIT, 1) & ON(DIGIT, 1) & ON(DIGIT, 2) & ON(DIGIT, 3) &
            ON(DIGIT, 4) & ON(DIGIT, 5);
        const uint64_t first = polyline & ~BACK(POLYLINE, 1);
        m->marks[MARK_DIGITS][w] = digits;
        m->marks[MARK_POLYLINE][w] = first;
        m->marked[w] = digits | first | m->marks[MARK_TRIPLE][w];
    }
#undef HERE
#undef BACK
#undef ON
}

static void find_runs_plain(struct marks *m) { find_runs(m); }
#if defined(__x86_64__)
__attribute__((target("avx2"))) static void find_runs_avx2(struct marks *m) { find_runs(m); }
__attribute__((target("avx512f,avx512bw,prefer-vector-width=512"))) static void find_runs_avx512(struct marks *m) { find_runs(m); }
#else
#define find_runs_avx2 find_runs_plain
#define find_runs_avx512 find_runs_plain
#endif

/* Outside of what is at hand there is nothing: zeros. */
static enum text_mark mark_at_edge(const struct marks *m, size_t at)
{
    enum { BEFORE = 2, BEHIND = 5 };
    uint8_t around[BEFORE + BEHIND] = { 0 };
    const size_t before = at < BEFORE ? at : BEFORE, behind = m->len - at < BEHIND ? m->len - at : BEHIND;

    memcpy(around + BEFORE - before, m->at + at - before, before + behind);
    return mark_at(around + BEFORE);
}

static void look_at_shapes(struct marks *m)
{
    enum { BEFORE = 2, BEHIND = 5 };

    for (size_t w = 0; w < m->count; w++)
        for (uint64_t may = m->may[w]; may; may &= may - 1) {
            const size_t at = m->first + w * BLOCK + (unsigned)__builtin_ctzll(may);
            const bool edge = at < BEFORE || m->len - at < BEHIND;
            const enum text_mark mark = edge ? mark_at_edge(m, at) : mark_at(m->at + at);
            if (mark == MARK_COUNT)
                continue;
            m->marks[mark][w] |= may & -may;
            m->marked[w] |= may & -may;
        }
}

/* The next blocks come to hand. */
static bool more(struct marks *m)
{
    static void (*const kernels[FILTER_COUNT])(struct marks *m) = {
        [FILTER_PLAIN] = find_runs_plain, [FILTER_SSSE3] = find_runs_plain, [FILTER_AVX2] = find_runs_avx2, [FILTER_AVX512] = find_runs_avx512,
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
    look_at_shapes(m);
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
