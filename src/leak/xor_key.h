#ifndef LEASH_LEAK_XOR_KEY_H
#define LEASH_LEAK_XOR_KEY_H

#include "leak/xor.h"

/* Inside of the search for keys; for xor*.c only. */

/* What may stand in the first telling bytes of a coordinate, by the differences of these: votes[first ^ second | (second ^ third) << 8]
 * has a bit for each first byte. */
struct xor_votes {
    uint32_t of[65536][8];
};
struct xor_votes *xor_votes_new(const struct position_index *positions);

/* Four bytes that often stand in text about positions: in names of fields, and in the figures and codes of the known areas. */
enum { XOR_CRIBS_MAX = 1024, XOR_CRIB_MIN = 6, XOR_CRIB_MAX = 12 };
struct xor_words {
    uint64_t of[4096]; /* by 18 mixed bits of the four */
    struct xor_crib {
        uint8_t len;
        char text[XOR_CRIB_MAX];
    } cribs[XOR_CRIBS_MAX]; /* longer pieces, each once */
    size_t crib_count;
};
struct xor_words *xor_words_new(const struct position_index *positions);
static inline unsigned xor_words_slot(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (a | (uint32_t)b << 8 | (uint32_t)c << 16 | (uint32_t)d << 24) * UINT32_C(0x9e3779b1) >> 14;
}
static inline bool xor_words_know(const struct xor_words *w, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    const unsigned slot = xor_words_slot(a, b, c, d);
    return w->of[slot >> 6] >> (slot & 63) & 1;
}

/* Bytes of a key that are zero leave what they meet as it is.  Most of them zero is no key, but
 * plain bytes with a little noise; one in eight may be. */
bool xor_is_key(const struct xor_key *key);

/* A key under which all becomes text; false: none. */
bool xor_key_of_text(const struct xor_words *words, const struct xor_sample *sample, struct xor_key *key);

/* The key up to one byte, by records of one size: any key is what is written XORed with one and the same byte all over.
 * False: there are none. */
bool xor_key_by_records(const struct xor_sample *sample, struct xor_key *key);

/* The byte that is to be XORed with all of `key` (of one byte too) so that positions appear; false: none does. */
bool xor_byte_by_positions(const struct position_index *positions, const struct xor_votes *votes, const struct xor_sample *sample,
                           const struct xor_key *key, uint8_t *ret);

#endif
