#include "leak/area.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Boxes are united at once when that adds no more than this to what they cover: two
 * flights over one field. */
#define NEARLY_ONE 1.2

/* Comparing all pairs is for so many; more are first united by cells of a grid. */
enum { PAIRS_MAX = 1024 };

bool geo_box_contains(const struct geo_box *b, double longitude_deg, double latitude_deg)
{
    if (!(latitude_deg >= b->south && latitude_deg <= b->north))
        return false;
    if (b->west <= b->east)
        return longitude_deg >= b->west && longitude_deg <= b->east;
    return longitude_deg >= b->west || longitude_deg <= b->east;
}

double geo_box_width_deg(const struct geo_box *b)
{
    return b->west <= b->east ? b->east - b->west : b->east - b->west + 360;
}

static bool longitudes_meet(const struct geo_box *a, const struct geo_box *b)
{
    return geo_box_contains(a, b->west, a->south) || geo_box_contains(b, a->west, b->south);
}

bool geo_box_meets(const struct geo_box *a, const struct geo_box *b)
{
    return a->south <= b->north && b->south <= a->north && longitudes_meet(a, b);
}

static bool spans(const struct geo_box *b, const struct geo_box *inner)
{
    return geo_box_contains(b, inner->west, b->south) && geo_box_contains(b, inner->east, b->south) &&
           geo_box_width_deg(inner) <= geo_box_width_deg(b);
}

struct geo_box geo_box_joined(const struct geo_box *a, const struct geo_box *b)
{
    const double south = fmin(a->south, b->south), north = fmax(a->north, b->north);
    const double wests[2] = { a->west, b->west }, easts[2] = { a->east, b->east };
    struct geo_box best = { -180, south, 180, north };

    /* From one's western end to one's eastern end: of what holds both, the narrowest. */
    for (int w = 0; w < 2; w++)
        for (int e = 0; e < 2; e++) {
            const struct geo_box box = { wests[w], south, easts[e], north };
            if (spans(&box, a) && spans(&box, b) && geo_box_width_deg(&box) < geo_box_width_deg(&best))
                best = box;
        }
    return best;
}

static double size_of(const struct geo_box *b)
{
    return geo_box_width_deg(b) * (b->north - b->south);
}

static double growth(const struct geo_box *a, const struct geo_box *b)
{
    const struct geo_box joined = geo_box_joined(a, b);
    const double before = size_of(a) + size_of(b), after = size_of(&joined);

    return after <= NEARLY_ONE * before ? after - NEARLY_ONE * before : after - before;
}

/* All boxes whose middles lie in one cell of a grid become one. */
static size_t unite_cells(struct geo_box *boxes, size_t count, double cell_deg)
{
    size_t left = 0;

    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        const double column = floor(boxes[i].west / cell_deg), row = floor(boxes[i].south / cell_deg);
        while (k < left && (floor(boxes[k].west / cell_deg) != column || floor(boxes[k].south / cell_deg) != row))
            k++;
        boxes[k] = k < left ? geo_box_joined(&boxes[k], &boxes[i]) : boxes[i];
        left += k == left;
    }
    return left;
}

static void find_partner(const struct geo_box *boxes, size_t count, size_t i, double *ret_growth, size_t *ret_partner)
{
    *ret_growth = INFINITY;
    *ret_partner = i;
    for (size_t k = 0; k < count; k++) {
        const double g = k == i ? INFINITY : growth(&boxes[i], &boxes[k]);
        if (g < *ret_growth) {
            *ret_growth = g;
            *ret_partner = k;
        }
    }
}

size_t areas_unite(struct geo_box *boxes, size_t count, size_t max)
{
    for (double cell_deg = 0.005; count > PAIRS_MAX; cell_deg *= 2)
        count = unite_cells(boxes, count, cell_deg);
    double *growths = memory_alloc_array(count, sizeof *growths);
    size_t *partners = memory_alloc_array(count, sizeof *partners);
    for (size_t i = 0; i < count; i++)
        find_partner(boxes, count, i, &growths[i], &partners[i]);
    while (count > 1) {
        size_t a = 0;
        for (size_t i = 1; i < count; i++)
            if (growths[i] < growths[a])
                a = i;
        if (growths[a] > 0 && count <= max)
            break;
        const size_t b = partners[a], last = --count;
        boxes[a] = geo_box_joined(&boxes[a], &boxes[b]);
        boxes[b] = boxes[last];
        growths[b] = growths[last];
        partners[b] = partners[last];
        for (size_t i = 0; i < count; i++) {
            const bool stale = i == a || i == b || partners[i] == a || partners[i] == b || partners[i] == last;
            if (stale) {
                find_partner(boxes, count, i, &growths[i], &partners[i]);
            } else {
                const double g = growth(&boxes[i], &boxes[a]); /* the new box may be nearer than any before */
                if (g < growths[i]) {
                    growths[i] = g;
                    partners[i] = a;
                }
            }
        }
    }
    free(growths);
    free(partners);
    return count;
}
