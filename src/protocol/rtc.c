#include "protocol/rtc.h"

#include <stdio.h>
#include <string.h>

#include "protocol/dns_message.h"
#include "protocol/dtls.h"
#include "protocol/rows.h"
#include "protocol/rtp.h"
#include "protocol/seen.h"
#include "protocol/stun.h"

enum {
    RTP_RUN = 3,       /* packets in a row that make RTP: their 13 fixed bits and a source of 32 bits agree */
    RTCP_RUN = 2,
    PEERS_MAX = 32,    /* of a relay that become rows */
};

struct peer {
    uint8_t address[16];
    uint8_t len;
    uint16_t port;
};

struct rtc_state {
    struct dtls_state dtls;
    struct peer peers[PEERS_MAX];
    size_t peer_count;
    uint64_t rtp[2];
    bool media, dtls_met;
    enum { FRAMING_UNKNOWN, FRAMING_NONE, FRAMING_LENGTH } framing; /* over TCP */
};

static bool peer_is_new(struct rtc_state *s, const struct stun_message *m)
{
    struct peer p = { .len = (uint8_t)m->peer.len, .port = m->peer_port };

    memcpy(p.address, m->peer.at, m->peer.len);
    for (size_t i = 0; i < s->peer_count; i++)
        if (memcmp(&s->peers[i], &p, sizeof p) == 0)
            return false;
    if (s->peer_count == PEERS_MAX)
        return false;
    s->peers[s->peer_count++] = p;
    return true;
}

/* Through a relay the media goes on to a peer, which is the real other side. */
static void relay_row(struct rtc_state *s, struct conversation *c, struct bytes whole, const struct stun_message *m)
{
    char address[ADDRESS_TEXT_MAX], path[ADDRESS_TEXT_MAX + 8];
    struct fact_request row;

    if (m->class != STUN_REQUEST || m->peer.len == 0 ||
        (m->method != STUN_CREATE_PERMISSION && m->method != STUN_CHANNEL_BIND) ||
        !peer_is_new(s, m))
        return;
    request_begin(&row, c, whole);
    row.protocol = TEXT("turn");
    row.method = m->method == STUN_CHANNEL_BIND ? TEXT("ChannelBind") : TEXT("CreatePermission");
    row.host = m->realm;
    const struct text t = dns_address_text(m->peer, address);
    const int n = snprintf(path, sizeof path, m->peer.len == 16 ? "[%.*s]:%u" : "%.*s:%u", (int)t.len, t.at,
                           (unsigned)m->peer_port);
    row.path = (struct text){ path, (size_t)n < sizeof path ? (size_t)n : sizeof path - 1 };
    fact_put(c->reading->facts, FACT_REQUEST, &row);
}

static size_t stun_met(struct rtc_state *s, struct conversation *c, struct bytes b)
{
    struct stun_message m;

    if (stun_parse(b, &m) == PARSE_INVALID || m.length == 0)
        return 0;
    relay_row(s, c, bytes_part(b, 0, m.length), &m);
    return m.length < b.len ? m.length : b.len;
}

static size_t rtp_met(struct rtc_state *s, struct conversation *c, enum direction d, struct bytes b)
{
    struct rtp_packet p;
    uint32_t ssrc;

    if (rtcp_parse(b, &ssrc))
        return s->dtls_met ? 8 : b.len; /* of SRTCP only this much is clear: RFC 3711, 3.4 */
    if (rtp_parse(b, &p) != PARSE_OK)
        return 0;
    if (rtp_follow(&s->rtp[d], &p) >= RTP_RUN || s->media) {
        s->media = true;
        c->row.service = TEXT("rtp");
    }
    if (!s->media)
        return 0;
    return !s->dtls_met && rtp_payload_is_clear(&p) ? b.len : p.header_bytes;
}

