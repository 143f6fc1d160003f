#ifndef LEASH_SCRUB_PLAN_JPEG_TRAILER_H
#define LEASH_SCRUB_PLAN_JPEG_TRAILER_H

#include "scrub/edit.h"

/* What lies behind the first picture of a JPEG file.  `mpf` is its index behind "MPF\0" (CIPA DC-007), `mpf_segment`
 * the segment around it; both empty when there is none. */
void plan_jpeg_trailer(struct plan *p, struct bytes whole, struct bytes trailer, struct bytes mpf,
                       struct bytes mpf_segment);

#endif
