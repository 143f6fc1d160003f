#ifndef LEASH_REPORT_MAP_PLACE_H
#define LEASH_REPORT_MAP_PLACE_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

/* Where the local map of the page has something to draw: the positions of a case, joined into places as local_map.js
 * joins them. */
enum { MAP_PLACE_CELLS_MAX = 20000 }; /* of a hundredth of a degree each way; what lies in more of them is no place */

struct map_box { double west, south, east, north; }; /* degrees; never over the date line */
struct map_place { struct map_box box; int64_t positions; };

/* All places, those with the most positions first.  `places` has room for MAP_PLACE_CELLS_MAX + 1.  0, or -EIO when the
 * case cannot be read; then `ret_count` is untouched or counts what was read. */
__attribute__((warn_unused_result)) int map_places_find(sqlite3 *db, struct map_place *places, size_t *ret_count);

/* What the page can show of a place, on a screen and on a phone: local_map.js keeps its form within bounds. */
struct map_box map_box_shown(const struct map_box *b);

#endif
