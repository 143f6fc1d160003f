/* Any bytes as a file of map tiles: what is found lies inside it, and every look-up ends. */
#include <stdlib.h>
#include <string.h>

#include "report/pmtiles.h"
#include "support.h"

struct memory { const uint8_t *at; size_t len; };

static bool read_memory(void *user, uint64_t offset, void *into, size_t len)
{
    const struct memory *m = user;

    if (offset > m->len || len > m->len - offset)
        return false;
    memcpy(into, m->at + offset, len);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory memory = { data, size };
    struct buffer into;
    struct pmtiles p;

    if (pmtiles_header((struct bytes){ .at = data, .len = size }, &p) != PARSE_OK)
        return 0;
    p.read = read_memory;
    p.user = &memory;
    buffer_init(&into, (size_t)PMTILES_TILE_MAX * 4);
    for (uint64_t id = 0; id < 24; id++) {
        buffer_clear(&into);
        const enum parse_status status = pmtiles_tile(&p, id * id, &into);
        if (status == PARSE_OK && into.len == 0 && p.packed_tiles == 1)
            abort(); /* a tile has bytes */
    }
    buffer_clear(&into);
    (void)!pmtiles_metadata(&p, &into);
    buffer_done(&into);
    pmtiles_done(&p);
    return 0;
}
