#ifndef LEASH_BASE_DIGITS_H
#define LEASH_BASE_DIGITS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* Decimal digits.  Eight in one word are worked out side by side: two halves, four pairs, eight digits. */

enum { DIGITS_EIGHT = 8 };

/* The values 0 to 9 of the eight digits of `value` (below 10^8, zeros in front), the first in the lowest byte.
 * x / 100 is x * 10486 / 2^20 up to 9999, and x / 10 is x * 103 / 2^10 up to 99. */
static inline uint64_t digits_of_eight(uint32_t value)
{
    const uint64_t halves = value / 10000 | (uint64_t)(value % 10000) << 32;
    const uint64_t hundreds = (halves * 10486) >> 20 & UINT64_C(0x7f0000007f);
    const uint64_t pairs = hundreds | (halves - hundreds * 100) << 16;
    const uint64_t tens = (pairs * 103) >> 10 & UINT64_C(0x000f000f000f000f);

    return tens | (pairs - tens * 10) << 8;
}

/* The number that two decimal digits write; DIGITS_NONE, all of whose bits are set, when one of them is no digit. */
#define DIGITS_NONE (~0U)
static inline unsigned digits_two(const uint8_t at[2])
{
    const unsigned tens = (unsigned)at[0] - '0', ones = (unsigned)at[1] - '0';

    return tens <= 9 && ones <= 9 ? tens * 10 + ones : DIGITS_NONE;
}

/* Writes eight characters, of which those from `skip` on (0 to 7) come first; what stands behind them is nothing. */
static inline void digits_put(char to[DIGITS_EIGHT], uint64_t digits, unsigned skip)
{
    const uint64_t characters = htole64((digits | UINT64_C(0x3030303030303030)) >> 8 * skip);

    memcpy(to, &characters, DIGITS_EIGHT);
}

/* How many zeros stand in front; 8 of 0. */
static inline unsigned digits_leading_zeros(uint64_t digits)
{
    return digits ? (unsigned)__builtin_ctzll(digits) / 8 : DIGITS_EIGHT;
}

/* How many zeros stand at the end; 8 of 0. */
static inline unsigned digits_trailing_zeros(uint64_t digits)
{
    return digits ? (unsigned)__builtin_clzll(digits) / 8 : DIGITS_EIGHT;
}

#endif
