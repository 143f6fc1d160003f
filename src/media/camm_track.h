#ifndef LEASH_MEDIA_CAMM_TRACK_H
#define LEASH_MEDIA_CAMM_TRACK_H

#include "media/movie_path.h"

/* The camera motion track ('camm'; Google, "Camera Motion Metadata Spec"): samples of 16 reserved bits, a kind in 16
 * bits, little-endian values.  Read are kind 5 (latitude, longitude, altitude) and kind 6 (time, fix, latitude,
 * longitude, altitude, accuracies, velocities).  Other kinds (orientation, exposure, sensors) are counted.
 *
 * Kind 6 counts seconds from the GPS epoch by the text, and from 1970 in files of some makers: a time is believed
 * in whichever reading is within a day of the movie's own, else not at all. */
void camm_track_read(struct movie *m, const struct movie_track *track);

#endif
