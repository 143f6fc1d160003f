#ifndef LEASH_RADIO_SCRAMBLER_H
#define LEASH_RADIO_SCRAMBLER_H

#include <stddef.h>
#include <stdint.h>

/* The Gold sequence of 3GPP TS 36.211, 7.2, begun with 0x12345678 as DJI does
 * (RUB-SysSec/DroneSecurity:src/goldgen.py).  One bit a byte. */
void scrambler_bits(uint8_t *ret, size_t count);

#endif
