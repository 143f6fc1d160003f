#include "protocol/tls.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "protocol/tls_handshake.h"

enum {
    RECORD_HEADER = 5,
    RECORD_MAX = (1 << 14) + 2048,  /* RFC 5246, 6.2.3 */
    MESSAGE_HEADER = 4,
    /* Of longer messages the first part: hellos and nearly all certificate chains are shorter. */
    MESSAGE_KEPT_MAX = 64 * 1024,
};

enum content_type { CHANGE_CIPHER_SPEC = 20, ALERT = 21, HANDSHAKE = 22, APPLICATION_DATA = 23, HEARTBEAT = 24 };

struct side {
    struct buffer message;     /* of a handshake message in several records */
    uint64_t message_missing;  /* bytes of it still to come; those above MESSAGE_KEPT_MAX are dropped */
    uint64_t message_origin;   /* where it begins */
    uint64_t skip;             /* bytes of an opaque record still to come */
    bool encrypted;            /* ChangeCipherSpec was sent */
    bool begun;                /* something of this side was read */
};

struct tls_state {
    struct side sides[2];
    struct tls_handshake handshake;
    struct payload_view *view; /* of the handshake that left */
};

/* A name, a certificate or a ticket can carry a known value as any other content can. */
static void search_handshake(struct conversation *c, enum direction d, struct bytes content)
{
    static const struct text step[] = { TEXT_INIT("tls handshake") };
    struct tls_state *s = c->state;

    if (d != DIRECTION_OUT)
        return;
    if (!s->view)
        s->view = conversation_view(c, d, (struct text_list){ step, 1 }, content.origin);
    if (s->view)
        c->reading->search->feed(s->view, content, c->packet, c->at_utc_ns);
}

static void search_end(struct conversation *c)
{
    struct tls_state *s = c->state;

    if (s->view)
        c->reading->search->close(s->view);
    s->view = NULL;
}

static void message_met(struct conversation *c, enum direction d, uint8_t type, struct bytes body, bool whole)
{
    struct tls_state *s = c->state;

    tls_handshake_message(&s->handshake, c, d, 't', type, body, whole);
}

static struct side *side_of(const struct conversation *c, enum direction d)
{
    struct tls_state *s = c->state;

    return &s->sides[d];
}

/* What there is of the message in pieces; then there is none any more. */
static void message_finish(struct conversation *c, enum direction d)
{
    struct side *side = side_of(c, d);
    const struct buffer *m = &side->message;

    if (m->len >= MESSAGE_HEADER)
        message_met(c, d, m->at[0], (struct bytes){ .at = m->at + MESSAGE_HEADER, .len = m->len - MESSAGE_HEADER,
                                                    .origin = side->message_origin + MESSAGE_HEADER },
                    side->message_missing == 0 && m->len < m->limit);
    buffer_done(&side->message);
    side->message_missing = 0;
}

/* Adds to the message in pieces, if there is one; gives what lies behind it. */
static struct bytes message_continue(struct conversation *c, enum direction d, struct bytes data)
{
    struct side *side = side_of(c, d);
    struct buffer *m = &side->message;

    if (m->len == 0)
        return data;
    if (side->message_missing == 0) { /* even its header was cut */
        const struct bytes header = bytes_part(data, 0, MESSAGE_HEADER - m->len);
        buffer_add(m, header.at, header.len);
        data = bytes_part(data, header.len, data.len);
        if (m->len < MESSAGE_HEADER)
            return data;
        side->message_missing = (uint64_t)m->at[1] << 16 | (uint64_t)m->at[2] << 8 | m->at[3];
    }
    const struct bytes part = bytes_part(data, 0, side->message_missing);
    const size_t room = m->limit - m->len;
    if (tls_handshake_wanted(m->at[0]))
        buffer_add(m, part.at, part.len < room ? part.len : room);
    side->message_missing -= part.len;
    if (side->message_missing == 0)
        message_finish(c, d);
    return bytes_part(data, part.len, data.len);
}

/* The content of one plain handshake record: messages, or parts of them. */
static void handshake_record(struct conversation *c, enum direction d, struct bytes content)
{
    struct side *side = side_of(c, d);

    search_handshake(c, d, content);
    content = message_continue(c, d, content);
    while (content.len > 0) {
        struct cursor at = cursor_over(content);
        const uint8_t type = cursor_u8(&at);
        const size_t length = cursor_u24be(&at);
        if (at.failed || at.rest.len < length) {
            buffer_init(&side->message, MESSAGE_HEADER + MESSAGE_KEPT_MAX);
            buffer_add_u8(&side->message, type);
            side->message_origin = content.origin;
            (void)message_continue(c, d, bytes_part(content, 1, content.len));
            return;
        }
        const struct bytes body = cursor_take(&at, length);
        message_met(c, d, type, body, true);
        content = at.rest;
    }
}

