#ifndef LEASH_LEAK_PICTURE_H
#define LEASH_LEAK_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

/* JPEG pictures inside views: each is kept until its end and then looked at: what it looks
 * like, against the stored photos (media/picture_hash.h), and where its EXIF says that it was
 * taken.  At most PICTURES_OPEN_MAX at once and PICTURES_BYTES_MAX in all are kept; of those
 * left out the number is known. */
enum { PICTURE_BYTES_MAX = 32 << 20, PICTURES_OPEN_MAX = 16, PICTURES_BYTES_MAX = 64 << 20 };

/* What all views of a search share. */
struct picture_budget {
    size_t open, bytes;
    size_t bytes_max;          /* of this search; 0: PICTURES_BYTES_MAX */
    uint64_t left_out, looked_at;
};

struct picture_grab;

/* A view's part: all zero at its beginning. */
struct picture_state {
    struct picture_grab *grab; /* NULL while no picture goes by */
    uint8_t magic;             /* bytes of its first three that have been seen */
};

/* Goes on with `len` bytes; `found` gets every picture that ends among them, whole. */
void picture_feed(struct picture_state *s, struct picture_budget *budget, const uint8_t *at, size_t len,
                  void (*found)(void *user, struct bytes jpeg), void *user);
/* The view ends, or has a gap: a picture that is not whole is let go. */
void picture_stop(struct picture_state *s, struct picture_budget *budget);

/* Where EXIF, XMP or a maker note of the picture says that it was taken; false: nowhere. */
__attribute__((warn_unused_result)) bool picture_taken_at(struct bytes jpeg, double *ret_longitude_deg,
                                                          double *ret_latitude_deg);

#endif
