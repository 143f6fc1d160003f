#ifndef LEASH_MEDIA_MOVIE_FRAGMENTS_H
#define LEASH_MEDIA_MOVIE_FRAGMENTS_H

#include "base/arena.h"
#include "media/box_walk.h"

/* Recordings in fragments (ISO/IEC 14496-12, 8.8; CMAF): the movie box has tracks without samples, and each `moof` box
 * says where some seconds' samples of each track lie.  What is left out in a fragment stands in `mvex`. */
enum { MOVIE_DEFAULTS_MAX = 256, MOVIE_FRAGMENTS_MAX = 1 << 17 };

struct movie_defaults {
    uint32_t track, duration, size;
};

/* What a track is read with beside its own box. */
struct movie_context {
    struct bytes file;
    uint32_t timescale;              /* of the movie: ticks a second; 0 = unknown */
    struct movie_defaults defaults[MOVIE_DEFAULTS_MAX];
    size_t default_count;
    struct bytes *fragments;         /* the `moof` boxes, in the arena */
    size_t fragment_count;
    bool too_many;                   /* not all fragments are there */
};

/* Only heads of boxes are touched, and `mvhd` and `mvex`. */
void movie_context_init(struct movie_context *c, struct arena *a, struct bytes file, struct bytes moov);

/* The samples of one track. */
struct movie_fragment_walk {
    const struct movie_context *context;  /* NULL: none */
    uint32_t track;
    size_t next;                     /* fragment */
    struct bytes moof;
    struct box_walk trafs, boxes;    /* of the fragment, of its part for a track */
    bool first, ours;
    struct movie_defaults now;
    uint64_t base, data;             /* offsets in the file: what run offsets count from, and the next byte of data */
    uint64_t time;                   /* ticks; of the next sample */
    uint32_t flags, left;            /* of the run */
    struct cursor entries;
    uint64_t entries_lost;           /* that runs promise and have not */
};

struct movie_fragment_sample {
    uint64_t offset, size, time, duration;
};

void movie_fragment_walk_init(struct movie_fragment_walk *w, const struct movie_context *c, uint32_t track);
bool movie_fragment_next(struct movie_fragment_walk *w, struct movie_fragment_sample *ret);
/* The next stretch of samples that lie one behind the other; not to be mixed with the above. */
bool movie_fragment_next_run(struct movie_fragment_walk *w, struct movie_fragment_sample *ret);

/* The track that a `traf` box is for; 0: unknown. */
uint32_t movie_fragment_track(struct bytes traf_body);

#endif
