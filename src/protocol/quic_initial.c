#include "protocol/quic_initial.h"

#include <string.h>

enum {
    LONG_HEADER = 0x80, FIXED_BIT = 0x40,
    DRAFT_FIRST = 23, DRAFT_SALT_2020 = 29, DRAFT_SALT_FINAL = 33, DRAFT_LAST = 34,
};
#define VERSION_1         UINT32_C(0x00000001)
#define VERSION_2         UINT32_C(0x6b3343cf)
#define DRAFT             UINT32_C(0xff000000)
#define FACEBOOK_DRAFT_27 UINT32_C(0xfaceb002)

enum { SALT_BYTES = 20 };

/* Salts: RFC 9001, 5.2; RFC 9369, 3.3.1; draft-ietf-quic-tls-29 and -23, 5.2. */
struct quic_version {
    uint8_t salt[SALT_BYTES];
    const char *key_label, *iv_label, *header_label;
};

static const struct quic_version version_1 = {
    { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
      0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a }, "quic key", "quic iv", "quic hp",
};
static const struct quic_version version_2 = {
    { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
      0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 }, "quicv2 key", "quicv2 iv", "quicv2 hp",
};
static const struct quic_version draft_29 = {
    { 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
      0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 }, "quic key", "quic iv", "quic hp",
};
static const struct quic_version draft_23 = {
    { 0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
      0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02 }, "quic key", "quic iv", "quic hp",
};

static uint32_t draft_number(uint32_t version)
{
    return (version & 0xffffff00) == DRAFT ? version & 0xff : 0;
}

const struct quic_version *quic_version_find(uint32_t version)
{
    const uint32_t draft = draft_number(version);

    if (version == VERSION_1 || (draft >= DRAFT_SALT_FINAL && draft <= DRAFT_LAST))
        return &version_1;
    if (version == VERSION_2)
        return &version_2;
    if (draft >= DRAFT_SALT_2020 && draft < DRAFT_SALT_FINAL)
        return &draft_29;
    if ((draft >= DRAFT_FIRST && draft < DRAFT_SALT_2020) || version == FACEBOOK_DRAFT_27)
        return &draft_23;
    return NULL;
}

struct text quic_version_text(uint32_t version, struct arena *arena)
{
    if (version == VERSION_1)
        return TEXT("v1");
    if (version == VERSION_2)
        return TEXT("v2");
    if (version == FACEBOOK_DRAFT_27)
        return TEXT("mvfst-27");
    if (draft_number(version) > 0)
        return arena_printf(arena, "draft-%u", draft_number(version));
    if (version >> 24 == 'Q' || version >> 24 == 'T') { /* Google's: Q046, T051 */
        const char letters[4] = { (char)(version >> 24), (char)(version >> 16), (char)(version >> 8), (char)version };
        int64_t number;
        if (text_to_int((struct text){ letters + 1, 3 }, 0, 999, &number) && letters[1] != '+')
            return arena_text(arena, (struct text){ letters, 4 });
    }
    return arena_printf(arena, "0x%08x", version);
}

uint64_t quic_varint(struct cursor *c)
{
    const uint8_t first = cursor_u8(c);
    const size_t more = ((size_t)1 << (first >> 6)) - 1;

    return (uint64_t)(first & 0x3f) << (8 * more) | cursor_uint_be(c, more);
}

enum parse_status quic_packet_next(struct cursor *c, struct quic_packet *ret)
{
    const struct bytes from = c->rest;
    struct quic_packet p = { .type = QUIC_NEGOTIATION };

