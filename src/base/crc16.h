#ifndef LEASH_BASE_CRC16_H
#define LEASH_BASE_CRC16_H

#include <stddef.h>
#include <stdint.h>

/* CRC-16 with the polynomial 0x1021, reflected (0x8408), no final XOR: MAVLink starts it at 0xffff,
 * DJI's records at 0x3692.  Goes on from `crc`. */
uint16_t crc16_add(uint16_t crc, const uint8_t *at, size_t len);

static inline uint16_t crc16_add_byte(uint16_t crc, uint8_t byte)
{
    uint8_t x = (uint8_t)(byte ^ (crc & 255));

    x ^= (uint8_t)(x << 4);
    return (uint16_t)(crc >> 8 ^ x << 8 ^ x << 3 ^ x >> 4);
}

#endif
