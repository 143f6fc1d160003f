#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static EVP_MD *algorithm_sha256, *algorithm_md5, *algorithm_sha1;

void hash_prepare(void)
{
    if (algorithm_sha256)
        return;
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    algorithm_sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    algorithm_md5 = EVP_MD_fetch(NULL, "MD5", NULL);
    algorithm_sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
    if (!algorithm_sha256 || !algorithm_md5 || !algorithm_sha1) {
        fputs("leash: the OpenSSL library has no SHA-256, SHA-1 or MD5\n", stderr);
        _Exit(4);
    }
    uint8_t digest[SHA256_BYTES];
    sha256_of((struct bytes){ .at = (const uint8_t *)"", .len = 0 }, digest); /* first use allocates */
}

struct sha256 {
    EVP_MD_CTX *context;
};

static void must(int ok)
{
    if (ok != 1) {
        fputs("leash: the OpenSSL library failed to hash\n", stderr);
        _Exit(4);
    }
}

struct sha256 *sha256_new(void)
{
    struct sha256 *h = memory_alloc(sizeof *h);

    hash_prepare();
    h->context = EVP_MD_CTX_new();
    must(h->context != NULL);
    must(EVP_DigestInit_ex2(h->context, algorithm_sha256, NULL));
    return h;
}

void sha256_restart(struct sha256 *h)
{
    must(EVP_DigestInit_ex2(h->context, NULL, NULL));
}

void sha256_free(struct sha256 *h)
{
    if (h)
        EVP_MD_CTX_free(h->context);
    free(h);
}

void sha256_add(struct sha256 *h, struct bytes b)
{
    if (b.len)
        must(EVP_DigestUpdate(h->context, b.at, b.len));
}

void sha256_finish(struct sha256 *h, uint8_t digest[SHA256_BYTES])
{
    must(EVP_DigestFinal_ex(h->context, digest, NULL));
}

/* One context for all of them: making one costs as much as hashing a certificate. */
static void digest_of(EVP_MD *algorithm, struct bytes b, uint8_t *digest)
{
    static EVP_MD_CTX *context;

    if (!context)
        context = EVP_MD_CTX_new();
    must(context && EVP_DigestInit_ex2(context, algorithm, NULL));
    if (b.len > 0)
        must(EVP_DigestUpdate(context, b.at, b.len));
    must(EVP_DigestFinal_ex(context, digest, NULL));
}

void sha256_of(struct bytes b, uint8_t digest[SHA256_BYTES])
{
    hash_prepare();
    digest_of(algorithm_sha256, b, digest);
}

void md5_of(struct bytes b, uint8_t digest[MD5_BYTES])
{
    hash_prepare();
    digest_of(algorithm_md5, b, digest);
}

void sha1_of(struct bytes b, uint8_t digest[SHA1_BYTES])
{
    hash_prepare();
    digest_of(algorithm_sha1, b, digest);
}

void hash_hex(const uint8_t *digest, size_t n, char *into)
{
    static const char digits[16] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        into[2 * i] = digits[digest[i] >> 4];
        into[2 * i + 1] = digits[digest[i] & 15];
    }
}

bool hash_from_hex(const char *digits, size_t n, uint8_t *into)
{
    for (size_t i = 0; i < 2 * n; i++) {
        const char c = digits[i];
        const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (value < 0)
            return false;
        into[i / 2] = (uint8_t)(into[i / 2] << 4 | value);
    }
    return true;
}

__extension__ typedef unsigned __int128 uint128;

static uint64_t fold(uint64_t a, uint64_t b)
{
    const uint128 product = (uint128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#define MIX_1 UINT64_C(0xd6e8feb86659fd93)
#define MIX_2 UINT64_C(0x9e3779b97f4a7c15)

/* Multiply and fold, sixteen bytes at a time.  Only spreads keys over a table. */
uint64_t hash_mix(const void *at, size_t len, uint64_t seed)
{
    const unsigned char *bytes = at;
    uint64_t h = seed ^ len * MIX_2, two[2];

    for (; len >= sizeof two; bytes += sizeof two, len -= sizeof two) {
        memcpy(two, bytes, sizeof two);
        h = fold(two[0] ^ MIX_1, two[1] ^ h);
    }
    if (len > 0) {
        two[0] = two[1] = 0;
        memcpy(two, bytes, len);
        h = fold(two[0] ^ MIX_1, two[1] ^ h);
    }
    return fold(h ^ MIX_2, MIX_1);
}
