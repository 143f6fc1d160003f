#include "broadcast/rid_key.h"

#include <arpa/inet.h>
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/hash.h"

enum { ED25519_SIGNATURE = 64, COORDINATE_MAX = 48 };

static const struct {
    const char *group;                /* as OpenSSL names it; NULL: Ed25519 */
    size_t coordinate;
} kinds[] = {
    [RID_KEY_ED25519] = { NULL, 0 }, [RID_KEY_P256] = { "prime256v1", 32 }, [RID_KEY_P384] = { "secp384r1", 48 },
};

static bool kind_of(EVP_PKEY *pkey, struct rid_key *key)
{
    char group[32];
    size_t len = sizeof key->host_key;

    if (EVP_PKEY_get_base_id(pkey) == EVP_PKEY_ED25519) {
        key->kind = RID_KEY_ED25519;
        return EVP_PKEY_get_raw_public_key(pkey, key->host_key, &len) == 1 && len == sizeof key->host_key;
    }
    if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_EC || EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) != 1)
        return false;
    for (size_t i = RID_KEY_P256; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(group, kinds[i].group) == 0) {
            key->kind = (enum rid_key_kind)i;
            return true;
        }
    return false;
}

static bool key_of_pem(struct bytes pem, struct rid_key *key)
{
    BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);
    EVP_PKEY *pkey = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    unsigned char *der = NULL;
    const int len = pkey ? i2d_PUBKEY(pkey, &der) : 0;
    const bool known = len > 0 && (size_t)len <= sizeof key->der && kind_of(pkey, key);

    if (known) {
        uint8_t digest[SHA256_BYTES];
        memcpy(key->der, der, (size_t)len);
        key->der_len = (size_t)len;
        sha256_of((struct bytes){ .at = key->der, .len = key->der_len }, digest);
        hash_hex(digest, RID_KEY_NAME / 2, key->name);
    }
    OPENSSL_free(der);
    EVP_PKEY_free(pkey);
    BIO_free(bio);
    ERR_clear_error();
    return known;
}

static struct text line_of(struct bytes *rest)
{
    const uint8_t *end = memchr(rest->at, '\n', rest->len);
    const size_t len = end ? (size_t)(end - rest->at) : rest->len;
    struct text line = { .at = (const char *)rest->at, .len = len };

    *rest = bytes_part(*rest, len + (end != NULL), UINT64_MAX);
    while (line.len > 0 && (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == ' '))
        line.len--;
    return line;
}

static void det_of_owner(struct rid_key *key)
{
    char address[INET6_ADDRSTRLEN];
    const struct text t = key->owner;

    if (t.len == 2 * DET_BYTES && hash_from_hex(t.at, DET_BYTES, key->owner_det)) {
        key->owner_is_det = true;
    } else if (t.len < sizeof address) {
        memcpy(address, t.at, t.len);
        address[t.len] = '\0';
        key->owner_is_det = inet_pton(AF_INET6, address, key->owner_det) == 1;
    }
}

static void owner_of(struct text line, struct arena *arena, struct rid_key *key)
{
    while (line.len > 0 && *line.at == ' ')
        line.at++, line.len--;
    if (line.len == 0)
        return;
    char *copy = arena_alloc(arena, line.len, 1);
    memcpy(copy, line.at, line.len);
    key->owner = (struct text){ .at = copy, .len = line.len };
    det_of_owner(key);
}

bool rid_keys_read(struct bytes file, struct arena *arena, struct rid_keys *ret, const char **why)
{
    static const struct text begin = TEXT_INIT("-----BEGIN "), end = TEXT_INIT("-----END "), owner = TEXT_INIT("for:");
    struct rid_key *keys = arena_alloc(arena, RID_KEYS_MAX, sizeof *keys);
    struct rid_key next = { .kind = RID_KEY_ED25519 };
    struct bytes rest = file, from = { 0 };
    size_t count = 0;

    while (rest.len > 0) {
        const struct bytes before = rest;
        const struct text line = line_of(&rest);
        if (text_starts_with(line, owner)) {
            owner_of((struct text){ .at = line.at + owner.len, .len = line.len - owner.len }, arena, &next);
        } else if (text_starts_with(line, begin)) {
            from = before;
        } else if (text_starts_with(line, end) && from.len > 0) {
            from.len -= rest.len;
            if (count == RID_KEYS_MAX || from.len > INT_MAX || !key_of_pem(from, &next)) {
                *why = count == RID_KEYS_MAX ? "it holds more than 256 keys"
                                             : "it holds what is no public key of Ed25519, P-256 or P-384 in PEM";
                return false;
            }
            keys[count++] = next;
            next = (struct rid_key){ .kind = RID_KEY_ED25519 };
            from = (struct bytes){ 0 };
        }
    }
    if (count == 0) {
        *why = "it holds no public key in PEM";
        return false;
    }
    *ret = (struct rid_keys){ .keys = keys, .count = count };
    return true;
}

bool rid_key_signs(const struct rid_key *key, size_t signature_len)
{
    const size_t coordinate = kinds[key->kind].coordinate;

    if (key->kind == RID_KEY_ED25519)
        return signature_len == ED25519_SIGNATURE;
    /* DER of two whole numbers: heads of 2, and a zero where the first bit is set; rarely some bytes fewer */
    return signature_len >= 2 * coordinate - 8 && signature_len <= 2 * coordinate + 10;
}

