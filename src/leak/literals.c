#include "leak/literals.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/memory.h"
#include "leak/byte_sets.h"

enum { WINDOW_MAX = 8, STRIDE_MAX = 8, CLASSES = 4, BLOCK = 64 };

/* A string of at least `length_min` bytes has `stride` windows of `bytes`. */
struct window_class {
    uint8_t bytes, stride, length_min;
    uint64_t mask, multiplier;
};
static const struct window_class classes[CLASSES] = {
    { 8, 8, 15, UINT64_MAX, UINT64_C(0x9e3779b97f4a7c15) },
    { 8, 4, 11, UINT64_MAX, UINT64_C(0xe7037ed1a0b428db) },
    { 5, 4, 8, UINT64_C(0xffffffffff), UINT64_C(0xd6e8feb86659fd93) },
    { 3, 4, LITERAL_MIN, UINT64_C(0xffffff), UINT64_C(0xa0761d6478bd642f) },
};

struct literal {
    uint32_t at;          /* in bytes */
    uint8_t len;
    uint8_t from;         /* where the first of its windows begins */
    bool ignore_case;
};

/* What a window is made of: of letters, digits and what base64 has besides alone; of what else can be printed; of other
 * bytes too.  A window of the data is only looked up among those of its kind: few of those in a text are words alone,
 * and none of those of packed bytes can be printed. */
enum window_kind { KIND_WORD, KIND_PRINTED, KIND_ANY, KINDS };

struct window_filter {
    size_t windows;
    uint64_t *words;        /* three bits of one word for each window */
    unsigned shift;
};

struct literals {
    uint8_t *bytes;
    size_t bytes_len, bytes_room;
    struct literal *list;
    size_t count, room;
    struct window_filter filters[CLASSES][KINDS];
    struct byte_set first, third; /* bytes of KIND_PRINTED, of either case */
    enum filter_kernel kernel;
    uint32_t *bucket_first; /* into items, by hash */
    unsigned bucket_shift;
    uint32_t *items;        /* number * STRIDE_MAX + window */
    size_t item_count;
};

struct literals *literals_new(void)
{
    return memory_alloc_array(1, sizeof(struct literals));
}

void literals_free(struct literals *l)
{
    if (!l)
        return;
    free(l->bytes);
    free(l->list);
    for (int class = 0; class < CLASSES; class++)
        for (int kind = 0; kind < KINDS; kind++)
            free(l->filters[class][kind].words);
    free(l->bucket_first);
    free(l->items);
    free(l);
}

size_t literals_count(const struct literals *l) { return l->count; }

static size_t filter_words(const struct window_filter *f) { return f->windows ? (size_t)1 << (64 - f->shift) : 0; }

size_t literals_memory_bytes(const struct literals *l)
{
    size_t words = 0;

    for (int class = 0; class < CLASSES; class++)
        for (int kind = 0; kind < KINDS; kind++)
            words += filter_words(&l->filters[class][kind]);
    return sizeof *l + l->bytes_room + l->room * sizeof *l->list + l->item_count * sizeof *l->items +
        words * sizeof(uint64_t) +
           (l->item_count ? ((UINT64_C(1) << (64 - l->bucket_shift)) + 1) * sizeof *l->bucket_first : 0);
}

bool literals_add(struct literals *l, const uint8_t *at, size_t len, bool ignore_case)
{
    if (len < LITERAL_MIN || len > LITERAL_MAX || l->bytes_len > UINT32_MAX - LITERAL_MAX ||
        l->count >= UINT32_MAX / STRIDE_MAX)
        return false;
    if (l->count == l->room) {
        l->room = l->room ? l->room * 2 : 64;
        l->list = memory_resize_array(l->list, l->room, sizeof *l->list);
    }
    if (l->bytes_room - l->bytes_len < len) {
        l->bytes_room = l->bytes_room ? l->bytes_room * 2 : 4096;
        l->bytes = memory_resize_array(l->bytes, l->bytes_room, 1);
    }
    memcpy(l->bytes + l->bytes_len, at, len);
    l->list[l->count++] = (struct literal){ .at = (uint32_t)l->bytes_len, .len = (uint8_t)len,
                                            .ignore_case = ignore_case };
    l->bytes_len += len;
    return true;
}

/* Upper and lower case are one: a window only has to be a necessary condition. */
static inline uint64_t folded(uint64_t window) { return window | UINT64_C(0x2020202020202020); }

static inline uint64_t load(const uint8_t *at, size_t len)
{
    uint64_t w = 0;

    memcpy(&w, at, len);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap64(w);
#endif
    return w;
}

