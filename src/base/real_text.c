#include "base/real_text.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digits.h"
#include "base/text.h"

static int significant_digits(const char *number)
{
    int count = 0, zeros = 0;

    for (; *number && *number != 'e'; number++) {
        if (*number == '0' && count > 0)
            zeros++;
        if (*number >= '1' && *number <= '9') {
            count += zeros + 1;
            zeros = 0;
        }
    }
    return count;
}

/* Any double.  Up to 15 digits every decimal comes back from a double unchanged (DBL_DIG), so whether fewer do need not
 * be tried one by one. */
static size_t put_any(char into[REAL_TEXT_MAX], double value)
{
    enum { FEWEST = 6, SURE = 15, MOST = 17 };
    int len = 0;

    /* Numbers below DBL_MIN have fewer digits. */
    for (int precision = fabs(value) < DBL_MIN ? FEWEST : SURE; precision <= MOST; precision++) {
        len = snprintf(into, REAL_TEXT_MAX, "%.*g", precision, value);
        if (precision == MOST || strtod(into, NULL) == value) {
            const int needed = significant_digits(into);
            if (precision == SURE && needed < SURE)
                len = snprintf(into, REAL_TEXT_MAX, "%.*g", needed > FEWEST ? needed : FEWEST, value);
            break;
        }
    }
    return (size_t)len;
}

static const uint64_t tens_of[] = {
    UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000),
    UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000), UINT64_C(100000000000),
    UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000), UINT64_C(1000000000000000),
    UINT64_C(10000000000000000), UINT64_C(100000000000000000),
};

/* A whole number of up to 17 digits and of so many decimals, at most 20, without the zeros at its end; `integer` is
 * what stands before the point.  Gives how many characters.  Nothing that was stored is loaded again: that would be
 * waited for. */
static inline size_t put_decimal(char into[REAL_TEXT_MAX], bool negative, uint64_t integer, uint64_t whole,
                                 int decimals)
{
    enum { SIXTEEN = 2 * DIGITS_EIGHT };
    const uint64_t eight = tens_of[DIGITS_EIGHT];
    uint64_t fraction = decimals <= 17 ? whole - integer * tens_of[decimals] : whole;
    char *to = into;

    *to = '-';
    to += negative;
    to += text_put_small(to, (int64_t)integer);
    if (fraction == 0)
        return (size_t)(to - into);
    *to++ = '.';
    for (; decimals > SIXTEEN; decimals--) { /* of numbers below 1 */
        const uint64_t unit = decimals <= 18 ? tens_of[decimals - 1] : UINT64_MAX;
        const uint64_t digit = fraction / unit;
        *to++ = (char)('0' + digit);
        fraction -= digit * unit;
    }
    fraction *= tens_of[SIXTEEN - decimals];
    const uint64_t high = digits_of_eight((uint32_t)(fraction / eight)),
        low = digits_of_eight((uint32_t)(fraction % eight));
    digits_put(to, high, 0);
    digits_put(to + DIGITS_EIGHT, low, 0);
    to += low ? SIXTEEN - digits_trailing_zeros(low) : DIGITS_EIGHT - digits_trailing_zeros(high);
    while (to[-1] == '0') /* where all sixteen are: seldom */
        to--;
    return (size_t)(to - into);
}

#define PLAIN_MIN 1e-4 /* smaller ones have an exponent, */
#define PLAIN_MAX 1e9  /* and larger ones may */

/* Decimals with seven places at most and six before them: what devices measure, and positions as they store them.  The
 * value as a whole number of the seventh place, if dividing that gives the value again: both are exact, so the quotient
 * is what a reader makes of the digits.  Gives how many characters; 0: another kind of number. */
static inline size_t put_measured(char into[REAL_TEXT_MAX], double value)
{
    /* A double of whole sevenths is less than 2^-9 of them off, below 2^44, and the product's rounding less than 2^-10:
     * what is farther from a whole number is none, and need not be divided. */
    const double size = fabs(value), sevenths = 1e7, apart_max = 1.0 / 256;
    char *to = into;

    if (!(size >= PLAIN_MIN && size < 1e6))
        return 0;
    const double exact = size * sevenths;
    const int64_t whole = (int64_t)(exact + 0.5);
    if (fabs(exact - (double)whole) > apart_max || (double)whole / sevenths != size)
        return 0;
    const uint64_t integer = (uint64_t)whole / 10000000, fraction = (uint64_t)whole % 10000000;
    *to = '-';
    to += value < 0;
    to += text_put_small(to, (int64_t)integer);
    if (fraction == 0)
        return (size_t)(to - into);
    const uint64_t digits = digits_of_eight((uint32_t)(fraction * 10));
    *to++ = '.';
    digits_put(to, digits, 0);
    return (size_t)(to + DIGITS_EIGHT - digits_trailing_zeros(digits) - into);
}

