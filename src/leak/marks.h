#ifndef LEASH_LEAK_MARKS_H
#define LEASH_LEAK_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
struct mark_triples {
    uint8_t nibbles[3][2][16]; /* a bit per bucket, for high and low half of each byte */
    uint64_t bits[1024];       /* by 16 mixed bits of the three bytes */
    bool any;
};
/* Triples that differ in few half bytes are best kept together, in one `bucket` from 0 to 7; else MARK_ANY_BUCKET. */
enum { MARK_ANY_BUCKET = -1 };
void mark_triples_add(struct mark_triples *t, const uint8_t at[3], int bucket);

/* What the processor can. */
enum marks_vector { MARKS_PLAIN, MARKS_AVX2, MARKS_AVX512 };

/* Walks over blocks of 64. */
struct marks {
    const uint8_t *at;
    size_t len, next_block;
    const struct mark_triples *triples;
    enum marks_vector vector;
    unsigned turn;             /* which of the three is the block before */
    uint64_t classes[3][18];   /* of the block before, this one, and the one behind, in turns */
    uint64_t mark[MARK_COUNT]; /* bit n: offset block + n */
    uint64_t any;
    size_t block;
};

/* Begins so that the first block is that at `from`; what stands before it is looked at. */
void marks_begin(struct marks *m, const uint8_t *at, size_t len, size_t from, const struct mark_triples *triples,
                 enum marks_vector vector);
/* The next block that holds a mark and begins before `limit`; false: none. */
bool marks_next(struct marks *m, size_t limit);

static inline bool mark_is(const struct marks *m, enum text_mark mark, size_t at)
{
    return m->mark[mark] >> (at - m->block) & 1;
}

enum marks_vector marks_vector_possible(void);

#endif
