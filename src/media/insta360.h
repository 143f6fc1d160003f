#ifndef LEASH_MEDIA_INSTA360_H
#define LEASH_MEDIA_INSTA360_H

#include "media/movie_path.h"

/* What Insta360 cameras write behind a video (INSV, MP4) or a photo (INSP), or into its last box, `inst`: records, each
 * with its kind and length behind it, read from the last one back; then 32 bytes, the trailer's length, a version and
 * 32 letters. Source: exiftool/exiftool lib/Image/ExifTool/QuickTimeStream.pl, ProcessInsta360. */

/* The trailer at the end of a file; empty when there is none, or its length lies. */
struct bytes insta360_trailer(struct bytes file);
/* The same of a file of boxes, where it begins behind the last of them; and the one that is the body of its last box,
 * `inst`. */
struct bytes insta360_behind_boxes(struct bytes file);
struct bytes insta360_in_box(const struct box *box);

struct insta360_record {
    uint16_t kind;
    struct bytes body;
};
struct insta360_walk {
    struct bytes trailer;
    struct bytes rest;     /* what was not walked over: records are taken off its end */
    struct bytes index;    /* where they lie, of those that are left, when the last record says so */
    bool by_index;
    bool ended;            /* a record is said to be longer than what is there: `rest` is in none */
};
void insta360_walk_init(struct insta360_walk *w, struct bytes trailer);
bool insta360_walk_next(struct insta360_walk *w, struct insta360_record *ret);

/* Puts what the trailer tells of the camera (serial number, model, firmware) and hands over its previews; kinds that
 * nobody described are damage rows with their size. */
void insta360_read(struct photo *p, struct bytes trailer);
/* Its positions, as those of a photo. */
void insta360_read_place(struct photo *p, struct bytes trailer);
/* Its positions, as a path of the movie: one `flight` with the satellites' UTC. */
void insta360_read_path(struct movie *m, struct bytes trailer);

#endif
