#ifndef LEASH_STORY_EXPOSURE_H
#define LEASH_STORY_EXPOSURE_H

#include "story/story.h"

/* How long, how often and how exactly everybody in range could read where the person is who flies: one row of
 * FACT_EXPOSURE for each aircraft, carrier and kind of place, from the rows of `broadcast` that tell one.  Bystanders'
 * are not among them. A pause of more than 30 s does not count as told. */
enum { EXPOSURE_PAUSE_S = 30, EXPOSURE_PLACES_MAX = 1 << 16, EXPOSURE_TIMES_MAX = 1 << 22 };

/* 0, -EIO when the database said no, or what `put` gave. */
__attribute__((warn_unused_result))
int exposures_tell(struct sqlite3 *db, const struct story_run *run);

#endif
