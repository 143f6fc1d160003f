#include "base/text.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/digits.h"

struct text text_of(const char *nul_terminated)
{
    if (!nul_terminated)
        return TEXT_UNKNOWN;
    return (struct text){ .at = nul_terminated, .len = strlen(nul_terminated) };
}

static unsigned char ascii_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 'a' - 'A') : c;
}

bool text_equal_ignoring_case(struct text a, struct text b)
{
    if (a.len != b.len || !a.at != !b.at)
        return false;
    if (bytes_same(a.at, b.at, a.len)) /* mostly they are written alike */
        return true;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower((unsigned char)a.at[i]) != ascii_lower((unsigned char)b.at[i]))
            return false;
    return true;
}

bool text_ends_with(struct text t, struct text suffix)
{
    return t.len >= suffix.len &&
           (suffix.len == 0 || memcmp(t.at + t.len - suffix.len, suffix.at, suffix.len) == 0);
}

int text_compare(struct text a, struct text b)
{
    const size_t common = a.len < b.len ? a.len : b.len;

    if (!a.at != !b.at)
        return a.at ? 1 : -1;
    const int order = common ? memcmp(a.at, b.at, common) : 0;
    if (order)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

struct text text_of_padded(struct bytes field)
{
    const uint8_t *nul = field.len ? memchr(field.at, 0, field.len) : NULL;
    size_t len = nul ? (size_t)(nul - field.at) : field.len;

    while (len > 0 && (field.at[len - 1] == ' ' || field.at[len - 1] == '\t' ||
                       field.at[len - 1] == '\r' || field.at[len - 1] == '\n'))
        len--;
    return len ? (struct text){ .at = (const char *)field.at, .len = len } : TEXT_UNKNOWN;
}

/* Unicode 15, table 3-7: well-formed UTF-8 byte sequences. */
size_t text_utf8_length(struct text t)
{
    const unsigned char *u = (const unsigned char *)t.at;
    unsigned char second_min = 0x80, second_max = 0xbf;
    size_t len;

    if (t.len == 0)
        return 0;
    if (u[0] < 0x80)
        return 1;
    if (u[0] >= 0xc2 && u[0] <= 0xdf) {
        len = 2;
    } else if (u[0] >= 0xe0 && u[0] <= 0xef) {
        len = 3;
        if (u[0] == 0xe0)
            second_min = 0xa0;
        if (u[0] == 0xed)
            second_max = 0x9f;
    } else if (u[0] >= 0xf0 && u[0] <= 0xf4) {
        len = 4;
        if (u[0] == 0xf0)
            second_min = 0x90;
        if (u[0] == 0xf4)
            second_max = 0x8f;
    } else {
        return 0;
    }
    if (t.len < len || u[1] < second_min || u[1] > second_max)
        return 0;
    for (size_t i = 2; i < len; i++)
        if (u[i] < 0x80 || u[i] > 0xbf)
            return 0;
    return len;
}

size_t text_printable_prefix(struct text t)
{
    typedef uint8_t block __attribute__((vector_size(16)));
    size_t n = 0;

    for (; t.len - n >= sizeof(block); n += sizeof(block)) {
        block b;
        uint64_t found[2];
        memcpy(&b, t.at + n, sizeof b);
        const block bad = (block)((b - ' ') >= 0x7f - ' ');
        memcpy(found, &bad, sizeof found);
        if (found[0] | found[1])
            break;
    }
    while (n < t.len && (unsigned char)t.at[n] >= ' ' && (unsigned char)t.at[n] < 0x7f)
        n++;
    return n;
}

/* Two digits at a time: a division each is most of the work. */
static const char digit_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
                                  "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
                                  "9899";

void text_put_pair(char into[2], unsigned value)
{
    memcpy(into, digit_pairs + (size_t)2 * value, 2);
}

/* Digits are put eight at a time, straight to where they belong. */
static char *put_unsigned(char *to, uint64_t value)
{
    const uint64_t eight = 100000000;

    if (value < 100) {
        if (value >= 10)
            *to++ = (char)('0' + value / 10);
        *to = (char)('0' + value % 10);
        return to + 1;
    }
    if (value < eight) {
        const uint64_t digits = digits_of_eight((uint32_t)value);
        const unsigned zeros = digits_leading_zeros(digits);
        digits_put(to, digits, zeros);
        return to + DIGITS_EIGHT - zeros;
    }
    to = put_unsigned(to, value / eight); /* twice at most */
    digits_put(to, digits_of_eight((uint32_t)(value % eight)), 0);
    return to + DIGITS_EIGHT;
}

size_t text_put_int(char into[TEXT_INT_MAX], int64_t value)
{
    char *to = into;

    *to = '-';
    to += value < 0;
    return (size_t)(put_unsigned(to, value < 0 ? -(uint64_t)value : (uint64_t)value) - into);
}

bool text_to_int(struct text t, int64_t min, int64_t max, int64_t *ret)
{
    bool negative = false;
    int64_t value = 0;
    size_t i = 0;

    if (t.len > 0 && (t.at[0] == '-' || t.at[0] == '+'))
        negative = t.at[i++] == '-';
    if (i == t.len)
        return false;
    for (; i < t.len; i++) {
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
        /* Built downwards, so that INT64_MIN itself fits. */
        if (__builtin_mul_overflow(value, INT64_C(10), &value) ||
            __builtin_sub_overflow(value, (int64_t)(t.at[i] - '0'), &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(INT64_C(0), value, &value))
        return false;
    if (value < min || value > max)
        return false;
    *ret = value;
    return true;
}

/* Powers of ten that a long double of 64 bits holds exactly. */
enum { EXACT_POWERS = 28 };
static const long double powers_of_ten[EXACT_POWERS] = {
    1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
    1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L,
};

static long double scaled(uint64_t digits, int scale)
{
    if (scale <= 0 && scale > -EXACT_POWERS)
        return (long double)digits / powers_of_ten[-scale];
    if (scale > 0 && scale < EXACT_POWERS)
        return (long double)digits * powers_of_ten[scale];
    return (long double)digits * powl(10.0L, scale);
}

/* The exponent that begins at `i`, and where it ends; `i` itself when there is none. */
static size_t exponent_at(struct text t, size_t i, int *ret)
{
    enum { EXPONENT_MAX = 400 };
    size_t end = i + 1;
    int64_t value;

    if (i >= t.len || (t.at[i] != 'e' && t.at[i] != 'E'))
        return i;
    if (end < t.len && (t.at[end] == '-' || t.at[end] == '+'))
        end++;
    while (end < t.len && t.at[end] >= '0' && t.at[end] <= '9')
        end++;
    if (!text_to_int((struct text){ .at = t.at + i + 1, .len = end - i - 1 }, -EXPONENT_MAX, EXPONENT_MAX, &value))
        return i;
    *ret = (int)value;
    return end;
}

/* Whole numbers to here, and these powers of ten, are exact as doubles. */
#define EXACT_MAX (UINT64_C(1) << 53)
static const double exact_powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
                                       1e15,
                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

enum { DIGITS_MAX = 19 }; /* that go into 64 bits */

/* Digits with a point among them: the number without it, how many places stand behind it, and where they end.  No more
 * than DIGITS_MAX count.  False when there are none. */
static bool take_many_digits(struct text t, size_t *at, uint64_t *ret_digits, int *ret_scale)
{
    uint64_t digits = 0;
    int digit_count = 0, scale = 0;
    bool any = false, fraction = false;
    size_t i = *at;

    for (; i < t.len; i++) {
        const char c = t.at[i];
        if (c == '.' && !fraction) {
            fraction = true;
        } else if (c >= '0' && c <= '9') {
            any = true;
            if (digit_count < DIGITS_MAX) {
                digits = digits * 10 + (uint64_t)(c - '0');
                digit_count += digits > 0;
                scale -= fraction;
            } else {
                scale += !fraction;
            }
        } else {
            break;
        }
    }
    *at = i;
    *ret_digits = digits;
    *ret_scale = scale;
    return any;
}

static inline size_t take_run(struct text t, size_t i, uint64_t *digits)
{
    for (uint8_t digit; i < t.len && (digit = (uint8_t)(t.at[i] - '0')) <= 9; i++)
        *digits = *digits * 10 + digit;
    return i;
}

/* The same; nearly all numbers are so short that nothing needs to be counted. */
static inline bool take_digits(struct text t, size_t *at, uint64_t *ret_digits, int *ret_scale)
{
    uint64_t digits = 0;
    size_t end = take_run(t, *at, &digits), point = end;

    if (end < t.len && t.at[end] == '.')
        end = take_run(t, end + 1, &digits);
    if (end - *at > DIGITS_MAX)
        return take_many_digits(t, at, ret_digits, ret_scale);
    const bool any = end - *at > (end > point);
    *ret_scale = end > point ? -(int)(end - point - 1) : 0;
    *ret_digits = digits;
    *at = end;
    return any;
}

/* Exact for the decimals found in evidence: up to 19 digits go into one integer, which is scaled once by a power of
 * ten, in long double where a double does not hold both. */
bool text_take_real(struct text *t, double *ret)
{
    uint64_t digits;
    int scale, exponent = 0;
    bool negative = false;
    size_t i = 0;

    if (t->len > 0 && (t->at[0] == '-' || t->at[0] == '+'))
        negative = t->at[i++] == '-';
    if (!take_digits(*t, &i, &digits, &scale))
        return false;
    i = exponent_at(*t, i, &exponent);
    scale += exponent;
    double value;
    if (digits <= EXACT_MAX && scale <= 0 && scale >= -(int)(sizeof exact_powers / sizeof *exact_powers) + 1) {
        value = (double)(int64_t)digits / exact_powers[-scale]; /* both exact, so the quotient is the nearest there is */
    } else {
        const long double wide = scaled(digits, scale);
        if (wide > (long double)DBL_MAX)
            return false;
        value = (double)wide;
    }
    *ret = negative ? -value : value;
    t->at += i;
    t->len -= i;
    return true;
}

bool text_to_real(struct text t, double *ret)
{
    double value;

    if (!text_take_real(&t, &value) || t.len > 0)
        return false;
    *ret = value;
    return true;
}
