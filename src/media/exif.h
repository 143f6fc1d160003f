#ifndef LEASH_MEDIA_EXIF_H
#define LEASH_MEDIA_EXIF_H

#include "media/photo.h"

/* The meaning of the tags: EXIF 3.0 (CIPA DC-008-2023), TIFF 6.0, DNG 1.7, and the
 * private tags that DNG and Adobe files carry names and serials in.  Reads one TIFF
 * structured block, which is a file of its own or the body of a JPEG's APP1, and adds
 * to `p` what it finds: place, times, make and model, serials, names, card path.
 *
 * Directories followed: the IFD chain, SubIFDs, Exif, GPS, Interoperability.  What is
 * cut off, loops, or points outside is a damage row, and reading goes on with the rest.
 * Ordinary TIFF tags that name nothing (sizes, exposure, colour) are passed over.
 *
 * Values may not overlap without end: once those looked at are together twice as long as the
 * block, the rest is left out with a damage row.
 *
 * `block_name` begins the steps of every row: "APP1 EXIF", "TIFF".  Thumbnails and
 * previews are handed to the reading's `member` only when they hold metadata of their
 * own (a JPEG with an APPn segment).
 *
 * `is_dng` (may be NULL) is set when IFD0 has a DNGVersion.
 * TRUNCATED, INVALID, UNSUPPORTED: it has no readable header; nothing was added. */
__attribute__((warn_unused_result))
enum parse_status exif_read(struct photo *p, struct bytes block, const char *block_name, bool *is_dng);

#endif