static inline uint64_t hash_of(uint64_t window, int class)
{
    return (folded(window) & classes[class].mask) * classes[class].multiplier;
}

/* The upper bits of a hash choose the word and the bucket, middle ones three bits of the word. */
static inline uint64_t filter_bits(uint64_t hash)
{
    return UINT64_C(1) << (hash >> 30 & 63) | UINT64_C(1) << (hash >> 36 & 63) | UINT64_C(1) << (hash >> 42 & 63);
}

static int class_of(size_t len)
{
    int class = 0;

    while (len < classes[class].length_min)
        class++;
    return class;
}

static uint64_t window_hash(const struct literals *l, const struct literal *t, size_t from)
{
    const int class = class_of(t->len);

    return hash_of(load(l->bytes + t->at + from, classes[class].bytes), class);
}

/* Windows of zeros, blanks or one digit stand everywhere. */
static unsigned dullness(const uint8_t *at, size_t len)
{
    unsigned repeats = 0;

    for (size_t i = 1; i < len; i++)
        repeats += at[i] == at[i - 1] || at[i] == 0;
    return repeats * 2 >= len ? repeats * 64 : 0;
}

enum { CANDIDATES = 3 };

/* Where in the string its windows might begin: at its end, where serial numbers differ, in
 * the middle, at its beginning. */
static size_t candidates(const struct literal *t, size_t into[CANDIDATES])
{
    const struct window_class *class = &classes[class_of(t->len)];
    const size_t last = t->len - class->bytes - (class->stride - 1u);
    size_t n = 0;

    into[n++] = last;
    if (last >= 2)
        into[n++] = last / 2;
    if (last >= 1)
        into[n++] = 0;
    return n;
}

static void choose_windows(struct literals *l)
{
    unsigned bits = 16;

    while (bits < 24 && l->count * STRIDE_MAX * 2 > (size_t)1 << bits)
        bits++;
    uint16_t *seen = memory_alloc_array((size_t)1 << bits, sizeof *seen);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < l->count; i++) {
            struct literal *t = &l->list[i];
            const struct window_class *class = &classes[class_of(t->len)];
            size_t from[CANDIDATES], n = candidates(t, from);
            uint64_t best = UINT64_MAX;
            for (size_t c = 0; c < n; c++) {
                uint64_t shared = dullness(l->bytes + t->at + from[c], class->bytes + class->stride - 1u);
                for (size_t k = 0; k < class->stride; k++) {
                    uint16_t *count = &seen[window_hash(l, t, from[c] + k) >> (64 - bits)];
                    if (pass == 0)
                        *count += *count < UINT16_MAX;
                    shared += *count;
                }
                if (pass == 1 && shared < best) {
                    best = shared;
                    t->from = (uint8_t)from[c];
                }
            }
        }
    free(seen);
}

static unsigned bits_for(uint64_t count, unsigned least, unsigned most)
{
    unsigned bits = least;

    while (bits < most && UINT64_C(1) << bits < count)
        bits++;
    return bits;
}

static size_t windows_of(const struct literal *t) { return classes[class_of(t->len)].stride; }

static bool all_in(const struct byte_set *set, const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!byte_set_has(set, at[i]))
            return false;
    return true;
}

static struct window_filter *filter_of(struct literals *l, const struct literal *t, size_t from)
{
    const int class = class_of(t->len);
    const uint8_t *at = l->bytes + t->at + from;
    const size_t n = classes[class].bytes;

    return &l->filters[class][all_in(&byte_set_base64, at, n) ? KIND_WORD : all_in(&byte_set_printed, at,
                                                                                   n) ? KIND_PRINTED : KIND_ANY];
}