/* Decimals of at most 15 digits in that range, which nearly all numbers in evidence are: the value as a whole number of
 * decimals, if dividing that gives the value again.  Both are exact, so the quotient is what a reader makes of the
 * digits.  Gives how many characters; 0: another kind of number. */
static size_t put_short(char into[REAL_TEXT_MAX], double value)
{
    enum { DIGITS = 15, PLAIN = 6 };
    static const double powers[DIGITS + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
                                               1e13, 1e14, 1e15 };
    const double size = fabs(value);
    int before = 0;

    if (!(size >= PLAIN_MIN && size < PLAIN_MAX))
        return 0;
    while (size >= powers[before])
        before++;
    const int decimals = DIGITS - before;
    const int64_t whole = (int64_t)(size * powers[decimals] + 0.5); /* below 2^53, so the sum is exact enough to round */
    if ((double)whole / powers[decimals] != size)
        return 0;
    if (before > PLAIN && whole % (int64_t)(10 * powers[decimals]) == 0)
        return 0; /* %g may write it with an exponent */
    return put_decimal(into, value < 0, (uint64_t)size, (uint64_t)whole, decimals);
}

enum { MANTISSA_BITS = 52, EXPONENT_BIAS = 1023 };

__extension__ typedef unsigned __int128 wide; /* 53 bits times a power of ten up to 10^20 */

/* A double as mantissa / 2^shift, and n / 2^shift with n = mantissa * 10^k, which has 17 digits before its point. */
struct scaled {
    wide n, step;        /* step: 10^k, from this double to the next one up */
    wide step_below;     /* doubles below a power of two lie closer */
    int shift;
    bool even;
    uint64_t seventeen;  /* n / 2^shift, cut */
};

/* The nearest whole number of `unit`s, if a reader makes the same double of it: if it is nearer than half of the
 * step. */
static inline bool rounds_back(const struct scaled *s, uint64_t unit, uint64_t *ret)
{
    const wide one = (wide)1 << s->shift, rest = s->n & (one - 1), whole_unit = (wide)unit << s->shift;
    const wide over = ((wide)(s->seventeen % unit) << s->shift) + rest;
    const uint64_t digits = s->seventeen / unit;
    const bool up = 2 * over > whole_unit || (2 * over == whole_unit && digits % 2 == 1);
    const wide apart = 2 * (up ? whole_unit - over : over), step = up ? s->step : s->step_below;

    *ret = digits + up;
    return apart < step || (apart == step && s->even);
}

/* A double of that range with the 15, 16 or 17 digits that it needs: positions that were worked out, as from
 * radians. */
static size_t put_long(char into[REAL_TEXT_MAX], double value)
{
    enum { MOST = 17, LEAST_K = 8 };
    static const double powers[] = { 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8 };
    static const wide tens[] = { (wide)100000000, (wide)1000000000, (wide)10000000000, (wide)100000000000,
        (wide)1000000000000, (wide)10000000000000, (wide)100000000000000, (wide)1000000000000000,
        (wide)10000000000000000, (wide)100000000000000000, (wide)1000000000000000000,
        (wide)10000000000 * 1000000000, (wide)10000000000 * 10000000000 };
    const double size = fabs(value);
    uint64_t bits, digits;
    int before = -3;

    if (!(size >= PLAIN_MIN && size < PLAIN_MAX))
        return 0;
    for (size_t i = 0; i < sizeof powers / sizeof *powers && size >= powers[i]; i++)
        before++;
    memcpy(&bits, &size, sizeof bits);
    const uint64_t hidden = UINT64_C(1) << MANTISSA_BITS, mantissa = (bits & (hidden - 1)) | hidden;
    const int k = MOST - before;
    struct scaled s = { .step = tens[k - LEAST_K], .shift = EXPONENT_BIAS + MANTISSA_BITS - (int)(bits >> MANTISSA_BITS),
                        .even = mantissa % 2 == 0 };
    s.n = mantissa * s.step;
    s.step_below = mantissa == hidden ? s.step / 2 : s.step;
    s.seventeen = (uint64_t)(s.n >> s.shift);

    /* Rounding never carries into what stands before the point: the double would be a whole number then, and short. */
    const uint64_t integer = (uint64_t)size;
    if (rounds_back(&s, 100, &digits))
        return put_decimal(into, value < 0, integer, digits, k - 2);
    if (rounds_back(&s, 10, &digits))
        return put_decimal(into, value < 0, integer, digits, k - 1);
    (void)rounds_back(&s, 1, &digits);
    return put_decimal(into, value < 0, integer, digits, k);
}

