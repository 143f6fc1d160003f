#include "protocol/pieces.h"

#include <string.h>

static bool have(const struct pieces *p, size_t at)
{
    return p->have[at / 8] >> at % 8 & 1;
}

static void mark(struct pieces *p, size_t from, size_t to)
{
    while (from < to && from % 8 != 0)
        p->have[from / 8] |= (uint8_t)(1 << from % 8), from++;
    const size_t whole = (to - from) / 8;
    memset(p->have + from / 8, 0xff, whole);
    for (from += 8 * whole; from < to; from++)
        p->have[from / 8] |= (uint8_t)(1 << from % 8);
}

void pieces_add(struct pieces *p, uint64_t offset, struct bytes data)
{
    if (offset >= p->limit || data.len == 0)
        return;
    const size_t from = (size_t)offset;
    data = bytes_part(data, 0, p->limit - from);
    const size_t to = from + data.len;

    if (from >= p->end) { /* by far the most: behind all that is there */
        memcpy(p->bytes + from, data.at, data.len);
    } else {
        for (size_t i = 0; i < data.len; i++)
            if (!have(p, from + i))
                p->bytes[from + i] = data.at[i];
    }
    mark(p, from, to);
    if (to > p->end)
        p->end = to;
    if (from <= p->first && to > p->first)
        p->first = to;
    while (p->first < p->end && have(p, p->first))
        p->first++;
}
