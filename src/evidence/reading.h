#ifndef LEASH_EVIDENCE_READING_H
#define LEASH_EVIDENCE_READING_H

#include "base/arena.h"
#include "base/cursor.h"
#include "fact/fact.h"

/* What a format reader gets besides the bytes, and all it may use to speak: it
 * opens no file, prints nothing and keeps nothing between items. */
struct reading {
    struct fact_sink *facts;
    struct arena *arena;                    /* lives until the item is done */
    struct text name;                       /* of the item, as it lay there; or unknown */
    struct bytes companion;                 /* what lies beside it and describes it (format_companion); else empty */
    const struct reading_options *options;  /* never NULL */

    /* A thing that lies inside this item and is evidence of its own (an archive
     * member, a picture in a log).  `content` is copied out, or read where it lies in the item.  NULL: nobody
     * takes them. */
    void (*member)(struct reading *r, struct text name, struct bytes content);
    /* For members that come in pieces: open gives false when a limit forbids it. */
    bool (*member_open)(struct reading *r, struct text name);
    bool (*member_add)(struct reading *r, struct bytes piece);
    void (*member_close)(struct reading *r);

    /* A part of the item as it is when it was unpacked, for the operator's rules (--yara); what is given to `member` is
     * looked at as an item anyway.  `origin` says where it lies.  NULL: there are no rules. */
    void (*scan)(struct reading *r, struct text part, struct bytes content, const struct fact_origin *origin);

    /* All before `offset` has been read and will not be asked for again; lets the
     * pages go and moves the progress bar.  0: it is read from its beginning once more.  NULL is fine. */
    void (*passed)(struct reading *r, uint64_t offset);

    /* A part of the item will not be asked for again soon: its pages may go.  NULL is fine. */
    void (*let_go)(struct reading *r, struct bytes part);

    /* How a part of the item is going to be read: whole, or only here and there, so that nothing is worth fetching
     * ahead.  Without a word items are read from their beginning to their end.  NULL is fine. */
    void (*foresee)(struct reading *r, struct bytes part, bool whole);

    /* The first bytes of a part of the item that is large and is gone through once, from its beginning to its end: the
     * same bytes at a place where they are quicker to look at than mapped pages, until the next call.  They are all of
     * them, or at least two.  NULL: the part itself is looked at. */
    struct bytes (*once)(struct reading *r, struct bytes part);

    /* Rows are wanted as soon as they are known, because the end may be far away: a pipe, or a live
     * source.  A row may then come again, with the same number, when more is known. */
    bool as_known;

    /* Searches what left for known values; NULL when nothing is known yet. */
    struct payload_search *search;

    int64_t damage_count;
    uint64_t signatures_tried;              /* broadcast/signature.h bounds the work of one item with it */
    void *owner;                            /* belongs to whoever made this */
};

struct component_table;
struct dji_keychains;
struct rid_keys;

struct network_prefix {
    uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
    uint8_t length_bits; /* 0..128 */
};

struct reading_options {
    const struct network_prefix *local_prefixes; /* --local CIDR: these are the side under test */
    size_t local_prefix_count;
    const uint8_t (*local_macs)[6];              /* --local MAC */
    size_t local_mac_count;
    size_t flows_max;                            /* open flows kept at once; 0 = the default */
    const struct dji_keychains *dji_keychains;   /* --dji-keychain: of one file each (flightlog/dji_keychain.h) */
    size_t dji_keychain_count;
    const struct rid_keys *rid_keys;             /* --rid-key (broadcast/rid_key.h); NULL: none */
    double sample_rate_hz;                       /* --sample-rate: of recordings of radio bands; 0: not said */
    bool picture_hashes;                         /* work out media.picture_hash, which takes decoding each picture */
    const struct component_table *components;    /* what is known about parts of apps (app/component_table.h); NULL: nothing */
};

/* Records that something at `offset` is not as its format says, and that reading
 * goes on behind it.  bytes_lost and records_lost may be FACT_UNKNOWN_INT.  After a
 * few hundred per item only their number is kept. */
__attribute__((format(printf, 5, 6)))
void reading_damage(struct reading *r, uint64_t offset, int64_t bytes_lost, int64_t records_lost,
                    const char *statement_format, ...);

/* Where `what` first stands in a part of the item, or NULL.  What was looked through is let go on the way (`passed`),
 * and read anew by whoever reads it then; r may be NULL: nothing is let go. */
const uint8_t *reading_find(struct reading *r, struct bytes where, struct bytes what);

/* Implemented by leak/.  packet/ and protocol/ open a view for every stretch of
 * bytes that left (a raw stream, an HTTP body after dechunking and decompression)
 * and feed it in order. */
struct payload_view;

struct payload_source {
    int64_t flow;                    /* number of the flow row */
    struct text destination;         /* host if known, else address */
    struct text_list decoding;       /* steps already undone: "http body", "gzip" ... */
    int64_t packet_first;            /* where the view begins, or unknown */
    int64_t offset;                  /* likewise, in the evidence item */
    int64_t at_utc_ns;
};

struct payload_search {
    struct payload_view *(*open)(struct payload_search *s, struct reading *r, const struct payload_source *source);
    /* `chunk.origin` is the offset in the evidence item where the chunk's first byte was
     * captured (of the compressed bytes when a decoding came between); `packet` its packet number or unknown. */
    void (*feed)(struct payload_view *v, struct bytes chunk, int64_t packet, int64_t at_utc_ns);
    /* `missing` bytes are not in the capture: nothing may match across them. */
    void (*gap)(struct payload_view *v, uint64_t missing);
    /* The view is complete: writes the leak rows and the search row. */
    void (*close)(struct payload_view *v);
};

#endif
