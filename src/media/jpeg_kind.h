#ifndef LEASH_MEDIA_JPEG_KIND_H
#define LEASH_MEDIA_JPEG_KIND_H

#include "media/jpeg_walk.h"

/* What a segment is, by its marker and its signature: one table for whoever reads a picture and whoever makes a copy of
 * it, so that a copy keeps nothing that the reader no longer tells. */
enum jpeg_kind {
    JPEG_KIND_UNKNOWN,    /* an application segment without a known signature, or a reserved marker */
    JPEG_KIND_PLAIN,      /* of the picture itself; or known, and holds nothing that names a thing, person or place */
    JPEG_KIND_EXIF, JPEG_KIND_XMP, JPEG_KIND_XMP_EXTENSION, JPEG_KIND_FLIR, JPEG_KIND_PARROT, JPEG_KIND_MPF,
    JPEG_KIND_APP3, JPEG_KIND_APP4, /* by their content, if at all */
    JPEG_KIND_GOPRO, JPEG_KIND_DJI_DEBUG, JPEG_KIND_PHOTOSHOP, JPEG_KIND_COMMENT,
    JPEG_KIND_PADDING,    /* DJI's filler behind its signature */
    JPEG_KIND_COUNT
};
enum jpeg_kind jpeg_kind_of(const struct jpeg_segment *segment);

/* DJI's radiometric pictures carry the sensor's raw 16-bit samples in APP3 without any signature.  Only a size that is
 * exactly one frame of a known sensor shows that it is that: `bytes` are those of all such segments. */
bool jpeg_is_thermal_frame(uint64_t bytes);

#endif