/* RFC 7983, 7; gives how many bytes were understood. */
static size_t content_met(struct rtc_state *s, struct conversation *c, enum direction d, struct bytes b)
{
    if (b.len == 0)
        return 0;
    if (b.at[0] < 4)
        return stun_met(s, c, b);
    if (b.at[0] >= 20 && b.at[0] < 64) {
        if (!dtls_plausible(b))
            return 0;
        s->dtls_met = true;
        if (!s->media)
            c->row.service = TEXT("dtls");
        return dtls_datagram(&s->dtls, c, d, b);
    }
    if (b.at[0] >= 128 && b.at[0] < 192)
        return rtp_met(s, c, d, b);
    return 0;
}

static size_t datagram_met(struct conversation *c, enum direction d, struct bytes b)
{
    struct bytes inside;
    size_t length;

    if (turn_channel_data(b, &inside, &length))
        return TURN_CHANNEL_HEADER + content_met(c->state, c, d, inside);
    return content_met(c->state, c, d, b);
}

static void rtc_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    conversation_readable(c, d, datagram_met(c, d, datagram));
}

static enum recognition stun_recognise_datagram(const struct conversation *c, enum direction d, struct bytes datagram)
{
    struct stun_message m;

    (void)c;
    (void)d;
    if (datagram.len < STUN_HEADER || datagram.at[0] > 3 || stun_parse(datagram, &m) == PARSE_INVALID)
        return RECOGNISED_NO;
    return m.length >= datagram.len ? RECOGNISED_YES : RECOGNISED_NO;
}

static enum recognition dtls_recognise_datagram(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)c;
    (void)d;
    if (datagram.len < 14 || datagram.at[0] < 20 || datagram.at[0] > 25 ||
        (datagram.at[1] != 0xfe && datagram.at[1] != 1))
        return RECOGNISED_NO;
    return dtls_plausible(datagram) ? RECOGNISED_YES : RECOGNISED_NO;
}

static enum recognition rtp_recognise_datagram(const struct conversation *c, enum direction d, struct bytes datagram)
{
    struct rtp_packet p;
    uint32_t ssrc;

    if (datagram.len < 8 || datagram.at[0] >> 6 != 2)
        return RECOGNISED_NO;
    if (rtcp_parse(datagram, &ssrc)) {
        uint64_t *seen = &c->seen[SEEN_RTCP + d];
        const uint64_t count = *seen >> 32 == ssrc ? (*seen & 0xff) + 1 : 1;
        *seen = (uint64_t)ssrc << 32 | (count & 0xff);
        return count >= RTCP_RUN ? RECOGNISED_YES : RECOGNISED_MAYBE;
    }
    if (rtp_parse(datagram, &p) != PARSE_OK || p.payload.len == 0)
        return RECOGNISED_NO;
    return rtp_follow(&c->seen[SEEN_RTP + d], &p) >= RTP_RUN ? RECOGNISED_YES : RECOGNISED_MAYBE;
}

static void rtp_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    struct rtc_state *s = c->state;

    s->media = true; /* it was recognised as such */
    rtc_datagram(c, d, datagram);
}

/* RFC 4571, 2, as ICE over TCP has it (RFC 6544, 3): each packet with its length in front. */
static size_t framed_stream(struct conversation *c, enum direction d, struct bytes data)
{
    enum { LENGTH_BYTES = 2 };
    size_t consumed = 0;

    while (data.len - consumed >= LENGTH_BYTES) {
        struct cursor at = cursor_over(bytes_part(data, consumed, data.len));
        const size_t length = cursor_u16be(&at);
        if (at.rest.len < length)
            break;
        const size_t clear = content_met(c->state, c, d, cursor_take(&at, length));
        conversation_readable(c, d, clear > 0 ? LENGTH_BYTES + clear : 0);
        consumed += LENGTH_BYTES + length;
    }
    return consumed;
}

static bool is_framed(struct bytes b)
{
    struct stun_message m;
    struct cursor at = cursor_over(b);
    const size_t length = cursor_u16be(&at);

    return length >= STUN_HEADER && at.rest.len >= STUN_HEADER && at.rest.at[0] <= 3 &&
           stun_parse(at.rest, &m) != PARSE_INVALID && m.length == length;
}

