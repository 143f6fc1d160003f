/* Any bytes as a vector tile: paths hold nothing but numbers and letters of SVG, names lie in the tile. */
#include <stdlib.h>
#include <string.h>

#include "report/map_tile.h"
#include "support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct map_tile t;

    map_tile_init(&t);
    (void)!map_tile_read((struct bytes){ .at = data, .len = size }, TEXT("es"), &t);
    for (int i = 0; i < MAP_SHAPES; i++) {
        const struct text path = buffer_text(&t.paths[i]);
        for (size_t k = 0; k < path.len; k++)
            if (!memchr("Mlz- 0123456789", path.at[k], 15))
                abort();
    }
    for (size_t i = 0; i < t.name_count; i++)
        if (t.names[i].len == 0 || t.names[i].len >= MAP_NAME_BYTES_MAX || t.names[i].x < 0 ||
            t.names[i].x >= MAP_TILE_SIDE ||
            t.names[i].y < 0 || t.names[i].y >= MAP_TILE_SIDE)
            abort();
    map_tile_done(&t);
    return 0;
}
