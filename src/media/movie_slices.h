#ifndef LEASH_MEDIA_MOVIE_SLICES_H
#define LEASH_MEDIA_MOVIE_SLICES_H

#include "media/movie_track.h"

/* Where the coded pictures of a video stand: the slices of H.264 and H.265 (ITU-T H.264 and H.265, 7.3.1 and table 7-1;
 * lengths before them by ISO/IEC 14496-15, 5.3.3 and 8.3.3).  What stands between them in a sample is none of them:
 * parameters and messages, in which cameras say what they like. */
struct movie_slices {
    struct movie_track track;
    struct movie_samples samples;
    struct bytes rest;          /* of the sample at hand, which is made of such units as a whole */
    uint8_t length_bytes;       /* of the length before each */
    bool hevc;
    uint64_t behind;            /* the end of the one given last */
};

/* Of the first such track of a file, its samples in fragments left out.  False: there is none. */
bool movie_slices_begin(struct movie_slices *s, struct bytes file);
/* The next one that ends behind offset `at` of the file and has `bytes_min` or more.  In the order of the file: one
 * that lies before the one given last ends the walk, as its end does; then false. */
bool movie_slices_next(struct movie_slices *s, uint64_t at, uint64_t bytes_min, struct bytes *ret);

#endif
