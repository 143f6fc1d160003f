#ifndef LEASH_LEAK_XOR_KEY_H
#define LEASH_LEAK_XOR_KEY_H

#include "leak/xor.h"

/* Inside of the search for keys; for xor*.c only. */

struct index_track;
struct xor_index_tracks {
    const struct index_track *of;
    size_t count;
    uint64_t s2_beginnings[65536 / 64]; /* the first 16 bits of ids of S2 cells there */
};
void xor_index_tracks_init(struct xor_index_tracks *t, const struct index_track *of, size_t count);

size_t xor_common_factor(size_t a, size_t b); /* the greatest one */
size_t xor_equals(const uint8_t *a, const uint8_t *b, size_t len); /* how many bytes are the same */

/* What is known, and is to appear under a key. */
struct xor_known {
    const struct position_index *positions;
    const struct xor_index_tracks *tracks;
};

/* How well what a key makes of a sample follows a known path: of the way of writing that does best, how unlikely its
 * positions were among all in the area, each beside the one before; and how many went on from one to the next. */
struct xor_fit {
    double bits;
    size_t joined;
};
struct xor_fit xor_fit_of(const struct position_index *positions, const struct xor_index_tracks *tracks,
                          const struct xor_sample *sample,
                          const struct xor_key *key);

/* How many positions inside the areas of the known paths stand in the sample as it is; near 0 N 0 E much else looks
 * like one. */
struct xor_plain {
    size_t positions, far_from_zero;
};
struct xor_plain xor_plain_positions(const struct position_index *positions, const struct xor_sample *sample);

/* As xor_fit_of, of points in a row on one track, of which the first one counts nothing; *ret_like: to compare keys by. */
struct xor_fit xor_fit_of_points(const struct index_track *track, const struct position_pair *points, size_t count,
                                 double *ret_like);

/* A key over a first position and steps from it, of an encoded polyline (`letters`) or in binary numbers; false: none
 * under which they go on along a path, and *key is untouched. */
bool xor_key_by_start(const struct xor_known *known, const struct xor_sample *sample, bool letters,
                      struct xor_key *key);

/* A key over records of one size; false: none that positions along a path come of, and *key is untouched. */
bool xor_key_by_columns(const struct xor_known *known, const struct xor_sample *sample, struct xor_key *key);

/* What may stand in the first telling bytes of a coordinate, by the differences of these: votes[first ^ second | (second ^ third) << 8]
 * has a bit for each first byte. */
struct xor_votes {
    uint32_t of[65536][8];
    uint64_t any[65536 / 64]; /* differences that have votes: few */
};
struct xor_votes *xor_votes_new(const struct position_index *positions);

/* Four bytes that often stand in text about positions: in names of fields, and in the figures and codes of the known
 * areas. */
enum {
    XOR_CRIBS_MAX = 8192, XOR_CRIBS_TRIED = 1024, XOR_CRIB_MIN = 5, XOR_CRIB_MAX = 12,
    XOR_CRIB_KEY_MAX = 8,     /* a longer key leaves too little of a crib's differences */
    XOR_CRIB_DIFFERENCES = 3, /* that are looked up */
    XOR_CRIB_SLOTS = 65536,
    XOR_CRIB_MAYBE_BITS = 19,
};
struct xor_words {
    uint64_t of[4096]; /* by 18 mixed bits of the four */
    struct xor_crib {
        uint8_t len;
        char text[XOR_CRIB_MAX];
    } cribs[XOR_CRIBS_MAX]; /* longer pieces, each once */
    size_t crib_count;
    uint16_t seen[2 * XOR_CRIBS_MAX]; /* cribs by their hash; + 1 */
    /* Cribs by what the first of their bytes are XORed with those one key's length behind. */
    struct xor_crib_entry {
        uint32_t difference;
        uint16_t crib;    /* + 1; 0: free */
        uint8_t key_len;
    } entries[XOR_CRIB_SLOTS];
    size_t entry_count;
    uint64_t maybe[(1 << XOR_CRIB_MAYBE_BITS) / 64]; /* a bit by the hash of each entry: most differences have none */
};
struct xor_words *xor_words_new(const struct position_index *positions);
static inline uint32_t xor_crib_difference(const uint8_t *at, size_t key_len)
{
    return (uint32_t)(at[0] ^ at[key_len]) | (uint32_t)(at[1] ^ at[1 + key_len]) << 8 |
        (uint32_t)(at[2] ^ at[2 + key_len]) << 16;
}
static inline uint32_t xor_crib_hash(uint32_t difference, size_t key_len)
{
    return difference * UINT32_C(0x9e3779b1) + (uint32_t)key_len * UINT32_C(0x85ebca6b);
}
static inline size_t xor_crib_slot(uint32_t difference, size_t key_len)
{
    return xor_crib_hash(difference, key_len) >> 16;
}
static inline unsigned xor_words_slot(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (a | (uint32_t)b << 8 | (uint32_t)c << 16 | (uint32_t)d << 24) * UINT32_C(0x9e3779b1) >> 14;
}
static inline bool xor_words_know(const struct xor_words *w, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    const unsigned slot = xor_words_slot(a, b, c, d);
    return w->of[slot >> 6] >> (slot & 63) & 1;
}

