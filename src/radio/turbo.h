#ifndef LEASH_RADIO_TURBO_H
#define LEASH_RADIO_TURBO_H

#include "radio/lanes.h"

/* The code of a DroneID burst: the turbo code and rate matching of LTE (3GPP TS 36.212, 5.1.3 and 5.1.4)
 * with 1408 bits, of which the last 24 are a CRC, sent as 7200 bits. */
enum {
    TURBO_BITS = 1408, TURBO_BYTES = TURBO_BITS / 8, TURBO_CODED_BITS = 7200,
    TURBO_ITERATIONS_MAX = 12,
};

struct turbo;

struct turbo *turbo_new(bool wide);   /* `wide`: lanes_wide(), or false for the plain path */
void turbo_free(struct turbo *t);

/* `likelihoods` are those of the bits as sent, unscrambled: log(P(0) / P(1)).  True: the CRC24A
 * is good and the block is not all zeros, and `ret` is the block.  False: `ret` is untouched. */
__attribute__((warn_unused_result))
bool turbo_decode(struct turbo *t, const float likelihoods[TURBO_CODED_BITS], uint8_t ret[TURBO_BYTES],
                  unsigned *ret_iterations);

/* CRC24A of 36.212, 5.1.1; over a whole block with its CRC it gives 0. */
uint32_t crc24a(const uint8_t *at, size_t len);

#endif
