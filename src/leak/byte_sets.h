#ifndef LEASH_LEAK_BYTE_SETS_H
#define LEASH_LEAK_BYTE_SETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "leak/filter.h"

/* Which bytes of a stretch are in each of some sets, as bits: what looks for runs and for
 * characters beside one another then works on 64 bytes at once and passes over what has none. */

/* Bytes below 128, or `upper`: none of these.  Of byte h * 16 + l bit h % 8 of by_low[l] says whether it is in it. */
struct byte_set {
    uint8_t by_low[16];
    bool upper;
};

/* The base64 alphabets, standard and URL-safe together (RFC 4648, sections 4 and 5); what can be printed, and line
 * breaks and tabs. */
extern const struct byte_set byte_set_base64, byte_set_printed;
static inline void byte_set_add(struct byte_set *set, uint8_t c) /* of its half */
{
    set->by_low[c & 15] |= (uint8_t)(1u << (c >> 4 & 7));
}
static inline bool byte_set_has(const struct byte_set *set, uint8_t c)
{
    return c >> 7 == set->upper && set->by_low[c & 15] >> (c >> 4 & 7) & 1;
}

/* Bit n of maps[i][w] is set when at[64 * w + n] is in sets[i].  Writes (len + 63) / 64 words of each; what lies behind
 * `len` is in no set, and not read.  All kernels, which have the names of the filter's, give the same. */
void byte_sets_map(enum filter_kernel kernel, const struct byte_set *sets, size_t count, const uint8_t *at, size_t len,
                   uint64_t *const maps[]);

/* The bits of a map from `n` places on, 0 < n < 64: `here` and the word behind it. */
static inline uint64_t bits_on(uint64_t here, uint64_t behind, unsigned n) { return here >> n | behind << (64 - n); }

#endif
