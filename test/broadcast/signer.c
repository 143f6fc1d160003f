#include "broadcast/signer.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include "support/support.h"

void make_signer(struct signer *s, const char *curve)
{
    BIO *bio = BIO_new(BIO_s_mem());
    size_t len = sizeof s->host_key;

    s->key = curve ? EVP_EC_gen(curve) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    assert_non_null(s->key);
    assert_int_equal(PEM_write_bio_PUBKEY(bio, s->key), 1);
    const int n = BIO_read(bio, s->pem, sizeof s->pem - 1);
    assert_true(n > 0);
    s->pem[n] = '\0';
    if (!curve)
        assert_int_equal(EVP_PKEY_get_raw_public_key(s->key, s->host_key, &len), 1);
    BIO_free(bio);
}

size_t sign(const struct signer *s, const EVP_MD *digest, struct bytes content, uint8_t signature[160])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = 160;

    assert_int_equal(EVP_DigestSignInit(context, NULL, digest, NULL, s->key), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &len, content.at, content.len), 1);
    EVP_MD_CTX_free(context);
    return len;
}
