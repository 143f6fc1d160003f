#ifndef LEASH_MEDIA_MAKER_NOTE_H
#define LEASH_MEDIA_MAKER_NOTE_H

#include "media/photo.h"
#include "media/tiff_directory.h"

/* Reads a maker note (EXIF 0x927C): DJI's (media/dji_blocks.h) and those of makers whose serial numbers, names and
 * firmware are known (media/maker_walk.h).  What of it is not understood is damage with its size. */
void maker_note_read(struct photo *p, const struct tiff_block *t, struct bytes note, const char *block_name);

/* DJI's text blob "[key:value][key:value]...", in maker notes and in APP7 "DJI-DBG". */
void dji_text_read(struct photo *p, struct bytes blob, const char *block_name);

/* The thermal parameter block of DJI's radiometric pictures (APP4), all its segments
 * joined or one.  False: not of a known kind, nothing was read. */
__attribute__((warn_unused_result))
bool dji_thermal_read(struct photo *p, struct bytes body);

#endif
