#include "leak/track.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/fact.h"

#define METRES_PER_DEG 111194.9  /* on a sphere of 6371 km */
#define MARGIN_DEG 0.0005
#define CELL_M 40.0              /* not less than the widest reach of a question */
#define SEGMENT_MAX_M 300.0      /* further apart, two fixes are not joined by a line */
#define GAP_MAX_NS (20 * NS)
#define NS INT64_C(1000000000)

enum { CELLS_MAX = 1 << 20, COVERAGE_SAMPLES = 4096 };

static double longitude_difference(double a, double b)
{
    double d = a - b;

    if (d > 180)
        d -= 360;
    if (d < -180)
        d += 360;
    return d;
}

void track_map(const struct track *t, double longitude_deg, double latitude_deg, double *x_m, double *y_m)
{
    *x_m = longitude_difference(longitude_deg, t->longitude0_deg) * t->metres_per_lon_deg;
    *y_m = (latitude_deg - t->latitude0_deg) * METRES_PER_DEG;
}

static double wrapped(double longitude_deg)
{
    return longitude_deg > 180 ? longitude_deg - 360 : longitude_deg < -180 ? longitude_deg + 360 : longitude_deg;
}

static void find_box(struct track *t)
{
    double west = 0, east = 0, south = t->points[0].latitude_deg, north = south;

    for (uint32_t i = 0; i < t->count; i++) {
        const double d = longitude_difference(t->points[i].longitude_deg, t->longitude0_deg);
        west = fmin(west, d);
        east = fmax(east, d);
        south = fmin(south, t->points[i].latitude_deg);
        north = fmax(north, t->points[i].latitude_deg);
    }
    const double margin = MARGIN_DEG / fmax(cos(south * M_PI / 180), 0.1);
    t->box = (struct geo_box){
        .west = wrapped(t->longitude0_deg + west - margin),
        .east = wrapped(t->longitude0_deg + east + margin),
        .south = fmax(south - MARGIN_DEG, -90),
        .north = fmin(north + MARGIN_DEG, 90),
    };
}

/* No distance here is so long that its square would not fit, which is what hypot takes its time for. */
static double length_m(double x_m, double y_m) { return sqrt(x_m * x_m + y_m * y_m); }

static bool is_joined(const struct track *t, uint32_t i)
{
    if (!t->path || i + 1 >= t->count)
        return false;
    const double step_m = length_m(t->x_m[i + 1] - t->x_m[i], t->y_m[i + 1] - t->y_m[i]);
    if (step_m > SEGMENT_MAX_M)
        return false;
    const int64_t a = t->points[i].time_utc_ns, b = t->points[i + 1].time_utc_ns;
    /* Standing still may last; moving over a long silence is a gap in the log. */
    return !fact_known_int(a) || !fact_known_int(b) || b - a <= GAP_MAX_NS || step_m < TRACK_AT_M;
}

static bool joined(const struct track *t, uint32_t i) { return t->joined[i]; }

static uint32_t cell_index(double at_m, double from_m, double cell_m, uint32_t count)
{
    const double i = floor((at_m - from_m) / cell_m);

    return i < 0 ? 0 : i >= count ? count - 1 : (uint32_t)i;
}

/* Calls for every cell the bounding rectangle of segment `i` touches. */
static void segment_cells(struct track *t, uint32_t i, uint32_t *next)
{
    const uint32_t j = joined(t, i) ? i + 1 : i;
    const uint32_t column_from = cell_index(fmin(t->x_m[i], t->x_m[j]), t->west_m, t->cell_m, t->columns);
    const uint32_t column_to = cell_index(fmax(t->x_m[i], t->x_m[j]), t->west_m, t->cell_m, t->columns);
    const uint32_t row_from = cell_index(fmin(t->y_m[i], t->y_m[j]), t->south_m, t->cell_m, t->rows);
    const uint32_t row_to = cell_index(fmax(t->y_m[i], t->y_m[j]), t->south_m, t->cell_m, t->rows);

    for (uint32_t row = row_from; row <= row_to; row++)
        for (uint32_t column = column_from; column <= column_to; column++) {
            const uint32_t cell = row * t->columns + column;
            if (next)
                t->cell_segments[next[cell]++] = i;
            else
                t->cell_first[cell + 1]++;
        }
}

