#ifndef LEASH_LEAK_H3_H
#define LEASH_LEAK_H3_H

#include "leak/cell.h"

/* H3 cell ids (Uber's hexagonal grid, h3geo.org/docs/core-library/h3Indexing): 64 bits; mode,
 * resolution, one of 122 base cells, and a digit for each step down to a seventh. */

enum { H3_RESOLUTION_MAX = 15 };

/* False: not the id of a cell. */
bool h3_cell_read(uint64_t id, struct cell *ret);
/* Hex without the zero at its front: 15 digits, or 16 with it, either case.  Whether it is a cell's is not looked
 * at. */
bool h3_text_read(const uint8_t *at, size_t len, uint64_t *ret_id);
/* What the id of a cell has to have besides its place, in bits: the mode, and a seven for every digit that it has
 * not. */
double h3_structure_bits(uint64_t id);

/* Calls `each` with the ids of resolution 2 (about 300 km across) in which cells around a position may lie. */
void h3_parents_near(double longitude_deg, double latitude_deg, void (*each)(void *user, uint64_t id), void *user);

#endif
