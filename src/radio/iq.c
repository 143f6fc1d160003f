#include "radio/iq.h"

#include <math.h>

static const struct {
    size_t bytes;               /* of a pair */
    const char *name;
} types[IQ_TYPES] = {
    [IQ_UNKNOWN] = { 0, "unknown" }, [IQ_F32] = { 8, "float32" }, [IQ_F64] = { 16, "float64" }, [IQ_I16] = { 4, "int16" },
    [IQ_I8] = { 2, "int8" }, [IQ_U16] = { 4, "uint16" }, [IQ_U8] = { 2, "uint8" }, [IQ_I32] = { 8, "int32" },
};

size_t iq_sample_bytes(enum iq_type type)
{
    return types[type].bytes;
}

const char *iq_type_name(enum iq_type type)
{
    return types[type].name;
}

uint64_t iq_count(const struct iq *q)
{
    return types[q->type].bytes ? q->samples.len / types[q->type].bytes : 0;
}

/* Larger ones are no sample of a receiver, and their squares no float. */
#define SAMPLE_MAX 1e12f

static float checked(float x, size_t *bad)
{
    if (!(fabsf(x) < SAMPLE_MAX)) {
        (*bad)++;
        return 0;
    }
    return x;
}

static uint64_t word(const uint8_t *at, size_t width, bool big_endian)
{
    uint64_t v = 0;

    for (size_t i = 0; i < width; i++)
        v |= (uint64_t)at[i] << 8 * (big_endian ? width - 1 - i : i);
    return v;
}

static float part(const struct iq *q, const uint8_t *at, size_t width, size_t *bad)
{
    const uint64_t v = word(at, width, q->big_endian);

    switch (q->type) {
    case IQ_F32: {
        const uint32_t bits = (uint32_t)v;
        float f;
        memcpy(&f, &bits, sizeof f);
        return checked(f, bad);
    }
    case IQ_F64: {
        double d;
        memcpy(&d, &v, sizeof d);
        return fabs(d) < (double)SAMPLE_MAX ? (float)d : checked(NAN, bad);
    }
    case IQ_I16: return (float)(int16_t)v * 0x1p-15f;
    case IQ_I8:  return (float)(int8_t)v * 0x1p-7f;
    case IQ_U16: return ((float)v - 32767.5f) * 0x1p-15f;
    case IQ_U8:  return ((float)v - 127.5f) * 0x1p-7f;
    case IQ_I32: return (float)(int32_t)v * 0x1p-31f;
    default:     return 0;
    }
}

/* The usual ones, which compilers make vector code of. */
static bool take_fast(const struct iq *q, const uint8_t *at, size_t count, struct sample *ret, size_t *bad)
{
    float *to = &ret->re;

    if (q->big_endian || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
        return false;
    if (q->type == IQ_F32) {
        uint32_t wrong = 0;
        memcpy(to, at, count * sizeof *ret);
        for (size_t i = 0; i < 2 * count; i++)
            wrong += !(fabsf(to[i]) < SAMPLE_MAX);
        for (size_t i = 0; wrong && i < 2 * count; i++)
            to[i] = checked(to[i], bad);
    } else if (q->type == IQ_I16) {
        for (size_t i = 0; i < 2 * count; i++) {
            int16_t v;
            memcpy(&v, at + 2 * i, sizeof v);
            to[i] = (float)v * 0x1p-15f;
        }
    } else if (q->type == IQ_I8) {
        for (size_t i = 0; i < 2 * count; i++)
            to[i] = (float)(int8_t)at[i] * 0x1p-7f;
    } else {
        return false;
    }
    return true;
}

size_t iq_take(const struct iq *q, uint64_t first, size_t count, struct sample *ret)
{
    const size_t pair = types[q->type].bytes;
    const uint64_t all = iq_count(q);
    const size_t there = first >= all ? 0 : all - first < count ? (size_t)(all - first) : count;
    const uint8_t *at = q->samples.at + (there ? first * pair : 0);
    size_t bad = 0;

    if (there && !take_fast(q, at, there, ret, &bad))
        for (size_t i = 0; i < there; i++, at += pair) {
            ret[i].re = part(q, at, pair / 2, &bad);
            ret[i].im = part(q, at + pair / 2, pair / 2, &bad);
        }
    if (there < count)
        memset(ret + there, 0, (count - there) * sizeof *ret);
    return bad;
}
