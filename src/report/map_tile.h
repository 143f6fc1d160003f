#ifndef LEASH_REPORT_MAP_TILE_H
#define LEASH_REPORT_MAP_TILE_H

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/text.h"

/* One vector tile (Mapbox Vector Tile 2.1, github.com/mapbox/vector-tile-spec: Protocol Buffers), as shapes that a page
 * can draw: for each kind an SVG path of whole numbers, in a tile of MAP_TILE_SIDE by MAP_TILE_SIDE, y downwards, and
 * names with their places. Which layer is of which kind is told by its name in the three schemas that free maps come
 * in: OpenMapTiles, Protomaps, Shortbread. */
enum map_shape { MAP_GREEN, MAP_BUILT, MAP_WATER, MAP_STREAM, MAP_BUILDING, MAP_BORDER, MAP_ROAD, MAP_ROAD_LARGE,
                 MAP_SHAPES };
extern const char *const map_shape_names[MAP_SHAPES];

enum {
    MAP_TILE_SIDE = 1024,
    MAP_TILE_PATH_MAX = 1 << 20,   /* bytes of one path */
    MAP_TILE_POINTS_MAX = 200000,  /* of one tile */
    MAP_NAMES_MAX = 40,            /* of one tile: the most important first */
    MAP_NAME_BYTES_MAX = 80,
};

struct map_name {
    char name[MAP_NAME_BYTES_MAX];
    size_t len;
    int rank;              /* 0 a city ... 6 */
    int32_t x, y;
};

struct map_tile {
    struct buffer paths[MAP_SHAPES];
    struct map_name names[MAP_NAMES_MAX];
    size_t name_count, points;
    bool cut;              /* a limit was reached: not all is there */
};

void map_tile_init(struct map_tile *t);
void map_tile_done(struct map_tile *t);

/* `language` is which of a place's names is wanted, such as "es"; the plain name stands for it where it is not there.
 * INVALID: damaged; what stands ahead of the damage is in `t`. */
__attribute__((warn_unused_result))
enum parse_status map_tile_read(struct bytes tile, struct text language, struct map_tile *t);

#endif
