#include "leak/literals.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { WINDOW_MAX = 8, STRIDE_MAX = 8, CLASSES = 4 };

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

struct literals {
    uint8_t *bytes;
    size_t bytes_len, bytes_room;
    struct literal *list;
    size_t count, room;
    bool used[CLASSES];
    uint64_t *filter;       /* three bits of one word for each window */
    unsigned filter_shift;
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
    free(l->filter);
    free(l->bucket_first);
    free(l->items);
    free(l);
}

size_t literals_count(const struct literals *l) { return l->count; }

size_t literals_memory_bytes(const struct literals *l)
{
    return sizeof *l + l->bytes_room + l->room * sizeof *l->list + l->item_count * sizeof *l->items +
           (l->item_count ? (UINT64_C(1) << (64 - l->filter_shift)) * sizeof *l->filter +
            ((UINT64_C(1) << (64 - l->bucket_shift)) + 1) * sizeof *l->bucket_first : 0);
}

bool literals_add(struct literals *l, const uint8_t *at, size_t len, bool ignore_case)
{
    if (len < LITERAL_MIN || len > LITERAL_MAX || l->bytes_len > UINT32_MAX - LITERAL_MAX || l->count >= UINT32_MAX / STRIDE_MAX)
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
    l->list[l->count++] = (struct literal){ .at = (uint32_t)l->bytes_len, .len = (uint8_t)len, .ignore_case = ignore_case };
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
    return UINT64_C(1) << (hash >> 24 & 63) | UINT64_C(1) << (hash >> 30 & 63) | UINT64_C(1) << (hash >> 36 & 63);
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

void literals_build(struct literals *l)
{
    if (l->count == 0)
        return;
    choose_windows(l);
    for (size_t i = 0; i < l->count; i++) {
        l->used[class_of(l->list[i].len)] = true;
        l->item_count += windows_of(&l->list[i]);
    }
    const unsigned bucket_bits = bits_for(l->item_count, 6, 26), filter_size_bits = bits_for(l->item_count / 2, 6, 24);
    l->bucket_shift = 64 - bucket_bits;
    l->filter_shift = 64 - filter_size_bits;
    l->filter = memory_alloc_array((size_t)1 << filter_size_bits, sizeof *l->filter);
    l->bucket_first = memory_alloc_array(((size_t)1 << bucket_bits) + 1, sizeof *l->bucket_first);
    l->items = memory_alloc_array(l->item_count, sizeof *l->items);
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < windows_of(&l->list[i]); k++) {
            const uint64_t hash = window_hash(l, &l->list[i], l->list[i].from + k);
            l->filter[hash >> l->filter_shift] |= filter_bits(hash);
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

struct scan {
    const struct literals *l;
    const uint8_t *at;
    size_t len;
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

static inline uint64_t hash_at(const uint8_t *at, int class)
{
    return hash_of(load(at, WINDOW_MAX), class);
}

static inline void look(const struct scan *s, size_t i, uint64_t hash, int class)
{
    const uint64_t bits = filter_bits(hash);

    if (__builtin_expect((s->l->filter[hash >> s->l->filter_shift] & bits) == bits, 0))
        compare(s, i, hash, class);
}

/* All offsets for one class.  The words of the filter are asked
 * for some offsets ahead of their use: a large filter lies outside the nearest cache. */
__attribute__((always_inline))
static inline void scan_class(const struct scan *s, int class)
{
    enum { AHEAD = 16 };
    const size_t stride = classes[class].stride, end = s->len < WINDOW_MAX ? 0 : s->len - WINDOW_MAX + 1;
    uint64_t hashes[AHEAD];
    size_t i = 0;

    if (!s->l->used[class])
        return;
    while (i < end) {
        size_t n = 0;
        for (; n < AHEAD && i + n * stride < end; n++) {
            hashes[n] = hash_at(s->at + i + n * stride, class);
            __builtin_prefetch(&s->l->filter[hashes[n] >> s->l->filter_shift]);
        }
        for (size_t k = 0; k < n; k++)
            look(s, i + k * stride, hashes[k], class);
        i += n * stride;
    }
    for (; i < s->len && s->len - i >= classes[class].bytes; i += stride)
        look(s, i, hash_of(load(s->at + i, classes[class].bytes), class), class);
}

void literals_scan(const struct literals *l, const uint8_t *at, size_t len,
                   void (*found)(void *user, uint32_t number, size_t end), void *user)
{
    const struct scan s = { .l = l, .at = at, .len = len, .found = found, .user = user };

    if (l->count == 0)
        return;
    scan_class(&s, 0);
    scan_class(&s, 1);
    scan_class(&s, 2);
    scan_class(&s, 3);
}
