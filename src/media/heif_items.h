#ifndef LEASH_MEDIA_HEIF_ITEMS_H
#define LEASH_MEDIA_HEIF_ITEMS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "media/box_walk.h"

/* What lies in a HEIF or AVIF file (ISO/IEC 23008-12; ISO/IEC 14496-12, section 8.11): items, which are pictures,
 * tiles, EXIF blocks, XMP packets, each with where its bytes are.  From the boxes iinf, iloc, iref, pitm and idat of
 * the file's `meta` box.  Names and places only: no item's bytes are looked at. */
enum { HEIF_ITEMS_MAX = 4096, HEIF_EXTENTS_MAX = 1 << 14 };

/* A stretch of an item. */
struct heif_extent {
    struct bytes data;       /* what of it lies in the file; its origin is its place */
    uint64_t missing;        /* bytes of it that do not */
};

struct heif_item {
    uint32_t id;
    uint32_t type;           /* 'hvc1', 'av01', 'grid', 'jpeg', 'Exif', 'mime', 'uri ' ...; 0 = not said */
    struct bytes content_type; /* of 'mime': "application/rdf+xml" is XMP */
    struct bytes name;
    bool hidden, encrypted;
    bool primary;
    uint32_t thumbnail_of, describes;  /* ids; 0 = none */
    bool located;            /* iloc has it */
    bool elsewhere;          /* its bytes are in another file, or made of other items: no extents */
    const struct heif_extent *extents;
    uint32_t extent_count;
};

struct heif_items {
    struct heif_item *items; /* in the arena, by id */
    uint32_t count;
    uint32_t lost;           /* items, extents or references beyond the limits, cut off, or of a form that is not read */
    uint64_t lost_at;        /* where the first of them stands */
};

/* `meta` is the body of the meta box, `file` the whole file.  False: it has neither iinf nor iloc. */
__attribute__((warn_unused_result))
bool heif_items_read(struct arena *a, struct bytes meta, struct bytes file, struct heif_items *ret);

struct heif_item *heif_item_find(const struct heif_items *h, uint32_t id);

#endif