#define NEAR_MIN 0.1
#define NEAR_MAX 1e6
enum { NEAR_EXPONENT_MIN = -4 };

/* A double of that smaller range as its first 17 digits and 32 bits of what follows them, all in words. */
struct seventeen {
    uint64_t digits, rest, step; /* step: to the next double, in 2^-32 of the last digit, as `rest` */
    int decimals;
};

static inline struct seventeen seventeen_of(double size, uint64_t bits)
{
    enum { MOST = 17, REST_BITS = 32 };
    static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
    static const uint8_t before_point[] = { 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 6 };
    const uint64_t hidden = UINT64_C(1) << MANTISSA_BITS, mantissa = (bits & (hidden - 1)) | hidden;
    const int exponent = (int)(bits >> MANTISSA_BITS) - EXPONENT_BIAS, shift = MANTISSA_BITS - exponent;
    const int at_least = before_point[exponent - NEAR_EXPONENT_MIN]; /* of 2^exponent, and at most one more */
    const int decimals = MOST - at_least - (size >= powers[at_least]);
    const wide n = (wide)mantissa * tens_of[decimals];

    return (struct seventeen){
        .digits = (uint64_t)(n >> shift),
        .rest = (uint64_t)n >> (shift - REST_BITS) & UINT32_MAX,
        .step = tens_of[decimals] >> (shift - REST_BITS),
        .decimals = decimals,
    };
}

/* The nearest whole number of `unit`s, and how far from it the double is, twice: a reader makes the same double of it
 * where that is less than the step. */
static inline uint64_t apart_from(const struct seventeen *s, uint64_t unit, uint64_t *ret_nearest)
{
    const uint64_t one = UINT64_C(1) << 32, over = s->digits % unit * one + s->rest, under = unit * one - over;
    const uint64_t up = over > under;

    *ret_nearest = s->digits / unit + up;
    return 2 * (up ? under : over);
}

/* Positions that were worked out, as from radians: the 15, 16 or 17 digits that a double in that range needs, by the
 * first 32 bits behind the seventeenth alone.  0 where those do not decide: half of a unit, or of the step, is too
 * near.  Without branches, because how many are needed is chance from one number to the next. */
static inline size_t put_near(char into[REAL_TEXT_MAX], double value)
{
    enum { DOUBT = 4 };
    const uint64_t one = UINT64_C(1) << 32, hidden = UINT64_C(1) << MANTISSA_BITS;
    const double size = fabs(value);
    uint64_t bits, of_fifteen, of_sixteen;

    memcpy(&bits, &size, sizeof bits);
    if (!(size >= NEAR_MIN && size < NEAR_MAX) || (bits & (hidden - 1)) == 0) /* doubles below a power of two lie closer */
        return 0;
    const struct seventeen s = seventeen_of(size, bits);
    const uint64_t apart = apart_from(&s, 100, &of_fifteen), nearer = apart_from(&s, 10, &of_sixteen);
    if ((apart - s.step + DOUBT <= 2 * DOUBT) | (nearer - s.step + DOUBT <= 2 * DOUBT) | (apart == 100 * one) |
        (nearer == 10 * one) | (s.rest == one / 2))
        return 0;
    const uint64_t fifteen = apart < s.step, sixteen = nearer < s.step; /* fifteen do: so do sixteen, of which the last is 0 */
    uint64_t digits = s.digits + (s.rest > one / 2);
    digits ^= (digits ^ of_sixteen) & -sixteen;
    digits ^= (digits ^ of_fifteen) & -fifteen;
    return put_decimal(into, value < 0, (uint64_t)size, digits, s.decimals - (int)(fifteen + sixteen));
}

size_t real_text_put(char into[REAL_TEXT_MAX], double value)
{
    size_t len = 0;

    if (value == 0) {
        into[len] = '-';
        len += signbit(value) != 0;
        into[len++] = '0';
        return len;
    }
    len = put_measured(into, value);
    if (len == 0)
        len = put_near(into, value);
    if (len == 0)
        len = put_short(into, value);
    if (len == 0)
        len = put_long(into, value);
    return len > 0 ? len : put_any(into, value);
}
