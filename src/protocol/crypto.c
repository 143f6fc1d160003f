#include "protocol/crypto.h"

#include <assert.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHA256_BLOCK = 64 };

/* Kept for the life of the process: readers have one thread. */
static EVP_CIPHER *algorithm_ecb, *algorithm_gcm, *algorithm_cbc256;
static EVP_CIPHER_CTX *context_ecb, *context_gcm, *context_cbc256;

static void must(int ok)
{
    if (ok != 1) {
        fputs("leash: the OpenSSL library failed to encrypt\n", stderr);
        _Exit(4);
    }
}

void crypto_prepare(void)
{
    must(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL));
}

/* Most evidence has nothing encrypted in it, and this takes OpenSSL a millisecond. */
static void prepare_ciphers(void)
{
    if (context_gcm)
        return;
    crypto_prepare();
    algorithm_ecb = EVP_CIPHER_fetch(NULL, "AES-128-ECB", NULL);
    algorithm_gcm = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
    algorithm_cbc256 = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
    must(algorithm_ecb && algorithm_gcm && algorithm_cbc256);
    context_ecb = EVP_CIPHER_CTX_new();
    context_gcm = EVP_CIPHER_CTX_new();
    context_cbc256 = EVP_CIPHER_CTX_new();
    must(context_ecb && context_gcm && context_cbc256);
}

void hmac_sha256(struct bytes key, struct bytes message, uint8_t mac[SHA256_BYTES])
{
    uint8_t inner[SHA256_BLOCK] = { 0 }, outer[SHA256_BLOCK + SHA256_BYTES] = { 0 };

    if (key.len > SHA256_BLOCK)
        sha256_of(key, inner);
    else if (key.len > 0)
        memcpy(inner, key.at, key.len);
    memcpy(outer, inner, SHA256_BLOCK);
    for (size_t i = 0; i < SHA256_BLOCK; i++) {
        inner[i] ^= 0x36;
        outer[i] ^= 0x5c;
    }
    struct sha256 *h = sha256_new();
    sha256_add(h, (struct bytes){ .at = inner, .len = sizeof inner });
    sha256_add(h, message);
    sha256_finish(h, outer + SHA256_BLOCK);
    sha256_free(h);
    sha256_of((struct bytes){ .at = outer, .len = sizeof outer }, mac);
}

void hkdf_extract(struct bytes salt, struct bytes key, uint8_t secret[SHA256_BYTES])
{
    hmac_sha256(salt, key, secret);
}

void hkdf_expand_label(const uint8_t secret[SHA256_BYTES], const char *label, uint8_t *into, size_t len)
{
    /* struct HkdfLabel, and the counter of the first and only block */
    uint8_t info[2 + 1 + 6 + 32 + 1 + 1], block[SHA256_BYTES];
    const size_t label_len = strlen(label);
    size_t at = 0;

    assert(len <= SHA256_BYTES && label_len <= 32);
    info[at++] = 0;
    info[at++] = (uint8_t)len;
    info[at++] = (uint8_t)(6 + label_len);
    memcpy(info + at, "tls13 ", 6);
    memcpy(info + at + 6, label, label_len);
    at += 6 + label_len;
    info[at++] = 0;
    info[at++] = 1;
    hmac_sha256((struct bytes){ .at = secret, .len = SHA256_BYTES }, (struct bytes){ .at = info, .len = at }, block);
    memcpy(into, block, len);
}

void aes128_encrypt_block(const uint8_t key[AES128_BYTES], const uint8_t in[AES_BLOCK_BYTES],
                          uint8_t out[AES_BLOCK_BYTES])
{
    uint8_t buffer[2 * AES_BLOCK_BYTES];
    int len = 0;

    prepare_ciphers();
    must(EVP_EncryptInit_ex2(context_ecb, algorithm_ecb, key, NULL, NULL));
    must(EVP_CIPHER_CTX_set_padding(context_ecb, 0));
    must(EVP_EncryptUpdate(context_ecb, buffer, &len, in, AES_BLOCK_BYTES));
    memcpy(out, buffer, AES_BLOCK_BYTES);
}

bool aes128_gcm_open(const uint8_t key[AES128_BYTES], const uint8_t nonce[GCM_NONCE_BYTES], struct bytes additional,
                     struct bytes sealed, uint8_t *into)
{
    uint8_t tag[GCM_TAG_BYTES], nothing[AES_BLOCK_BYTES];
    int len = 0;

    prepare_ciphers();
    if (sealed.len < GCM_TAG_BYTES || sealed.len > INT_MAX || additional.len > INT_MAX)
        return false;
    const size_t text_len = sealed.len - GCM_TAG_BYTES;
    memcpy(tag, sealed.at + text_len, GCM_TAG_BYTES);
    must(EVP_DecryptInit_ex2(context_gcm, algorithm_gcm, key, nonce, NULL));
    if (additional.len > 0)
        must(EVP_DecryptUpdate(context_gcm, NULL, &len, additional.at, (int)additional.len));
    if (text_len > 0)
        must(EVP_DecryptUpdate(context_gcm, into, &len, sealed.at, (int)text_len));
    must(EVP_CIPHER_CTX_ctrl(context_gcm, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES, tag));
    return EVP_DecryptFinal_ex(context_gcm, nothing, &len) == 1;
}

void aes256_cbc_decrypt(const uint8_t key[AES256_BYTES], const uint8_t iv[AES_BLOCK_BYTES], struct bytes sealed,
                        uint8_t *into)
{
    int len = 0;

    prepare_ciphers();
    assert(sealed.len % AES_BLOCK_BYTES == 0 && sealed.len <= INT_MAX);
    must(EVP_DecryptInit_ex2(context_cbc256, algorithm_cbc256, key, iv, NULL));
    must(EVP_CIPHER_CTX_set_padding(context_cbc256, 0));
    if (sealed.len > 0)
        must(EVP_DecryptUpdate(context_cbc256, into, &len, sealed.at, (int)sealed.len));
}
