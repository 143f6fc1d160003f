#ifndef LEASH_APP_SIGNATURE_KEY_H
#define LEASH_APP_SIGNATURE_KEY_H

#include <stdbool.h>

#include "base/cursor.h"

/* Digests and signatures with OpenSSL's libcrypto.  Nothing here opens a file. */

enum digest_kind { DIGEST_NONE, DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA224, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512,
                   DIGEST_COUNT };

enum { DIGEST_BYTES_MAX = 64 };

size_t digest_bytes(enum digest_kind kind);
/* Gives the number of bytes written, 0 for DIGEST_NONE. */
size_t digest_of_bytes(enum digest_kind kind, struct bytes content, uint8_t digest[DIGEST_BYTES_MAX]);

enum key_kind { KEY_NONE, KEY_RSA, KEY_DSA, KEY_EC };
enum padding_kind { PADDING_DEFAULT, PADDING_PSS };

struct public_key;

/* A SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), or NULL. */
struct public_key *public_key_parse(struct bytes der);
/* The key in a certificate, or NULL.  `ret_may_sign`: false when its key usage forbids signatures. */
struct public_key *public_key_of_certificate(struct bytes der, bool *ret_may_sign);
void public_key_free(struct public_key *key); /* NULL is fine */
/* Whether `der` is the very encoding of the key. */
bool public_key_is(const struct public_key *key, struct bytes der);
enum key_kind public_key_kind(const struct public_key *key);

/* Whether `signature` is one of `content`.  PSS: salt as long as the digest, MGF1 with the same digest. */
__attribute__((warn_unused_result))
bool public_key_verify(const struct public_key *key, enum digest_kind digest, enum padding_kind padding,
                       struct bytes content,
                       struct bytes signature);

#endif
