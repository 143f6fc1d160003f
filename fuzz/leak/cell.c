/* Codes of cells: whatever is taken names a place on Earth. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "leak/h3.h"

static void check(const struct cell *c)
{
    if (!(fabs(c->longitude_deg) <= 180.0000001) || !(fabs(c->latitude_deg) <= 90) ||
        !(c->size_m > 0 && c->size_m < 3e7))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cell cell;
    uint64_t id = 0;

    if (size > 64)
        return 0;
    if (geohash_read(data, size, &cell))
        check(&cell);
    if (plus_code_read(data, size, &cell))
        check(&cell);
    /* Near the poles the squares of a zone reach into others, across the date line too. */
    if (mgrs_read(data, size, &cell) && !(fabs(cell.latitude_deg) <= 90 && fabs(cell.longitude_deg) < 720))
        abort();
    if (s2_token_read(data, size, &cell))
        check(&cell);
    if (h3_text_read(data, size, &id) && h3_cell_read(id, &cell))
        check(&cell);
    if (size >= sizeof id) {
        memcpy(&id, data, sizeof id);
        if (h3_cell_read(id, &cell))
            check(&cell);
        if (s2_cell_read(id, &cell)) {
            check(&cell);
            /* The leaf around its middle has the cell's first bits. */
            const int below = __builtin_ctzll(id) + 1;
            const uint64_t leaf = s2_leaf_of(cell.longitude_deg, cell.latitude_deg);
            if (below > 2 && below < 61 && leaf >> below != id >> below)
                abort();
        }
    }
    return 0;
}
