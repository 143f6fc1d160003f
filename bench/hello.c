#include "hello.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"

#define SALT_V1 "\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a" /* RFC 9001, 5.2 */

void must(bool worked, const char *what)
{
    if (!worked) {
        fprintf(stderr, "%s failed\n", what);
        exit(1);
    }
}

size_t client_hello(uint64_t *state, uint8_t *into, const char *name, unsigned variant, bool quic)
{
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
                                       0xc014,
                                       0x009c, 0x009d, 0x002f, 0x0035, 0x000a };
    const size_t name_len = strlen(name);
    uint64_t bits = (variant + 1) * UINT64_C(0x9e3779b97f4a7c15);
    uint8_t *at = into + 4;

    put16(at, 0x0303);
    random_bytes(state, at + 2, 32);
    at[34] = 0;
    uint8_t *const list = at + 35;
    at = list + 2;
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        if (i < (quic ? 3 : 2) || (!quic && (bits >> (20 + i) & 1))) {
            put16(at, suites[i]);
            at += 2;
        }
    put16(list, (unsigned)(at - list - 2));
    memcpy(at, "\1\0", 2);
    uint8_t *const extensions = at + 2;
    at = extensions + 2;
#define EXTENSION(type, bytes) do { put16(at, type); put16(at + 2, sizeof(bytes) - 1); memcpy(at + 4, bytes, sizeof(bytes) - 1); \
                                    at += 4 + sizeof(bytes) - 1; } while (0)
    put16(at, 0);
    put16(at + 2, (unsigned)name_len + 5);
    put16(at + 4, (unsigned)name_len + 3);
    at[6] = 0;
    put16(at + 7, (unsigned)name_len);
    memcpy(at + 9, name, name_len);
    at += 9 + name_len;
    if (bits >> 40 & 1)
        EXTENSION(0xff01, "\0");
    if (bits >> 41 & 1)
        EXTENSION(23, "");
    if (bits >> 42 & 1)
        EXTENSION(5, "\1\0\0\0\0");
    if (bits >> 43 & 1)
        EXTENSION(10, "\0\6\0\x1d\0\x17\0\x18");
    else
        EXTENSION(10, "\0\4\0\x1d\0\x17");
    EXTENSION(11, "\1\0");
    if (bits >> 44 & 1)
        EXTENSION(35, "");
    EXTENSION(13, "\0\x10\4\3\10\4\4\1\5\3\10\5\5\1\10\6\6\1");
    if (quic)
        EXTENSION(16, "\0\3\2h3");
    else if (bits >> 45 & 3)
        EXTENSION(16, "\0\14\2h2\10http/1.1");
    EXTENSION(43, "\4\3\4\3\3");
    EXTENSION(45, "\1\1");
    put16(at, 51);
    memcpy(at + 2, "\0\x26\0\x24\0\x1d\0\x20", 8);
    random_bytes(state, at + 10, 32);
    at += 42;
    if (quic)
        EXTENSION(57, "\1\4\x80\0\x75\x30\4\4\x80\x10\0\0");
#undef EXTENSION
    put16(extensions, (unsigned)(at - extensions - 2));
    const size_t len = (size_t)(at - into);
    put32(into, 1u << 24 | (uint32_t)(len - 4));
    return len;
}

static void expand_label(const uint8_t secret[32], const char *label, uint8_t *into, size_t len)
{
    EVP_PKEY_CTX *k = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    uint8_t info[64] = { 0, (uint8_t)len };
    const int label_len = snprintf((char *)info + 3, sizeof info - 4, "tls13 %s", label);

    info[2] = (uint8_t)label_len;
    info[3 + label_len] = 0;
    must(k && EVP_PKEY_derive_init(k) == 1 && EVP_PKEY_CTX_set_hkdf_mode(k, EVP_PKEY_HKDEF_MODE_EXPAND_ONLY) == 1 &&
         EVP_PKEY_CTX_set_hkdf_md(k, EVP_sha256()) == 1 && EVP_PKEY_CTX_set1_hkdf_key(k, secret, 32) == 1 &&
         EVP_PKEY_CTX_add1_hkdf_info(k, info, 4 + label_len) == 1 && EVP_PKEY_derive(k, into,
                                                                                     &len) == 1, "HKDF-Expand");
    EVP_PKEY_CTX_free(k);
}

