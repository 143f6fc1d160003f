#ifndef LEASH_LEAK_MARKS_H
#define LEASH_LEAK_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "leak/filter.h"

/* Where in bytes a coordinate or a place may be written as text: 64 offsets at once, by
 * what stands at and around each.  A mark is only a reason to look closer. */

enum text_mark {
    MARK_POINT,      /* "1.2345": a point with a digit before it and four behind */
    MARK_COMMA,      /* "1,2345" */
    MARK_COARSE,     /* "1.23" or "1.234" and no more digits */
    MARK_DIGITS,     /* the first of six digits or more */
    MARK_SLASH,      /* "/1/" or "/12/" */
    MARK_EQUALS,     /* "=1" or "=-1" */
    MARK_DEGREE,     /* a byte B0: degree sign, also as the second byte of UTF-8 */
    MARK_HEMISPHERE, /* N, S, E or W beside a number */
    MARK_PARTS,      /* "1 23 4" or "1:23:4": at the first blank or colon */
    MARK_PLUS,
    MARK_POLYLINE,   /* the first of ten characters or more from ? to ~ */
    MARK_TRIPLE,     /* one of the known beginnings */
    MARK_PERCENT,    /* a percent sign and a hex digit or letter */
    MARK_BACKSLASH,
    MARK_COUNT
};

/* Beginnings of words and of compressed streams: their first three bytes. */
enum { MARK_NEAR_BITS = 16, MARK_FAR_BITS = 19 };
enum { MARK_FEW = 256 };
struct mark_triples {
    struct filter filter, wide;  /* in eight buckets; in 64, by the first byte */
    uint8_t few[MARK_FEW][3];    /* the triples, as long as they are no more: then `filter` is made for them */
    size_t few_count;            /* MARK_FEW + 1: there are more */
    uint64_t near[(1 << MARK_NEAR_BITS) / 64], far[(1 << MARK_FAR_BITS) / 64]; /* by so many mixed bits of the three bytes */
    bool any;
    struct filter shapes;      /* of the marks that are told by three bytes, the one before and the one behind among them */
    const struct filter *use;  /* that one of the filters which pays; NULL: both let too much through */
};
/* To be called when all are added. */
void mark_triples_done(struct mark_triples *t);
/* Triples that differ in few half bytes are best kept together, in one `bucket` from 0 to 7; else MARK_ANY_BUCKET. */
enum { MARK_ANY_BUCKET = -1 };
void mark_triples_add(struct mark_triples *t, const uint8_t at[3], int bucket);

/* Walks over blocks of 64, of which some are looked at together. */
enum { MARK_CLASSES = 2, MARK_BLOCKS = 32, MARK_CLASS_DIGIT = 0 };
struct marks {
    const uint8_t *at;
    size_t len, next, limit;   /* `next`: offset of the first block that is not looked at yet */
    const struct mark_triples *triples;
    enum filter_kernel kernel;
    size_t first, count, here; /* blocks at hand: from offset `first` on, `count`, of which `here` is the next to give */
    uint64_t classes[MARK_CLASSES][MARK_BLOCKS + 3]; /* of the block before, those at hand, the one behind, and any */
    uint64_t marks[MARK_COUNT][MARK_BLOCKS], marked[MARK_BLOCKS];
    uint64_t may[MARK_BLOCKS]; /* where a mark of three bytes may stand */
    uint64_t any;              /* bit n: offset block + n has a mark */
    size_t block;
};

/* Begins so that the first block is that at `from`; what stands before it is looked at.  What begins at or behind
 * `limit` is not given. */
void marks_begin(struct marks *m, const uint8_t *at, size_t len, size_t from, size_t limit,
                 const struct mark_triples *triples,
                 enum filter_kernel kernel);
/* The next block that holds a mark; false: none. */
bool marks_next(struct marks *m);

/* The marks of one kind in the block that marks_next gave. */
static inline uint64_t marks_here(const struct marks *m, enum text_mark mark) { return m->marks[mark][m->here - 1]; }
static inline bool mark_is(const struct marks *m, enum text_mark mark, size_t at)
{
    return marks_here(m, mark) >> (at - m->block) & 1;
}

/* How many digits stand in a row from offset `at` on, and right before it: as far as 64 bytes are seen.  `at` is in the
 * block that marks_next gave, or right behind it. */
static inline uint64_t marks_not_digits(const struct marks *m, size_t at)
{
    const size_t n = at - m->block;
    const uint64_t *word = &m->classes[MARK_CLASS_DIGIT][m->here + n / 64];

    return ~(word[0] >> n % 64 | word[1] << 1 << (63 - n % 64));
}
static inline unsigned marks_digits_from(const struct marks *m, size_t at)
{
    const uint64_t none = marks_not_digits(m, at);

    return none ? (unsigned)__builtin_ctzll(none) : 64;
}
static inline unsigned marks_digits_before(const struct marks *m, size_t at)
{
    const uint64_t *word = &m->classes[MARK_CLASS_DIGIT][m->here - 1];
    const size_t n = at - m->block;
    const uint64_t none = ~(word[0] >> n | word[1] << 1 << (63 - n));

    return none ? (unsigned)__builtin_clzll(none) : 64;
}

#endif
