#ifndef LEASH_MEDIA_TRACK_BOXES_H
#define LEASH_MEDIA_TRACK_BOXES_H

#include "media/box_walk.h"

/* All boxes of a track (ISO/IEC 14496-12, sections 8.3 to 8.8; QuickTime File Format, "Track Atoms"), those in mdia,
 * minf, dinf and stbl too: for whoever must not pass over one.  movie_track_open reads the tables. */
enum track_box {
    TRACK_BOX_NAMELESS,   /* tables, and how samples are shown */
    TRACK_BOX_TIMES,      /* tkhd, mdhd */
    TRACK_BOX_USER_DATA, TRACK_BOX_META, TRACK_BOX_UUID,
    TRACK_BOX_FREE,       /* what stood there before */
    TRACK_BOX_UNKNOWN,    /* and a second one of those of which there is one */
};

enum { TRACK_BOX_DEPTH = 4 };
struct track_box_walk {
    struct box_walk walks[TRACK_BOX_DEPTH];
    uint32_t in[TRACK_BOX_DEPTH];
    unsigned depth;        /* of the walks, that are open */
    uint64_t seen;         /* a bit for each line of the table */
};
void track_box_walk_init(struct track_box_walk *w, struct bytes trak_body);
/* False at the end.  Boxes that hold others are not given themselves. */
bool track_box_next(struct track_box_walk *w, struct box *ret, enum track_box *ret_what);

#endif
