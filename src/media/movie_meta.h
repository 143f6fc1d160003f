#ifndef LEASH_MEDIA_MOVIE_META_H
#define LEASH_MEDIA_MOVIE_META_H

#include "media/movie_path.h"

/* What a movie says of itself in boxes: user data (QuickTime File Format, "User Data Atoms"; 3GPP TS 26.244; makers'
 * own), metadata by keys (QuickTime, "Metadata Atoms") and in iTunes' form, XMP, EXIF.  `block` names where the box
 * stands, for the steps of rows: "MP4 udta". */
void movie_user_data_read(struct movie *m, struct bytes udta, const char *block);
void movie_meta_read(struct movie *m, struct bytes meta, const char *block);
/* A `uuid` box, whose first 16 bytes say what it is: XMP, else unknown. */
void movie_uuid_read(struct movie *m, const struct box *box, const char *in);

/* Remembers a box that is not understood; empty ones, and those that begin with 64 kB of one repeated byte, are
 * nothing. `in` must last. */
void movie_box_unread(struct movie *m, const struct box *box, const char *in);

/* Hands a picture that lies in the movie to the reading as an item of its own.  False: it is no JPEG or PNG. */
bool movie_picture(struct movie *m, struct bytes picture, const char *name);

#endif