/* Few windows are of that kind, and many of the data. */
static void note_bytes(struct literals *l, const struct literal *t, size_t from)
{
    struct byte_set *const sets[] = { &l->first, &l->third };
    const uint8_t *at = l->bytes + t->at + from;

    if (filter_of(l, t, from) != &l->filters[class_of(t->len)][KIND_PRINTED])
        return;
    for (size_t i = 0; i < 2; i++) {
        const uint8_t c = at[2 * i], other = (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? c ^ 0x20 : c;
        byte_set_add(sets[i], c);
        byte_set_add(sets[i], other);
    }
}

/* From 16 to 32 bits for each window, and twice as many as long as the nearer caches hold them. */
static void make_filters(struct literals *l)
{
    enum { NEAR_BITS = 15 };

    for (int class = 0; class < CLASSES; class++)
        for (int kind = 0; kind < KINDS; kind++) {
            struct window_filter *f = &l->filters[class][kind];
            if (f->windows == 0)
                continue;
            const unsigned bits = bits_for(f->windows / 4, 6, 24);
            f->shift = 64 - (bits < NEAR_BITS ? bits + 1 : bits);
            f->words = memory_alloc_array(filter_words(f), sizeof *f->words);
        }
}

void literals_build(struct literals *l)
{
    if (l->count == 0)
        return;
    choose_windows(l);
    for (size_t i = 0; i < l->count; i++) {
        for (size_t k = 0; k < windows_of(&l->list[i]); k++)
            filter_of(l, &l->list[i], l->list[i].from + k)->windows++;
        l->item_count += windows_of(&l->list[i]);
    }
    const unsigned bucket_bits = bits_for(l->item_count, 6, 26);
    l->kernel = filter_best();
    l->bucket_shift = 64 - bucket_bits;
    make_filters(l);
    l->bucket_first = memory_alloc_array(((size_t)1 << bucket_bits) + 1, sizeof *l->bucket_first);
    l->items = memory_alloc_array(l->item_count, sizeof *l->items);
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < windows_of(&l->list[i]); k++) {
            const uint64_t hash = window_hash(l, &l->list[i], l->list[i].from + k);
            const struct window_filter *f = filter_of(l, &l->list[i], l->list[i].from + k);
            f->words[hash >> f->shift] |= filter_bits(hash);
            note_bytes(l, &l->list[i], l->list[i].from + k);
            l->bucket_first[hash >> l->bucket_shift]++;
        }
    /* Counts become ends; filling backwards makes them beginnings. */
    for (size_t b = 1; b <= (size_t)1 << bucket_bits; b++)
        l->bucket_first[b] += l->bucket_first[b - 1];
    for (size_t i = l->count; i-- > 0;)
        for (size_t k = windows_of(&l->list[i]); k-- > 0;)
            l->items[--l->bucket_first[window_hash(l, &l->list[i], l->list[i].from + k) >> l->bucket_shift]] =
                (uint32_t)(i * STRIDE_MAX + k);
}

bool literals_use(struct literals *l, enum filter_kernel kernel)
{
    if (!filter_kernels[kernel].works())
        return false;
    l->kernel = kernel;
    return true;
}

struct scan {
    const struct literals *l;
    const uint8_t *at;
    size_t len;
    bool wide;
    void (*found)(void *user, uint32_t number, size_t end);
    void *user;
};

static inline uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c; }

