#ifndef LEASH_SCRUB_PLAN_HEIF_H
#define LEASH_SCRUB_PLAN_HEIF_H

#include "scrub/edit.h"

/* Items of a HEIF or AVIF file (media/heif_items.h): EXIF blocks, XMP packets and embedded JPEGs are scrubbed in place,
 * coded pictures and tiles stay.  Thumbnails are coded pictures: they stay, too. */
void plan_heif_items(struct plan *p, struct bytes file, struct bytes meta_body);

#endif
