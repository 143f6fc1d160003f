#include "leak/polyline.h"

bool polyline_next(struct polyline *p, const uint8_t *at, size_t len, size_t *i, struct polyline_point *ret, bool *over)
{
    enum { FIRST = 63, LAST = 126, BITS = 5, MORE = 32, SHIFT_MAX = 30 };
    static const int64_t LIMIT[2] = { 90000000, 180000000 }; /* at six digits */

    *over = false;
    while (*i < len) {
        const uint8_t c = at[(*i)++];
        if (c < FIRST || c > LAST || p->shift > SHIFT_MAX) {
            *over = true;
            return false;
        }
        if (p->skip > 0) {
            p->skip--;
            continue;
        }
        const uint8_t value = (uint8_t)(c - FIRST);
        p->chars++;
        p->bits |= (uint64_t)(value & (MORE - 1)) << p->shift;
        p->shift += BITS;
        if (value & MORE)
            continue;
        int64_t *sum = &p->sum[p->longitude];
        *sum += p->bits & 1 ? -(int64_t)(p->bits >> 1) - 1 : (int64_t)(p->bits >> 1);
        if (*sum > LIMIT[p->longitude] || *sum < -LIMIT[p->longitude]) {
            *over = true;
            return false;
        }
        p->bits = p->shift = 0;
        p->longitude = !p->longitude;
        if (p->longitude)
            continue;
        *ret = (struct polyline_point){ (double)p->sum[0], (double)p->sum[1], *i, p->chars };
        p->chars = 0;
        p->points++;
        return true;
    }
    return false;
}
