#ifndef LEASH_MEDIA_DJI_MAKER_NOTE_H
#define LEASH_MEDIA_DJI_MAKER_NOTE_H

#include "media/photo.h"
#include "media/tiff_directory.h"

/* Reads a maker note (EXIF 0x927C).  DJI's two styles are understood (layouts in the .c);
 * a note of another maker, or of a third style, is recorded as not understood. */
void maker_note_read(struct photo *p, const struct tiff_block *t, struct bytes note, const char *block_name);

/* DJI's text blob "[key:value][key:value]...", in maker notes and in APP7 "DJI-DBG". */
void dji_text_read(struct photo *p, struct bytes blob, const char *block_name);

/* The thermal parameter block of DJI's radiometric pictures (APP4), all its segments
 * joined or one.  False: not of a known kind, nothing was read. */
__attribute__((warn_unused_result))
bool dji_thermal_read(struct photo *p, struct bytes body);

#endif
