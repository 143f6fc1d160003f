#ifndef LEASH_REPORT_GPX_H
#define LEASH_REPORT_GPX_H

#include <stdio.h>

#include "fact/case.h"

/* Everything with a place as GPX 1.1 (topografix.com/GPX/1/1/gpx.xsd): a track for each path of an aircraft, operator
 * or controller, waypoints for take-off, operator, photos and targets.  Times only where they are known in UTC; what
 * heights count from is in the track's description.  0, or a negative errno. */
__attribute__((warn_unused_result))
int report_gpx_write(struct fact_case *c, FILE *out);

#endif
