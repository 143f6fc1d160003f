#include "scrub/coordinate.h"

#include <math.h>
#include <stdio.h>

/* Seven decimals are a centimetre: with fewer, rounding would bend the track.  In a text that cannot grow five will do,
 * a metre, or as many as there were; what does not fit is not moved but removed. */
enum { TEXT_MAX = 40, DECIMALS_MIN = 7, DECIMALS_MIN_FIXED = 5 };

static bool on_globe(enum axis axis, double degrees)
{
    return fabs(degrees) <= (axis == AXIS_LATITUDE ? 90 : 180);
}

double plan_moved_deg(const struct plan *p, enum axis axis, double degrees)
{
    return axis == AXIS_LATITUDE ? move_latitude_deg(&p->request->move, degrees) : move_longitude_deg(&p->request->move,
                                                                                                      degrees);
}

static const struct form {
    uint8_t bytes;
    bool real;
    double per_deg;
} forms[] = {
    [COORDINATE_F64_DEG] = { 8, true, 1 },
    [COORDINATE_F64_RAD] = { 8, true, 0.017453292519943295 },
    [COORDINATE_F32_DEG] = { 4, true, 1 },
    [COORDINATE_F32_RAD] = { 4, true, 0.017453292519943295 },
    [COORDINATE_I32_1E7] = { 4, false, 1e7 },
    [COORDINATE_I64_1E7] = { 8, false, 1e7 },
};

static double value_of(const struct form *f, uint64_t bits)
{
    double wide;
    float narrow;
    const uint32_t low = (uint32_t)bits;

    if (!f->real)
        return f->bytes == 4 ? (double)(int32_t)low : (double)(int64_t)bits;
    memcpy(&wide, &bits, sizeof wide);
    memcpy(&narrow, &low, sizeof narrow);
    return f->bytes == 8 ? wide : (double)narrow;
}

static uint64_t bits_of(const struct form *f, double value)
{
    uint64_t bits = 0;
    uint32_t low;
    const float narrow = (float)value;

    if (!f->real)
        return (uint64_t)llround(value);
    memcpy(&bits, &value, sizeof bits);
    memcpy(&low, &narrow, sizeof low);
    return f->bytes == 8 ? bits : low;
}

void plan_coordinate(struct plan *p, struct bytes value, enum coordinate_form form, bool big_endian, enum axis axis,
                     enum scrub_kind kind, const char *what)
{
    const struct form *f = &forms[form];
    struct cursor c = cursor_over(value);
    uint8_t moved[8];

    if (value.len != f->bytes)
        return;
    const double degrees = value_of(f, big_endian ? cursor_uint_be(&c,
                                                                   f->bytes) : cursor_uint_le(&c,
                                                                                              f->bytes)) / f->per_deg;
    if (!on_globe(axis, degrees) || degrees == 0)
        return;
    if (!p->request->shift) {
        plan_fill(p, value, 0, kind, what);
        return;
    }
    const uint64_t bits = bits_of(f, plan_moved_deg(p, axis, degrees) * f->per_deg);
    for (size_t i = 0; i < f->bytes; i++)
        moved[big_endian ? f->bytes - 1u - i : i] = (uint8_t)(bits >> (8 * i));
    plan_overwrite(p, value, moved, f->bytes, kind, what);
}

static int decimals_of(struct text t)
{
    const char *point = t.len ? memchr(t.at, '.', t.len) : NULL;

    return point ? (int)(t.len - (size_t)(point - t.at) - 1) : 0;
}

bool plan_move_text(struct plan *p, struct bytes value, enum axis axis, bool may_grow, enum scrub_kind kind,
                    const char *what)
{
    const struct text text = text_of_bytes(value);
    char moved[TEXT_MAX * 2];
    double degrees;

    if (!p->request->shift || (axis != AXIS_LATITUDE && axis != AXIS_LONGITUDE) || value.len > TEXT_MAX ||
        !text_to_real(text, &degrees) ||
        !on_globe(axis, degrees))
        return false;
    if (degrees == 0) /* no fix: moved, it would tell how far */
        return true;
    degrees = plan_moved_deg(p, axis, degrees);
    int most = decimals_of(text) < 15 ? decimals_of(text) : 15;
    if (may_grow && most < DECIMALS_MIN)
        most = DECIMALS_MIN;
    for (int decimals = most; decimals >= most || decimals >= DECIMALS_MIN_FIXED; decimals--) {
        const int n = snprintf(moved, sizeof moved, text.at[0] == '+' ? "%+.*f" : "%.*f", decimals, degrees);
        if (n < 0 || n >= TEXT_MAX)
            return false;
        if (!may_grow && (size_t)n > value.len)
            continue;
        if (!may_grow)
            memset(moved + n, ' ', value.len - (size_t)n);
        plan_exchange(p, value, (struct text){ moved, may_grow ? (size_t)n : value.len }, kind, what);
        return true;
    }
    return false;
}

void plan_coordinate_text(struct plan *p, struct bytes value, enum axis axis, enum scrub_kind kind, const char *what)
{
    if (!plan_move_text(p, value, axis, !p->fixed_length, kind, what))
        plan_zero_text(p, value, kind, what);
}

void plan_zero_text(struct plan *p, struct bytes value, enum scrub_kind kind, const char *what)
{
    uint8_t zeros[TEXT_MAX];

    for (size_t at = 0; at < value.len; at += sizeof zeros) {
        const struct bytes part = bytes_part(value, at, sizeof zeros);
        for (size_t i = 0; i < part.len; i++) {
            const bool number = (part.at[i] >= '0' && part.at[i] <= '9') || part.at[i] == '-' || part.at[i] == '+';
            zeros[i] = number ? '0' : part.at[i];
        }
        plan_overwrite(p, part, zeros, part.len, kind, what);
    }
}
