#ifndef LEASH_REPORT_MAP_GROUND_H
#define LEASH_REPORT_MAP_GROUND_H

#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "report/map_place.h"
#include "report/pmtiles.h"

/* The ground of one place: the tiles around it, as shapes or pictures, within the limits of report/html_map.h. */
struct map_drawn {
    size_t bytes;                            /* of shapes and pictures so far, of HTML_MAP_BYTES_MAX */
    int64_t tiles, damaged, cut, left_out;   /* left_out: places that did not fit at any zoom */
};

/* Adds {"zoom", "tiles", "names"} to an array that is open in `j`: at the zoom that is sharp, or below it until it
 * fits, and counts it in `w`.  What does not fit adds nothing but to `left_out`. */
void map_ground_put(struct pmtiles *m, const struct map_box *box, struct json *j, struct map_drawn *w);

#endif
