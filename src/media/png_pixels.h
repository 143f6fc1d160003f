#ifndef LEASH_MEDIA_PNG_PIXELS_H
#define LEASH_MEDIA_PNG_PIXELS_H

#include "base/cursor.h"

/* Whether the image data of a PNG are what its header says and nothing else: one zlib stream in the IDAT chunks (W3C
 * PNG third edition, section 10.1), which unpacks to exactly the rows of IHDR (sections 7.2, 8.1), and one for each
 * further picture of an animation in its fdAT chunks, by its fcTL (section 11.3.4).  What the bytes of a row mean is
 * not looked at. */
struct png_pixels {
    bool there, whole;      /* whole: all streams are, and nothing else stands between the first and the last of them */
    bool too_large;         /* to be unpacked: nothing is known then */
    uint64_t missing;       /* bytes of rows that a stream does not have, or that are damaged */
    uint64_t surplus;       /* bytes that it unpacks to behind the last row, at least */
    struct bytes behind;    /* in the last chunk of a stream, behind the stream's end: the first such */
    uint64_t behind_all;    /* bytes of all such */
    uint64_t from, until;   /* offsets in the file: of the first chunk with image data, and behind the last */
};

/* All false and zero when it does not begin as a PNG does.  Unpacks all of it, in a piece of memory. */
struct png_pixels png_pixels(struct bytes file);

#endif