    const uint8_t first = cursor_u8(c);
    if (c->failed || (first & LONG_HEADER) == 0)
        return PARSE_INVALID;
    p.version = cursor_u32be(c);
    p.destination_cid = cursor_take(c, cursor_u8(c));
    p.source_cid = cursor_take(c, cursor_u8(c));
    if (c->failed)
        return PARSE_TRUNCATED;
    if (p.destination_cid.len > QUIC_CID_MAX || p.source_cid.len > QUIC_CID_MAX)
        return PARSE_INVALID;
    p.whole = from;
    if (p.version == 0) { /* RFC 9000, 17.2.1: a list of versions to the end */
        c->rest = bytes_part(c->rest, c->rest.len, 0);
        *ret = p;
        return PARSE_OK;
    }
    *ret = p;
    const struct quic_version *v = quic_version_find(p.version);
    if (!v)
        return PARSE_UNSUPPORTED;
    if ((first & FIXED_BIT) == 0)
        return PARSE_INVALID;
    /* RFC 9369, 3.2: version 2 counts one further */
    const unsigned bits = (first >> 4 & 3) + (v == &version_2 ? 3u : 0u);
    p.type = (enum quic_packet_type)(bits & 3);
    if (p.type == QUIC_RETRY) {
        c->rest = bytes_part(c->rest, c->rest.len, 0);
        *ret = p;
        return PARSE_OK;
    }
    if (p.type == QUIC_INITIAL) {
        const uint64_t token_len = quic_varint(c);
        if (token_len > c->rest.len)
            return PARSE_TRUNCATED;
        cursor_skip(c, (size_t)token_len);
    }
    const uint64_t length = quic_varint(c);
    if (c->failed)
        return PARSE_TRUNCATED;
    p.number_offset = from.len - c->rest.len;
    const bool cut = length > c->rest.len;
    cursor_skip(c, cut ? c->rest.len : (size_t)length);
    p.whole = bytes_part(from, 0, from.len - c->rest.len);
    *ret = p;
    return cut ? PARSE_TRUNCATED : PARSE_OK;
}

void quic_client_keys(const struct quic_version *v, struct bytes destination_cid, struct quic_keys *ret)
{
    uint8_t initial[SHA256_BYTES], client[SHA256_BYTES];

    hkdf_extract((struct bytes){ .at = v->salt, .len = SALT_BYTES }, destination_cid, initial);
    hkdf_expand_label(initial, "client in", client, sizeof client);
    hkdf_expand_label(client, v->key_label, ret->key, sizeof ret->key);
    hkdf_expand_label(client, v->iv_label, ret->iv, sizeof ret->iv);
    hkdf_expand_label(client, v->header_label, ret->header_key, sizeof ret->header_key);
}

bool quic_initial_open(const struct quic_packet *packet, const struct quic_keys *keys, uint8_t *into,
                       struct bytes *ret_frames)
{
    enum { NUMBER_MAX = 4 };
    uint8_t mask[AES_BLOCK_BYTES], nonce[GCM_NONCE_BYTES];
    const size_t at = packet->number_offset;

    /* RFC 9001, 5.4.2: the sample begins as if the number had four bytes */
    if (packet->whole.len < at + NUMBER_MAX + AES_BLOCK_BYTES)
        return false;
    memcpy(into, packet->whole.at, packet->whole.len);
    aes128_encrypt_block(keys->header_key, packet->whole.at + at + NUMBER_MAX, mask);
    into[0] ^= mask[0] & 0x0f;
    const size_t number_len = (into[0] & 3) + 1u;
    memcpy(nonce, keys->iv, sizeof nonce);
    for (size_t i = 0; i < number_len; i++) {
        into[at + i] ^= mask[1 + i];
        /* The number is not expanded (RFC 9000, A.3): first flights stay below 256. */
        nonce[sizeof nonce - number_len + i] ^= into[at + i];
    }
    const struct bytes sealed = bytes_part(packet->whole, at + number_len, packet->whole.len);
    const struct bytes header = { .at = into, .len = at + number_len };
    if (!aes128_gcm_open(keys->key, nonce, header, sealed, into + at + number_len))
        return false;
    *ret_frames = (struct bytes){ .at = into + at + number_len, .len = sealed.len - GCM_TAG_BYTES,
                                  .origin = sealed.origin };
    return true;
}
