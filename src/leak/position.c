#include "leak/position_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define BOTH(name) name " little-endian", name " big-endian"
#define VARINT(name) name, name
#define BINARY(before) \
    BOTH(before "double"), BOTH(before "float"), BOTH(before "double radians"), BOTH(before "float radians"), \
    BOTH(before "int32 1e7"), BOTH(before "int32 1e6"), BOTH(before "int32 1e5"), BOTH(before "int32 radians 1e7"), \
    BOTH(before "int32 semicircle"), BOTH(before "int64 1e9"), \
    VARINT(before "zigzag varint 1e5"), VARINT(before "zigzag varint 1e6"), VARINT(before "zigzag varint 1e7"), \
    VARINT(before "zigzag varint 1e8"), VARINT(before "zigzag varint 1e9"), VARINT(before "varint 1e5"), \
    VARINT(before "varint 1e6"), VARINT(before "varint 1e7"), VARINT(before "varint 1e8"), VARINT(before "varint 1e9")

const char *position_encoding_name(int encoding, int delta)
{
    static const char *const names[POSITION_ENCODING_COUNT] = {
        BINARY(""),
        "decimal text", "NMEA text", "decimal text in radians", "degrees and minutes text", "scaled whole numbers text",
        "UTM text", "polyline precision 5", "polyline precision 6", "geohash", "plus code", "MGRS", "S2 token",
        "S2 cell id", "H3", "H3 cell id",
    };
    static const char *const columns[POSITION_TEXT_DEGREES] = { BINARY("columns of ") };
    static const char *const steps[POSITION_TEXT_DEGREES] = { BINARY("steps in ") };
    static const char *const steps_16[POSITION_TEXT_DEGREES] = { BINARY("steps in 16 bits, of ") };
    const int arranged = delta < 0 ? -delta : delta;

    if (encoding < 0 || encoding >= POSITION_ENCODING_COUNT)
        return "unknown";
    if (encoding >= POSITION_TEXT_DEGREES || arranged < POSITION_COLUMNS)
        return names[encoding];
    return arranged == POSITION_COLUMNS ? columns[encoding] : arranged < POSITION_STEPS_16 ? steps[encoding] : steps_16[encoding];
}

struct position_index *position_index_new(const struct geo_box *boxes, size_t count)
{
    struct position_index *x = memory_alloc_array(1, sizeof *x);
    struct geo_box *areas = memory_alloc_array(count, sizeof *areas);

    if (count)
        memcpy(areas, boxes, count * sizeof *boxes);
    count = areas_unite(areas, count, POSITION_BINARY_AREAS_MAX);
    position_groups_build(x, areas, count);
    x->area_count = areas_unite(areas, count, POSITION_AREAS_MAX);
    x->south = INFINITY;
    x->north = -INFINITY;
    for (size_t i = 0; i < x->area_count; i++) {
        x->areas[i] = areas[i];
        x->south = fmin(x->south, areas[i].south);
        x->north = fmax(x->north, areas[i].north);
    }
    free(areas);
    x->kernel = filter_best();
    return x;
}

bool position_index_use(struct position_index *x, enum filter_kernel kernel)
{
    if (!filter_kernels[kernel].works())
        return false;
    x->kernel = kernel;
    return true;
}

double position_index_pass_rate(const struct position_index *x)
{
    return filter_pass_rate(&x->every.filter);
}

size_t position_index_bytes(const struct position_index *x)
{
    return x->bytes;
}

void position_index_free(struct position_index *x)
{
    if (!x)
        return;
    position_groups_free(x);
    free(x);
}

double position_chance_per_byte(const struct position_index *x)
{
    return x->chance_per_byte;
}

uint64_t position_areas_at_latitude(const struct position_index *x, double latitude_deg)
{
    uint64_t areas = 0;

    if (!(latitude_deg >= x->south && latitude_deg <= x->north))
        return 0;
    for (size_t i = 0; i < x->area_count; i++)
        if (latitude_deg >= x->areas[i].south && latitude_deg <= x->areas[i].north)
            areas |= UINT64_C(1) << i;
    return areas;
}

uint64_t position_areas_at_longitude(const struct position_index *x, double longitude_deg)
{
    uint64_t areas = 0;

    for (size_t i = 0; i < x->area_count; i++)
        if (geo_box_contains(&x->areas[i], longitude_deg, x->areas[i].south))
            areas |= UINT64_C(1) << i;
    return areas;
}
