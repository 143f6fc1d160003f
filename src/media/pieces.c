#include "media/pieces.h"

#include <string.h>

bool pieces_join(struct arena *a, struct piece *items, size_t count, struct pieces *ret)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++) {
        items[i].at = total;
        total += items[i].source.len;
    }
    uint8_t *to = arena_alloc(a, total, 1);
    if (!to)
        return false;
    for (size_t i = 0; i < count; i++)
        if (items[i].source.len)
            memcpy(to + items[i].at, items[i].source.at, items[i].source.len);
    *ret = (struct pieces){ .text = { .at = to, .len = total, .origin = count ? items[0].source.origin : 0 },
                            .items = items, .count = count };
    return true;
}

struct bytes pieces_in_file(const struct pieces *p, struct bytes part)
{
    if (!p->items)
        return part;
    const size_t at = (size_t)(part.at - p->text.at);
    size_t low = 0, high = p->count;

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (p->items[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    return bytes_part(p->items[low].source, at - p->items[low].at, part.len);
}
