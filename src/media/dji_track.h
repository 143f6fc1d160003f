#ifndef LEASH_MEDIA_DJI_TRACK_H
#define LEASH_MEDIA_DJI_TRACK_H

#include "media/movie_path.h"

/* DJI's metadata track ('djmd', handler "DJI meta" or "CAM meta"): protocol buffers, one message a frame.  The layout,
 * who described it and how sure that is, is in the .c.  Puts the serial number, model and firmware of the product, and
 * a flight of the positions.
 *
 * A product whose schema is not known is told by the name of its schema.  Its positions are looked for by their form
 * and the flight's note says that this is what was done. */
void dji_track_read(struct movie *m, const struct movie_track *track);

/* DJI's debug track ('dbgi'): also protocol buffers, of exposure, focus and motion sensors (AdrianEddy/telemetry-parser
 * src/dji/dbgi.rs).  Nobody found a position or a serial number in it, and nobody knows all of it: it is damage, with
 * the name of its schema. */
void dji_debug_read(struct movie *m, const struct movie_track *track);

#endif
