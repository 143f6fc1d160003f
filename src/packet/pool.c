#include "packet/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void pool_init(struct pool *p, size_t element_bytes, uint32_t limit)
{
    *p = (struct pool){ .element_bytes = (element_bytes + 7) & ~(size_t)7, .limit = limit };
}

void pool_done(struct pool *p)
{
    for (uint32_t i = 0; i < p->chunk_count; i++)
        free(p->chunks[i]);
    free(p->chunks);
    *p = (struct pool){ 0 };
}

uint32_t pool_take(struct pool *p)
{
    if (p->taken >= p->limit)
        return 0;
    p->taken++;
    if (p->free_first) {
        const uint32_t element = p->free_first;
        memcpy(&p->free_first, pool_at(p, element), sizeof p->free_first);
        return element;
    }
    if (p->made == p->chunk_count * POOL_CHUNK) {
        if (p->chunk_count == p->chunk_room) {
            p->chunk_room = p->chunk_room ? p->chunk_room * 2 : 16;
            p->chunks = memory_resize_array(p->chunks, p->chunk_room, sizeof *p->chunks);
        }
        p->chunks[p->chunk_count++] = memory_alloc(POOL_CHUNK * p->element_bytes);
    }
    return ++p->made;
}

void pool_give(struct pool *p, uint32_t element)
{
    memcpy(pool_at(p, element), &p->free_first, sizeof p->free_first);
    p->free_first = element;
    p->taken--;
}
