#ifndef LEASH_LEAK_XOR_H
#define LEASH_LEAK_XOR_H

#include "leak/position.h"
#include "leak/secrets.h"

/* Bytes that were XORed with a repeating key of 1 to XOR_KEY_MAX bytes.  What is XORed with
 * what stands one key's length behind it no longer depends on the key: so a known value is
 * found, and with it the key.  Where there is none, text gives its key away by how often
 * each character comes, and binary positions by the few bytes with which they begin. */

enum { XOR_KEY_MAX = 16, XOR_SUSPECT_BYTES = 192, XOR_HEAD_BYTES = 1024 };

struct xor_index;
/* Both must outlive the index. */
struct xor_index *xor_index_new(const struct secrets *secrets, const struct position_index *positions);
void xor_index_free(struct xor_index *x); /* NULL is fine */

/* Whether it is worth to look for a key, by the first XOR_SUSPECT_BYTES of a view, or all of
 * it: bytes that repeat more than chance has them, and yet neither text nor plain numbers. */
bool xor_suspect(const uint8_t *at, size_t len);
/* The key by the first XOR_HEAD_BYTES, or all there are: its length, 0 when none fits.  at[i] is
 * to be XORed with key[i % length]. */
size_t xor_find_key(const struct xor_index *x, const uint8_t *at, size_t len, uint8_t key[XOR_KEY_MAX]);

#endif
