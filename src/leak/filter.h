#ifndef LEASH_LEAK_FILTER_H
#define LEASH_LEAK_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A quick no for most offsets of a stretch of bytes: whether the three bytes there may be
 * the telling bytes of one of many numbers.  Each of the three is looked up by its two
 * half bytes; every look-up gives the set of buckets that allow it, and what all six
 * allow is a candidate.  Lets some other bytes through, never drops a wanted one. */

enum { FILTER_KEY_BYTES = 3, FILTER_SETS_MAX = 8 /* of eight buckets */ };

/* Keys that belong together: for each byte the sets of high [0] and low [1] half bytes. */
struct filter_unit {
    uint16_t halves[FILTER_KEY_BYTES][2];
};

void filter_unit_add(struct filter_unit *unit, const uint8_t key[FILTER_KEY_BYTES]);

struct filter {
    int sets;
    uint8_t halves[FILTER_SETS_MAX][FILTER_KEY_BYTES][2][16]; /* set, byte, half, value of the half */
    uint64_t whole[FILTER_KEY_BYTES][256];                    /* the same for whole bytes, all sets */
};

/* Puts the units into buckets so that as few as possible of the bytes that are usual in
 * evidence are candidates: many buckets when that pays for looking at them. */
void filter_build(struct filter *f, const struct filter_unit *units, size_t count);
/* Adds a key to one that was all zeros at first, by hand, to one of the 8 * FILTER_SETS_MAX buckets: it has as many
 * sets as that takes. */
void filter_add(struct filter *f, const uint8_t key[FILTER_KEY_BYTES], unsigned bucket);
/* The share of offsets that would be candidates in such bytes; for tests and tables. */
double filter_pass_rate(const struct filter *f);

/* Every kernel gives the same candidates. */
enum filter_kernel { FILTER_PLAIN, FILTER_SSSE3, FILTER_AVX2, FILTER_AVX512, FILTER_COUNT };

extern const struct filter_kernel_entry {
    const char *name;
    bool (*works)(void);   /* on this processor */
    /* Bit k % 64 of mask[k / 64] is set when offset k is a candidate.  Reads
     * 64 * words + 2 bytes. */
    void (*mask)(const struct filter *f, const uint8_t *at, size_t words, uint64_t *mask);
} filter_kernels[FILTER_COUNT];

enum filter_kernel filter_best(void); /* of those that work on this processor */

/* The same for any number of offsets: reads count + 2 bytes, writes (count + 63) / 64 words. */
void filter_candidates(const struct filter *f, enum filter_kernel kernel, const uint8_t *at, size_t count,
                       uint64_t *mask);

#endif
