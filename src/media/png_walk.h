#ifndef LEASH_MEDIA_PNG_WALK_H
#define LEASH_MEDIA_PNG_WALK_H

#include <stdbool.h>

#include "base/cursor.h"

/* The structure of PNG (W3C PNG third edition, section 5): eight bytes, then chunks of a length, four letters,
 * data and a check sum, to IEND.  What follows IEND is left in `rest`. */
#define PNG_TYPE(a, b, c, d) \
    ((uint32_t)(uint8_t)(a) << 24 | (uint32_t)(uint8_t)(b) << 16 | (uint32_t)(uint8_t)(c) << 8 | (uint8_t)(d))

struct png_chunk {
    uint32_t type;
    struct bytes whole;     /* length, type, data, check sum, as far as they are there */
    struct bytes body;      /* the data */
    uint64_t missing;       /* bytes of data and check sum behind the end of the file */
    bool type_wrong;        /* not four letters: nothing behind it can be found */
};

struct png_walk {
    struct bytes rest;
    bool ended;             /* IEND was passed; rest is what follows the picture */
};

/* INVALID when it does not begin with the signature. */
__attribute__((warn_unused_result))
enum parse_status png_walk_init(struct png_walk *w, struct bytes file);

/* False behind IEND, at the end of the file, or after a chunk that is cut off or has no type; `rest` then is what was
 * not walked over. */
bool png_walk_next(struct png_walk *w, struct png_chunk *ret);

/* Whether the check sum is right, which takes reading all of the data.  A chunk that is cut off is not. */
bool png_chunk_sound(const struct png_chunk *c);

/* Upper case first letters are what a decoder must know, lower case what it may pass over (section 5.4). */
static inline bool png_chunk_critical(const struct png_chunk *c)
{
    return !(c->type >> 24 & 0x20);
}

#endif
