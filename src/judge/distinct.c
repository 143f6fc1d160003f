#include "judge/distinct.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

enum { SLOTS_FIRST = 64 };

static size_t slot_of(const struct distinct *d, struct text key)
{
    size_t slot = hash_mix(key.at, key.len, 0) & (d->slot_count - 1);

    while (d->slots[slot] && !text_equal(d->keys[d->slots[slot] - 1], key))
        slot = (slot + 1) & (d->slot_count - 1);
    return slot;
}

static void grow(struct distinct *d)
{
    free(d->slots);
    d->slot_count = d->slot_count ? d->slot_count * 4 : SLOTS_FIRST;
    d->slots = memory_alloc_array(d->slot_count, sizeof *d->slots);
    for (size_t i = 0; i < d->count; i++)
        d->slots[slot_of(d, d->keys[i])] = (uint32_t)i + 1;
}

size_t distinct_add(struct distinct *d, struct text key, bool *added)
{
    if (d->slot_count < 2 * (d->count + 1))
        grow(d);
    const size_t slot = slot_of(d, key);
    *added = d->slots[slot] == 0;
    if (!*added)
        return d->slots[slot] - 1;
    if (d->count == d->room) {
        d->room = d->room ? 2 * d->room : SLOTS_FIRST / 2;
        d->keys = memory_resize_array(d->keys, d->room, sizeof *d->keys);
    }
    d->keys[d->count++] = arena_text(d->arena, key);
    d->slots[slot] = (uint32_t)d->count;
    return d->count - 1;
}

int64_t distinct_find(const struct distinct *d, struct text key)
{
    return d->slot_count ? (int64_t)d->slots[slot_of(d, key)] - 1 : DISTINCT_NONE;
}

void distinct_done(struct distinct *d)
{
    free(d->keys);
    free(d->slots);
    d->keys = NULL;
    d->slots = NULL;
}
