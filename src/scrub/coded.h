#ifndef LEASH_SCRUB_CODED_H
#define LEASH_SCRUB_CODED_H

#include "leak/residue.h"
#include "media/jpeg_walk.h"
#include "media/movie_slices.h"

/* Where coded pictures stand in a copy: the scans of a JPEG, the slices of H.264 and H.265 in MP4 and MOV.  They are
 * arithmetic or Huffman codes from end to end, and no camera packs a text into them; but behind a picture's last unit
 * something could stand, so their ends do not count. */
struct coded {
    struct bytes whole;
    bool (*next)(struct coded *c, uint64_t at, uint64_t *ret_from, uint64_t *ret_until);
    struct jpeg_walk walk;
    struct jpeg_segment segment;   /* in whose scan, if it has one, the walk is */
    struct movie_slices slices;
};

/* For the whole file or, of videos, for any part of it; must stay where it is until the search is over.  Other kinds of
 * files have none. */
struct residue_coded coded_begin(struct coded *c, struct bytes whole);

#endif
