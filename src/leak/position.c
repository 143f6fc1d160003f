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
    return arranged == POSITION_COLUMNS ? columns[encoding] : arranged < POSITION_STEPS_16
        ? steps[encoding] : steps_16[encoding];
}

static size_t cell_of(double degrees, double most) { return (size_t)((degrees + most) * POSITION_CELLS_PER_DEGREE); }

static void mark_cells(uint64_t *cells, double low, double high, double most, uint64_t area)
{
    for (size_t cell = cell_of(fmax(low, -most), most); cell <= cell_of(fmin(high, most), most); cell++)
        cells[cell] |= area;
}

static void add_area(struct position_index *x, size_t n, const struct geo_box *area)
{
    const uint64_t bit = UINT64_C(1) << n;

    x->areas[n] = *area;
    mark_cells(x->latitude_cells, area->south, area->north, 90, bit);
    mark_cells(x->longitude_cells, area->west, area->west <= area->east ? area->east : 180, 180, bit);
    if (area->west > area->east)
        mark_cells(x->longitude_cells, -180, area->east, 180, bit);
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
    for (size_t i = 0; i < x->area_count; i++)
        add_area(x, i, &areas[i]);
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

    if (!(fabs(latitude_deg) <= 90))
        return 0;
    for (uint64_t may = x->latitude_cells[cell_of(latitude_deg, 90)]; may; may &= may - 1) {
        const struct geo_box *area = &x->areas[__builtin_ctzll(may)];
        if (latitude_deg >= area->south && latitude_deg <= area->north)
            areas |= may & -may;
    }
    return areas;
}

uint64_t position_areas_at_longitude(const struct position_index *x, double longitude_deg)
{
    uint64_t areas = 0;

    if (!(fabs(longitude_deg) <= 180))
        return 0;
    for (uint64_t may = x->longitude_cells[cell_of(longitude_deg, 180)]; may; may &= may - 1) {
        const struct geo_box *area = &x->areas[__builtin_ctzll(may)];
        if (geo_box_contains(area, longitude_deg, area->south))
            areas |= may & -may;
    }
    return areas;
}
