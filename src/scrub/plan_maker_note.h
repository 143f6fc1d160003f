#ifndef LEASH_SCRUB_PLAN_MAKER_NOTE_H
#define LEASH_SCRUB_PLAN_MAKER_NOTE_H

#include "media/tiff_directory.h"
#include "scrub/edit.h"

/* A maker note (EXIF 0x927C) in the block `t`: what media/dji_blocks.h and media/maker_walk.h know of goes; when
 * anything else is in it, the note goes as a whole (SCRUB_NOTE), or is unknown when it is kept or needed.  `make` is
 * the camera's.  True: it is gone, and its entry is to be dropped. */
bool plan_maker_note(struct plan *p, const struct tiff_block *t, struct bytes note, struct text make, const char *what);

/* The same for what Adobe's converter keeps of it (DNGPrivateData, media/dng_private.h); when a note goes, all of that
 * does. */
bool plan_dng_private(struct plan *p, struct bytes value, struct text make, const char *what);

/* DJI's text of "[key:value]" pairs, in maker notes and in APP7. */
void plan_dji_text(struct plan *p, struct bytes blob, const char *block_name);

/* DJI's thermal parameters, APP4.  False: not one of those that are known. */
bool plan_dji_thermal(struct plan *p, struct bytes body);

#endif
