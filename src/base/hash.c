#include "base/hash.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

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

#if defined(__x86_64__)

/* In a virtual machine the question takes as long as a kilobyte: it is asked once. */
static bool has_sha(void)
{
    enum { FEATURES = 7, SHA_BIT = 29, NO = 1, YES = 2 };
    static unsigned char answer;
    unsigned a, b, c, d;

    if (!__atomic_load_n(&answer, __ATOMIC_RELAXED)) {
        const bool has = __builtin_cpu_supports("sse4.1") && __get_cpuid_count(FEATURES, 0, &a, &b, &c, &d) &&
            b >> SHA_BIT & 1;
        __atomic_store_n(&answer, has ? YES : NO, __ATOMIC_RELAXED);
    }
    return __atomic_load_n(&answer, __ATOMIC_RELAXED) == YES;
}

/* FIPS 180-4, 4.2.2. */
static const uint32_t sha256_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The instructions keep the eight words of a state as A B E F and C D G H. */
struct sha256_lane {
    __m128i abef, cdgh, words[4];
};

__attribute__((always_inline, target("sha,sse4.1")))
static inline void four_rounds(struct sha256_lane *l, int n)
{
    const __m128i w = l->words[n & 3],
        added = _mm_add_epi32(w, _mm_load_si128((const __m128i *)sha256_constants + n));

    l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, added);
    l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh, _mm_shuffle_epi32(added, 0x0e));
    if (n >= 12)
        return;
    const __m128i third = l->words[(n + 2) & 3], last = l->words[(n + 3) & 3];
    const __m128i next = _mm_add_epi32(_mm_sha256msg1_epu32(w, l->words[(n + 1) & 3]), _mm_alignr_epi8(last, third, 4));
    l->words[n & 3] = _mm_sha256msg2_epu32(next, last);
}

/* Rounds wait for one another; those of two states do not, and fill the time.  `blocks` of 64 bytes each. */
__attribute__((target("sha,sse4.1")))
static void blocks_of_both(uint32_t *const states[2], const uint8_t *const at[2], size_t blocks)
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    struct sha256_lane lanes[2];

    for (int k = 0; k < 2; k++) {
        const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)states[k]), 0xb1),
            hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(states[k] + 4)), 0x1b);
        lanes[k].abef = _mm_alignr_epi8(badc, hgfe, 8);
        lanes[k].cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
    }
    for (size_t n = 0; n < blocks; n++) {
        const struct sha256_lane before[2] = { lanes[0], lanes[1] };
        for (int k = 0; k < 2; k++)
            for (int i = 0; i < 4; i++)
                lanes[k].words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(at[k] + 64 * n + 16 * i)),
                                                     big_endian);
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {
            four_rounds(&lanes[0], i);
            four_rounds(&lanes[1], i);
        }
        for (int k = 0; k < 2; k++) {
            lanes[k].abef = _mm_add_epi32(lanes[k].abef, before[k].abef);
            lanes[k].cdgh = _mm_add_epi32(lanes[k].cdgh, before[k].cdgh);
        }
    }
    for (int k = 0; k < 2; k++) {
        const __m128i feba = _mm_shuffle_epi32(lanes[k].abef, 0x1b), dchg = _mm_shuffle_epi32(lanes[k].cdgh, 0xb1);
        _mm_storeu_si128((__m128i *)states[k], _mm_blend_epi16(feba, dchg, 0xf0));
        _mm_storeu_si128((__m128i *)(states[k] + 4), _mm_alignr_epi8(dchg, feba, 8));
    }
}

static void count_bytes(SHA256_CTX *c, uint64_t bytes)
{
    const uint64_t bits = ((uint64_t)c->Nh << 32 | c->Nl) + 8 * bytes;

    c->Nl = (uint32_t)bits;
    c->Nh = (uint32_t)(bits >> 32);
}

/* How many bytes of each were taken: whole blocks, where both stand at the beginning of one. */
static size_t add_blocks(struct sha256 *h, struct bytes a, struct sha256 *other, struct bytes b)
{
    const size_t blocks = (a.len < b.len ? a.len : b.len) / SHA256_CBLOCK;

    if (h == other || blocks == 0 || h->context.num || other->context.num || !has_sha())
        return 0;
    blocks_of_both((uint32_t *const[]){ h->context.h, other->context.h }, (const uint8_t *const[]){ a.at, b.at },
                   blocks);
    count_bytes(&h->context, blocks * SHA256_CBLOCK);
    count_bytes(&other->context, blocks * SHA256_CBLOCK);
    return blocks * SHA256_CBLOCK;
}

#else

static size_t add_blocks(struct sha256 *h, struct bytes a, struct sha256 *other, struct bytes b)
{
    (void)h, (void)a, (void)other, (void)b;
    return 0;
}

#endif

void sha256_add_both(struct sha256 *h, struct bytes a, struct sha256 *other, struct bytes b)
{
    const size_t taken = add_blocks(h, a, other, b);

    sha256_add(h, bytes_part(a, taken, UINT64_MAX));
    sha256_add(other, bytes_part(b, taken, UINT64_MAX));
}

void sha256_finish(struct sha256 *h, uint8_t digest[SHA256_BYTES])
{
    must(SHA256_Final(digest, &h->context));
}

/* OpenSSL's own functions for all at once, SHA256() and SHA1(), look for the algorithm by its name at every call, which
 * takes longer than to hash what is short. */
void sha256_of(struct bytes b, uint8_t digest[SHA256_BYTES])
{
    struct sha256 h;

    sha256_restart(&h);
    sha256_add(&h, b);
    sha256_finish(&h, digest);
}

void md5_of(struct bytes b, uint8_t digest[MD5_BYTES])
{
    MD5_CTX context;

    must(MD5_Init(&context));
    if (b.len)
        must(MD5_Update(&context, b.at, b.len));
    must(MD5_Final(digest, &context));
}

void sha1_of(struct bytes b, uint8_t digest[SHA1_BYTES])
{
    SHA_CTX context;

    must(SHA1_Init(&context));
    if (b.len)
        must(SHA1_Update(&context, b.at, b.len));
    must(SHA1_Final(digest, &context));
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