static void build_grid(struct track *t)
{
    double east_m = -INFINITY, north_m = -INFINITY;

    t->west_m = t->south_m = INFINITY;
    for (uint32_t i = 0; i < t->count; i++) {
        t->west_m = fmin(t->west_m, t->x_m[i]);
        t->south_m = fmin(t->south_m, t->y_m[i]);
        east_m = fmax(east_m, t->x_m[i]);
        north_m = fmax(north_m, t->y_m[i]);
    }
    t->cell_m = CELL_M;
    while ((floor((east_m - t->west_m) / t->cell_m) + 1) * (floor((north_m - t->south_m) / t->cell_m) + 1) > CELLS_MAX)
        t->cell_m *= 2;
    t->columns = (uint32_t)floor((east_m - t->west_m) / t->cell_m) + 1;
    t->rows = (uint32_t)floor((north_m - t->south_m) / t->cell_m) + 1;
    const size_t cells = (size_t)t->columns * t->rows;
    t->cell_first = memory_alloc_array(cells + 1, sizeof *t->cell_first);
    for (uint32_t i = 0; i < t->count; i++)
        segment_cells(t, i, NULL);
    uint32_t *next = memory_alloc_array(cells + 1, sizeof *next);
    for (size_t c = 0; c < cells; c++) {
        t->cell_first[c + 1] += t->cell_first[c];
        next[c] = t->cell_first[c];
    }
    t->cell_segments = memory_alloc_array(t->cell_first[cells], sizeof *t->cell_segments);
    for (uint32_t i = 0; i < t->count; i++)
        segment_cells(t, i, next);
    free(next);
}

static struct track_place place_on(const struct track *t, uint32_t i, double x_m, double y_m)
{
    double fraction = 0, along = t->along_m[i];
    double nearest_x = t->x_m[i], nearest_y = t->y_m[i];

    if (joined(t, i)) {
        const double dx = t->x_m[i + 1] - t->x_m[i], dy = t->y_m[i + 1] - t->y_m[i], square = dx * dx + dy * dy;
        if (square > 0)
            fraction = fmin(fmax(((x_m - t->x_m[i]) * dx + (y_m - t->y_m[i]) * dy) / square, 0), 1);
        nearest_x += fraction * dx;
        nearest_y += fraction * dy;
        along += fraction * sqrt(square);
    }
    return (struct track_place){
        .distance_m = length_m(x_m - nearest_x, y_m - nearest_y), .along_m = along, .segment = i, .fraction = fraction
    };
}

/* False: no place of the segment is within reach, as its first one is too far off for its length. */
static bool may_be_near(const struct track *t, uint32_t i, double x_m, double y_m, double reach_m)
{
    const double margin_m = 0.001, dx = x_m - t->x_m[i], dy = y_m - t->y_m[i],
        far_m = reach_m + margin_m + (joined(t, i) ? t->along_m[i + 1] - t->along_m[i] : 0);

    return dx * dx + dy * dy <= far_m * far_m;
}

/* Calls `each` for the segments in the cells around a place. */
static void around(const struct track *t, double x_m, double y_m, double reach_m,
                   void (*each)(void *user, const struct track_place *place), void *user)
{
    /* A segment lies in every cell it may cross, so the cells the reach touches suffice. */
    if (x_m < t->west_m - reach_m || y_m < t->south_m - reach_m ||
        x_m > t->west_m + t->columns * t->cell_m + reach_m || y_m > t->south_m + t->rows * t->cell_m + reach_m)
        return;
    const uint32_t column_from = cell_index(x_m - reach_m, t->west_m, t->cell_m, t->columns);
    const uint32_t column_to = cell_index(x_m + reach_m, t->west_m, t->cell_m, t->columns);
    const uint32_t row_from = cell_index(y_m - reach_m, t->south_m, t->cell_m, t->rows);
    const uint32_t row_to = cell_index(y_m + reach_m, t->south_m, t->cell_m, t->rows);
    for (uint32_t row = row_from; row <= row_to; row++)
        for (uint32_t column = column_from; column <= column_to; column++) {
            const uint32_t cell = row * t->columns + column;
            for (uint32_t k = t->cell_first[cell]; k < t->cell_first[cell + 1]; k++) {
                if (!may_be_near(t, t->cell_segments[k], x_m, y_m, reach_m))
                    continue;
                const struct track_place place = place_on(t, t->cell_segments[k], x_m, y_m);
                if (place.distance_m <= reach_m)
                    each(user, &place);
            }
        }
}

