#include "packet/index.h"

#include <stdlib.h>

#include "base/memory.h"

enum { SLOTS_AT_FIRST = 256 };

void index_done(struct index *ix)
{
    free(ix->slots);
    *ix = (struct index){ 0 };
}

static void put(struct index *ix, uint32_t hash, uint32_t element)
{
    size_t at = hash & ix->mask;

    while (ix->slots[at].element)
        at = (at + 1) & ix->mask;
    ix->slots[at] = (struct index_slot){ hash, element };
}

void index_add(struct index *ix, uint64_t hash, uint32_t element)
{
    if (!ix->slots || ix->count >= (ix->mask + 1) / 8 * 5) {
        struct index old = *ix;
        const size_t slots = old.slots ? (old.mask + 1) * 2 : SLOTS_AT_FIRST;
        ix->slots = memory_alloc_array(slots, sizeof *ix->slots);
        ix->mask = slots - 1;
        for (size_t i = 0; old.slots && i <= old.mask; i++)
            if (old.slots[i].element)
                put(ix, old.slots[i].hash, old.slots[i].element);
        free(old.slots);
    }
    put(ix, (uint32_t)hash, element);
    ix->count++;
}

void index_remove(struct index *ix, uint64_t hash, uint32_t element)
{
    if (!ix->slots)
        return;
    size_t at = (uint32_t)hash & ix->mask;
    while (ix->slots[at].element != element) {
        if (ix->slots[at].element == 0)
            return;
        at = (at + 1) & ix->mask;
    }
    /* Moves later entries of the run back, so that no look-up stops short of them. */
    size_t hole = at;
    for (;;) {
        at = (at + 1) & ix->mask;
        if (ix->slots[at].element == 0)
            break;
        const size_t home = ix->slots[at].hash & ix->mask;
        if (((at - home) & ix->mask) >= ((at - hole) & ix->mask)) {
            ix->slots[hole] = ix->slots[at];
            hole = at;
        }
    }
    ix->slots[hole].element = 0;
    ix->count--;
}