static bool equal(const uint8_t *a, const uint8_t *b, size_t len, bool ignore_case)
{
    if (!ignore_case)
        return memcmp(a, b, len) == 0;
    for (size_t i = 0; i < len; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

__attribute__((noinline))
static void compare(const struct scan *s, size_t i, uint64_t hash, int class)
{
    const struct literals *l = s->l;
    const size_t bucket = hash >> l->bucket_shift;

    for (uint32_t n = l->bucket_first[bucket]; n < l->bucket_first[bucket + 1]; n++) {
        const uint32_t number = l->items[n] / STRIDE_MAX;
        const struct literal *t = &l->list[number];
        const size_t before = t->from + l->items[n] % STRIDE_MAX;
        if (i < before || s->len - (i - before) < t->len || class_of(t->len) != class)
            continue;
        if (equal(s->at + i - before, l->bytes + t->at, t->len, t->ignore_case))
            s->found(s->user, number, i - before + t->len);
    }
}

enum { PIECE = 64 * BLOCK };

/* Windows of one class and kind that are to be looked up, by where in the piece they begin. */
struct wanted {
    size_t count;
    uint16_t offsets[PIECE / 4 + BLOCK / 4];
};

/* Of bits that are four or eight apart; the processor's own instruction may not be there. */
static inline unsigned count_bits(uint64_t bits)
{
    return (unsigned)(((bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f)) * UINT64_C(0x0101010101010101) >> 56);
}

/* The offsets of set bits.  How many there are is not to be foreseen, so some are written in any case. */
static inline void want(struct wanted *w, size_t from, uint64_t bits)
{
    enum { AT_ONCE = 4 };
    const size_t count = w->count + count_bits(bits);

    for (size_t i = w->count; bits; i += AT_ONCE)
        for (size_t k = 0; k < AT_ONCE; k++) {
            w->offsets[i + k] = (uint16_t)(from + (unsigned)__builtin_ctzll(bits | UINT64_C(1) << 63));
            bits &= bits - 1;
        }
    w->count = count;
}

/* `piece`: where it begins in the data. */
static void look(const struct scan *s, int class, const struct window_filter *f, size_t piece, const struct wanted *w)
{
    for (size_t i = 0; i < w->count; i++) {
        const size_t at = piece + w->offsets[i];
        const uint64_t window = __builtin_expect(s->len - at >= WINDOW_MAX, 1)
            ? load(s->at + at, WINDOW_MAX) : load(s->at + at, classes[class].bytes);
        const uint64_t hash = hash_of(window, class), bits = filter_bits(hash);
        if (__builtin_expect((f->words[hash >> f->shift] & bits) == bits, 0))
            compare(s, at, hash, class);
    }
}

#if defined(__x86_64__)
static bool wide_possible(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("bmi2");
}

/* Windows whose bits are set, eight at once, which begin eight bytes apart; 64 + WINDOW_MAX bytes from `from` on may be
 * read. */
__attribute__((target("avx512f,avx512bw,avx512dq,bmi2")))
static void look_wide(const struct scan *s, int class, const struct window_filter *f, size_t from, uint64_t wanted)
{
    const __m512i fold = _mm512_set1_epi64((long long)folded(0)),
        multiplier = _mm512_set1_epi64((long long)classes[class].multiplier);
    const __m512i mask = _mm512_set1_epi64((long long)classes[class].mask), one = _mm512_set1_epi64(1),
        six_bits = _mm512_set1_epi64(63);
    const __m128i shift = _mm_cvtsi32_si128((int)f->shift);

    for (unsigned first = 0; first < 8; first += 4) {
        const __mmask8 lanes = (__mmask8)_pext_u64(wanted >> first, UINT64_C(0x0101010101010101));
        if (!lanes)
            continue;
        const __m512i window = _mm512_or_si512(_mm512_loadu_si512(s->at + from + first), fold);
        const __m512i hash = _mm512_mullo_epi64(_mm512_and_si512(window, mask), multiplier);
        const __m512i words = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), lanes, _mm512_srl_epi64(hash, shift),
                                                          f->words, 8);
        __m512i bits = _mm512_sllv_epi64(one, _mm512_and_si512(_mm512_srli_epi64(hash, 42), six_bits));
        bits = _mm512_or_si512(bits, _mm512_sllv_epi64(one, _mm512_and_si512(_mm512_srli_epi64(hash, 30), six_bits)));
        bits = _mm512_or_si512(bits, _mm512_sllv_epi64(one, _mm512_and_si512(_mm512_srli_epi64(hash, 36), six_bits)));
        for (unsigned found = _mm512_mask_cmpeq_epi64_mask(lanes, _mm512_and_si512(words, bits), bits); found;
             found &= found - 1) {
            const size_t at = from + first + 8 * (size_t)__builtin_ctz(found);
            compare(s, at, hash_of(load(s->at + at, WINDOW_MAX), class), class);
        }
    }
}
#else
static bool wide_possible(void) { return false; }
#define look_wide(s, class, f, from, wanted) ((void)0)
#endif

enum { SET_WORD, SET_PRINTED, SET_FIRST, SET_THIRD, SETS };
enum { PIECE_WORDS = PIECE / BLOCK };
struct piece {
    size_t from, len;
    uint64_t map[SETS][PIECE_WORDS + 2];
    uint64_t windows[KINDS][PIECE_WORDS]; /* where windows of each kind begin that may be known */
};

/* Where so many bytes in a row are in a set; `behind`: the word behind it. */
static inline uint64_t windows_in(uint64_t here, uint64_t behind, size_t bytes)
{
    const uint64_t two = here & bits_on(here, behind, 1), two_behind = behind & behind >> 1;
    const uint64_t four = two & bits_on(two, two_behind, 2), four_behind = two_behind & two_behind >> 2;

    switch (bytes) {
    case 3: return two & bits_on(here, behind, 2);
    case 5: return four & bits_on(here, behind, 4);
    default: return four & bits_on(four, four_behind, 4);
    }
}

/* Of windows of so many bytes: word by word, so that compilers can take several at once. */
__attribute__((always_inline))
static inline void find_windows_of(struct piece *p, size_t words, size_t bytes)
{
    for (size_t w = 0; w < (words + 7) / 8 * 8; w++) { /* some more cost less than the last ones one by one */
        const uint64_t word = windows_in(p->map[SET_WORD][w], p->map[SET_WORD][w + 1], bytes);
        const uint64_t printed = windows_in(p->map[SET_PRINTED][w], p->map[SET_PRINTED][w + 1], bytes);
        p->windows[KIND_ANY][w] = ~printed;
        p->windows[KIND_WORD][w] = word;
        p->windows[KIND_PRINTED][w] = printed & ~word & p->map[SET_FIRST][w] & bits_on(p->map[SET_THIRD][w],
                                                                                       p->map[SET_THIRD][w + 1], 2);
    }
}

