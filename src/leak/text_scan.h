#ifndef LEASH_LEAK_TEXT_SCAN_H
#define LEASH_LEAK_TEXT_SCAN_H

#include "leak/position.h"

/* What text may say about a place, found in one pass over bytes of any kind: coordinates
 * in decimals, degrees and minutes, NMEA, radians, whole numbers, UTM; codes of cells;
 * and references to places (map tiles, boxes).  The same pass tells where encodings begin
 * that have a sign of their own: compressed streams, escapes, polylines. */

struct text_index;

/* `boxes` are those that `positions` was made of; both must outlive the index. */
struct text_index *text_index_new(const struct position_index *positions, const struct geo_box *boxes, size_t count);
void text_index_free(struct text_index *x); /* NULL is fine */
/* Chosen by the processor; for tests another kernel, which finds the same.  False: not on this processor. */
bool text_index_use(struct text_index *x, enum filter_kernel kernel);

/* A request for a place instead of a position. */
enum place_kind { PLACE_TILE, PLACE_QUADKEY, PLACE_ELEVATION, PLACE_BOX, PLACE_CELL, PLACE_ROUNDED, PLACE_KINDS };
const char *place_kind_name(enum place_kind kind); /* last step of leak.decoding */

struct place_reference {
    enum place_kind kind;
    struct geo_box box;     /* what it names */
    size_t box_number;      /* the first of the index's boxes that it touches */
    double bits;            /* -log2 of the share of such references that touch one of the boxes, and its wording's */
    size_t at, length;
};

enum text_sign { SIGN_ZSTD, SIGN_ZIP, SIGN_POLYLINE, SIGN_PERCENT, SIGN_BACKSLASH };

struct text_events {
    void *user;
    void (*pair)(void *user, const struct position_pair *pair);
    void (*place)(void *user, const struct place_reference *place);
    void (*sign)(void *user, enum text_sign sign, size_t at);
};

/* The last numbers that may be half of a pair; kept from piece to piece of one view. */
enum { TEXT_RECENT = 16 };
struct text_number {
    uint64_t start, end;    /* offsets in the view, of sign, digits and hemisphere */
    uint64_t latitude_areas, longitude_areas;
    double value;           /* degrees; of a grid, metres */
    uint8_t reading, decimals, fixed_chars;
    bool used[2];           /* in a pair, latitude or longitude first */
};
struct text_state {
    struct text_number recent[TEXT_RECENT];
    size_t count;
    struct text_columns *columns; /* one for each way to read numbers; NULL until there is a number */
};
void text_state_free(struct text_state *state); /* NULL is fine */

/* at[0, len) is the view from offset `base` on; nothing stands before it if `from_start`,
 * else only what is cut off.  What has its mark (the point of a number, the beginning of
 * a code) in [done, limit) is told.  `*state` is made when it is needed. */
void text_scan(const struct text_index *x, const uint8_t *at, size_t len, size_t done, size_t limit, uint64_t base,
               bool from_start, struct text_state **state, const struct text_events *events);

#endif
