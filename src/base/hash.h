#ifndef LEASH_BASE_HASH_H
#define LEASH_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/text.h"

enum { SHA256_BYTES = 32, SHA256_HEX = 64, MD5_BYTES = 16, MD5_HEX = 32,
       SHA1_BYTES = 20 };

struct sha256;
struct sha256 *sha256_new(void);
void sha256_free(struct sha256 *h); /* NULL is fine */
void sha256_add(struct sha256 *h, struct bytes b);
/* Adds `a` to `h` and `b` to another one: as each alone, faster where the processor takes blocks of both at once. */
void sha256_add_both(struct sha256 *h, struct bytes a, struct sha256 *other, struct bytes b);
/* Ends the hash; only sha256_restart or sha256_free may follow. */
void sha256_finish(struct sha256 *h, uint8_t digest[SHA256_BYTES]);

/* Begins anew, as sha256_new does, and takes nothing of the machine. */
void sha256_restart(struct sha256 *h);

void sha256_of(struct bytes b, uint8_t digest[SHA256_BYTES]);
void md5_of(struct bytes b, uint8_t digest[MD5_BYTES]);
void sha1_of(struct bytes b, uint8_t digest[SHA1_BYTES]);

/* Lower-case hex of `n` bytes; writes 2 n characters and no NUL. */
void hash_hex(const uint8_t *digest, size_t n, char *into);

/* Of 2 n lower-case digits; false: they are none, and `into` holds anything. */
bool hash_from_hex(const char *digits, size_t n, uint8_t *into);

/* A quick keyed mixing of bytes for tables in memory (not for evidence). */
uint64_t hash_mix(const void *at, size_t len, uint64_t seed);

#endif
