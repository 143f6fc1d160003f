#ifndef LEASH_MEDIA_GPMF_H
#define LEASH_MEDIA_GPMF_H

#include "media/photo.h"

/* GoPro's GPMF settings block in APP6 (gopro/gpmf-parser, README "GPMF Deeper Dive"): serials of
 * camera and lens, media id.  Keys that name nothing are passed over: each says its own type. */
void gpmf_read(struct photo *p, struct bytes block, const char *block_name);

#endif
