/* Where known windows stand: pieces of the data, by what their bytes are, then window by window. */
#include "leak/literals_inside.h"

struct scan {
    const struct literals *l;
    const uint8_t *at;
    size_t len;
    window_look *wide;
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

enum { SET_WORD, SET_PRINTED, SET_FIRST, SET_THIRD, SETS };
enum { PIECE_WORDS = PIECE / BLOCK };
struct piece {
    size_t from, len;
    uint64_t map[SETS][PIECE_WORDS + 2];
    uint64_t word[PIECE_WORDS];           /* where those of words begin, long or not */
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
        const uint64_t usual = p->map[SET_FIRST][w] & bits_on(p->map[SET_THIRD][w], p->map[SET_THIRD][w + 1], 2);
        p->windows[KIND_ANY][w] = ~printed;
        p->word[w] = word;
        p->windows[KIND_WORD][w] = word & usual;
        p->windows[KIND_PRINTED][w] = printed & ~word & usual;
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

/* Windows that stand in a row of at least `least` bytes of words.  What stands before the piece is not at hand: there
 * all that are words. */
__attribute__((always_inline))
static inline void find_long_of(struct piece *p, size_t words, unsigned bytes, unsigned least)
{
    const size_t n = (words + 7) / 8 * 8;
    uint64_t rows[PIECE_WORDS + 8 + 1];

    rows[0] = UINT64_MAX;
    for (size_t w = 0; w < n; w++) {
        uint64_t here = p->map[SET_WORD][w], behind = p->map[SET_WORD][w + 1];
        here &= bits_on(here, behind, 1);
        behind &= behind >> 1;
        here &= bits_on(here, behind, 2);
        behind &= behind >> 2;
        if (least >= 8) {
            here &= bits_on(here, behind, 4);
            behind &= behind >> 4;
        }
        rows[w + 1] = least == 4 || least == 8 ? here : here & bits_on(here, behind, least > 8 ? least - 8 : least - 4);
    }
    for (size_t w = 0; w < n; w++) {
        uint64_t here = rows[w + 1], before = rows[w];
        here |= bits_on(before, here, BLOCK - 1);
        before |= before << 1;
        here |= bits_on(before, here, BLOCK - 2);
        before |= before << 2;
        if (least - bytes == 7)
            here |= bits_on(before, here, BLOCK - 4);
        p->windows[KIND_LONG_WORD][w] = here & p->word[w];
    }
}

__attribute__((always_inline))
static inline void find_long(struct piece *p, size_t words, int class)
{
    switch (class) {
    case 0: find_long_of(p, words, 8, 15); break;
    case 1: find_long_of(p, words, 8, 11); break;
    case 2: find_long_of(p, words, 5, 8); break;
    default: find_long_of(p, words, 3, LITERAL_MIN);
    }
}

static void find_long_plain(struct piece *p, size_t words, int class) { find_long(p, words, class); }
#if defined(__x86_64__)
__attribute__((target("avx2"))) static void find_long_avx2(struct piece *p, size_t words, int class)
{
    find_long(p, words, class);
}
#else
#define find_long_avx2 find_long_plain
#endif

static void look_wide(const struct scan *s, int class, const struct window_filter *f, size_t piece,
                      struct window_blocks *b)
{
    s->wide(f, class, b);
    for (size_t i = 0; i < b->count; i++)
        for (uint64_t found = b->known[i]; found; found &= found - 1) {
            const size_t at = piece + (size_t)BLOCK * b->blocks[i] + (unsigned)__builtin_ctzll(found);
            compare(s, at, hash_of(load(s->at + at, WINDOW_MAX), class), class);
        }
}

static void scan_piece(const struct scan *s, const struct piece *p, int class, enum window_kind kind)
{
    enum { MANY = 6 }; /* for fewer the wide one does not pay */
    _Static_assert((int)PIECE_WORDS <= (int)BLOCK, "there is room for all blocks of a piece");
    const size_t bytes = classes[class].bytes;
    const struct window_filter *f = &s->l->filters[class][kind];
    const uint64_t stride = classes[class].stride == 4 ? UINT64_C(0x1111111111111111) : UINT64_C(0x0101010101010101);
    struct wanted few;
    struct window_blocks many;

    few.count = many.count = 0;
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
            many.blocks[many.count++] = (uint8_t)w;
        else
            want(&few, w * BLOCK, wanted);
    }
    if (many.count) {
        many.at = s->at + p->from;
        many.wanted = p->windows[kind];
        many.every = stride;
        look_wide(s, class, f, p->from, &many);
    }
    look(s, class, f, p->from, &few);
}

static void scan_class(const struct scan *s, struct piece *p, int class)
{
    static void (*const kernels[FILTER_COUNT])(struct piece *p, size_t words, size_t bytes) = {
        [FILTER_PLAIN] = find_windows_plain, [FILTER_SSSE3] = find_windows_plain, [FILTER_AVX2] = find_windows_avx2, [FILTER_AVX512] = find_windows_avx512,
    };

    const size_t words = (p->len + BLOCK - 1) / BLOCK;

    if (class == 0 || classes[class - 1].bytes != classes[class].bytes)
        kernels[s->l->kernel](p, words, classes[class].bytes);
    if (s->l->filters[class][KIND_LONG_WORD].windows) {
        if (s->l->kernel >= FILTER_AVX2)
            find_long_avx2(p, words, class);
        else
            find_long_plain(p, words, class);
    }
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
    const struct scan s = { .l = l, .at = at, .len = len, .wide = window_look_of(l->kernel),
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
