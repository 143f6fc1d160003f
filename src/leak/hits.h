#ifndef LEASH_LEAK_HITS_H
#define LEASH_LEAK_HITS_H

#include <string.h>

#include "leak/thresholds.h"
#include "leak/view.h"

/* What was found in the bytes of one flow, not yet judged. */

/* What was found, as it stood in the view: for `leash explain`. */
enum { HIT_SEEN_MAX = 64 };
struct hit_seen {
    uint8_t len;              /* 0: not kept */
    uint8_t at[HIT_SEEN_MAX];
};

static inline struct hit_seen hit_seen(struct bytes seen)
{
    struct hit_seen kept = { .len = (uint8_t)(seen.len < HIT_SEEN_MAX ? seen.len : HIT_SEEN_MAX) };

    if (kept.len)
        memcpy(kept.at, seen.at, kept.len);
    return kept;
}

struct position_hit {
    double longitude_deg, latitude_deg;
    uint64_t coordinate;      /* in the flow's views, one behind the other */
    uint64_t offset;          /* in its own view */
    struct view_where where;
    int64_t said_utc_ns[2];   /* the nearest time written before and behind the pair, within the flights' times */
    uint32_t length;          /* bytes that hold the pair */
    uint32_t order;           /* as found */
    uint16_t chain, family;   /* the second as chain_family says */
    uint8_t encoding;
    int8_t delta;
    uint8_t fixed_chars, decimals, key_bytes; /* the last as in struct view_place */
    bool labelled, chained;
    float cell_m;
    struct hit_seen seen;
};

/* Pairs near zero, which much else looks like, are kept only when they go on from one to the
 * next: the last ones of each flow, chain, encoding and arrangement that did, until they are enough.  In a table by
 * hash, where what is new takes the place of what was there. */
enum {
    WEAK_SLOTS = 2048,
    WEAK_GAP_MAX = 1 << 20, /* from one to the next in the coordinates of the flow, in which every decoding leaves room */
};

struct weak_run {
    int64_t flow;
    uint8_t astray;
    uint32_t count;           /* that went on; WEAK_JOINED_MIN and more: they are all kept */
    struct position_hit hits[WEAK_JOINED_MIN]; /* the last one: (count - 1) % WEAK_JOINED_MIN */
};

enum weak_verdict { WEAK_DROP, WEAK_KEEP, WEAK_KEEP_ALL /* those before it too: hits[0 .. WEAK_JOINED_MIN - 2] */ };
enum weak_verdict weak_joins(struct weak_run table[WEAK_SLOTS], int64_t flow, const struct position_hit *hit,
                             struct weak_run **ret);

enum { HIT_PLACES = 4 };

struct literal_hit {
    uint32_t literal;         /* in index->literals */
    uint16_t chain, outer;    /* and the chain of the view around */
    uint8_t key_bytes;
    struct text step;         /* the last step of `chain` */
    uint64_t count;
    struct view_where places[HIT_PLACES]; /* the first ones */
    struct view_where last;
};

/* Pieces of one file, in any order. */
struct file_hit {
    uint32_t file;
    uint16_t chain;
    bool whole;               /* the hash of all that was sent equals the file's */
    uint16_t chunks, body_chunks; /* different ones; those behind the file's head */
    uint32_t first_len;       /* of the first one */
    struct view_where first, last;
    struct hit_seen first_seen;
    uint64_t seen[CHUNK_NTH_MAX / 64];
};

/* A request for a place that touches a known one; the same one again is counted only. */
struct place_hit {
    struct geo_box box;
    double bits;
    uint64_t coordinate;
    uint32_t count, length, track;
    uint16_t chain;
    uint8_t kind;             /* enum place_kind */
    struct view_where where, last;
    struct hit_seen seen;
};

/* A picture that looks like a stored one. */
struct picture_hit {
    uint32_t picture;         /* in secrets->pictures */
    uint16_t chain;
    uint8_t distance;         /* bits that differ */
    struct view_where where;
};

struct flow_hits {
    int64_t flow;
    struct text destination;
    uint64_t coordinate_next; /* where the flow's next root view begins */
    struct position_hit *positions;
    size_t position_count, position_room;
    uint32_t position_counts[UINT8_MAX + 1]; /* by encoding */
    struct literal_hit *literals;
    size_t literal_count, literal_room;
    struct file_hit *files;
    size_t file_count, file_room;
    struct place_hit *places;
    size_t place_count, place_room;
    struct picture_hit *pictures;
    size_t picture_count, picture_room;
};

/* The times written within a few bytes of a pair: seconds, milliseconds or microseconds
 * since 1970 in text or binary, RFC 3339.  Only times inside the flights count. */
void stamps_near(const struct leak_index *index, struct bytes around, size_t at, size_t length, bool text,
                 int64_t said_utc_ns[2]);

#endif
