#ifndef LEASH_MEDIA_TIFF_H
#define LEASH_MEDIA_TIFF_H

#include "evidence/reading.h"

/* A TIFF or BigTIFF file of its own, DNG and other raw pictures among them: the rows of media/photo.h,
 * from all directories of media/exif.h.  The media row's format is "dng" when the first
 * directory has a DNGVersion, else "tiff".  Pixel data are not looked at. */
bool tiff_recognise(struct bytes whole);
__attribute__((warn_unused_result))
enum parse_status tiff_read(struct reading *r, struct bytes whole);

#endif