static void keep_nearest(void *user, const struct track_place *place)
{
    struct track_place *best = user;

    if (place->distance_m < best->distance_m)
        *best = *place;
}

bool track_nearest(const struct track *t, double x_m, double y_m, double reach_m, struct track_place *ret)
{
    struct track_place best = { .distance_m = INFINITY };

    around(t, x_m, y_m, reach_m, keep_nearest, &best);
    if (!(best.distance_m <= reach_m))
        return false;
    *ret = best;
    return true;
}

struct passes {
    struct track_place *places;
    size_t count;
    double apart_m;
};

static void keep_pass(void *user, const struct track_place *place)
{
    struct passes *p = user;
    size_t furthest = 0;

    /* Places not further apart along the track than they may lie across it are one pass. */
    for (size_t i = 0; i < p->count; i++) {
        if (fabs(p->places[i].along_m - place->along_m) <= p->apart_m) {
            if (place->distance_m < p->places[i].distance_m)
                p->places[i] = *place;
            return;
        }
        if (p->places[i].distance_m > p->places[furthest].distance_m)
            furthest = i;
    }
    if (p->count < TRACK_PASSES_MAX)
        p->places[p->count++] = *place;
    else if (place->distance_m < p->places[furthest].distance_m)
        p->places[furthest] = *place;
}

size_t track_passes(const struct track *t, double x_m, double y_m, double reach_m,
                    struct track_place into[TRACK_PASSES_MAX])
{
    struct passes p = { .places = into, .apart_m = 3 * reach_m };

    around(t, x_m, y_m, reach_m, keep_pass, &p);
    return p.count;
}

int64_t track_time_at(const struct track *t, const struct track_place *place)
{
    const int64_t a = t->points[place->segment].time_utc_ns;

    if (!fact_known_int(a) || place->segment + 1 >= t->count)
        return a;
    const int64_t b = t->points[place->segment + 1].time_utc_ns;
    return fact_known_int(b) ? a + (int64_t)(place->fraction * (double)(b - a)) : a;
}

bool track_at_time(const struct track *t, int64_t time_utc_ns, double *x_m, double *y_m, double *along_m)
{
    uint32_t low = 0, high = t->count;

    if (!t->path || t->count == 0 || !fact_known_int(t->points[0].time_utc_ns))
        return false;
    /* The last point at or before the time. */
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (t->points[middle].time_utc_ns <= time_utc_ns)
            low = middle;
        else
            high = middle;
    }
    const int64_t a = t->points[low].time_utc_ns;
    if (a > time_utc_ns || !fact_known_int(a))
        return false;
    double fraction = 0;
    if (low + 1 < t->count && joined(t, low)) {
        const int64_t b = t->points[low + 1].time_utc_ns;
        fraction = b > a ? (double)(time_utc_ns - a) / (double)(b - a) : 0;
        *along_m = t->along_m[low] + fraction * (t->along_m[low + 1] - t->along_m[low]);
        *x_m = t->x_m[low] + fraction * (t->x_m[low + 1] - t->x_m[low]);
        *y_m = t->y_m[low] + fraction * (t->y_m[low + 1] - t->y_m[low]);
        return true;
    }
    *along_m = t->along_m[low];
    *x_m = t->x_m[low];
    *y_m = t->y_m[low];
    return time_utc_ns - a <= NS;
}

/* How much of the box is near the track: sampled with a fixed generator, so that the same evidence gives the same bits.
 * Of each thousand tracks few are ever asked, so they are measured when they are; whoever comes first leaves it to the
 * others, and two at once find the same. */
enum { COVERAGE_KNOWN = 1 << 30, COVERAGE_SHIFT = 15, COVERAGE_MASK = (1 << COVERAGE_SHIFT) - 1 };

