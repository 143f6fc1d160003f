#ifndef LEASH_TEST_BROADCAST_SIGNER_H
#define LEASH_TEST_BROADCAST_SIGNER_H

#include <openssl/evp.h>

#include "broadcast/rid_key.h"

/* Keys, made anew in every run, and what they sign. */
struct signer {
    EVP_PKEY *key;
    char pem[512];
    uint8_t host_key[HOST_KEY_BYTES];
};

/* Ed25519 (`curve` NULL), or "P-256", "P-384".  `key` is to be freed. */
void make_signer(struct signer *s, const char *curve);
size_t sign(const struct signer *s, const EVP_MD *digest, struct bytes content, uint8_t signature[160]);

#endif
