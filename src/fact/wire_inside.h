#ifndef LEASH_FACT_WIRE_INSIDE_H
#define LEASH_FACT_WIRE_INSIDE_H

#include <endian.h>

#include "fact/wire.h"

/* How values travel, shared by rows (wire.c) and by what travels behind them (wire_run.c).  Integers are little-endian;
 * REAL travels as its 64 bits; TEXT as u32 length + 1 (0: unknown) and bytes. */

static inline uint8_t *put_u32(uint8_t *to, uint32_t value)
{
    value = htole32(value);
    memcpy(to, &value, sizeof value);
    return to + sizeof value;
}

static inline uint8_t *put_i64(uint8_t *to, int64_t value)
{
    const uint64_t little = htole64((uint64_t)value);

    memcpy(to, &little, sizeof little);
    return to + sizeof little;
}

static inline uint8_t *put_text(uint8_t *to, struct text t)
{
    if (!text_known(t))
        return put_u32(to, 0);
    to = put_u32(to, (uint32_t)t.len + 1);
    return t.len == 0 ? to : (uint8_t *)memcpy(to, t.at, t.len) + t.len;
}

/* What a value takes; more than WIRE_ROW_MAX when it is too long. */
static inline size_t text_bytes(struct text t)
{
    return 4 + (!text_known(t) ? 0 : t.len < WIRE_ROW_MAX ? t.len : WIRE_ROW_MAX);
}

static inline struct text take_text(struct cursor *c)
{
    const uint32_t n = cursor_u32le(c);

    if (n == 0)
        return TEXT_UNKNOWN;
    return text_of_bytes(cursor_take(c, n - 1));
}

/* Of a row that was just decoded, with what is left of it. */
void wire_more_begin(struct wire_more *more, enum fact_kind kind, const void *row, struct cursor rest);

#endif
