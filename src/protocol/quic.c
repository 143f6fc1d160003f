#include "protocol/quic.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/encrypted_dns.h"
#include "protocol/fingerprint.h"
#include "protocol/pieces.h"
#include "protocol/quic_initial.h"
#include "protocol/tls_client_hello.h"

enum {
    HELLO_MAX = 16 * 1024,     /* of post-quantum key shares there are 1.2 KB each */
    TRIES_MAX = 64,            /* datagrams looked into before the hello is given up */
    PACKET_MAX = 65536,
    MESSAGE_HEADER = 4, CLIENT_HELLO = 1,
};

/* The client's CRYPTO stream while its pieces come in. */
struct stream_room {
    struct pieces pieces;
    uint8_t bytes[HELLO_MAX], have[PIECES_MAP_BYTES(HELLO_MAX)];
};

struct quic_state {
    struct stream_room *hello;   /* malloc; NULL before and after */
    struct quic_keys keys;
    bool has_keys, done;
    unsigned tries;
    enum direction client;       /* whose packets could be opened */
    uint32_t version;            /* of the last packet */
    const struct quic_version *protection; /* how packets of that version are protected; NULL: not known */
};

static void pieces_begin(struct quic_state *s)
{
    s->hello = memory_alloc(sizeof *s->hello);
    memset(s->hello->have, 0, sizeof s->hello->have);
    s->hello->pieces = (struct pieces){ .bytes = s->hello->bytes, .have = s->hello->have, .limit = HELLO_MAX };
}

static void done(struct quic_state *s)
{
    free(s->hello);
    s->hello = NULL;
    s->done = true;
}

static void hello_met(struct conversation *c, struct bytes body, bool whole)
{
    const struct quic_state *s = c->state;
    struct tls_client_hello hello;
    char ja4[JA4_TEXT_LEN];

    const enum parse_status status = tls_client_hello_parse(body, &hello);
    c->row.tls_sni = arena_text(c->arena, hello.server_name);
    c->row.tls_alpn = tls_alpn_list(hello.alpn, c->arena);
    if (hello.has_encrypted_client_hello)
        c->row.tls_ech = TEXT("offered");
    if (text_known(c->row.tls_sni) && s->client == DIRECTION_OUT)
        conversation_host(c, c->row.tls_sni, "quic_sni");
    encrypted_dns_met(c, true);
    if (status == PARSE_OK && whole)
        c->row.tls_ja4 = arena_text(c->arena, ja4_of(&hello, 'q', ja4));
}

/* Looks whether the hello is complete; at the end of the conversation, what there is of it. */
static void hello_look(struct conversation *c, bool at_end)
{
    struct quic_state *s = c->state;
    struct cursor at;

    if (!s->hello)
        return;
    at = cursor_over((struct bytes){ .at = s->hello->bytes, .len = s->hello->pieces.first });
    const uint8_t type = cursor_u8(&at);
    const size_t length = cursor_u24be(&at);
    if (at.failed && !at_end)
        return;
    if (at.failed || type != CLIENT_HELLO) {
        done(s);
    } else if (at.rest.len >= length || at_end || length > HELLO_MAX - MESSAGE_HEADER) {
        hello_met(c, bytes_part(at.rest, 0, length), at.rest.len >= length);
        done(s);
    }
}

/* RFC 9000, 19 and 12.4: only these frames may be in an Initial packet. */
static void frames_met(struct conversation *c, struct bytes frames)
{
    enum { PADDING = 0, PING = 1, ACK = 2, ACK_ECN = 3, CRYPTO = 6, GOOGLE_CRYPTO = 8 };
    struct quic_state *s = c->state;
    struct cursor at = cursor_over(frames);
    const uint64_t crypto = quic_version_has_own_frames(s->protection) ? GOOGLE_CRYPTO : CRYPTO;

    while (at.rest.len > 0) {
        cursor_skip(&at, bytes_zeros(at.rest)); /* padding: a frame a byte, and most of a packet (RFC 9000, 14.1) */
        if (at.rest.len == 0)
            return;
        const uint64_t type = quic_varint(&at);
        if (type == crypto) {
            const uint64_t offset = quic_varint(&at), length = quic_varint(&at);
            const struct bytes data = cursor_take(&at, length > SIZE_MAX ? SIZE_MAX : (size_t)length);
            if (at.failed)
                return;
            if (!s->hello)
                pieces_begin(s);
            pieces_add(&s->hello->pieces, offset, data);
        } else if (type == ACK || type == ACK_ECN) {
            (void)quic_varint(&at); /* largest, delay */
            (void)quic_varint(&at);
            const uint64_t ranges = quic_varint(&at);
            (void)quic_varint(&at);
            for (uint64_t i = 0; i < 2 * ranges && !at.failed; i++)
                (void)quic_varint(&at);
            for (int i = 0; type == ACK_ECN && i < 3; i++)
                (void)quic_varint(&at);
        } else if (type != PADDING && type != PING) {
            return; /* CONNECTION_CLOSE, or nothing that belongs here */
        }
    }
}

