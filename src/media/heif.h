#ifndef LEASH_MEDIA_HEIF_H
#define LEASH_MEDIA_HEIF_H

#include "media/movie_path.h"

/* What the items of a HEIF or AVIF file tell (media/heif_items.h): EXIF, XMP; a thumbnail that is a JPEG becomes an
 * item of its own.  Coded pictures are not looked at.  `meta` is the body of the file's meta box. */
void heif_read(struct movie *m, struct bytes meta);

#endif