/* RFC 8446, B.3, and what older versions had. */
static bool message_type_known(uint8_t type)
{
    static const uint8_t others[] = { 67 /* next_protocol */, 254 /* message_hash */ };

    return type <= 6 || type == 8 || (type >= 11 && type <= 16) || (type >= 20 && type <= 26) ||
           memchr(others, type, sizeof others) != NULL;
}

/* In TLS 1.3 ChangeCipherSpec is for show only, and what is encrypted says so by its
 * record type. */
static bool encrypted(const struct conversation *c, enum direction d)
{
    const struct tls_state *s = c->state;

    return s->sides[d].encrypted && !s->handshake.tls13 && !s->handshake.retry;
}

/* Whether the content of a record of this type is in the clear. */
static bool readable_record(struct conversation *c, enum direction d, uint8_t type, size_t length, const uint8_t *first)
{
    struct side *side = side_of(c, d);
    enum { ALERT_BYTES = 2 };

    switch (type) {
    case CHANGE_CIPHER_SPEC:
        return length == 1; /* RFC 5246, 7.1 */
    case ALERT:
        return !encrypted(c, d) && length == ALERT_BYTES;
    case HANDSHAKE:
        /* Seen from the middle on: the switch to encryption was not in the capture. */
        if (first && side->message.len == 0 && !message_type_known(*first))
            side->encrypted = true;
        return !encrypted(c, d);
    default:
        return false;
    }
}

struct record {
    uint8_t type;
    size_t length;
};

static bool record_header(struct bytes b, struct record *ret)
{
    struct cursor c = cursor_over(b);
    enum { MAJOR = 3, MINOR_MAX = 4 };

    ret->type = cursor_u8(&c);
    const uint8_t major = cursor_u8(&c), minor = cursor_u8(&c);
    ret->length = cursor_u16be(&c);
    return !c.failed && ret->type >= CHANGE_CIPHER_SPEC && ret->type <= HEARTBEAT && major == MAJOR &&
           minor <= MINOR_MAX && ret->length <= RECORD_MAX;
}

/* The SSL 2.0 form of a hello: RFC 5246, E.2 (client); draft-hickman-netscape-ssl-00,
 * section 2.6 (server).  Gives its length with the 2-byte header, 0 if it is none. */
static size_t old_hello(struct bytes b, uint8_t *ret_type)
{
    enum { OLD_CLIENT_HELLO = 1, OLD_SERVER_HELLO = 4, CLIENT_FIXED = 9 };
    struct cursor c = cursor_over(b);
    const uint16_t length = cursor_u16be(&c);
    const uint8_t type = cursor_u8(&c);

    if ((length & 0x8000) == 0 || (type != OLD_CLIENT_HELLO && type != OLD_SERVER_HELLO))
        return 0;
    const size_t total = 2 + (length & 0x7fff);
    if (type == OLD_SERVER_HELLO)
        cursor_skip(&c, 2); /* session id hit, certificate type */
    const uint16_t version = cursor_u16be(&c);
    const size_t first = cursor_u16be(&c), second = cursor_u16be(&c), third = cursor_u16be(&c);
    if (c.failed || (version != 0x0002 && (version < 0x0300 || version > 0x0304)))
        return 0;
    const size_t fixed = type == OLD_CLIENT_HELLO ? CLIENT_FIXED : CLIENT_FIXED + 2;
    if (fixed + first + second + third + 2 != total)
        return 0;
    *ret_type = type;
    return total;
}

/* True when the side began with such a hello; `ret_consumed` is 0 while more is needed. */
static bool old_hello_met(struct conversation *c, enum direction d, struct bytes data, size_t *ret_consumed)
{
    struct tls_state *s = c->state;
    enum { OLD_SERVER_HELLO = 4, NEEDED = 13 };
    uint8_t type = 0;

    *ret_consumed = 0;
    if ((data.at[0] & 0x80) == 0)
        return false;
    if (data.len < NEEDED)
        return true;
    const size_t length = old_hello(data, &type);
    if (length == 0)
        return false;
    if (data.len < length)
        return true;
    if (type == OLD_SERVER_HELLO && !s->handshake.server_hello_seen) {
        s->handshake.server_hello_seen = true;
        s->handshake.server = d;
        c->row.tls_version = TEXT("SSL 2.0");
    }
    conversation_readable(c, d, length);
    s->sides[d].begun = true;
    *ret_consumed = length;
    return true;
}

