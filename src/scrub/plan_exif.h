#ifndef LEASH_SCRUB_PLAN_EXIF_H
#define LEASH_SCRUB_PLAN_EXIF_H

#include "media/tiff_directory.h"
#include "scrub/edit.h"

/* A TIFF structured block (media/exif.h): what must go leaves its directory, whose other entries close up, and its
 * value is zeroed; nothing else moves, so all offsets stay.  With --shift the GPS directory stays and its
 * latitude and longitude change.
 *
 * Maker notes: DJI's and the blocks of media/maker_note.h are understood, others are unknown.  Tags outside
 * the ranges that TIFF, EXIF and DNG define are unknown when they are longer than a number.
 *
 * TRUNCATED, INVALID, UNSUPPORTED: no readable header; nothing was planned. */
__attribute__((warn_unused_result))
enum parse_status plan_exif(struct plan *p, struct bytes block, const char *block_name);

enum parse_status plan_tiff(struct reading *r, struct bytes whole);

#endif
