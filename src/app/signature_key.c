#include "app/signature_key.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static const EVP_MD *algorithm(enum digest_kind kind)
{
    switch (kind) {
    case DIGEST_MD5: return EVP_md5();
    case DIGEST_SHA1: return EVP_sha1();
    case DIGEST_SHA224: return EVP_sha224();
    case DIGEST_SHA256: return EVP_sha256();
    case DIGEST_SHA384: return EVP_sha384();
    case DIGEST_SHA512: return EVP_sha512();
    default: return NULL;
    }
}

size_t digest_bytes(enum digest_kind kind)
{
    static const uint8_t sizes[DIGEST_COUNT] = { 0, 16, 20, 28, 32, 48, 64 };

    return kind < DIGEST_COUNT ? sizes[kind] : 0;
}

size_t digest_of_bytes(enum digest_kind kind, struct bytes content, uint8_t digest[DIGEST_BYTES_MAX])
{
    const EVP_MD *md = algorithm(kind);

    if (!md || EVP_Digest(content.len ? (const void *)content.at : "", content.len, digest, NULL, md, NULL) != 1)
        return 0;
    return digest_bytes(kind);
}

/* An EVP_PKEY by another name, so that OpenSSL's headers stay in here. */
static EVP_PKEY *unwrap(const struct public_key *key)
{
    return (EVP_PKEY *)(uintptr_t)key;
}

struct public_key *public_key_parse(struct bytes der)
{
    const unsigned char *at = der.at;
    EVP_PKEY *key = der.len > 0 && der.len < LONG_MAX ? d2i_PUBKEY(NULL, &at, (long)der.len) : NULL;

    ERR_clear_error();
    return (struct public_key *)key;
}

struct public_key *public_key_of_certificate(struct bytes der, bool *ret_may_sign)
{
    const unsigned char *at = der.at;
    X509 *certificate = der.len > 0 && der.len < LONG_MAX ? d2i_X509(NULL, &at, (long)der.len) : NULL;
    EVP_PKEY *key = certificate ? X509_get_pubkey(certificate) : NULL;

    *ret_may_sign = certificate && (X509_get_key_usage(certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION));
    X509_free(certificate);
    ERR_clear_error();
    return (struct public_key *)key;
}

void public_key_free(struct public_key *key)
{
    EVP_PKEY_free(unwrap(key));
}

bool public_key_is(const struct public_key *key, struct bytes der)
{
    unsigned char *encoded = NULL;
    const int len = key ? i2d_PUBKEY(unwrap(key), &encoded) : 0;
    const bool equal = len > 0 && bytes_equal(der, encoded, (size_t)len);

    OPENSSL_free(encoded);
    ERR_clear_error();
    return equal;
}

enum key_kind public_key_kind(const struct public_key *key)
{
    switch (key ? EVP_PKEY_get_base_id(unwrap(key)) : 0) {
    case EVP_PKEY_RSA: return KEY_RSA;
    case EVP_PKEY_DSA: return KEY_DSA;
    case EVP_PKEY_EC: return KEY_EC;
    default: return KEY_NONE;
    }
}

bool public_key_verify(const struct public_key *key, enum digest_kind digest, enum padding_kind padding,
                       struct bytes content,
                       struct bytes signature)
{
    const EVP_MD *md = algorithm(digest);
    EVP_MD_CTX *context = md && key ? EVP_MD_CTX_new() : NULL;
    EVP_PKEY_CTX *parameters = NULL;
    bool ok = false;

    if (context && EVP_DigestVerifyInit(context, &parameters, md, NULL, unwrap(key)) == 1) {
        ok = padding != PADDING_PSS || (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
                                        EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, (int)digest_bytes(digest)) == 1);
        ok = ok && EVP_DigestVerify(context, signature.at, signature.len,
                                    content.len ? content.at : (const uint8_t *)"",
                                    content.len) == 1;
    }
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return ok;
}
