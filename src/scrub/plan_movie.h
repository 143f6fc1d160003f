#ifndef LEASH_SCRUB_PLAN_MOVIE_H
#define LEASH_SCRUB_PLAN_MOVIE_H

#include "media/box_walk.h"
#include "media/movie_track.h"
#include "scrub/edit.h"

/* ISO base media files keep their length and all offsets.  A box that goes becomes a `free` box of zeros; values of
 * keys become blanks; a track of metadata that goes becomes `free`, and its samples zeros; of others the coordinates
 * and names in the samples change.  Samples of video, sound and time codes stay as they are.
 *
 * Free space, and bytes of `mdat` that belong to no sample, hold what stood there before: they become zeros, where the
 * tables say for certain that they belong to none. */
enum parse_status plan_movie(struct reading *r, struct bytes whole);

/* For the parts (plan_movie_meta.c, plan_movie_track.c). */
struct movie_plan {
    struct plan plan;
    struct bytes file;
    struct movie_context *context;
    bool doubtful;           /* tables are cut off or contradict each other */
    struct sample_run *runs; /* of all tracks */
    size_t run_count;
};

enum { MOVIE_RUNS_MAX = 1 << 22 };

struct sample_run { uint64_t offset, end; };

void plan_box_free(struct plan *p, const struct box *box, enum scrub_kind kind, const char *what);
/* An unknown box: freed when unknown things are stripped, else left. */
void plan_box_unknown(struct plan *p, const struct box *box, const char *in);
void plan_user_data(struct plan *p, struct bytes udta, const char *in);
void plan_movie_meta(struct plan *p, struct bytes meta_body, const char *in);
void plan_uuid_box(struct plan *p, const struct box *box, const char *in);
void plan_movie_track(struct movie_plan *m, const struct box *trak);
/* Parts of fragments (`traf`) for a track that is gone become free space, too. */
void plan_movie_fragments_of(struct movie_plan *m, uint32_t track, enum scrub_kind kind, const char *what);
/* The two times of mvhd, tkhd and mdhd. */
void plan_header_times(struct plan *p, struct bytes body);

#endif
