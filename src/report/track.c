#include "report/track.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void track_begin(struct track *t)
{
    t->count = t->seen = 0;
    t->stride = 1;
}

static void halve(struct track *t)
{
    for (size_t i = 0; 2 * i < t->count; i++)
        t->points[i] = t->points[2 * i];
    t->count = (t->count + 1) / 2;
    t->stride *= 2;
}

void track_add(struct track *t, struct track_point p)
{
    t->last = p;
    if (t->seen++ % t->stride != 0)
        return;
    if (t->count == TRACK_KEPT_MAX) {
        halve(t);
        if ((t->seen - 1) % t->stride != 0)
            return;
    }
    t->points[t->count++] = p;
}

/* Degrees east from one longitude to another by the short way, so that a track over the
 * date line is not a track around the world. */
static double degrees_east(double from, double to)
{
    return remainder(to - from, 360);
}

/* A point as degrees of latitude north and east of another. */
struct offset {
    double east, north;
};

static struct offset offset_from(const struct track_point *from, const struct track_point *to, double shrink)
{
    return (struct offset){ degrees_east(from->longitude_deg, to->longitude_deg) * shrink,
                            to->latitude_deg - from->latitude_deg };
}

/* Square of the distance of p from the segment that goes from the origin to `end`. */
static double distance2(struct offset p, struct offset end)
{
    const double length2 = end.east * end.east + end.north * end.north;
    double along = length2 > 0 ? (p.east * end.east + p.north * end.north) / length2 : 0;

    along = along < 0 ? 0 : along > 1 ? 1 : along;
    const double east = p.east - along * end.east, north = p.north - along * end.north;
    return east * east + north * north;
}

struct span {
    size_t first, last;
    double importance; /* no point inside may count for more: children follow their parents */
};

/* Gives every point the (squared) distance at which it would be dropped. */
static void weigh(const struct track *t, double *importance)
{
    struct span *spans = memory_alloc_array(t->count, sizeof *spans);
    size_t open = 0;

    importance[0] = importance[t->count - 1] = INFINITY;
    spans[open++] = (struct span){ 0, t->count - 1, INFINITY };
    while (open > 0) {
        const struct span span = spans[--open];
        const struct track_point *from = &t->points[span.first];
        const double shrink = cos(from->latitude_deg * (M_PI / 180));
        const struct offset end = offset_from(from, &t->points[span.last], shrink);
        double farthest = -1;
        size_t at = span.first;
        for (size_t i = span.first + 1; i < span.last; i++) {
            const double d = distance2(offset_from(from, &t->points[i], shrink), end);
            if (d > farthest) {
                farthest = d;
                at = i;
            }
        }
        if (at == span.first)
            continue;
        importance[at] = farthest < span.importance ? farthest : span.importance;
        spans[open++] = (struct span){ span.first, at, importance[at] };
        spans[open++] = (struct span){ at, span.last, importance[at] };
    }
    free(spans);
}

static int larger_first(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x < y) - (x > y);
}

void track_simplify(struct track *t, size_t points_max)
{
    if (t->count > 0 && (t->seen - 1) % t->stride != 0) {
        if (t->count == TRACK_KEPT_MAX)
            t->count--;
        t->points[t->count++] = t->last;
    }
    if (t->count <= points_max)
        return;

    double *importance = memory_alloc_array(t->count, sizeof *importance);
    double *sorted = memory_alloc_array(t->count, sizeof *sorted);
    weigh(t, importance);
    memcpy(sorted, importance, t->count * sizeof *sorted);
    qsort(sorted, t->count, sizeof *sorted, larger_first);
    const double least = sorted[points_max - 1];

    /* Of points of the same importance as the least, only as many as there is room for. */
    size_t equals = 0, kept = 0;
    for (size_t i = 0; i < points_max; i++)
        equals += !(sorted[i] > least);
    for (size_t i = 0; i < t->count; i++) {
        const int above = importance[i] > least;
        if (!above && (importance[i] < least || equals == 0))
            continue;
        if (!above && equals > 0)
            equals--;
        t->points[kept++] = t->points[i];
    }
    t->count = kept;
    free(importance);
    free(sorted);
}