static uint32_t letters(const char *four)
{
    return (uint32_t)(uint8_t)four[0] << 24 | (uint32_t)(uint8_t)four[1] << 16 | (uint32_t)(uint8_t)four[2] << 8 |
           (uint8_t)four[3];
}

/* A CHLO: tag, number of entries, padding, then tag and end offset of each value,
 * then the values (draft-langley-quic-crypto, "Handshake messages"). */
static struct text google_server_name(struct bytes b)
{
    const uint8_t *found = memmem(b.at, b.len, "CHLO", 4);
    if (!found)
        return TEXT_UNKNOWN;
    struct cursor c = cursor_over(bytes_part(b, (size_t)(found - b.at) + 4, b.len));
    const size_t count = cursor_u16le(&c);
    cursor_skip(&c, 2);
    struct cursor index = cursor_over(cursor_take(&c, count * 8));
    size_t from = 0;

    while (index.rest.len > 0) {
        const uint32_t tag = cursor_u32be(&index);
        const size_t end = cursor_u32le(&index);
        if (end < from || end > c.rest.len)
            break;
        if (tag == letters("SNI\0") && end > from)
            return text_of_bytes(bytes_part(c.rest, from, end - from));
        from = end;
    }
    return TEXT_UNKNOWN;
}

static bool google_hello_met(struct conversation *c, enum direction d, struct bytes b)
{
    const struct text name = google_server_name(b);

    if (!text_known(name))
        return false;
    c->row.tls_sni = arena_text(c->arena, name);
    if (text_known(c->row.tls_sni) && d == DIRECTION_OUT)
        conversation_host(c, c->row.tls_sni, "quic_sni");
    done(c->state);
    return true;
}

static uint8_t opened[PACKET_MAX];

/* Known keys first; they stay the same for the connection unless a Retry came between. */
static bool initial_met(struct conversation *c, enum direction d, const struct quic_packet *packet)
{
    struct quic_state *s = c->state;
    struct bytes frames;
    struct quic_keys own;

    if (packet->whole.len > sizeof opened || !s->protection)
        return false;
    if (!s->has_keys || !quic_initial_open(packet, &s->keys, opened, &frames)) {
        quic_client_keys(s->protection, packet->destination_cid, &own);
        if (!quic_initial_open(packet, &own, opened, &frames))
            return false;
        s->keys = own;
        s->has_keys = true;
    }
    s->client = d;
    if (quic_version_has_own_handshake(s->protection))
        google_hello_met(c, d, frames);
    else
        frames_met(c, frames);
    return true;
}

/* Google's QUIC with its version in the packet: the "public header" up to Q043 (flags with
 * version and 8-byte connection id, then the id), the long header from Q044 on.
 * draft-hamilton-early-deployment-quic-00, section 6; quic/core in Chromium for Q046. */
static bool google_version(struct bytes b, uint32_t *ret)
{
    enum { LONG = 0x80, HAS_VERSION = 0x01, HAS_CID = 0x08, RESERVED = 0xc0, CID_BYTES = 8 };
    struct cursor c = cursor_over(b);
    const uint8_t flags = cursor_u8(&c);

    if ((flags & LONG) == 0) {
        if ((flags & (HAS_VERSION | HAS_CID | RESERVED)) != (HAS_VERSION | HAS_CID))
            return false;
        cursor_skip(&c, CID_BYTES);
    }
    const uint32_t version = cursor_u32be(&c);
    if (c.failed || (version >> 24 != 'Q' && version >> 24 != 'T') || ((flags & LONG) && quic_version_find(version)))
        return false;
    for (int shift = 0; shift <= 16; shift += 8)
        if ((version >> shift & 0xff) < '0' || (version >> shift & 0xff) > '9')
            return false;
    *ret = version;
    return true;
}