/* RFC 8489, 6.2.2: messages one behind the other; RFC 8656, 12.5: channel data is padded to 4 bytes. */
static size_t stun_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct rtc_state *s = c->state;
    struct stun_message m;
    struct bytes inside;
    size_t consumed = 0, length;

    if (s->framing == FRAMING_UNKNOWN && is_framed(data))
        s->framing = FRAMING_LENGTH;
    else if (s->framing == FRAMING_UNKNOWN &&
             (stun_parse(data, &m) == PARSE_OK || turn_channel_data(data, &inside, &length)))
        s->framing = FRAMING_NONE;
    else if (s->framing == FRAMING_UNKNOWN)
        return data.len < PROTOCOL_HOLD_MAX / 2 ? 0 : SIZE_MAX;
    if (s->framing == FRAMING_LENGTH)
        return framed_stream(c, d, data);
    while (data.len - consumed >= TURN_CHANNEL_HEADER) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        size_t clear;
        if (turn_channel_data(rest, &inside, &length)) {
            length = (length + 3) & ~(size_t)3;
        } else {
            const enum parse_status status = stun_parse(rest, &m);
            if (status == PARSE_INVALID)
                return SIZE_MAX;
            if (m.length == 0)
                break;
            length = m.length;
        }
        if (rest.len < length)
            break;
        clear = datagram_met(c, d, bytes_part(rest, 0, length));
        conversation_readable(c, d, clear);
        consumed += length;
    }
    return consumed;
}

static enum recognition stun_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    static const uint8_t cookie[] = { 0x21, 0x12, 0xa4, 0x42 };
    enum { COOKIE_AT = 4, FRAMED_COOKIE_AT = 6, FRAMED_NEEDED = STUN_HEADER + 2 };
    struct stun_message m;

    (void)c;
    (void)d;
    if (head.len < COOKIE_AT + sizeof cookie)
        return head.len == 0 || head.at[0] <= 1 ? RECOGNISED_MAYBE : RECOGNISED_NO;
    if (bytes_start_with(bytes_part(head, COOKIE_AT, head.len), cookie, sizeof cookie)) {
        if (head.at[0] > 1) /* over TCP a conversation begins with a request or its answer */
            return RECOGNISED_NO;
        if (head.len < STUN_HEADER)
            return RECOGNISED_MAYBE;
        return stun_parse(head, &m) != PARSE_INVALID ? RECOGNISED_YES : RECOGNISED_NO;
    }
    if (head.len < FRAMED_COOKIE_AT + sizeof cookie)
        return head.at[0] <= 1 && head.at[2] <= 1 ? RECOGNISED_MAYBE : RECOGNISED_NO;
    if (!bytes_start_with(bytes_part(head, FRAMED_COOKIE_AT, head.len), cookie, sizeof cookie))
        return RECOGNISED_NO;
    if (head.len < FRAMED_NEEDED)
        return RECOGNISED_MAYBE;
    return is_framed(head) ? RECOGNISED_YES : RECOGNISED_NO;
}

static void rtc_end(struct conversation *c)
{
    struct rtc_state *s = c->state;

    dtls_end(&s->dtls, c);
}

const struct protocol stun_protocol = {
    .service = "stun", .state_bytes = sizeof(struct rtc_state),
    .recognise_stream = stun_recognise_stream, .stream = stun_stream,
    .recognise_datagram = stun_recognise_datagram, .datagram = rtc_datagram, .end = rtc_end,
};
const struct protocol dtls_protocol = {
    .service = "dtls", .state_bytes = sizeof(struct rtc_state),
    .recognise_datagram = dtls_recognise_datagram, .datagram = rtc_datagram, .end = rtc_end,
};
const struct protocol rtp_protocol = {
    .service = "rtp", .state_bytes = sizeof(struct rtc_state),
    .recognise_datagram = rtp_recognise_datagram, .datagram = rtp_datagram, .end = rtc_end,
};
