#ifndef LEASH_MEDIA_MOVIE_H
#define LEASH_MEDIA_MOVIE_H

#include "evidence/reading.h"

/* Reads ISO base media files: videos (MP4, MOV, DJI's LRF, OSV and GoPro's LRV, which are MP4) and pictures (HEIF,
 * AVIF). Puts the rows of media/photo.h, and for each track that tells a path one `flight` with its positions
 * (media/movie_path.h).
 *
 * Only boxes, tables and the samples of metadata tracks are read, never the pictures and sound in `mdat`: memory and
 * time do not depend on how long the video is.  Each box is understood, known to name nothing (tables in
 * the .c files), or a damage row with its place and length.
 *
 * OK: the boxes reach to the end of the file.  TRUNCATED: one of them ends behind it, or there is no `moov`, which
 * cameras write last.  INVALID: no such file; no rows. */
bool movie_recognise(struct bytes whole);
bool heif_recognise(struct bytes whole);
__attribute__((warn_unused_result))
enum parse_status movie_read(struct reading *r, struct bytes whole);

#endif
