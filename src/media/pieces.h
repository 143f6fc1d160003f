#ifndef LEASH_MEDIA_PIECES_H
#define LEASH_MEDIA_PIECES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/cursor.h"

/* Content that JPEG's 64 kB segments cut up (extended XMP, FLIR files), joined again, with
 * the way back from the joined text to the file.  What lies in the file in one piece has
 * no items. */
struct piece {
    size_t at;              /* offset in the joined text; set by pieces_join */
    struct bytes source;
};

struct pieces {
    struct bytes text;
    const struct piece *items;
    size_t count;
};

static inline struct pieces pieces_one(struct bytes b)
{
    return (struct pieces){ .text = b };
}

/* Copies the sources, in their order, into the arena.  False when it is full. */
__attribute__((warn_unused_result))
bool pieces_join(struct arena *a, struct piece *items, size_t count, struct pieces *ret);

/* Where a part of the joined text stands in the file; what goes over the end of a piece
 * is left out. */
struct bytes pieces_in_file(const struct pieces *p, struct bytes part);

#endif
