#ifndef LEASH_SCRUB_PLAN_VENDOR_H
#define LEASH_SCRUB_PLAN_VENDOR_H

#include "media/pieces.h"
#include "scrub/edit.h"

/* Makers' own blocks in photos: the serial numbers in them become zeros, the measurements stay.  Layouts and their
 * sources: media/flir.c, media/gpmf.c. */

void plan_flir(struct plan *p, const struct pieces *fff);
/* GoPro's items, nested ones too; also of a video's track. */
void plan_gpmf(struct plan *p, struct bytes block, const char *block_name);

#endif
