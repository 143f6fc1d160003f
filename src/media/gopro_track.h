#ifndef LEASH_MEDIA_GOPRO_TRACK_H
#define LEASH_MEDIA_GOPRO_TRACK_H

#include "media/movie_path.h"

/* The GPMF track of GoPro cameras ('gpmd'; gopro/gpmf-parser, README, and exiftool/exiftool
 * lib/Image/ExifTool/GoPro.pm): one payload a second, in it devices (DEVC), in them streams (STRM).  Read are the
 * positions of
 *
 *   GPS9   HERO11 and later: each fix with its own UTC and kind of fix
 *   GPS5   HERO5 to HERO10: 18 fixes a second, UTC (GPSU) and kind of fix (GPSF) of the first one in the payload
 *   GLPI   Karma: the aircraft's own estimate, 4 a second        times by its system clock, tied
 *   GPRI   Karma: what its receiver said, 4 a second             to UTC by SYST
 *
 * The first of these that the first payload with one has makes the path; fixes of the others are counted. */
void gopro_track_read(struct movie *m, const struct movie_track *track);

/* The recovery track ('fdsc'): the first sample names firmware, serial numbers and model.  Offsets from exiftool (HERO5
 * and HERO6); which serial is whose from karma.mp4, where the first equals that of the lens in `udta`, and the second
 * has the form of cameras' serials.  The rest changes with the firmware and is not read. */
void gopro_recovery_read(struct movie *m, const struct movie_track *track);

#endif
