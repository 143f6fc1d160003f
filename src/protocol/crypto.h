#ifndef LEASH_PROTOCOL_CRYPTO_H
#define LEASH_PROTOCOL_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/hash.h"

/* The few primitives that protocols need to look into what they encrypt for nobody. */

enum { AES128_BYTES = 16, AES_BLOCK_BYTES = 16, GCM_NONCE_BYTES = 12, GCM_TAG_BYTES = 16 };

/* Keeps OpenSSL from reading its configuration, so that it opens no file later.  Called once, before any sandbox is
 * entered. */
void crypto_prepare(void);

/* RFC 2104 over SHA-256. */
void hmac_sha256(struct bytes key, struct bytes message, uint8_t mac[SHA256_BYTES]);

/* RFC 5869 over SHA-256: the extract step. */
void hkdf_extract(struct bytes salt, struct bytes key, uint8_t secret[SHA256_BYTES]);
/* RFC 8446, 7.1: HKDF-Expand-Label with an empty context; `len` at most SHA256_BYTES, `label`
 * without "tls13 ", at most 32 characters. */
void hkdf_expand_label(const uint8_t secret[SHA256_BYTES], const char *label, uint8_t *into, size_t len);

/* One block. */
void aes128_encrypt_block(const uint8_t key[AES128_BYTES], const uint8_t in[AES_BLOCK_BYTES],
                          uint8_t out[AES_BLOCK_BYTES]);

/* `sealed` is the ciphertext with its tag at the end; `into` has room for
 * sealed.len - GCM_TAG_BYTES.  False when the tag is wrong; `into` is then garbage. */
__attribute__((warn_unused_result))
bool aes128_gcm_open(const uint8_t key[AES128_BYTES], const uint8_t nonce[GCM_NONCE_BYTES], struct bytes additional,
                     struct bytes sealed, uint8_t *into);

/* Without padding: `sealed` is a whole number of blocks (RFC 3602; NIST SP 800-38A, 6.2), `into` has
 * room for as much. */
enum { AES256_BYTES = 32 };
void aes256_cbc_decrypt(const uint8_t key[AES256_BYTES], const uint8_t iv[AES_BLOCK_BYTES], struct bytes sealed,
                        uint8_t *into);

#endif
