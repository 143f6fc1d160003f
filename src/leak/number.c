#include "leak/number.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define RADIANS_PER_DEGREE 0.017453292519943295

const struct number_format number_formats[NUMBER_KIND_COUNT] = {
    [NUMBER_DOUBLE]           = { "double", 8, true, false, 1 },
    [NUMBER_FLOAT]            = { "float", 4, true, false, 1 },
    [NUMBER_DOUBLE_RADIANS]   = { "double radians", 8, true, false, RADIANS_PER_DEGREE },
    [NUMBER_FLOAT_RADIANS]    = { "float radians", 4, true, false, RADIANS_PER_DEGREE },
    [NUMBER_INT32_1E7]        = { "int32 1e7", 4, false, false, 1e7 },
    [NUMBER_INT32_1E6]        = { "int32 1e6", 4, false, false, 1e6 },
    [NUMBER_INT32_1E5]        = { "int32 1e5", 4, false, false, 1e5 },
    [NUMBER_INT32_RADIANS]    = { "int32 radians 1e7", 4, false, false, 174533 },
    [NUMBER_INT32_SEMICIRCLE] = { "int32 semicircle", 4, false, false, 2147483648.0 / 180 },
    [NUMBER_INT64_1E9]        = { "int64 1e9", 8, false, false, 1e9 },
    [NUMBER_ZIGZAG_1E5]       = { "zigzag varint 1e5", 0, false, true, 1e5 },
    [NUMBER_ZIGZAG_1E6]       = { "zigzag varint 1e6", 0, false, true, 1e6 },
    [NUMBER_ZIGZAG_1E7]       = { "zigzag varint 1e7", 0, false, true, 1e7 },
    [NUMBER_ZIGZAG_1E8]       = { "zigzag varint 1e8", 0, false, true, 1e8 },
    [NUMBER_ZIGZAG_1E9]       = { "zigzag varint 1e9", 0, false, true, 1e9 },
    [NUMBER_VARINT_1E5]       = { "varint 1e5", 0, false, false, 1e5 },
    [NUMBER_VARINT_1E6]       = { "varint 1e6", 0, false, false, 1e6 },
    [NUMBER_VARINT_1E7]       = { "varint 1e7", 0, false, false, 1e7 },
    [NUMBER_VARINT_1E8]       = { "varint 1e8", 0, false, false, 1e8 },
    [NUMBER_VARINT_1E9]       = { "varint 1e9", 0, false, false, 1e9 },
};

static uint64_t float_bits(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t double_bits(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t int_bits(const struct number_format *f, double value)
{
    if (f->zigzag) {
        const int64_t v = (int64_t)value;
        return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
    }
    return f->width == 4 ? (uint32_t)(int32_t)value : (uint64_t)(int64_t)value;
}

/* 180 degrees in semicircles are one more than fits; they are stored as the largest value. */
static double int_clamped(const struct number_format *f, double value)
{
    return f->width == 4 ? fmin(fmax(value, INT32_MIN), INT32_MAX) : value;
}

uint64_t number_raw(enum number_kind kind, double degrees)
{
    const struct number_format *f = &number_formats[kind];
    const double value = degrees * f->scale;

    if (f->floating)
        return f->width == 4 ? float_bits((float)value) : double_bits(value);
    return int_bits(f, int_clamped(f, round(value)));
}

double number_degrees(enum number_kind kind, uint64_t raw)
{
    const struct number_format *f = &number_formats[kind];

    if (f->floating && f->width == 8) {
        double value;
        memcpy(&value, &raw, sizeof value);
        return value / f->scale;
    }
    if (f->floating) {
        const uint32_t bits = (uint32_t)raw;
        float value;
        memcpy(&value, &bits, sizeof value);
        return (double)value / f->scale;
    }
    if (f->zigzag)
        return (double)(int64_t)(raw >> 1 ^ (raw & 1 ? UINT64_MAX : 0)) / f->scale;
    return (f->width == 4 ? (double)(int32_t)(uint32_t)raw : (double)(int64_t)raw) / f->scale;
}

bool number_interval(enum number_kind kind, double low_deg, double high_deg, uint64_t *lo, uint64_t *hi)
{
    const struct number_format *f = &number_formats[kind];
    const double low = low_deg * f->scale, high = high_deg * f->scale;
    uint64_t a, b;

    if (!(low <= high) || low == 0 || high == 0 || (low < 0) != (high < 0))
        return false;
    if (!f->floating) {
        /* Rounding outwards must not reach over zero, where unsigned order breaks. */
        const double first = low > 0 ? fmax(floor(low), 1) : floor(low);
        const double last = high < 0 ? fmin(ceil(high), -1) : ceil(high);
        if (first > last)
            return false;
        a = int_bits(f, int_clamped(f, first));
        b = int_bits(f, int_clamped(f, last));
    } else if (f->width == 4) {
        a = float_bits(nextafterf((float)low, -FLT_MAX));
        b = float_bits(nextafterf((float)high, FLT_MAX));
    } else {
        a = double_bits(nextafter(low, -DBL_MAX));
        b = double_bits(nextafter(high, DBL_MAX));
    }
    /* Negative floats grow downwards (sign and magnitude), and so does zigzag. */
    *lo = a < b ? a : b;
    *hi = a < b ? b : a;
    return true;
}

unsigned number_sign_bytes(enum number_kind kind, uint64_t lo, uint64_t hi)
{
    const unsigned width = number_formats[kind].width;
    unsigned n = 0;

    if (width == 0)
        return 0;
    while (n < width - 2u) {
        const unsigned shift = 8 * (width - 1 - n);
        const uint8_t top_lo = (uint8_t)(lo >> shift), top_hi = (uint8_t)(hi >> shift);
        if (top_lo != top_hi || (top_lo != 0x00 && top_lo != 0xff))
            break;
        n++;
    }
    return n;
}

unsigned number_varint_bytes(uint64_t value)
{
    /* A negative value needs a bit for its sign. */
    const uint64_t bits = value >> 63 ? ~value << 1 : value;

    return bits ? (unsigned)(64 - __builtin_clzll(bits) + 6) / 7 : 1;
}

unsigned number_varint_read(const uint8_t *at, size_t len, uint64_t *value)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < len && i < VARINT_BYTES_MAX; i++) {
        v |= (uint64_t)(at[i] & 0x7f) << (7 * i);
        if (at[i] < 0x80) {
            *value = v;
            return i + 1;
        }
    }
    return 0;
}

double number_share(enum number_kind kind, uint64_t lo, uint64_t hi)
{
    const unsigned width = number_formats[kind].width ? number_formats[kind].width : number_varint_bytes(hi);

    return ((double)(hi - lo) + 1) / ldexp(1, 8 * (int)width);
}

double number_precision_deg(enum number_kind kind, double degrees)
{
    const struct number_format *f = &number_formats[kind];

    if (!f->floating)
        return 0.5 / f->scale;
    return fabs(degrees) * (f->width == 4 ? FLT_EPSILON : DBL_EPSILON);
}
