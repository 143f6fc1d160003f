/* SOCKS 4: "SOCKS: A protocol for TCP proxy across firewalls", Ying-Da Lee, with its 4A
 * extension.  SOCKS 5: RFC 1928; password: RFC 1929. */
#include "protocol/socks.h"

#include <string.h>

#include "protocol/http1.h"
#include "protocol/http2.h"
#include "protocol/inner.h"
#include "protocol/tls.h"

enum { SOCKS4 = 4, SOCKS5 = 5, CONNECT = 1, TEXT_MAX = 512 };

enum stage {
    STAGE_GREETING,   /* version 4: the request itself; version 5: methods */
    STAGE_PASSWORD,   /* version 5, when the server chose it */
    STAGE_REQUEST,    /* version 5 */
    STAGE_TUNNEL,
    STAGE_RAW,
};

struct socks_state {
    enum stage stages[2];
    uint8_t version;
    struct inner inner;
    struct payload_view *raw_view;
};

static const struct text step_socks[] = { { "socks", 5 } };
static const struct text step_request = TEXT_INIT("socks request");

static void host_said(struct conversation *c, enum direction d, struct text host)
{
    if (d == DIRECTION_OUT && host.len > 0)
        conversation_host(c, arena_text(c->arena, host), "dns");
}

/* Bytes up to and with a NUL; the content without it. */
static struct bytes take_until_nul(struct cursor *c)
{
    const uint8_t *nul = c->rest.len ? memchr(c->rest.at, 0, c->rest.len) : NULL;
    const struct bytes content = cursor_take(c, nul ? (size_t)(nul - c->rest.at) : c->rest.len + 1);

    cursor_skip(c, 1);
    return content;
}

/* Each of these reads one message at the cursor, whose `failed` says that more is needed;
 * false when it is none. */
static bool request4(struct conversation *c, enum direction d, struct cursor *at)
{
    const uint8_t version = cursor_u8(at), command = cursor_u8(at);
    cursor_skip(at, 2); /* port */
    const uint32_t address = cursor_u32be(at);
    (void)take_until_nul(at); /* user */
    struct bytes name = { .at = NULL };
    if (address != 0 && address < 256)
        name = take_until_nul(at);
    if (!at->failed)
        host_said(c, d, text_of_bytes(name));
    return at->failed || (version == SOCKS4 && command == CONNECT);
}

static bool request5(struct conversation *c, enum direction d, struct cursor *at, bool reply)
{
    enum { IPV4 = 1, NAME = 3, IPV6 = 4 };
    const uint8_t version = cursor_u8(at), command = cursor_u8(at);
    cursor_skip(at, 1);
    const uint8_t kind = cursor_u8(at);
    const size_t len = kind == IPV4 ? 4 : kind == IPV6 ? 16 : kind == NAME ? cursor_u8(at) : 0;
    const struct bytes address = cursor_take(at, len);
    cursor_skip(at, 2); /* port */
    if (at->failed)
        return true;
    if (!reply && kind == NAME)
        host_said(c, d, text_of_bytes(address));
    return version == SOCKS5 && (reply ? command == 0 : command == CONNECT) && len > 0;
}

/* The next message of a side; true when it was one (or more bytes are needed). */
static bool client_message(struct socks_state *s, struct conversation *c, enum direction d, struct cursor *at)
{
    switch (s->stages[d]) {
    case STAGE_GREETING:
        if (s->version == SOCKS4) {
            if (!request4(c, d, at))
                return false;
            s->stages[d] = at->failed ? STAGE_GREETING : STAGE_TUNNEL;
            return true;
        }
        cursor_skip(at, 1);
        cursor_skip(at, cursor_u8(at));
        if (!at->failed)
            s->stages[d] = STAGE_REQUEST;
        return true;
    case STAGE_PASSWORD: case STAGE_REQUEST:
        if (at->rest.len > 0 && at->rest.at[0] == 1) { /* RFC 1929 */
            cursor_skip(at, 1);
            cursor_skip(at, cursor_u8(at));
            cursor_skip(at, cursor_u8(at));
            return true;
        }
        if (!request5(c, d, at, false))
            return false;
        if (!at->failed)
            s->stages[d] = STAGE_TUNNEL;
        return true;
    default:
        return false;
    }
}

static bool server_message(struct socks_state *s, struct conversation *c, enum direction d, struct cursor *at)
{
    enum { GRANTED = 0x5a, REPLY4_BYTES = 8, PASSWORD_CHOSEN = 2 };
    const struct bytes from = at->rest;

    if (s->version == SOCKS4) {
        cursor_skip(at, REPLY4_BYTES);
        if (!at->failed)
            s->stages[d] = STAGE_TUNNEL;
        return at->failed || from.at[1] == GRANTED;
    }
    switch (s->stages[d]) {
    case STAGE_GREETING: case STAGE_PASSWORD:
        cursor_skip(at, 2);
        if (!at->failed)
            s->stages[d] = s->stages[d] == STAGE_GREETING &&
                from.at[1] == PASSWORD_CHOSEN ? STAGE_PASSWORD : STAGE_REQUEST;
        return true;
    case STAGE_REQUEST:
        if (!request5(c, d, at, true))
            return false;
        if (!at->failed)
            s->stages[d] = STAGE_TUNNEL;
        return true;
    default:
        return false;
    }
}

