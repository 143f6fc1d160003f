#ifndef LEASH_LEAK_POLYLINE_H
#define LEASH_LEAK_POLYLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Encoded polylines (Google's "Encoded Polyline Algorithm Format"): latitude and longitude
 * times 1e5 or 1e6, each as the step from the one before, zigzag, in characters of five
 * bits from the low end, 63 added.  Fed in pieces of any size. */

struct polyline {
    int64_t sum[2];      /* latitude, longitude */
    uint64_t bits;
    uint8_t shift;
    uint8_t skip;        /* characters to leave out at the start */
    bool longitude;      /* comes next */
    uint32_t chars;      /* of the pair so far */
    uint32_t points;
};

struct polyline_point {
    double latitude, longitude; /* times the precision's power of ten */
    size_t end;                 /* in the piece, behind its last character */
    uint32_t chars;
};

/* Reads on from *i; true with each point, false at the end of the piece or (then *over) of
 * the polyline: a character or value that cannot be in one. */
bool polyline_next(struct polyline *p, const uint8_t *at, size_t len, size_t *i, struct polyline_point *ret,
                   bool *over);

#endif
