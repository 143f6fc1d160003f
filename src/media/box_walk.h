#ifndef LEASH_MEDIA_BOX_WALK_H
#define LEASH_MEDIA_BOX_WALK_H

#include <stdbool.h>

#include "base/cursor.h"

/* The structure of ISO base media files (ISO/IEC 14496-12, section 4.2) and of QuickTime, from which it
 * came: boxes, each with its size and a type of four characters, in files and in other boxes.
 * MP4, MOV, LRF, HEIF and AVIF are made of them.  Nothing here knows what a type means.
 *
 * Offsets are absolute when the view's origin is; a box's place in the file is whole.origin, its header
 * ends at body.origin.  Only headers are touched: the pages of a body are not read. */
#define BOX_TYPE(a, b, c, d) \
    ((uint32_t)(uint8_t)(a) << 24 | (uint32_t)(uint8_t)(b) << 16 | (uint32_t)(uint8_t)(c) << 8 | (uint8_t)(d))

enum { BOX_DEPTH_MAX = 16, BOX_UUID_BYTES = 16 };

struct box {
    uint32_t type;
    struct bytes whole;     /* header and body, as far as they are in the container */
    struct bytes body;      /* behind the header */
    uint64_t size;          /* as the header says; of one that runs to the end, what is there */
    uint64_t missing;       /* bytes of it that lie behind the end of the container */
    bool to_the_end;        /* its size field is 0 */
    bool size_wrong;        /* smaller than its own header: body is empty, and nothing behind it can be found */
};

struct box_walk {
    struct bytes rest;      /* behind the walk: what is left and is no box */
};

void box_walk_init(struct box_walk *w, struct bytes container);

/* False when fewer than 8 bytes are left, or after a box whose size is wrong or whose end lies outside.  Each
 * step goes at least 8 bytes forward. */
bool box_walk_next(struct box_walk *w, struct box *ret);

/* The first box of a type among the children; false leaves `ret` alone. */
bool box_find(struct bytes container, uint32_t type, struct box *ret);

/* The first version byte and 24 flags of a "full box", and what follows them. */
struct full_box {
    uint8_t version;
    uint32_t flags;
    struct bytes body;
};

/* False: shorter than four bytes. */
bool full_box_open(struct bytes body, struct full_box *ret);

/* The children of a `meta` box, which is a full box in ISO files and a plain one in QuickTime; told
 * apart by where the handler box stands, which is the first child in both. */
struct bytes box_meta_children(struct bytes body);

/* A type as four characters, those that cannot be printed as dots; for sentences. */
enum { BOX_NAME_BYTES = 5 };
const char *box_name(uint32_t type, char into[BOX_NAME_BYTES]);

#endif
