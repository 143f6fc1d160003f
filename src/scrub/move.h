#ifndef LEASH_SCRUB_MOVE_H
#define LEASH_SCRUB_MOVE_H

#include <stdbool.h>

/* Moves a track to another place and keeps its shape: distances and directions between its points stay
 * what they were near the place that was moved (farther away the globe's curve shows: about one part in
 * a thousand at 100 km).  One move serves all files of a run, so that they still fit to each other. */
struct move {
    double from_longitude_deg, from_latitude_deg;
    double to_longitude_deg, to_latitude_deg;
};

/* To a place that nobody can guess, over a thousand kilometres away, between 60 degrees south and north.
 * `random` are 16 bytes of chance. */
void move_init(struct move *m, double longitude_deg, double latitude_deg, const unsigned char random[16]);

/* The new place takes no more characters before the point than the old one (or two), so that a text that must not grow
 * holds it as exactly as it held the old place (or with one decimal less).  One move in eight does at least. */
bool move_keeps_widths(const struct move *m);

/* Where a coordinate is afterwards; one outside the globe stays what it is. */
double move_longitude_deg(const struct move *m, double longitude_deg);
double move_latitude_deg(const struct move *m, double latitude_deg);

#endif
