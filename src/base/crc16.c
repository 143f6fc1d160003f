#include "base/crc16.h"

enum { SLICES = 8, POLYNOMIAL = 0x8408 };

/* By slice k: the CRC of a byte with k zeros behind it. */
static uint16_t tables[SLICES][256];

static void make_tables(void)
{
    for (unsigned i = 0; i < 256; i++) {
        unsigned crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
        tables[0][i] = (uint16_t)crc;
    }
    for (int k = 1; k < SLICES; k++)
        for (unsigned i = 0; i < 256; i++)
            tables[k][i] = (uint16_t)(tables[k - 1][i] >> 8 ^ tables[0][tables[k - 1][i] & 0xff]);
}

uint16_t crc16_add(uint16_t crc, const uint8_t *at, size_t len)
{
    if (tables[0][1] == 0)
        make_tables();
    for (; len >= SLICES; at += SLICES, len -= SLICES)
        crc = tables[7][(crc ^ at[0]) & 0xff] ^ tables[6][(crc >> 8) ^ at[1]] ^ tables[5][at[2]] ^ tables[4][at[3]] ^
              tables[3][at[4]] ^ tables[2][at[5]] ^ tables[1][at[6]] ^ tables[0][at[7]];
    for (; len > 0; at++, len--)
        crc = (uint16_t)(crc >> 8 ^ tables[0][(crc ^ *at) & 0xff]);
    return crc;
}
