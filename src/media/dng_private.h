#ifndef LEASH_MEDIA_DNG_PRIVATE_H
#define LEASH_MEDIA_DNG_PRIVATE_H

#include "media/tiff_directory.h"

/* Adobe's private data (DNG 1.7, "DNGPrivateData", and Adobe's converter): "Adobe\0", then blocks of a name of four
 * characters and a big-endian length, padded to even.  MakN is the camera's maker note, behind its byte order and the
 * offset it had in the camera's own file, from which its own offsets still count. */
struct dng_private_block {
    struct bytes body;
    bool is_note;
    struct bytes note;
    struct tiff_block origin;  /* of the note: what its offsets are to be resolved in */
};

/* False: not Adobe's. */
bool dng_private_open(struct bytes value, struct cursor *ret);
bool dng_private_next(struct cursor *c, struct dng_private_block *ret);

#endif
