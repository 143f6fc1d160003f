#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reader/items.h"

/* Equal hashes, or without hashing the same file by another name or named again. */
static int by_content(const struct item *x, const struct item *y)
{
    if (x->hashed != y->hashed)
        return x->hashed ? -1 : 1;
    if (x->hashed)
        return memcmp(x->sha256, y->sha256, SHA256_HEX);
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

static int by_content_then_wave(const void *a, const void *b)
{
    const struct item *x = *(struct item *const *)a, *y = *(struct item *const *)b;
    const int order = by_content(x, y);

    if (order)
        return order;
    if (x->wave != y->wave)
        return x->wave < y->wave ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

void item_settle_copies(struct item_list *list, unsigned wave)
{
    struct item **sorted = memory_alloc_array(list->count, sizeof *sorted);
    size_t count = 0, place = 0;

    for (struct item *i = list->first; i; i = i->next) {
        i->place = place++;
        if ((i->hashed && !i->sum_only) || (i->inode && i->state == ITEM_WAITING) || i->read_by_reader)
            sorted[count++] = i;
    }
    qsort(sorted, count, sizeof *sorted, by_content_then_wave);
    for (size_t i = 1, first = 0; i < count; i++) {
        struct item *item = sorted[i], *original = sorted[first];
        if (by_content(item, original) != 0 || (!item->hashed && !item->inode)) {
            first = i;
        } else if (!item->same_as && item->wave == wave) {
            item->same_as = original;
            if (item->bytes > 0)
                item_settle(list, item, "read", arena_printf(list->arena, "the same content as %.*s",
                                                                 (int)original->path.len, original->path.at));
        }
    }
    free(sorted);
}
