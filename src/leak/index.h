#ifndef LEASH_LEAK_INDEX_H
#define LEASH_LEAK_INDEX_H

#include "leak/forms.h"
#include "leak/literals.h"
#include "leak/position.h"
#include "leak/secrets.h"
#include "leak/text_scan.h"
#include "leak/track.h"
#include "leak/xor.h"

/* The known values, made ready to be searched for.  Built once in the parent, before
 * the readers fork; nothing changes it afterwards. */

/* Budgets of a search of one item, of which each lane (leak/search.h) has a part; the defaults are in
 * leak_limits_default. */
struct leak_limits {
    uint64_t decoded_per_view;   /* bytes that decoding one root view may yield, besides ... */
    uint64_t decoded_ratio;      /* ... so many per byte fed */
    uint64_t decoded_total;      /* over all views of one evidence item, besides ... */
    uint64_t decoded_per_byte;   /* ... so many per byte fed */
    unsigned depth;              /* decodings inside one another */
    size_t hits_bytes;           /* memory for hits that are not yet judged */
};
extern const struct leak_limits leak_limits_default;

struct index_track {
    struct track track;
    enum secret_subject subject;
    enum datum datum;
    struct text id;         /* flight row, when the track is of one */
    const struct text *ids; /* else one per point */
};

struct index_literal {
    const char *form;       /* name of the form */
    uint32_t secret;        /* in secrets->literals */
    uint8_t len;
    bool digest : 1;
    bool digits : 1;        /* nothing else: part of a longer number it is not the value */
};

struct leak_index {
    const struct secrets *secrets;
    struct leak_limits limits;
    struct index_track *tracks;
    size_t track_count, track_room;
    struct index_literal *literals; /* see patterns */
    size_t literal_count, literal_room;
    size_t longest_literal;
    struct geo_box *boxes;        /* of the tracks, one each */
    struct position_index *positions;
    struct text_index *text;
    struct xor_index *xors;
    enum forms_wanted forms;      /* that were made of the values */
    struct literals *patterns;    /* number n is literals[n] */
    int64_t time_from_utc_ns, time_to_utc_ns; /* of all flights, or both unknown */
    uint64_t largest_file;        /* of the known ones; 0: none */
    bool pictures_wanted;         /* pictures that are sent are to be looked at */
    uint32_t *chunk_counts;       /* for each file: the pieces by which it can be known */
};

/* `secrets` must outlive the index.  NULL `limits` are the default ones. */
struct leak_index *leak_index_new(const struct secrets *secrets, const struct leak_limits *limits);
void leak_index_free(struct leak_index *x); /* NULL is fine */

static inline bool leak_index_empty(const struct leak_index *x)
{
    return x->track_count == 0 && x->literal_count == 0 && x->largest_file == 0;
}

#endif
