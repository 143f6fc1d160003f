#include "leak/literals_inside.h"

#include <stdlib.h>

#include "base/memory.h"

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

    const enum window_kind kind = t->word ? KIND_LONG_WORD : all_in(&byte_set_base64, at, n) ? KIND_WORD
        : all_in(&byte_set_printed, at, n) ? KIND_PRINTED : KIND_ANY;
    return &l->filters[class][kind];
}

/* Few windows are of those kinds, and many of the data. */
static void note_bytes(struct literals *l, const struct literal *t, size_t from)
{
    struct byte_set *const sets[] = { &l->first, &l->third };
    const uint8_t *at = l->bytes + t->at + from;

    const struct window_filter *filters = l->filters[class_of(t->len)], *f = filter_of(l, t, from);

    if (f != &filters[KIND_WORD] && f != &filters[KIND_PRINTED])
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
        l->list[i].word = all_in(&byte_set_base64, l->bytes + l->list[i].at, l->list[i].len);
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
