#ifndef LEASH_MEDIA_GPMF_H
#define LEASH_MEDIA_GPMF_H

#include "media/photo.h"

/* GoPro's metadata format (gopro/gpmf-parser, README "GPMF Deeper Dive"): a key of four characters, a type, the size of
 * a structure, how many there are (big-endian), data padded to four bytes. */
struct gpmf_item {
    uint32_t key;
    char type;              /* 0: the data are such items again */
    uint8_t size;           /* of a structure */
    uint16_t count;
    struct bytes data;      /* size * count bytes */
    bool cut;               /* fewer: the data end behind the input */
};

#define GPMF_KEY(a, b, c, d) \
    ((uint32_t)(uint8_t)(a) << 24 | (uint32_t)(uint8_t)(b) << 16 | (uint32_t)(uint8_t)(c) << 8 | (uint8_t)(d))

/* False at the end, which is also where a key is 0. */
bool gpmf_next(struct cursor *c, struct gpmf_item *ret);

/* Element `index` of structure `row`, as a number.  `types` is the type of every element: those of a TYPE item for
 * structures of type '?', else the item's own.  False for other types and beyond the end. */
enum { GPMF_ELEMENTS_MAX = 32 };
struct gpmf_types {
    char of[GPMF_ELEMENTS_MAX];
    uint8_t count;
};
bool gpmf_number(const struct gpmf_item *item, const struct gpmf_types *types, uint32_t row, uint32_t index,
                 double *ret);
/* From a TYPE item such as "LllllsssS" or "f[3]B". */
bool gpmf_types_read(const struct gpmf_item *item, struct gpmf_types *ret);
/* All elements of one type, as many as a structure holds. */
struct gpmf_types gpmf_types_of(const struct gpmf_item *item);

/* The settings block in APP6 of pictures and in `udta` of videos: serials of camera and lens, media id, model,
 * firmware.  Keys that name nothing are passed over: each says its own type. */
void gpmf_read(struct photo *p, struct bytes block, const char *block_name);

/* One of the items that name something, where it has a meaning of its own in any GPMF; false: it is none. */
bool gpmf_take_name(struct photo *p, const struct gpmf_item *item, const char *block_name);

#endif