static uint32_t measure_coverage(const struct track *t)
{
    uint64_t state = 0x9e3779b97f4a7c15;
    uint32_t near = 0, at = 0;

    for (int i = 0; i < COVERAGE_SAMPLES; i++) {
        double unit[2], x_m, y_m;
        struct track_place place;
        for (int k = 0; k < 2; k++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            unit[k] = (double)(state >> 11) / 9007199254740992.0;
        }
        track_map(t, wrapped(t->box.west + unit[0] * geo_box_width_deg(&t->box)),
                  t->box.south + unit[1] * (t->box.north - t->box.south), &x_m, &y_m);
        if (track_nearest(t, x_m, y_m, TRACK_NEAR_M, &place)) {
            near++;
            at += place.distance_m <= TRACK_AT_M;
        }
    }
    return COVERAGE_KNOWN | near << COVERAGE_SHIFT | at;
}

static uint32_t coverage_of(const struct track *t)
{
    uint32_t coverage = __atomic_load_n(t->coverage, __ATOMIC_RELAXED);

    if (!coverage) {
        coverage = measure_coverage(t);
        __atomic_store_n(t->coverage, coverage, __ATOMIC_RELAXED);
    }
    return coverage;
}

/* One bit less for having two distances to choose from. */
static double bits_of_samples(uint32_t count)
{
    return fmax(log2(COVERAGE_SAMPLES / (count + 1.0)) - 1, 0);
}

double track_near_bits(const struct track *t)
{
    return bits_of_samples(coverage_of(t) >> COVERAGE_SHIFT & COVERAGE_MASK);
}

double track_at_bits(const struct track *t)
{
    return bits_of_samples(coverage_of(t) & COVERAGE_MASK);
}

/* To how many decimals of a degree the points were written down. */
static void measure_grain(struct track *t)
{
    enum { SAMPLE = 64, FINEST = 6 };
    int decimals = 3;

    for (uint32_t i = 0; i < t->count && i < SAMPLE; i++)
        for (int k = 0; k < 2; k++) {
            const double deg = k ? t->points[i].longitude_deg : t->points[i].latitude_deg;
            while (decimals <= FINEST && fabs(deg * pow(10, decimals) - round(deg * pow(10, decimals))) > 1e-4)
                decimals++;
        }
    t->grain_m = decimals <= FINEST ? 0.5 * pow(10, -decimals) * METRES_PER_DEG : 0;
}

void track_init(struct track *t, const struct track_point *points, size_t count, bool path)
{
    *t = (struct track){ .count = (uint32_t)count, .path = path };
    t->points = memory_alloc_array(count, sizeof *t->points);
    memcpy(t->points, points, count * sizeof *points);
    t->longitude0_deg = points[0].longitude_deg;
    t->latitude0_deg = points[0].latitude_deg;
    t->metres_per_lon_deg = METRES_PER_DEG * fmax(cos(t->latitude0_deg * M_PI / 180), 0.01);
    t->x_m = memory_alloc_array(count, sizeof *t->x_m);
    t->y_m = memory_alloc_array(count, sizeof *t->y_m);
    t->along_m = memory_alloc_array(count, sizeof *t->along_m);
    for (uint32_t i = 0; i < t->count; i++) {
        track_map(t, points[i].longitude_deg, points[i].latitude_deg, &t->x_m[i], &t->y_m[i]);
        if (i > 0)
            t->along_m[i] = t->along_m[i - 1] + hypot(t->x_m[i] - t->x_m[i - 1], t->y_m[i] - t->y_m[i - 1]);
    }
    t->joined = memory_alloc_array(count, sizeof *t->joined);
    for (uint32_t i = 0; i < t->count; i++)
        t->joined[i] = is_joined(t, i);
    measure_grain(t);
    find_box(t);
    build_grid(t);
    t->coverage = memory_alloc_array(1, sizeof *t->coverage);
}

void track_done(struct track *t)
{
    free(t->points);
    free(t->x_m);
    free(t->y_m);
    free(t->along_m);
    free(t->joined);
    free(t->cell_first);
    free(t->cell_segments);
    free(t->coverage);
    *t = (struct track){ 0 };
}
