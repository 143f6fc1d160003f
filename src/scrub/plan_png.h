#ifndef LEASH_SCRUB_PLAN_PNG_H
#define LEASH_SCRUB_PLAN_PNG_H

#include "scrub/edit.h"

/* PNG keeps its length up to IEND: a chunk that goes becomes a comment of blanks; EXIF (eXIf) and XMP (iTXt that is not
 * compressed) are scrubbed in place; both get new check sums.  What follows IEND goes with the previews. */
enum parse_status plan_png(struct reading *r, struct bytes whole);

#endif
