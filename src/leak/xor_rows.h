#ifndef LEASH_LEAK_XOR_ROWS_H
#define LEASH_LEAK_XOR_ROWS_H

#include "leak/index.h"
#include "leak/xor_key.h"

/* Inside of the search for keys over records that all meet the same bytes; for xor_rows*.c only. */

enum {
    ROWS_MIN = 6, ROWS_MAX = 48,
    PLACES_MAX = 2048,       /* of a path, that are tried */
    WAITING_MAX = 1024,
    SOLVED_MAX = 32,
};
#define SURE_M 25.0          /* bytes that tell less may be wrong when the first position is beside its place */

/* What meets the same bytes of the key. */
struct rows {
    const uint8_t *at[ROWS_MAX];
    size_t len[ROWS_MAX];    /* to the end of the part: a number may reach into the next row */
    size_t count;
    size_t period;           /* 0: messages, of which each begins with the key */
    size_t places;           /* at which a number may begin */
};

struct layout {
    enum number_kind kind;
    uint8_t width, gap, place;
    bool big_endian, longitude_first;
};

struct solved {
    struct layout layout;
    uint8_t key_len;         /* 0: any */
    const struct index_track *track;
    uint64_t mask[2];        /* over the first number and over the second, as numbers */
    double quality;          /* of a row */
};

/* Where a path goes, roughly. */
struct near_map {
    double west_m, south_m, cell_m;
    uint32_t columns, rows;
    uint64_t *bits;
};

struct row_search {
    const struct rows *rows;
    const struct xor_index_tracks *tracks;
    size_t trials, trials_max, followed;
    size_t track_number;
    const struct index_track *track;
    struct near_map near;
    size_t place_count;
    double latitudes[PLACES_MAX], longitudes[PLACES_MAX];
    uint64_t raw[2][PLACES_MAX];         /* the same as numbers: latitudes, longitudes */
    uint64_t differences[2][ROWS_MAX];   /* of the first and second number of each row from at_first */
    uint64_t at_first[2];                /* both numbers of the row whose position is tried */
    double byte_m[NUMBER_FIXED_COUNT][8]; /* the least step of each byte of a number, the lowest first */
    struct solved solved[SOLVED_MAX];
    size_t solved_count;
    /* What is looked at later, if at all: ways of writing under keys that no byte of both numbers would tell. */
    struct waiting {
        struct layout layout;
        uint8_t track;
        uint16_t passed;     /* places that the glance lets pass: the fewer, the more it tells */
    } waiting[WAITING_MAX];
    size_t waiting_count;
};

/* How well positions follow the path, and how unlikely it is that others do. */
struct evidence {
    double near;             /* how near they lie: of each the bits that tell its distance from TRACK_NEAR_M */
    double bits;             /* of the steps */
    double turned;           /* radians, in all steps long enough to have a direction */
    size_t steps;            /* of these */
    size_t joined, of;
};

/* The path: where it goes, and where on it the first position may be. */
void rows_begin_track(struct row_search *s, size_t number);
void rows_begin_kind(struct row_search *s, enum number_kind kind);
bool near_map_has(const struct near_map *m, double x_m, double y_m);

uint64_t rows_value(const uint8_t *at, unsigned width, bool big_endian);
/* At which byte of a key one byte of a number stands, byte 0 being the lowest, of the first number or the second. */
size_t rows_column(const struct layout *l, int which, unsigned byte, size_t key_len);
bool rows_length_fits(const struct rows *r, size_t key_len);
/* What one step of a byte of a latitude is. */
double rows_step_m(const struct track *t, enum number_kind kind, unsigned byte);

/* The positions under masks; rows[i]: the row of points[i].  False: some are none on this globe. */
bool rows_points(const struct row_search *s, const struct layout *l, const uint64_t mask[2],
                 struct position_pair points[ROWS_MAX], uint8_t rows[ROWS_MAX], size_t *ret_count);
bool rows_on_globe(double latitude_deg, double longitude_deg); /* false for what is no number */

/* Adds to *e what the positions under masks tell, on the track that is searched. */
void rows_weigh(const struct row_search *s, const struct layout *l, const uint64_t mask[2], struct evidence *e);
/* To compare ways of writing and keys by: what is no path under a key turns about all the time. */
double rows_quality(const struct evidence *e);

/* The key that what was solved gives; false: none that is sure, and *key is untouched.  *ret_exact: most positions are
 * points of the path. */
bool rows_best_key(struct row_search *s, struct xor_key *key, bool *ret_exact);

#endif
