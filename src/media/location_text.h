#ifndef LEASH_MEDIA_LOCATION_TEXT_H
#define LEASH_MEDIA_LOCATION_TEXT_H

#include <stdbool.h>

#include "base/text.h"

/* A place as ISO 6709:2008, annex H, writes it and videos hold it: "+52.0901-005.1202+034.5/",
 * "+52.0901-005.1202/", "+5205.406-00507.212+34.5CRSWGS_84/".  Degrees; degrees and minutes; degrees, minutes and
 * seconds, told apart by how many digits stand before the point. */
struct location_text {
    double latitude_deg, longitude_deg;
    double altitude_m;      /* NaN: not said */
    bool above_ellipsoid;   /* it names WGS 84 as what the height counts from */
};

/* False, and `ret` alone, when it is no such text. */
__attribute__((warn_unused_result))
bool location_text_parse(struct text t, struct location_text *ret);

#endif
