#ifndef LEASH_LEAK_LITERALS_INSIDE_H
#define LEASH_LEAK_LITERALS_INSIDE_H

#include <string.h>

#include "leak/byte_sets.h"
#include "leak/literals.h"

/* What literals.c, which makes the tables, shares with those that look into them; for literals*.c only. */

enum { WINDOW_MAX = 8, STRIDE_MAX = 8, CLASSES = 4, BLOCK = 64 };

/* A string of at least `length_min` bytes has `stride` windows of `bytes`. */
struct window_class {
    uint8_t bytes, stride, length_min;
    uint64_t mask;
    uint32_t low, high;    /* what the halves of a window are multiplied by: vectors have no products of 64 bits */
};
static const struct window_class classes[CLASSES] = {
    { 8, 8, 15, UINT64_MAX, 0x9e3779b9, 0xe7037ed1 },
    { 8, 4, 11, UINT64_MAX, 0xd6e8feb9, 0xa0761d65 },
    { 5, 4, 8, UINT64_C(0xffffffffff), 0xb5ad4ecf, 0xc2b2ae35 },
    { 3, 4, LITERAL_MIN, UINT64_C(0xffffff), 0x9e3779b1, 0 },
};

struct literal {
    uint32_t at;          /* in bytes */
    uint8_t len;
    uint8_t from;         /* where the first of its windows begins */
    bool ignore_case;
    bool word;            /* all of it is of KIND_WORD's bytes */
};

/* What a window is made of: of letters, digits and what base64 has besides alone; of what else can be printed; of other
 * bytes too.  A window of the data is only looked up among those of its kind: few of those in a text are words alone,
 * and none of those of packed bytes can be printed.  Windows of strings that are words to their ends have a kind of their
 * own, and are only looked for in words that are as long as the shortest of their class: few of those in a text are. */
enum window_kind { KIND_LONG_WORD, KIND_WORD, KIND_PRINTED, KIND_ANY, KINDS };

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
    struct byte_set first, third; /* bytes of windows of KIND_WORD and KIND_PRINTED, of either case */
    enum filter_kernel kernel;
    uint32_t *bucket_first; /* into items, by hash */
    unsigned bucket_shift;
    uint32_t *items;        /* number * STRIDE_MAX + window */
    size_t item_count;
};

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

/* Of the sum of products the upper bits of the lower half depend on all bytes: they become the highest ones. */
static inline uint64_t hash_of(uint64_t window, int class)
{
    const uint64_t w = folded(window) & classes[class].mask;
    const uint64_t sum = (w & UINT32_MAX) * classes[class].low + (w >> 32) * classes[class].high;

    return sum << 32 | sum >> 32;
}

/* The upper bits of a hash choose the word and the bucket, the lowest ones three bits of the word. */
static inline uint64_t filter_bits(uint64_t hash)
{
    return UINT64_C(1) << (hash & 63) | UINT64_C(1) << (hash >> 6 & 63) | UINT64_C(1) << (hash >> 12 & 63);
}

static inline int class_of(size_t len)
{
    int class = 0;

    while (len < classes[class].length_min)
        class++;
    return class;
}

/* Which windows of a class may be known, by the filter, of those that are `wanted` in some blocks of a piece: bit n of
 * known[i] is that which begins at at[BLOCK * blocks[i] + n], wanted if bit n of wanted[blocks[i]] is set, one of `every`
 * some bytes.  Of each block BLOCK + WINDOW_MAX bytes may be read. */
struct window_blocks {
    const uint8_t *at;
    const uint64_t *wanted;
    uint64_t every;
    size_t count;
    uint8_t blocks[BLOCK];
    uint64_t known[BLOCK];
};
typedef void window_look(const struct window_filter *f, int class, struct window_blocks *b);
/* NULL: the processor has nothing that does several at once. */
window_look *window_look_of(enum filter_kernel kernel);

#endif
