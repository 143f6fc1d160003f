#ifndef LEASH_MEDIA_PNG_H
#define LEASH_MEDIA_PNG_H

#include "evidence/reading.h"

/* Reads a PNG picture (W3C PNG third edition): the EXIF of eXIf, the XMP of iTXt, the texts of tEXt, zTXt and iTXt, and
 * the "raw profiles" that ImageMagick writes as texts.  Puts the rows of media/photo.h.  Pixels are not looked at;
 * what names nothing is in a table in the .c; chunks of unknown kind and what follows IEND are
 * damage rows.
 *
 * OK: IEND was reached.  TRUNCATED: it was not.  INVALID: not a PNG; no rows. */
bool png_recognise(struct bytes whole);
__attribute__((warn_unused_result))
enum parse_status png_read(struct reading *r, struct bytes whole);

#endif
