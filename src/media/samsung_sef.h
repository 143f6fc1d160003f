#ifndef LEASH_MEDIA_SAMSUNG_SEF_H
#define LEASH_MEDIA_SAMSUNG_SEF_H

#include "media/photo.h"

/* What Samsung's phones write behind a JPEG, or into a box `sefd` of a HEIF file: blocks with names, and behind them a
 * directory that says where each begins.  Source: exiftool/exiftool lib/Image/ExifTool/Samsung.pm, ProcessSamsung; seen
 * in public pictures of six phones. */

/* The blocks and their directory at the end of `rest`; empty when there are none, or the directory lies. */
struct bytes samsung_sef(struct bytes rest);

/* Puts what the blocks tell: the moment by UTC, the country of the mobile network.  Pictures and videos in them go to
 * the reading's `member`, `members_max` of them at most; blocks that nobody described are damage rows with their size.
 * Gives how many members there were. */
unsigned samsung_sef_read(struct photo *p, struct bytes sef, unsigned members_max);

#endif
