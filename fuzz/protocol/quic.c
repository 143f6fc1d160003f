#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "conversation.h"
#include "protocol/quic.h"
#include "protocol/quic_initial.h"

#define VERSION_2 UINT32_C(0x6b3343cf)

/* No fuzzer finds a packet with the right tag: what the input gives as payload is sealed
 * here, behind a header of its own. */
static size_t seal(uint32_t version, const uint8_t *payload, size_t len, uint8_t *into)
{
    const uint8_t header[] = { version == VERSION_2 ? 0xd0 : 0xc0, (uint8_t)(version >> 24), (uint8_t)(version >> 16),
                               (uint8_t)(version >> 8), (uint8_t)version, 4, 'l', 'e', 's', 'h', 0, 0 };
    uint8_t mask[16], nonce[12];
    struct quic_keys keys;
    int done = 0;

    quic_client_keys(quic_version_find(version), (struct bytes){ .at = header + 6, .len = 4 }, &keys);
    memcpy(into, header, sizeof header);
    size_t at = sizeof header;
    into[at++] = (uint8_t)(0x40 | (1 + len + 16) >> 8);
    into[at++] = (uint8_t)(1 + len + 16);
    const size_t number_at = at;
    into[at++] = 0;
    memcpy(nonce, keys.iv, sizeof nonce);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context || EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, keys.key, nonce) != 1 ||
        EVP_EncryptUpdate(context, NULL, &done, into, (int)at) != 1 ||
        EVP_EncryptUpdate(context, into + at, &done, payload, (int)len) != 1 ||
        EVP_EncryptFinal_ex(context, into + at + len, &done) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, into + at + len) != 1)
        abort();
    EVP_CIPHER_CTX_free(context);
    aes128_encrypt_block(keys.header_key, into + number_at + 4, mask);
    into[0] ^= mask[0] & 0x0f;
    into[number_at] ^= mask[1];
    return at + len + 16;
}

/* The first byte: 0, a conversation as it is; else payloads of Initial packets of one version, each with
 * a 2-byte length in front. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { PAYLOAD_MIN = 4, PAYLOAD_MAX = 4000 };
    static struct fake_conversation fake;
    static const uint32_t versions[] = { 1, VERSION_2, 0xff00001d, 0xff000017 };
    static uint8_t packet[PAYLOAD_MAX + 64];

    if (size == 0)
        return 0;
    if (data[0] == 0) {
        fuzz_conversation(&quic_protocol, false, 443, data + 1, size - 1);
        return 0;
    }
    struct cursor c = cursor_over((struct bytes){ .at = data + 1, .len = size - 1 });
    fake_begin(&fake, &quic_protocol, fuzz_sink(size), false, 443);
    while (c.rest.len > 0) {
        size_t length = cursor_u16be(&c);
        length = length > PAYLOAD_MAX ? PAYLOAD_MAX : length;
        const struct bytes payload = cursor_take(&c, length < c.rest.len ? length : c.rest.len);
        if (payload.len < PAYLOAD_MIN)
            break;
        const size_t len = seal(versions[(data[0] - 1u) % 4], payload.at, payload.len, packet);
        fake_datagram(&fake, DIRECTION_OUT, (struct bytes){ .at = packet, .len = len });
        if (fake.ways[DIRECTION_OUT].readable == 0)
            abort(); /* what was sealed must open */
    }
    fake_end(&fake);
    fake_done(&fake);
    return 0;
}
