#include "leak/position_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *position_encoding_name(int encoding)
{
#define BOTH(name) name " little-endian", name " big-endian"
#define VARINT(name) name, name
    static const char *const names[POSITION_ENCODING_COUNT] = {
        BOTH("double"), BOTH("float"), BOTH("double radians"), BOTH("float radians"), BOTH("int32 1e7"),
        BOTH("int32 1e6"), BOTH("int32 1e5"), BOTH("int32 radians 1e7"), BOTH("int32 semicircle"), BOTH("int64 1e9"),
        VARINT("zigzag varint 1e5"), VARINT("zigzag varint 1e6"), VARINT("zigzag varint 1e7"), VARINT("zigzag varint 1e8"),
        VARINT("zigzag varint 1e9"), VARINT("varint 1e5"), VARINT("varint 1e6"), VARINT("varint 1e7"), VARINT("varint 1e8"),
        VARINT("varint 1e9"),
        "decimal text", "NMEA text", "decimal text in radians", "degrees and minutes text", "scaled whole numbers text",
        "UTM text", "polyline precision 5", "polyline precision 6", "geohash", "plus code", "MGRS", "S2 token",
        "S2 cell id", "H3", "H3 cell id",
    };
#undef BOTH
#undef VARINT
    return encoding >= 0 && encoding < POSITION_ENCODING_COUNT ? names[encoding] : "unknown";
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