static size_t tls_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct side *side = side_of(c, d);
    struct record record;
    size_t consumed = 0;

    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        if (side->skip > 0) {
            const size_t n = side->skip < rest.len ? (size_t)side->skip : rest.len;
            side->skip -= n;
            consumed += n;
            continue;
        }
        size_t old_length;
        if (!side->begun && old_hello_met(c, d, rest, &old_length)) {
            if (old_length == 0)
                break;
            consumed += old_length;
            continue;
        }
        if (rest.len < RECORD_HEADER)
            break;
        if (!record_header(rest, &record)) {
            c->search_rest |= d == DIRECTION_OUT; /* where a record should begin: this is something else */
            return SIZE_MAX;
        }
        side->begun = true;
        const size_t whole = RECORD_HEADER + record.length;
        const uint8_t *first = record.length > 0 && rest.len > RECORD_HEADER ? rest.at + RECORD_HEADER : NULL;
        if (record.type == HANDSHAKE && !first && record.length > 0)
            break;
        if (!readable_record(c, d, record.type, record.length, first)) {
            if (d == DIRECTION_OUT)
                search_end(c); /* what follows is encrypted; a million flows may be open */
            side->skip = record.length;
            consumed += RECORD_HEADER;
            continue;
        }
        if (rest.len < whole)
            break;
        if (record.type == HANDSHAKE)
            handshake_record(c, d, bytes_part(rest, RECORD_HEADER, record.length));
        else if (record.type == ALERT)
            tls_alert_met(c, d, bytes_part(rest, RECORD_HEADER, record.length));
        else if (record.type == CHANGE_CIPHER_SPEC)
            side->encrypted = true;
        conversation_readable(c, d, whole);
        consumed += whole;
    }
    return consumed;
}

static bool tls_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct side *side = side_of(c, d);

    if (missing <= side->skip) {
        side->skip -= missing;
        return true;
    }
    message_finish(c, d);
    return false;
}

static void tls_stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    struct record record;

    /* Of a hello that was cut off the name may still be there. */
    if (side_of(c, d)->skip == 0 && left.len > RECORD_HEADER && record_header(left, &record) &&
        record.type == HANDSHAKE && readable_record(c, d, record.type, record.length, left.at + RECORD_HEADER)) {
        handshake_record(c, d, bytes_part(left, RECORD_HEADER, record.length));
        conversation_readable(c, d, left.len);
    }
    message_finish(c, d);
}

static void tls_end(struct conversation *c)
{
    search_end(c);
    buffer_done(&side_of(c, DIRECTION_OUT)->message);
    buffer_done(&side_of(c, DIRECTION_IN)->message);
}

/* RFC 8446, 4.1.2 and 5.1: a record that holds a ClientHello from its first byte on, whole or not. */
static bool tls_begins_late(struct bytes segment)
{
    enum { HELLO_MIN = 2 + 32 + 1 + 2 + 2 + 2 };
    struct cursor at = cursor_over(segment);
    struct record record;

    if (segment.len < RECORD_HEADER + MESSAGE_HEADER + 2 || segment.at[0] != HANDSHAKE ||
        !record_header(segment, &record))
        return false;
    cursor_skip(&at, RECORD_HEADER);
    const uint8_t type = cursor_u8(&at);
    const uint32_t length = cursor_u24be(&at);
    const uint16_t version = cursor_u16be(&at);
    return type == TLS_CLIENT_HELLO && length >= HELLO_MIN && length <= UINT16_MAX && version >= 0x0300 &&
           version <= 0x0304 && record.length <= length + MESSAGE_HEADER;
}

static enum recognition tls_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    enum { HEAD_NEEDED = 13 };
    struct record record;
    uint8_t type;

    (void)d;
    if (head.len == 0)
        return RECOGNISED_MAYBE;
    if (head.at[0] & 0x80) {
        if (head.len < HEAD_NEEDED)
            return head.len > 2 && head.at[2] != 1 && head.at[2] != 4 ? RECOGNISED_NO : RECOGNISED_MAYBE;
        return old_hello(head, &type) > 0 ? RECOGNISED_YES : RECOGNISED_NO;
    }
    if (head.at[0] < CHANGE_CIPHER_SPEC || head.at[0] > HEARTBEAT || (head.len > 1 && head.at[1] != 3))
        return RECOGNISED_NO;
    if (head.len <= RECORD_HEADER)
        return RECOGNISED_MAYBE;
    if (!record_header(head, &record) || record.length == 0)
        return RECOGNISED_NO;
    if (record.type == HANDSHAKE)
        return head.at[RECORD_HEADER] == TLS_CLIENT_HELLO || head.at[RECORD_HEADER] == TLS_SERVER_HELLO ||
            !c->from_start ?
               RECOGNISED_YES : RECOGNISED_NO;
    if (record.type == CHANGE_CIPHER_SPEC && record.length != 1)
        return RECOGNISED_NO;
    /* From the first byte on there are hellos or a refusal; application data comes first
     * only where the capture begins in the middle. */
    return record.type == ALERT || !c->from_start ? RECOGNISED_YES : RECOGNISED_NO;
}

const struct protocol tls_protocol = {
    .service = "tls",
    .state_bytes = sizeof(struct tls_state),
    .recognise_stream = tls_recognise_stream,
    .begins_late = tls_begins_late,
    .stream = tls_stream,
    .gap = tls_gap,
    .stream_end = tls_stream_end,
    .end = tls_end,
    .feeds_views = true,
};
