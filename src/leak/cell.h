#ifndef LEASH_LEAK_CELL_H
#define LEASH_LEAK_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Codes that name a cell of the Earth's surface instead of a point, and grids in metres.
 * Positions are WGS-84 degrees; what is not written as its definition says is refused,
 * and *ret is then left alone. */

struct cell {
    double longitude_deg, latitude_deg; /* its middle */
    double size_m;                      /* its longer side, about */
};

/* Characters of base 32 without a, i, l and o (G. Niemeyer, 2008), 1 to 12 of them, either case. */
bool geohash_read(const uint8_t *at, size_t len, struct cell *ret);
/* Open Location Code, full codes of 10 to 15 digits: "8FVC9G8F+6X", without padding. */
bool plus_code_read(const uint8_t *at, size_t len, struct cell *ret);
/* S2 cell ids (Google's S2 geometry, S2CellId): 64 bits, the lowest set one tells the level. */
bool s2_cell_read(uint64_t id, struct cell *ret);
/* The id of the smallest cell around a position; those around it have its first bits. */
uint64_t s2_leaf_of(double longitude_deg, double latitude_deg);
/* Hex with the zeros at its end left out: 1 to 16 digits, either case. */
bool s2_token_read(const uint8_t *at, size_t len, struct cell *ret);
/* MGRS in one word: zone, band, square of 100 km, and 2 to 10 digits: "31TCJ1234567890". */
bool mgrs_read(const uint8_t *at, size_t len, struct cell *ret);

/* Universal Transverse Mercator.  Zones are 1 to 60 by longitude only: the exceptions of
 * Norway and Svalbard are other people's zones and are tried beside it. */
struct utm {
    int zone;
    bool south;
    double easting_m, northing_m;
};
void utm_of(double longitude_deg, double latitude_deg, int zone, struct utm *ret);
int utm_zone(double longitude_deg);
void utm_degrees(const struct utm *u, double *longitude_deg, double *latitude_deg);

#endif
