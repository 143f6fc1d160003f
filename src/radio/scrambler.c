#include "radio/scrambler.h"

enum { SKIPPED = 1600 };

void scrambler_bits(uint8_t *ret, size_t count)
{
    uint32_t x1 = 1, x2 = 0x12345678; /* bit i is the sequence's bit n + i, 31 of them */

    for (size_t n = 0; n < SKIPPED + count; n++) {
        if (n >= SKIPPED)
            ret[n - SKIPPED] = (uint8_t)((x1 ^ x2) & 1);
        const uint32_t next_1 = (x1 >> 3 ^ x1) & 1, next_2 = (x2 >> 3 ^ x2 >> 2 ^ x2 >> 1 ^ x2) & 1;
        x1 = x1 >> 1 | next_1 << 30;
        x2 = x2 >> 1 | next_2 << 30;
    }
}
