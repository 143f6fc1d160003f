#ifndef LEASH_MEDIA_MEBX_TRACK_H
#define LEASH_MEDIA_MEBX_TRACK_H

#include "media/movie_path.h"

/* Apple's timed metadata ('mebx'; QuickTime File Format, "Timed Metadata Media"): the description gives each key a
 * local number, samples hold boxes of that number.  Read are locations (ISO 6709 texts), which make a path; keys of
 * faces and of how the picture was made name nothing; others are damage, with their name. */
void mebx_track_read(struct movie *m, const struct movie_track *track);

#endif
