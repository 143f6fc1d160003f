#ifndef LEASH_PACKET_POOL_H
#define LEASH_PACKET_POOL_H

#include <stddef.h>
#include <stdint.h>

/* Elements of one size, taken and given back without malloc, named by a number of
 * 32 bits (0: none) so that tables of millions stay small.  Elements never move. */
struct pool {
    uint8_t **chunks;
    size_t element_bytes;
    uint32_t chunk_count, chunk_room;
    uint32_t made;       /* elements ever made */
    uint32_t taken;      /* elements in use */
    uint32_t free_first; /* chain of those given back */
    uint32_t limit;
};

enum { POOL_CHUNK_SHIFT = 6, POOL_CHUNK = 1 << POOL_CHUNK_SHIFT };

/* `element_bytes` at least 4. */
void pool_init(struct pool *p, size_t element_bytes, uint32_t limit);
void pool_done(struct pool *p);
/* Not cleared.  0 when `limit` elements are taken. */
__attribute__((warn_unused_result)) uint32_t pool_take(struct pool *p);
void pool_give(struct pool *p, uint32_t element);

static inline void *pool_at(const struct pool *p, uint32_t element)
{
    const uint32_t i = element - 1;
    return p->chunks[i >> POOL_CHUNK_SHIFT] + (size_t)(i & (POOL_CHUNK - 1)) * p->element_bytes;
}

static inline size_t pool_bytes(const struct pool *p)
{
    return (size_t)p->chunk_count * POOL_CHUNK * p->element_bytes;
}

#endif
