#ifndef LEASH_MEDIA_JPEG_H
#define LEASH_MEDIA_JPEG_H

#include "evidence/reading.h"

/* Reads a JPEG photo to the true end of the file: every segment between and behind the
 * scans, and what follows the picture.  Puts the rows of media/photo.h.
 *
 * Nothing is passed over silently.  Each stretch of the file is one of
 *   understood    its content was read, or it is known to name nothing: tables, entropy-coded
 *                 data, JFIF, ICC, Adobe, PADDING, DJI's raw thermal samples (recognised by their
 *                 exact size), filler of one repeated byte
 *   a member      a further picture or video behind the first, handed to r->member, where it
 *                 becomes an item of its own
 *   unread        segments of unknown kind (APP5 calibration tables and JUMBF among them), maker
 *                 notes of other makers, unexplained bytes behind the picture: a damage row
 *                 with their place and length, so that the item counts as partly read.
 *                 Segments of one kind share a row.
 *
 * OK: an end-of-image marker was reached.  TRUNCATED: it was not; what was there has been
 * read.  INVALID: not a JPEG; no rows. */
bool jpeg_recognise(struct bytes whole);
__attribute__((warn_unused_result))
enum parse_status jpeg_read(struct reading *r, struct bytes whole);

#endif
