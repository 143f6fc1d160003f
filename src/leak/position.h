#ifndef LEASH_LEAK_POSITION_H
#define LEASH_LEAK_POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "leak/area.h"
#include "leak/filter.h"
#include "leak/number.h"
#include "leak/thresholds.h"

/* Where in bytes a pair of numbers stands that is a position inside one of the areas
 * of the known paths: binary numbers at every offset (all kinds of number.h, both byte
 * orders, either coordinate first), and decimal text.
 *
 * At every offset a filter (filter.h) tells whether one coordinate may stand there; only
 * then its value is read, and only when that lies in an area the other coordinate is looked
 * for around it. */

enum {
    POSITION_AREAS_MAX = 64,  /* of text, which holds them as bits */
    POSITION_BINARY_AREAS_MAX = 256,
    POSITION_REACH = 24,      /* bytes between the starts of two binary coordinates */
    POSITION_TEXT_GAP = 64,   /* bytes between two decimal numbers of a pair */
    POSITION_LOOK_BEHIND = 192, /* bytes before `done` that a pair may still need */
    POSITION_LOOK_AHEAD = 96,   /* bytes behind a pair in which its numbers end and its time may stand */
};

/* Binary encodings are kind * 2 + big_endian; text ones follow. */
enum {
    POSITION_TEXT_DEGREES = NUMBER_KIND_COUNT * 2,
    POSITION_TEXT_NMEA,
    POSITION_TEXT_RADIANS,
    POSITION_TEXT_SEXAGESIMAL, /* degrees and minutes, or degrees, minutes and seconds */
    POSITION_TEXT_SCALED,      /* whole numbers: degrees * 1e5 to 1e8 */
    POSITION_CODE_FIRST,       /* from here on: numbers and codes of a grid over the whole globe, with `cell_m` */
    POSITION_TEXT_UTM = POSITION_CODE_FIRST,
    POSITION_POLYLINE_5,       /* encoded polylines, by their precision */
    POSITION_POLYLINE_6,
    POSITION_GEOHASH,
    POSITION_PLUS_CODE,
    POSITION_MGRS,
    POSITION_S2_TOKEN,
    POSITION_S2_ID,            /* 64 bits, either byte order */
    POSITION_H3,               /* 15 hex digits */
    POSITION_H3_ID,
    POSITION_ENCODING_COUNT
};

/* The last step of leak.decoding: "double little-endian", "decimal text", "steps in zigzag varint 1e7"; `delta` as in
 * struct position_pair. */
const char *position_encoding_name(int encoding, int delta);

struct position_pair {
    double longitude_deg, latitude_deg;
    size_t at, length;      /* the bytes that hold both */
    uint8_t encoding;
    int8_t delta;           /* start of the longitude minus start of the latitude; varints: bytes between them and one, less
                               than zero when the longitude is first; POSITION_COLUMNS and what follows it; text: 1 or -1 */
    uint8_t fixed_chars;    /* text: signs, whole digits and points of both */
    uint8_t decimals;       /* text: of the shorter fraction; other units of angle and length as in degrees */
    bool labelled;          /* text: "lat" and "lon" stand before the numbers */
    bool chained;           /* a step from the pair before it (delta coding): being in the area is then no evidence */
    float cell_m;           /* codes that name a cell: its longer side; longitude and latitude are its middle.  0: a point */
};

/* As `delta`, or less that when the longitude is first. */
enum {
    POSITION_COLUMNS = 100, /* all latitudes, then all longitudes */
    POSITION_STEPS = 101,   /* steps from the position before; and so many numbers more behind each (0 to 2) */
    POSITION_STEPS_16 = 104, /* the same in 16 bits */
};

/* A varint that is one coordinate: a column of latitudes or of longitudes may begin here. */
struct position_value {
    enum number_kind kind;
    bool longitude;
    size_t at;
};

enum position_magic { MAGIC_GZIP, MAGIC_ZLIB };

struct position_index;

/* Areas are united until POSITION_BINARY_AREAS_MAX are left, for text POSITION_AREAS_MAX. */
struct position_index *position_index_new(const struct geo_box *boxes, size_t count);
void position_index_free(struct position_index *x);
/* Chosen by the processor; for tests and measurements another one.  False: not on this one. */
bool position_index_use(struct position_index *x, enum filter_kernel kernel);
/* What the index was built to; for tables. */
double position_index_pass_rate(const struct position_index *x);
size_t position_index_bytes(const struct position_index *x);

/* Pairs whose last byte (text: the point of the second number) lies in [done, limit) are
 * given, in the order in which they are found; so a stream can be scanned in overlapping pieces and
 * each pair is given once.  Everything in at[0, len) may be looked at; at[0] is the first
 * byte of the view if `from_start`.  `magic` gets each offset in [done, limit) where a
 * gzip or zlib stream could begin. */
struct position_events {
    void *user;
    void (*pair)(void *user, const struct position_pair *pair);
    void (*value)(void *user, const struct position_value *value); /* NULL is fine */
    void (*magic)(void *user, size_t at, enum position_magic magic);
    /* A pair of a run, which may have begun before at[0]: `offset` is its place in the view, pair->at says nothing. */
    void (*run)(void *user, const struct position_pair *pair, uint64_t offset);
};

void position_scan_binary(const struct position_index *x, const uint8_t *at, size_t len, size_t done, size_t limit,
                          const struct position_events *events);

/* -log2 of the probability that random bytes hold such a pair inside the box: from the
 * box itself.  Leading 00 and FF bytes of integers do not count, they are everywhere. */
double position_pair_bits(const struct geo_box *box, const struct position_pair *pair);
/* The same where a wrong key would have made any bytes of it: leading ones that only say "small number" count too. */
double position_telling_bits(const struct geo_box *box, const struct position_pair *pair);
/* How many pairs uniformly random bytes would hold per byte, over all binary encodings; those near zero are not
 * counted, as they are no candidates. */
double position_chance_per_byte(const struct position_index *x);
/* A binary coordinate so close to zero that much else looks like it: integers like counters and lengths, floats of
 * four bytes like text.  Such a pair is of interest only among others that go on from one to the next, and only
 * doubles of which one is not near zero have bits. */
bool position_near_zero(const struct position_pair *pair);

/* Areas that contain the longitude or latitude, as bit sets; for text_scan.c. */
uint64_t position_areas_at_latitude(const struct position_index *x, double latitude_deg);
uint64_t position_areas_at_longitude(const struct position_index *x, double longitude_deg);

#endif
