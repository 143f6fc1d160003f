#include "scrub/planners.h"

#include "media/jpeg.h"
#include "media/tiff.h"
#include "scrub/plan_exif.h"
#include "scrub/plan_jpeg.h"

/* Kinds and recognisers are those of evidence/format.c, in its order. */
const struct format scrub_planners[] = {
    { "jpeg", PASS_STORED, jpeg_recognise, plan_jpeg },
    { "tiff", PASS_STORED, tiff_recognise, plan_tiff },
};
const size_t scrub_planner_count = sizeof scrub_planners / sizeof *scrub_planners;