static void google_met(struct conversation *c, enum direction d, struct bytes datagram, uint32_t version)
{
    c->row.quic_version = quic_version_text(version, c->arena);
    if (google_hello_met(c, d, datagram))
        conversation_readable(c, d, datagram.len);
}

static void version_met(struct conversation *c, const struct quic_packet *packet)
{
    struct quic_state *s = c->state;

    if (packet->version != s->version) {
        c->row.quic_version = quic_version_text(packet->version, c->arena);
        s->protection = quic_version_find(packet->version);
    }
    s->version = packet->version;
    if (!s->protection && packet->whole.len <= sizeof opened)
        s->protection = quic_version_by_trial(packet, opened);
}

static void quic_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    struct quic_state *s = c->state;
    struct cursor at = cursor_over(datagram);
    struct quic_packet packet;
    uint32_t version;

    if (s->done)
        return;
    if (google_version(datagram, &version)) {
        google_met(c, d, datagram, version);
        return;
    }
    if (++s->tries > TRIES_MAX) {
        hello_look(c, true);
        done(s);
        return;
    }
    while (at.rest.len > 0) {
        packet = (struct quic_packet){ 0 };
        const enum parse_status status = quic_packet_next(&at, &packet);
        if (status == PARSE_OK && packet.version == 0) {
            conversation_readable(c, d, packet.whole.len);
            conversation_search(c, d, (struct text_list){ NULL, 0 }, packet.whole);
        }
        if (status == PARSE_INVALID || packet.version == 0)
            break;
        version_met(c, &packet);
        if (status != PARSE_OK && !(status == PARSE_UNSUPPORTED && s->protection))
            break;
        if (packet.type == QUIC_INITIAL && initial_met(c, d, &packet))
            conversation_readable(c, d, packet.whole.len);
    }
    hello_look(c, false);
}

static enum recognition quic_recognise_datagram(const struct conversation *c, enum direction d, struct bytes datagram)
{
    struct cursor at = cursor_over(datagram);
    struct quic_packet packet = { 0 };
    uint32_t version;
    enum { PORT_HTTPS = 443 };
    /* A capture may begin in the middle of a connection; where QUIC lives, a later
     * datagram may tell. */
    const enum recognition otherwise =
        c->row.src_port == PORT_HTTPS || c->row.dst_port == PORT_HTTPS ? RECOGNISED_MAYBE : RECOGNISED_NO;

    (void)d;
    if (google_version(datagram, &version))
        return RECOGNISED_YES;
    const enum parse_status status = quic_packet_next(&at, &packet);
    if (quic_version_find(packet.version) && status != PARSE_INVALID)
        return RECOGNISED_YES;
    if (status == PARSE_UNSUPPORTED && packet.whole.len <= sizeof opened && quic_version_by_trial(&packet, opened))
        return RECOGNISED_YES;
    if (status != PARSE_OK)
        return otherwise;
    /* A version negotiation is told only by the versions it names. */
    struct cursor list = cursor_over(packet.whole);
    cursor_skip(&list, 1 + 4 + 1 + packet.destination_cid.len + 1 + packet.source_cid.len);
    if (list.rest.len == 0 || list.rest.len % 4 != 0)
        return RECOGNISED_NO;
    while (list.rest.len > 0)
        if (quic_version_find(cursor_u32be(&list)))
            return RECOGNISED_YES;
    return otherwise;
}

static void quic_end(struct conversation *c)
{
    hello_look(c, true);
    done(c->state);
}

const struct protocol quic_protocol = {
    .service = "quic",
    .state_bytes = sizeof(struct quic_state),
    .recognise_datagram = quic_recognise_datagram,
    .datagram = quic_datagram,
    .end = quic_end,
    .feeds_views = true,
};
