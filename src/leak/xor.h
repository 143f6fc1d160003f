#ifndef LEASH_LEAK_XOR_H
#define LEASH_LEAK_XOR_H

#include "leak/position.h"
#include "leak/secrets.h"

/* Bytes that were XORed with a repeating key of 1 to XOR_KEY_MAX bytes.  What is XORed with what
 * stands one key's length behind it no longer depends on the key: so a known value is found, and
 * with it the key.  Text gives its key away by how often each character comes.  Records of one size
 * have bytes that are the same in each: where these meet all bytes of the key, the whole key follows
 * from any one of its bytes; and that one from the differences of the bytes with which positions begin. */

enum {
    XOR_KEY_MAX = 16,
    XOR_LOOK_BYTES = 192,     /* for xor_is_plain */
    XOR_PART_MIN = 16,
    XOR_LEAST_BYTES = 48,
    XOR_HEAD_BYTES = 2048,    /* that are looked at, of a view */
    XOR_SAMPLE_BYTES = 4096,  /* and of several */
    XOR_PARTS_MAX = 48,
};

/* What was written with the same key, which began anew with each part. */
struct xor_part {
    uint16_t start, len;
    uint16_t plain;             /* bytes of it before the first that may be under the key */
};
struct xor_sample {
    uint16_t len;
    uint8_t part_count;
    struct xor_part parts[XOR_PARTS_MAX];
    uint8_t bytes[XOR_SAMPLE_BYTES];
};

struct xor_key {
    uint8_t bytes[XOR_KEY_MAX]; /* byte i of a part is to be XORed with bytes[i % len] */
    size_t len;
    bool of_text;               /* what lies under it is text */
    uint8_t chosen_bytes;       /* so much of it was chosen so that something known is seen, not by the way of the bytes alone */
};

struct xor_index;
struct index_track;
struct text_index;
/* All must outlive the index; `text` may be NULL: keys over text are then not mended by what it says. */
struct xor_index *xor_index_new(const struct secrets *secrets, const struct position_index *positions,
                                const struct text_index *text,
                                const struct index_track *tracks, size_t track_count);
void xor_index_free(struct xor_index *x); /* NULL is fine */

/* Text, numbers with zeros in a row, or how pictures and videos begin: no key lies over them. */
bool xor_is_plain(const uint8_t *at, size_t len);
/* The same of some stretch of XOR_LOOK_BYTES: what stands around it is not under a key either. */
bool xor_plain_inside(const uint8_t *at, size_t len);
/* How many bytes at the beginning are plain text, with something else behind them. */
uint16_t xor_plain_head(const uint8_t *at, size_t len);
/* Whether under the key a sample becomes what the key was found by: text, or positions of a known path. */
bool xor_shows(const struct xor_index *x, const struct xor_key *key, const struct xor_sample *sample);
/* False: no key fits, and *key is untouched.  *searches: how often all places of the paths may still be tried, which
 * takes a tenth of a second and more; what was used is taken off. */
bool xor_find_key(const struct xor_index *x, const struct xor_sample *sample, size_t *searches, struct xor_key *key);

#endif
