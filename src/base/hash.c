#include "base/hash.h"

/* The functions of the algorithms themselves: the same code as behind EVP_MD, without the millisecond that OpenSSL 3
 * takes in every process to look for it among its providers. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct sha256 {
    SHA256_CTX context;
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

    sha256_restart(h);
    return h;
}

void sha256_restart(struct sha256 *h)
{
    must(SHA256_Init(&h->context));
}

void sha256_free(struct sha256 *h)
{
    free(h);
}

void sha256_add(struct sha256 *h, struct bytes b)
{
    if (b.len)
        must(SHA256_Update(&h->context, b.at, b.len));
}

void sha256_finish(struct sha256 *h, uint8_t digest[SHA256_BYTES])
{
    must(SHA256_Final(digest, &h->context));
}

/* They take no NULL, whatever the length. */
static const uint8_t *begin_of(struct bytes b)
{
    return b.len > 0 ? b.at : (const uint8_t *)"";
}

void sha256_of(struct bytes b, uint8_t digest[SHA256_BYTES])
{
    must(SHA256(begin_of(b), b.len, digest) != NULL);
}

void md5_of(struct bytes b, uint8_t digest[MD5_BYTES])
{
    must(MD5(begin_of(b), b.len, digest) != NULL);
}

void sha1_of(struct bytes b, uint8_t digest[SHA1_BYTES])
{
    must(SHA1(begin_of(b), b.len, digest) != NULL);
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
