#ifndef LEASH_LEAK_VIEW_H
#define LEASH_LEAK_VIEW_H

#include "leak/chain.h"
#include "leak/index.h"
#include "leak/picture.h"

/* The tree of decoded views.  A root is a stretch of bytes that left; its children are
 * what lies inside (view_decode.h says which encodings); and again what lies inside those.
 * Every view is fed in pieces of any size and searched as if it had come whole: a little
 * of what was seen is kept until all that may reach into it has been seen. */

/* Where bytes were captured.  Of what was decoded: where the outermost decoding begins. */
struct view_where {
    int64_t offset;    /* in the evidence item, or unknown */
    int64_t packet;    /* or unknown */
    int64_t at_utc_ns; /* or unknown */
};

struct view_place {
    struct view_where where;
    uint64_t offset;     /* in the view */
    uint64_t coordinate; /* in the root's whole tree: of near things of one chain the numbers are near */
    uint16_t chain;
    uint8_t key_bytes;   /* of an XOR key that was chosen so that something is found there: that has so much less to tell */
    struct bytes seen;   /* what stands there, decoded; as far as it is at hand and no longer than what was found.  Literals: none */
};

struct view;

/* Who takes what is found. */
struct view_sink {
    void *user;
    /* `around` is what can be seen around the pair, `pair->at` counts in it; nothing can be
     * seen around the points of a polyline. */
    void (*pair)(void *user, struct view *root, const struct view_place *place, const struct position_pair *pair,
                 struct bytes around);
    void (*literal)(void *user, struct view *root, const struct view_place *place, uint32_t literal);
    /* A JPEG picture, whole; `place` is where it ends. */
    void (*picture)(void *user, struct view *root, const struct view_place *place, struct bytes jpeg);
    void (*chunk)(void *user, struct view *root, const struct view_place *place, const struct known_chunk *chunk,
                  uint32_t len);
    void (*place)(void *user, struct view *root, const struct view_place *place,
                  const struct place_reference *reference);
};

struct literal_end {
    uint32_t end, number;
};

struct xor_samples;

/* Shared by all views of one search. */
struct view_engine {
    const struct leak_index *index;
    struct chains *chains;
    struct view_sink sink;
    unsigned share;                /* its budgets are so many times less than an item's; 1 to 8 */
    bool coded;                    /* roots are being fed a coded picture: nothing that begins in it is decoded */
    uint64_t decoded_total, not_decoded;
    uint64_t not_followed;           /* of not_decoded: what lies as deep as index->limits go, and where no key of XOR was looked for any more */
    unsigned small_unpacks, large_unpacks, children_open;
    uint8_t *work, *decoded;       /* one piece per depth */
    struct picture_budget pictures;
    struct view_where now;         /* of the bytes being fed to the root */
    struct xor_samples *xor_samples; /* NULL until something is gathered */
    uint64_t root_bytes;             /* that roots were fed: the more, the more keys may be looked for */
    uint64_t xor_tries, xor_searches; /* searches: of all places of the paths */
    unsigned xor_tries_each;         /* at most, for what comes of one flow by one chain */
    struct literal_end *ends;      /* found in one scan */
    size_t end_count, end_room;
};

struct view_tail;
struct view_decoders;

struct view {
    struct view_engine *engine;
    struct view *root;
    struct view_tail *tail;          /* seen, and still needed; NULL until fed */
    struct view_decoders *decoders;  /* NULL until something is decoded */
    uint64_t total;                  /* bytes so far, gaps counted */
    uint64_t coordinate;             /* of the view's first byte */
    uint64_t since;                  /* offset behind the last gap */
    union {
        struct {
            uint64_t decoded;        /* bytes that its tree has yielded */
            int64_t flow;            /* as told to view_init */
        };                           /* of roots */
        struct view_where where;     /* of others: where its decoding begins */
    };
    uint16_t chain, own_chain;       /* with the name of the container that it is, and without */
    uint8_t depth;
    uint8_t key_bytes;               /* as in struct view_place */
    bool xored;                      /* it, or what it lies in, or it cannot be: XOR inside XOR is senseless */
    bool searched;                   /* the beginning of it, or of the message that it has come to, has been looked at */
    bool lost;                       /* what stands before `since` was not seen */
    struct chunk_cutter cutter; /* into pieces, as known files are */
};

enum { XOR_TRIES_EACH = 24 };
void view_engine_init(struct view_engine *e, const struct leak_index *index, struct chains *chains,
                      struct view_sink sink);
void view_engine_done(struct view_engine *e);
/* Whether what begins in the view is to be decoded. */
static inline bool view_is_decoded(const struct view *v) { return v->depth > 0 || !v->engine->coded; }
/* Another evidence item begins. */
void view_engine_forget(struct view_engine *e);

/* A root. */
void view_init(struct view *v, struct view_engine *e, int64_t flow, uint16_t chain, uint64_t coordinate);
void view_feed(struct view *v, struct bytes chunk, struct view_where where);
/* All before it is searched to its end; nothing may match across.  0 missing: another message begins, as a view
 * does. */
void view_gap(struct view *v, uint64_t missing);
/* The same for good; gives all memory back. */
void view_done(struct view *v);

/* How far a root's coordinates reach: where the flow's next root may begin. */
static inline uint64_t view_coordinate_end(const struct view *root) { return root->coordinate + root->total + 1; }

/* For view_decode.c: the place of a byte of the view. */
struct view_place view_place_at(const struct view *v, uint64_t offset);

#endif
