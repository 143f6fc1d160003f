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

/* The key up to one byte, by records of one size: any key is what is written XORed with one and the same byte all over.
 * False: there are none. */
bool xor_key_by_records(const struct xor_sample *sample, struct xor_key *key);

/* The byte that is to be XORed with all of `key` (of one byte too) so that positions appear; false: none does. */
bool xor_byte_by_positions(const struct position_index *positions, const struct xor_votes *votes, const struct xor_sample *sample,
                           const struct xor_key *key, uint8_t *ret);

#endif
