#ifndef LEASH_MEDIA_JPEG_TRAILER_H
#define LEASH_MEDIA_JPEG_TRAILER_H

#include "media/mpf.h"
#include "media/photo.h"

/* What follows the end of the first picture.  Pictures the index announces and pictures it
 * does not, and a video, become members of the reading ("second-picture-1.jpg" ...); filler of one
 * repeated byte is nothing; an Insta360 camera's records are read (media/insta360.h); all else is a damage row.  An
 * announced picture that is not in the file, or is none, is a damage row too. */
void jpeg_trailer_read(struct photo *p, struct bytes whole, struct bytes trailer,
                       const struct mpf_picture *announced, size_t announced_count);

#endif
