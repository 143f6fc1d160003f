#ifndef LEASH_LEAK_AREA_H
#define LEASH_LEAK_AREA_H

#include <stdbool.h>
#include <stddef.h>

/* Rectangles on the globe, and the uniting of many into few. */

/* West > east when it lies across the date line. */
struct geo_box {
    double west, south, east, north;
};

bool geo_box_contains(const struct geo_box *b, double longitude_deg, double latitude_deg);
double geo_box_width_deg(const struct geo_box *b);
bool geo_box_meets(const struct geo_box *a, const struct geo_box *b);
/* The smallest box around both. */
struct geo_box geo_box_joined(const struct geo_box *a, const struct geo_box *b);

/* Unites boxes in place until at most `max` are left, and those that are nearly one
 * anyway; gives how many are left.  What the boxes covered stays covered.  A chance hit is
 * as likely as the areas are large, so of all pairs the one is united first whose joint
 * box adds least: boxes of one town become one, boxes of two countries stay two. */
size_t areas_unite(struct geo_box *boxes, size_t count, size_t max);

#endif
