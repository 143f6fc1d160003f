#ifndef LEASH_MEDIA_PICTURE_HASH_H
#define LEASH_MEDIA_PICTURE_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/text.h"

/* What a picture looks like, in 128 bits that stay the same, or nearly, when it is made
 * smaller or written anew: is a field of an 8 by 8 grid brighter than the one to its right,
 * than the one below it?  (A difference hash; the idea is N. Krawetz's, 2013.)  It does not
 * survive cropping, turning or mirroring. */
struct picture_hash {
    uint64_t across, down;
};

enum {
    PICTURE_HASH_BITS = 128,
    /* Copies at a tenth of the size and of quality 30 differ by a handful of bits, pictures of
     * other things by 64 give or take 12.  See doc/leak-detection.md. */
    PICTURE_ALIKE_MAX = 10,
    PICTURE_HASH_HEX = 32,
};

/* Decodes the JPEG at an eighth of its size, in memory bounded by that: pictures of more than
 * 400 megapixels (progressive ones, which are kept whole while decoded: 24) are not looked at,
 * nor scans without number.  False: not a JPEG that can be decoded, too small (below 32 points), or
 * too even to be told from others. */
__attribute__((warn_unused_result)) bool picture_hash_of(struct bytes jpeg, struct picture_hash *ret);

/* Bits that differ, 0 to 128. */
unsigned picture_hash_distance(struct picture_hash a, struct picture_hash b);

/* 32 digits, no NUL; and back.  False: they are none. */
void picture_hash_write(struct picture_hash h, char into[PICTURE_HASH_HEX]);
__attribute__((warn_unused_result)) bool picture_hash_read(struct text hex, struct picture_hash *ret);

#endif