/* SIZE_MAX: nothing in it can be read (any more). */
static size_t tunnel_stream(struct socks_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    static const struct protocol *const carried[] = { &tls_protocol, &http2_protocol, &http1_protocol };

    if (!s->inner.protocol) {
        const enum recognition r = inner_recognise(&s->inner, c, d, data, carried, sizeof carried / sizeof *carried);
        if (r != RECOGNISED_YES)
            return r == RECOGNISED_MAYBE ? 0 : SIZE_MAX;
    }
    return inner_stream(&s->inner, c, d, data);
}

static void raw_stream(struct socks_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    if (d != DIRECTION_OUT || data.len == 0)
        return;
    if (!s->raw_view)
        s->raw_view = conversation_view(c, d, (struct text_list){ step_socks, 1 }, data.origin);
    if (s->raw_view)
        c->reading->search->feed(s->raw_view, data, c->packet, c->at_utc_ns);
}

static size_t socks_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct socks_state *s = c->state;
    size_t consumed = 0;

    if (s->version == 0) {
        if (d != c->client)
            return 0;
        s->version = data.at[0];
    }
    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        if (s->stages[d] == STAGE_RAW) {
            raw_stream(s, c, d, rest);
            return data.len;
        }
        if (s->stages[d] == STAGE_TUNNEL) {
            const size_t n = tunnel_stream(s, c, d, rest);
            if (n == SIZE_MAX)
                s->stages[d] = STAGE_RAW;
            else if (n == 0)
                break;
            else
                consumed += n;
            continue;
        }
        struct cursor at = cursor_over(rest);
        if (!(d == c->client ? client_message : server_message)(s, c, d, &at)) {
            s->stages[d] = STAGE_RAW;
            continue;
        }
        if (at.failed) {
            if (rest.len > TEXT_MAX * 2)
                s->stages[d] = STAGE_RAW;
            else
                break;
            continue;
        }
        const size_t n = rest.len - at.rest.len;
        conversation_readable(c, d, n);
        conversation_search(c, d, (struct text_list){ &step_request, 1 }, bytes_part(rest, 0, n)); /* of a user, to a host */
        consumed += n;
    }
    return consumed;
}

static bool socks_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct socks_state *s = c->state;

    if (s->stages[d] == STAGE_TUNNEL && s->inner.protocol && inner_gap(&s->inner, c, d, missing))
        return true;
    s->stages[d] = STAGE_RAW;
    if (d == DIRECTION_OUT && s->raw_view)
        c->reading->search->gap(s->raw_view, missing);
    return true;
}

static void socks_stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    struct socks_state *s = c->state;

    if (s->stages[d] == STAGE_TUNNEL && s->inner.protocol)
        inner_stream_end(&s->inner, c, d, left);
    else
        raw_stream(s, c, d, left);
    s->stages[d] = STAGE_RAW;
}

static void socks_end(struct conversation *c)
{
    struct socks_state *s = c->state;

    if (s->raw_view)
        c->reading->search->close(s->raw_view);
    s->raw_view = NULL;
    inner_end(&s->inner, c);
}

/* The first message is short and has few forms; it must be all that the client sent so
 * far, because it waits for the answer. */
static enum recognition socks_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    enum { METHODS_MAX = 16, REQUEST4_MIN = 9 };

    if (d != c->client || !c->from_start || head.len == 0)
        return RECOGNISED_NO;
    if (head.at[0] == SOCKS5) {
        if (head.len < 2)
            return RECOGNISED_MAYBE;
        const size_t methods = head.at[1];
        if (methods == 0 || methods > METHODS_MAX || head.len > 2 + methods)
            return RECOGNISED_NO;
        for (size_t i = 2; i < head.len; i++)
            if (head.at[i] > 9 && head.at[i] < 0x80)
                return RECOGNISED_NO;
        return head.len < 2 + methods ? RECOGNISED_MAYBE : RECOGNISED_YES;
    }
    if (head.at[0] != SOCKS4 || (head.len > 1 && head.at[1] != CONNECT) || head.len > TEXT_MAX)
        return RECOGNISED_NO;
    if (head.len < REQUEST4_MIN || head.at[head.len - 1] != 0)
        return RECOGNISED_MAYBE;
    for (size_t i = 8; i < head.len; i++)
        if (head.at[i] != 0 && (head.at[i] < 0x20 || head.at[i] > 0x7e))
            return RECOGNISED_NO;
    /* 4a: the name is still to come */
    const bool named = head.at[4] == 0 && head.at[5] == 0 && head.at[6] == 0 && head.at[7] != 0;
    const uint8_t *first_nul = memchr(head.at + 8, 0, head.len - 8);
    return named && first_nul == head.at + head.len - 1 ? RECOGNISED_MAYBE : RECOGNISED_YES;
}

const struct protocol socks_protocol = {
    .service = "socks",
    .state_bytes = sizeof(struct socks_state),
    .recognise_stream = socks_recognise_stream,
    .stream = socks_stream,
    .gap = socks_gap,
    .stream_end = socks_stream_end,
    .end = socks_end,
    .feeds_views = true,
    .search_when_lost = true,
};
