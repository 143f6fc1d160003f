#ifndef LEASH_PACKET_INDEX_H
#define LEASH_PACKET_INDEX_H

#include <stddef.h>
#include <stdint.h>

/* A hash table from a key that lies elsewhere to the number of its element.  It
 * holds 32 bits of each hash, so that a look-up seldom touches an element in vain.
 *
 *   struct index_walk w = index_walk(ix, hash);
 *   for (uint32_t n; (n = index_next(ix, &w)) != 0; )
 *       if (element n has the key) ...
 */
struct index_slot {
    uint32_t hash;
    uint32_t element; /* 0: free */
};

struct index {
    struct index_slot *slots;
    size_t mask; /* slots - 1, or 0 with no slots */
    size_t count;
};

struct index_walk {
    size_t at;
    uint32_t hash;
};

void index_done(struct index *ix); /* an index of zeros is empty and ready */
void index_add(struct index *ix, uint64_t hash, uint32_t element);
void index_remove(struct index *ix, uint64_t hash, uint32_t element);

static inline struct index_walk index_walk(const struct index *ix, uint64_t hash)
{
    return (struct index_walk){ .at = (uint32_t)hash & ix->mask, .hash = (uint32_t)hash };
}

static inline uint32_t index_next(const struct index *ix, struct index_walk *w)
{
    if (!ix->slots)
        return 0;
    for (;;) {
        const struct index_slot s = ix->slots[w->at];
        if (s.element == 0)
            return 0;
        w->at = (w->at + 1) & ix->mask;
        if (s.hash == w->hash)
            return s.element;
    }
}

static inline size_t index_bytes(const struct index *ix)
{
    return ix->slots ? (ix->mask + 1) * sizeof *ix->slots : 0;
}

#endif