static void extract(const uint8_t *id, size_t id_len, uint8_t secret[32])
{
    EVP_PKEY_CTX *k = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    size_t len = 32;

    must(k && EVP_PKEY_derive_init(k) == 1 && EVP_PKEY_CTX_set_hkdf_mode(k, EVP_PKEY_HKDEF_MODE_EXTRACT_ONLY) == 1 &&
         EVP_PKEY_CTX_set_hkdf_md(k, EVP_sha256()) == 1 &&
             EVP_PKEY_CTX_set1_hkdf_salt(k, (const uint8_t *)SALT_V1, 20) == 1 &&
         EVP_PKEY_CTX_set1_hkdf_key(k, id, (int)id_len) == 1 && EVP_PKEY_derive(k, secret, &len) == 1, "HKDF-Extract");
    EVP_PKEY_CTX_free(k);
}

void quic_initial(uint64_t *state, uint8_t packet[QUIC_INITIAL_BYTES], const char *name, unsigned variant)
{
    enum { LENGTH_AT = 16, NUMBER_AT = 18, HEADER = 22, TAG = 16 };
    uint8_t initial[32], client[32], key[16], iv[12], hp[16], mask[32], plain[QUIC_INITIAL_BYTES] = { 0 };
    int n;

    memcpy(packet, "\xc3\0\0\0\1\10", 6);      /* long header, number in 4 bytes, version 1 */
    random_bytes(state, packet + 6, 8);
    packet[14] = 0;                            /* no source connection id */
    extract(packet + 6, 8, initial);
    expand_label(initial, "client in", client, 32);
    expand_label(client, "quic key", key, 16);
    expand_label(client, "quic iv", iv, 12);
    expand_label(client, "quic hp", hp, 16);
    packet[15] = 0;                            /* no token either */
    put16(packet + LENGTH_AT, 0x4000 | (QUIC_INITIAL_BYTES - NUMBER_AT));
    memset(packet + NUMBER_AT, 0, 4);
    const size_t plain_len = QUIC_INITIAL_BYTES - HEADER - TAG;
    const size_t hello = client_hello(state, plain + 4, name, variant, true);
    plain[0] = 6;                              /* CRYPTO at 0 */
    plain[1] = 0;
    put16(plain + 2, 0x4000 | (unsigned)hello);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    must(c && EVP_EncryptInit_ex(c, EVP_aes_128_gcm(), NULL, key, iv) == 1 &&
         EVP_EncryptUpdate(c, NULL, &n, packet, HEADER) == 1 &&
         EVP_EncryptUpdate(c, packet + HEADER, &n, plain, (int)plain_len) == 1 &&
             EVP_EncryptFinal_ex(c, packet + QUIC_INITIAL_BYTES - TAG, &n) == 1 &&
         EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, packet + QUIC_INITIAL_BYTES - TAG) == 1, "AES-GCM");
    must(EVP_EncryptInit_ex(c, EVP_aes_128_ecb(), NULL, hp, NULL) == 1 &&
         EVP_EncryptUpdate(c, mask, &n, packet + NUMBER_AT + 4, 16) == 1, "AES");
    EVP_CIPHER_CTX_free(c);
    packet[0] ^= mask[0] & 15;
    for (int i = 0; i < 4; i++)
        packet[NUMBER_AT + i] ^= mask[1 + i];
}

/* Signed with Ed25519, whose signatures have nothing random in them. */
size_t make_certificate(uint64_t *state, uint8_t *into, size_t room)
{
    uint8_t secret[32], *at = into;
    X509 *x = X509_new();

    random_bytes(state, secret, sizeof secret);
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, sizeof secret);
    must(x && key, "key");
    X509_NAME *name = X509_get_subject_name(x);
    must(X509_set_version(x, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(x), 4711) == 1 &&
         ASN1_TIME_set_string(X509_getm_notBefore(x), "20230101000000Z") == 1 &&
         ASN1_TIME_set_string(X509_getm_notAfter(x), "20330101000000Z") == 1 && X509_set_pubkey(x, key) == 1 &&
         X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const uint8_t *)"Example Cloud", -1, -1, 0) == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"drone-cloud.example", -1, -1, 0) == 1 &&
         X509_set_issuer_name(x, name) == 1 && X509_sign(x, key, NULL) > 0, "certificate");
    const int len = i2d_X509(x, NULL);
    must(len > 0 && (size_t)len <= room && i2d_X509(x, &at) == len, "certificate");
    X509_free(x);
    EVP_PKEY_free(key);
    return (size_t)len;
}
