#ifndef LEASH_LEAK_NUMBER_TEXT_H
#define LEASH_LEAK_NUMBER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers in text that may be angles. */

enum { NUMBER_BEFORE_MAX = 40, NUMBER_BEHIND_MAX = 64 }; /* bytes around a mark that are looked at */

struct number_text {
    size_t start, end;      /* of sign, digits, exponent and what closes them */
    double value;
    uint8_t whole_digits;
    uint8_t decimals;       /* after the exponent is applied */
    uint8_t fixed_chars;    /* signs, whole digits and points */
    uint8_t hemisphere;     /* 'N', 'S', 'E', 'W', or 0; S and W are in the value's sign */
    uint8_t letter_before;  /* of degrees and minutes: a letter that may be the hemisphere instead, or 0 */
};

/* The number around a decimal point or comma at `point`: "-104.9903", "+3.97392E+01".
 * at[0] is the first byte of all if `from_start`.  False: none, or it may be cut off. */
bool number_decimal(const uint8_t *at, size_t len, size_t point, bool from_start, struct number_text *ret);
/* The same with two or three decimals, and no exponent. */
bool number_coarse(const uint8_t *at, size_t len, size_t point, bool from_start, struct number_text *ret);
/* The whole number whose first digit stands at `first`, with a fraction of any length. */
bool number_whole(const uint8_t *at, size_t len, size_t first, bool from_start, struct number_text *ret);
/* Degrees, minutes and perhaps seconds, whose degrees' first digit stands at `first`:
 * 39 44 21.1 N, 39d44.352', N39:44:21, and with all usual signs.  The value is degrees. */
bool number_sexagesimal(const uint8_t *at, size_t len, size_t first, struct number_text *ret);
/* ddmmssN or dddmmssE, with a fraction or none, whose hemisphere stands at `letter`. */
bool number_compact(const uint8_t *at, size_t len, size_t letter, struct number_text *ret);

#endif