static bool verify(EVP_PKEY *key, const EVP_MD *digest, struct bytes content, struct bytes signature)
{
    EVP_MD_CTX *context = key ? EVP_MD_CTX_new() : NULL;
    const bool good = context && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
                      EVP_DigestVerify(context, signature.at, signature.len,
                                       content.len ? content.at : (const uint8_t *)"", content.len) == 1;

    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

bool host_key_verify(const uint8_t host_key[HOST_KEY_BYTES], struct bytes content, struct bytes signature)
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, host_key, HOST_KEY_BYTES);
    const bool good = signature.len == ED25519_SIGNATURE && verify(key, NULL, content, signature);

    EVP_PKEY_free(key);
    return good;
}

/* `r` and `s` one behind the other, as DER; 0: not so many bytes. */
static size_t der_of_pair(struct bytes pair, size_t coordinate, uint8_t der[2 * COORDINATE_MAX + 16])
{
    if (pair.len != 2 * coordinate)
        return 0;
    ECDSA_SIG *both = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(pair.at, (int)coordinate, NULL), *s = BN_bin2bn(pair.at + coordinate, (int)coordinate, NULL);
    unsigned char *at = der;
    int len = 0;

    if (both && r && s && ECDSA_SIG_set0(both, r, s) == 1) {
        r = s = NULL; /* its own now */
        len = i2d_ECDSA_SIG(both, &at);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(both);
    return len > 0 ? (size_t)len : 0;
}

bool rid_key_verify(const struct rid_key *key, struct bytes content, struct bytes signature)
{
    uint8_t der[2 * COORDINATE_MAX + 16];
    const unsigned char *at = key->der;

    if (!rid_key_signs(key, signature.len))
        return false;
    if (key->kind == RID_KEY_ED25519)
        return host_key_verify(key->host_key, content, signature);
    EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)key->der_len);
    const EVP_MD *digest = key->kind == RID_KEY_P256 ? EVP_sha256() : EVP_sha384();
    const size_t len = der_of_pair(signature, kinds[key->kind].coordinate, der);
    const bool good = (len > 0 && verify(pkey, digest, content, (struct bytes){ .at = der, .len = len })) ||
                      verify(pkey, digest, content, signature);
    EVP_PKEY_free(pkey);
    return good;
}

/* SP 800-185, 3.3: the rate, the empty name, the custom text with its length in bits, and zeros up to a whole block.
 * OpenSSL has cSHAKE's padding in the digest that its KMAC is made of. */
void drip_hash(struct bytes custom, struct bytes content, uint8_t hash[DRIP_HASH_BYTES])
{
    enum { RATE = 168, HEAD = 6, CUSTOM_MAX = 31 };
    static EVP_MD *keccak; /* kept for the life of the process: readers have one thread */
    uint8_t block[RATE] = { 1, RATE, 1, 0, 1 };
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    memset(hash, 0, DRIP_HASH_BYTES);
    if (!keccak)
        keccak = EVP_MD_fetch(NULL, "KECCAK-KMAC-128", NULL);
    if (custom.len <= CUSTOM_MAX) {
        block[HEAD - 1] = (uint8_t)(custom.len * 8);
        memcpy(block + HEAD, custom.at, custom.len);
    }
    if (context && keccak && EVP_DigestInit_ex2(context, keccak, NULL) == 1) {
        EVP_DigestUpdate(context, block, sizeof block);
        EVP_DigestUpdate(context, content.at, content.len);
        EVP_DigestFinalXOF(context, hash, DRIP_HASH_BYTES);
    }
    EVP_MD_CTX_free(context);
    ERR_clear_error();
}

bool det_is_of_key(const uint8_t det[DET_BYTES], const uint8_t host_key[HOST_KEY_BYTES])
{
    enum { UPPER = 8, SUITE_AT = 7, EDDSA_CSHAKE128 = 5, CURVE_AND_NULL = 4 };
    static const uint8_t context_id[16] = { 0x00, 0xb5, 0xa6, 0x9c, 0x79, 0x5d, 0xf5, 0xd5,
                                            0xf0, 0x08, 0x7f, 0x56, 0x84, 0x3f, 0x2c, 0x40 };
    /* the host's identity is the curve (1: EdDSA25519), two zeros and the key (RFC 9373) */
    uint8_t input[UPPER + CURVE_AND_NULL + HOST_KEY_BYTES] = { [UPPER + 1] = 1 }, hash[DRIP_HASH_BYTES];

    if (det[0] != 0x20 || det[1] != 0x01 || det[2] != 0x00 || det[3] >> 4 != 3 || det[SUITE_AT] != EDDSA_CSHAKE128)
        return false;
    memcpy(input, det, UPPER);
    memcpy(input + UPPER + CURVE_AND_NULL, host_key, HOST_KEY_BYTES);
    drip_hash((struct bytes){ .at = context_id, .len = sizeof context_id },
              (struct bytes){ .at = input, .len = sizeof input }, hash);
    return memcmp(hash, det + UPPER, DRIP_HASH_BYTES) == 0;
}
