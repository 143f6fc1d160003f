#include "protocol/quic_initial.h"

#include <string.h>

enum { LONG_HEADER = 0x80, FIXED_BIT = 0x40, SALT_BYTES = 20 };
#define DRAFT UINT32_C(0xff000000)

struct quic_version {
    const char *name;            /* NULL: draft-N */
    uint32_t first, last;
    uint8_t salt[SALT_BYTES];
    unsigned type_shift;         /* RFC 9369, 3.2: version 2 counts its types one further */
    const char *key_label, *iv_label, *header_label;
    bool own_handshake;          /* Google's, not TLS */
    bool own_frames;             /* numbered as before the IETF's */
};

#define SALT_FINAL   { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a }
#define SALT_V2      { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 }
#define SALT_DRAFT29 { 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 }
#define SALT_DRAFT23 { 0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02 }
#define SALT_DRAFT21 { 0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a }
#define SALT_T051    { 0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50, 0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d }
#define SALT_T050    { 0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80, 0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10 }
#define SALT_Q050    { 0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94, 0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45 }
#define LABELS "quic key", "quic iv", "quic hp"

/* RFC 9001, 5.2; RFC 9369, 3.3.1; draft-ietf-quic-tls-21, -23, -29, 5.2; Facebook's numbers of its library mvfst and
 * Google's of Chromium with their salts, from those projects; that a salt is right each capture shows, since
 * what it opens is authenticated. */
static const struct quic_version versions[] = {
    { "v1", 1, 1, SALT_FINAL, 0, LABELS, false, false },
    { "v2", 0x6b3343cf, 0x6b3343cf, SALT_V2, 3, "quicv2 key", "quicv2 iv", "quicv2 hp", false, false },
    { NULL, DRAFT | 33, DRAFT | 34, SALT_FINAL, 0, LABELS, false, false },
    { NULL, DRAFT | 29, DRAFT | 32, SALT_DRAFT29, 0, LABELS, false, false },
    { NULL, DRAFT | 23, DRAFT | 28, SALT_DRAFT23, 0, LABELS, false, false },
    { NULL, DRAFT | 21, DRAFT | 22, SALT_DRAFT21, 0, LABELS, false, false },
    { "mvfst-22", 0xfaceb001, 0xfaceb001, SALT_DRAFT21, 0, LABELS, false, false },
    { "mvfst-27", 0xfaceb002, 0xfaceb002, SALT_DRAFT23, 0, LABELS, false, false },
    { "mvfst-exp", 0xfaceb00e, 0xfaceb00e, SALT_DRAFT23, 0, LABELS, false, false },
    { "T051", 0x54303531, 0x54303531, SALT_T051, 0, LABELS, false, true },
    { "T050", 0x54303530, 0x54303530, SALT_T050, 0, LABELS, false, true },
    { "Q050", 0x51303530, 0x51303530, SALT_Q050, 0, LABELS, true, true },
};
enum { VERSION_COUNT = sizeof versions / sizeof *versions };

static uint32_t draft_number(uint32_t version)
{
    return (version & 0xffffff00) == DRAFT ? version & 0xff : 0;
}

const struct quic_version *quic_version_find(uint32_t version)
{
    for (int i = 0; i < VERSION_COUNT; i++)
        if (version >= versions[i].first && version <= versions[i].last)
            return &versions[i];
    return NULL;
}

bool quic_version_has_own_handshake(const struct quic_version *v)
{
    return v->own_handshake;
}

bool quic_version_has_own_frames(const struct quic_version *v)
{
    return v->own_frames;
}

struct text quic_version_text(uint32_t version, struct arena *arena)
{
    const struct quic_version *v = quic_version_find(version);

    if (v && v->name)
        return text_of(v->name);
    if (draft_number(version) > 0)
        return arena_printf(arena, "draft-%u", draft_number(version));
    if (version >> 24 == 'Q' || version >> 24 == 'T') { /* Google's: Q046, T048 */
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

/* RFC 9000, 17.2.2 to 17.2.5: what stands between the connection ids and the packet number. */
static enum parse_status behind_ids(struct cursor *c, struct bytes from, struct quic_packet *p)
{
    if (p->type == QUIC_RETRY) {
        c->rest = bytes_part(c->rest, c->rest.len, 0);
        return PARSE_OK;
    }
    if (p->type == QUIC_INITIAL) {
        const uint64_t token_len = quic_varint(c);
        if (token_len > c->rest.len)
            return PARSE_TRUNCATED;
        cursor_skip(c, (size_t)token_len);
    }
    const uint64_t length = quic_varint(c);
    if (c->failed)
        return PARSE_TRUNCATED;
    p->number_offset = from.len - c->rest.len;
    const bool cut = length > c->rest.len;
    cursor_skip(c, cut ? c->rest.len : (size_t)length);
    p->whole = bytes_part(from, 0, from.len - c->rest.len);
    return cut ? PARSE_TRUNCATED : PARSE_OK;
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
    if ((first & FIXED_BIT) == 0)
        return v ? PARSE_INVALID : PARSE_UNSUPPORTED;
    p.type = (enum quic_packet_type)(((first >> 4 & 3) + (v ? v->type_shift : 0)) & 3);
    const enum parse_status status = behind_ids(c, from, &p);
    *ret = p;
    return v ? status : PARSE_UNSUPPORTED;
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

const struct quic_version *quic_version_by_trial(const struct quic_packet *packet, uint8_t *into)
{
    struct quic_keys keys;
    struct bytes frames;

    if (packet->type != QUIC_INITIAL || packet->number_offset == 0 || packet->whole.len < QUIC_FIRST_BYTES_MIN)
        return NULL;
    for (int i = 0; i < VERSION_COUNT; i++) {
        /* The first of those that share a salt. */
        if (i > 0 && memcmp(versions[i].salt, versions[i - 1].salt, SALT_BYTES) == 0)
            continue;
        quic_client_keys(&versions[i], packet->destination_cid, &keys);
        if (quic_initial_open(packet, &keys, into, &frames))
            return &versions[i];
    }
    return NULL;
}