/* Bytes of a key that are zero leave what they meet as it is.  Most of them zero is no key, but
 * plain bytes with a little noise; one in eight may be. */
bool xor_is_key(const struct xor_key *key);

/* A key under which all becomes text; false: none.  *ret_like: how much like text, to compare with. */
bool xor_key_of_text(const struct xor_words *words, const struct xor_sample *sample, struct xor_key *key,
                     long *ret_like);
/* The same of one length. */
bool xor_key_of_text_as_long(const struct xor_words *words, const struct xor_sample *sample, size_t key_len,
                             struct xor_key *key, long *ret_like);

/* Whether bytes, with which the key begins, become text under it. */
bool xor_key_reads(const struct xor_key *key, const uint8_t *at, size_t len);
/* Whether all becomes text under the key; *ret_like as above. */
bool xor_key_reads_text(const struct xor_words *words, const struct xor_sample *sample, const struct xor_key *key,
                        long *ret_like);
void xor_key_is_of_text(struct xor_key *key);

struct text_index;
/* The bytes of a key over text so that most of it is said of the known paths; as it is where nothing more is.  `text`
 * may be NULL: then nothing is done. */
void xor_mend_key_of_text(const struct xor_index_tracks *tracks, const struct text_index *text,
                          const struct xor_words *words, const struct xor_sample *sample, struct xor_key *key);

/* A key under which all becomes text and a piece of what text about positions is likely to hold stands there, of
 * `shortest` to `longest` bytes.  False: none, and *key is untouched. */
bool xor_key_by_crib(const struct xor_words *words, const struct xor_sample *sample, size_t shortest, size_t longest,
                     struct xor_key *key, long *ret_like);

/* Keys up to `open` bytes, by records of one size: any key is what is written XORed with some key of that length.  What
 * repeats can often be explained in several ways, by other lengths of record and key: the best ones, best first. */
enum { XOR_RECORD_KEYS = 3 };
struct xor_record_key {
    struct xor_key key;
    size_t open;
    long agree;             /* places, beyond those that were needed */
};
struct xor_record_keys {
    size_t count;
    struct xor_record_key keys[XOR_RECORD_KEYS];
};
void xor_keys_by_records(const struct xor_sample *sample, struct xor_record_keys *keys);

/* The sizes that records most likely have, or multiples of them, up to `longest`; as many as `room`. */
size_t xor_likely_records(const struct xor_sample *sample, size_t longest, size_t *into, size_t room);
enum { XOR_RECORD_MAX = 96 };

/* A key over records, or messages, that all meet the same of its bytes, with positions in numbers of a fixed size;
 * false: none under which they follow a path.  *ret_exact: most of them are points of the path, to the last digit.
 * *searches: as for xor_find_key. */
bool xor_key_by_rows(const struct xor_known *known, const struct xor_sample *sample, size_t *searches,
                     struct xor_key *key, bool *ret_exact);

/* A key of two or three bytes over records of `record` bytes, which is a multiple of that, with positions in numbers of
 * eight bytes; false: none. */
bool xor_short_key_by_positions(const struct position_index *positions, const struct xor_sample *sample, size_t record,
                                size_t key_len, struct xor_key *key);

/* A key of four to XOR_RING_MAX bytes over records of `record` bytes, which is a multiple of that, with positions in
 * numbers of eight bytes, one coordinate right behind the other; false: none under which they follow a path. */
enum { XOR_RING_MIN = 4, XOR_RING_MAX = 8 };
/* *tries: how many keys may still be completed, which is most of the work. */
bool xor_ring_key_by_positions(const struct xor_known *known, const struct xor_sample *sample, size_t record,
                               size_t key_len, size_t *tries, struct xor_key *key);

/* The byte that is to be XORed with all of `key` (of one byte too) so that positions appear; false: none does. */
bool xor_byte_by_positions(const struct position_index *positions, const struct xor_votes *votes,
                           const struct xor_sample *sample,
                           const struct xor_key *key, uint8_t *ret);

#endif
