#include "protocol/dtls.h"

#include <string.h>

enum {
    RECORD_HEADER = 13, RECORD_MAX = (1 << 14) + 2048, FRAGMENT_HEADER = 12,
    MESSAGE_MAX = 32 * 1024, /* of longer ones, certificate chains, the first part */
    RECORDS_MAX = 64,        /* in one datagram */
};
enum content_type { CHANGE_CIPHER_SPEC = 20, ALERT = 21, HANDSHAKE = 22, APPLICATION_DATA = 23, HEARTBEAT = 24,
                    CID = 25 };

struct record {
    uint8_t type;
    uint16_t epoch;
    struct bytes content;
    bool cut;
};

/* RFC 6347, 4.1.  Versions are written as the complement: 1.0 feff, 1.2 fefd. */
static bool record_next(struct cursor *c, struct record *ret)
{
    ret->type = cursor_u8(c);
    const uint16_t version = cursor_u16be(c);
    ret->epoch = cursor_u16be(c);
    cursor_skip(c, 6); /* sequence number */
    const size_t length = cursor_u16be(c);
    if (c->failed || ret->type < CHANGE_CIPHER_SPEC || ret->type > HEARTBEAT || length > RECORD_MAX ||
        (version != 0xfeff && version != 0xfefd && version != 0x0100 /* OpenSSL before 0.9.8f */))
        return false;
    ret->cut = length > c->rest.len;
    ret->content = cursor_take(c, ret->cut ? c->rest.len : length);
    return true;
}

bool dtls_plausible(struct bytes datagram)
{
    struct cursor c = cursor_over(datagram);
    struct record r;
    bool first = true;

    for (int i = 0; i < RECORDS_MAX && c.rest.len > 0; i++) {
        if (!record_next(&c, &r))
            return !first && c.rest.len == 0; /* cut */
        if (first && (r.content.len == 0 || (r.epoch == 0 && r.type == APPLICATION_DATA)))
            return false;
        if (first && r.epoch == 0 && r.type == HANDSHAKE && r.content.at[0] > 24)
            return false;
        first = false;
    }
    return !first;
}

/* A ClientHello as TLS has it: without the cookie (RFC 6347, 4.2.1). */
static struct bytes without_cookie(struct conversation *c, struct bytes body)
{
    enum { BEFORE_SESSION_ID = 34 };
    struct cursor at = cursor_over(body);

    cursor_skip(&at, BEFORE_SESSION_ID);
    cursor_skip(&at, cursor_u8(&at));
    const size_t head = body.len - at.rest.len;
    cursor_skip(&at, cursor_u8(&at));
    uint8_t *joined = at.failed ? NULL : arena_alloc(c->arena, 1, body.len);
    if (!joined)
        return body;
    memcpy(joined, body.at, head);
    memcpy(joined + head, at.rest.at, at.rest.len);
    return (struct bytes){ .at = joined, .len = head + at.rest.len, .origin = body.origin };
}

static void message_met(struct dtls_state *s, struct conversation *c, enum direction d, uint8_t type, struct bytes body,
                        bool whole)
{
    if (type == TLS_CLIENT_HELLO) {
        if (s->handshake.client_hello_seen)
            return;
        body = without_cookie(c, body);
    }
    tls_handshake_message(&s->handshake, c, d, 'd', type, body, whole);
}

/* Whether a new message has its place, with the room for it. */
static bool message_begin(struct dtls_message *m, struct conversation *c, uint8_t type, uint16_t sequence,
                          size_t length)
{
    const size_t limit = length < MESSAGE_MAX ? length : MESSAGE_MAX;

    if (limit > m->room) {
        uint8_t *room = arena_alloc(c->arena, 1, limit + PIECES_MAP_BYTES(limit));
        if (!room)
            return false;
        *m = (struct dtls_message){ .pieces.bytes = room, .room = limit };
    }
    m->pieces = (struct pieces){ .bytes = m->pieces.bytes, .have = m->pieces.bytes + limit, .limit = limit };
    memset(m->pieces.have, 0, PIECES_MAP_BYTES(limit));
    m->type = type;
    m->sequence = sequence;
    m->length = length;
    m->met = false;
    return true;
}

static void fragment_met(struct dtls_state *s, struct conversation *c, enum direction d, uint8_t type,
                         uint16_t sequence,
                         size_t length, size_t offset, struct bytes part)
{
    struct dtls_message *m = &s->messages[d];
    const bool same = m->pieces.bytes && m->type == type && m->sequence == sequence && m->length == length;

    if (!tls_handshake_wanted(type) || (m->pieces.bytes && sequence < m->sequence))
        return;
    if (offset == 0 && part.len == length) {
        message_met(s, c, d, type, part, true);
        return;
    }
    if (part.len == 0 || (!same && !message_begin(m, c, type, sequence, length)))
        return;
    pieces_add(&m->pieces, offset, part);
    if (m->met || m->pieces.first < m->pieces.limit)
        return;
    m->met = true;
    message_met(s, c, d, type, (struct bytes){ .at = m->pieces.bytes, .len = m->pieces.limit, .origin = part.origin },
                m->pieces.limit == length);
}

void dtls_end(struct dtls_state *s, struct conversation *c)
{
    for (int d = 0; d < 2; d++) {
        const struct dtls_message *m = &s->messages[d];
        if (m->pieces.bytes && !m->met && m->pieces.first > 0)
            message_met(s, c, (enum direction)d, m->type,
                        (struct bytes){ .at = m->pieces.bytes, .len = m->pieces.first },
                        false);
    }
}

/* RFC 6347, 4.2.2 */
static void handshake_record(struct dtls_state *s, struct conversation *c, enum direction d, const struct record *r)
{
    struct cursor at = cursor_over(r->content);

    while (at.rest.len >= FRAGMENT_HEADER) {
        const uint8_t type = cursor_u8(&at);
        const size_t length = cursor_u24be(&at);
        const uint16_t sequence = cursor_u16be(&at);
        const size_t offset = cursor_u24be(&at), bytes = cursor_u24be(&at);
        if (at.failed || offset > length || bytes > length - offset)
            return;
        if (bytes > at.rest.len) { /* the capture cut it */
            if (offset == 0)
                message_met(s, c, d, type, at.rest, false);
            return;
        }
        fragment_met(s, c, d, type, sequence, length, offset, cursor_take(&at, bytes));
    }
}

size_t dtls_datagram(struct dtls_state *s, struct conversation *c, enum direction d, struct bytes datagram)
{
    struct cursor at = cursor_over(datagram);
    struct record r;
    size_t clear = 0;

    for (int i = 0; i < RECORDS_MAX && at.rest.len > 0 && record_next(&at, &r); i++) {
        if (r.epoch != 0 || r.type == APPLICATION_DATA)
            continue;
        if (r.type == HANDSHAKE)
            handshake_record(s, c, d, &r);
        else if (r.type == ALERT)
            tls_alert_met(c, d, r.content);
        clear += RECORD_HEADER + r.content.len;
    }
    return clear;
}
