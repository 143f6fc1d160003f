#include "base/key_map.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/memory.h"

enum { ROOM_FIRST = 64 };

void key_map_init(struct key_map *m, size_t limit)
{
    *m = (struct key_map){ .arena = arena_new(0), .room = ROOM_FIRST, .limit = limit };
    m->keys = memory_alloc_array(m->room, sizeof *m->keys);
    m->slots = memory_alloc_array(m->room * 2, sizeof *m->slots);
}

void key_map_done(struct key_map *m)
{
    arena_free(m->arena);
    free(m->keys);
    free(m->slots);
    *m = (struct key_map){ .arena = NULL };
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t *slot_of(const struct key_map *m, struct text key)
{
    const size_t mask = m->room * 2 - 1;

    for (size_t at = (size_t)hash_mix(key.at, key.len, 0) & mask;; at = (at + 1) & mask)
        if (!m->slots[at] || text_equal(m->keys[m->slots[at] - 1], key))
            return &m->slots[at];
}

static void grow(struct key_map *m)
{
    m->room *= 2;
    m->keys = memory_resize_array(m->keys, m->room, sizeof *m->keys);
    free(m->slots);
    m->slots = memory_alloc_array(m->room * 2, sizeof *m->slots);
    for (size_t i = 0; i < m->count; i++)
        *slot_of(m, m->keys[i]) = (uint32_t)i + 1;
}

int64_t key_map_find(const struct key_map *m, struct text key)
{
    return (int64_t)*slot_of(m, key) - 1;
}

int64_t key_map_add(struct key_map *m, struct text key)
{
    uint32_t *slot = slot_of(m, key);

    if (*slot)
        return *slot - 1;
    if (m->count == m->limit) {
        m->refused++;
        return KEY_NONE;
    }
    if (m->count == m->room) {
        grow(m);
        slot = slot_of(m, key);
    }
    m->keys[m->count++] = arena_text(m->arena, key);
    *slot = (uint32_t)m->count;
    return *slot - 1;
}