__attribute__((always_inline))
static inline void find_windows(struct piece *p, size_t words, size_t bytes)
{
    switch (bytes) {
    case 3: find_windows_of(p, words, 3); break;
    case 5: find_windows_of(p, words, 5); break;
    default: find_windows_of(p, words, 8);
    }
}

static void find_windows_plain(struct piece *p, size_t words, size_t bytes) { find_windows(p, words, bytes); }
#if defined(__x86_64__)
__attribute__((target("avx2"))) static void find_windows_avx2(struct piece *p, size_t words,
                                                              size_t bytes) { find_windows(p, words, bytes); }
__attribute__((target("avx512f,avx512bw,prefer-vector-width=512"))) static void find_windows_avx512(struct piece *p, size_t words, size_t bytes)
{
    find_windows(p, words, bytes);
}
#else
#define find_windows_avx2 find_windows_plain
#define find_windows_avx512 find_windows_plain
#endif

static void scan_piece(const struct scan *s, const struct piece *p, int class, enum window_kind kind)
{
    enum { MANY = 5 }; /* for fewer the wide one does not pay */
    const size_t bytes = classes[class].bytes;
    const struct window_filter *f = &s->l->filters[class][kind];
    const uint64_t stride = classes[class].stride == 4 ? UINT64_C(0x1111111111111111) : UINT64_C(0x0101010101010101);
    struct wanted few;

    few.count = 0;
    for (size_t w = 0; w * BLOCK < p->len; w++) {
        const size_t room = s->len - p->from - w * BLOCK;
        uint64_t wanted = p->windows[kind][w] & stride;
        if (!wanted)
            continue;
        if (room < bytes)
            break;
        if (room - bytes < BLOCK - 1)
            wanted &= (UINT64_C(2) << (room - bytes)) - 1;
        if (s->wide && room >= BLOCK + WINDOW_MAX && count_bits(wanted) >= MANY)
            look_wide(s, class, f, p->from + w * BLOCK, wanted);
        else
            want(&few, w * BLOCK, wanted);
    }
    look(s, class, f, p->from, &few);
}

static void scan_class(const struct scan *s, struct piece *p, int class)
{
    static void (*const kernels[FILTER_COUNT])(struct piece *p, size_t words, size_t bytes) = {
        [FILTER_PLAIN] = find_windows_plain, [FILTER_SSSE3] = find_windows_plain, [FILTER_AVX2] = find_windows_avx2, [FILTER_AVX512] = find_windows_avx512,
    };

    if (class == 0 || classes[class - 1].bytes != classes[class].bytes)
        kernels[s->l->kernel](p, (p->len + BLOCK - 1) / BLOCK, classes[class].bytes);
    for (int kind = 0; kind < KINDS; kind++)
        if (s->l->filters[class][kind].windows)
            scan_piece(s, p, class, (enum window_kind)kind);
}

static bool any_windows(const struct literals *l, size_t bytes)
{
    bool any = false;

    for (int class = 0; class < CLASSES; class++)
        for (int kind = 0; kind < KINDS && classes[class].bytes == bytes; kind++)
            any |= l->filters[class][kind].windows > 0;
    return any;
}

void literals_scan(const struct literals *l, const uint8_t *at, size_t len,
                   void (*found)(void *user, uint32_t number, size_t end), void *user)
{
    const struct scan s = { .l = l, .at = at, .len = len, .wide = l->kernel == FILTER_AVX512 && wide_possible(),
                            .found = found, .user = user };

    const struct byte_set sets[SETS] = { byte_set_base64, byte_set_printed, l->first, l->third };
    struct piece p;
    uint64_t *const maps[SETS] = { p.map[SET_WORD], p.map[SET_PRINTED], p.map[SET_FIRST], p.map[SET_THIRD] };

    if (l->count == 0)
        return;
    for (size_t from = 0; from < len; from += PIECE) {
        /* With the bytes behind it, in which windows end. */
        const size_t seen = len - from < PIECE + BLOCK ? len - from : PIECE + BLOCK;
        p.from = from;
        p.len = len - from < PIECE ? len - from : PIECE;
        byte_sets_map(l->kernel, sets, SETS, at + from, seen, maps);
        for (int set = 0; set < SETS; set++)
            for (size_t w = (seen + BLOCK - 1) / BLOCK; w <= (p.len + 8 * BLOCK - 1) / (8 * BLOCK) * 8; w++)
                p.map[set][w] = 0;
        for (int class = 0; class < CLASSES; class++)
            if (any_windows(l, classes[class].bytes))
                scan_class(&s, &p, class);
    }
}
