#ifndef LEASH_REPORT_GEOJSON_H
#define LEASH_REPORT_GEOJSON_H

#include <stdio.h>

#include "fact/case.h"

/* Everything with a place, as one GeoJSON FeatureCollection (RFC 7946): a LineString per
 * flight, and points for take-off, home, operator, controller and photos.  0, or a negative errno. */
__attribute__((warn_unused_result))
int report_geojson_write(struct fact_case *c, FILE *out);

#endif
