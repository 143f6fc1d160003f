#ifndef LEASH_SCRUB_PLAN_JPEG_H
#define LEASH_SCRUB_PLAN_JPEG_H

#include "scrub/edit.h"

/* JPEG keeps its length up to the end of the first picture: segments that go whole become filler; of others only the
 * values change.  Entropy-coded data, tables, colour profiles and raw thermal samples stay as they are, byte for byte.
 *
 * Behind the first picture lie second pictures, videos and filler.  Without previews all of that is cut off and the
 * index that announces it goes, unless one of the pictures is a gain map, without which the first picture would look
 * different.  Kept pictures are scrubbed as the first one is. */
enum parse_status plan_jpeg(struct reading *r, struct bytes whole);

/* A JPEG inside something else: metadata only, and its length stays. */
void plan_jpeg_inside(struct plan *p, struct bytes picture, const char *what);

/* A whole segment, marker and length included, becomes filler: as drones write it themselves (APP8 "PADDING"), or, too
 * short for that, fill bytes FF, of which any number may stand before a marker (ITU-T T.81, B.1.1.2). */
void plan_drop_segment(struct plan *p, struct bytes segment, enum scrub_kind kind, const char *what);

#endif
