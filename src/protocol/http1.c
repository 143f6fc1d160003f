#include "protocol/http1.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/http1_body.h"
#include "protocol/http1_head.h"
#include "protocol/http2.h"
#include "protocol/inner.h"
#include "protocol/rows.h"
#include "protocol/tls.h"
#include "protocol/text_head.h"
#include "protocol/user_agent.h"
#include "protocol/websocket.h"

enum {
    HEAD_MAX = PROTOCOL_HOLD_MAX - 1024,
    PENDING_MAX = 256,                /* pipelined requests without a response yet */
    PENDING_TEXT_MAX = 256 * 1024,
    TUNNEL_WAIT_MAX = 16 * 1024,      /* sent behind CONNECT before the answer was seen */
};

enum phase {
    PHASE_HEAD,     /* before or in the head of a message */
    PHASE_BODY,
    PHASE_WAIT,     /* behind CONNECT, until the answer says what follows */
    PHASE_TUNNEL,
    PHASE_RAW,      /* not understood (any more): searched as it is */
};

/* A request until its row is put. */
struct http1_request {
    struct http1_request *next;
    struct fact_request row;
    size_t text_bytes;
    bool head, connect;               /* methods that change what a response means */
    bool request_done, response_done;
    char sha256[SHA256_HEX];
    char text[];                      /* of the row */
};

struct way {
    enum phase phase;
    bool begun;                       /* a part of a head is held for us */
    bool line_seen;                   /* and its start line is one */
    size_t scanned;
    int64_t head_packet, head_at_utc_ns;
    struct http1_body body;
    struct http1_request *request;    /* the one the body belongs to; NULL when not known */
    struct payload_view *raw_view;
};

struct http1_state {
    struct way ways[2];
    struct http1_request *first, **last;
    size_t pending_count, pending_text;
    uint64_t rows_put_early;          /* requests whose responses are still to come */
    bool client_known, pairing_lost, host_said, device_said, upgraded, tunnelled;
    enum direction client;
    struct inner inner;               /* what the tunnel carries, or the connection was upgraded to */
};

static void put_finished(struct http1_state *s, struct conversation *c, bool all)
{
    while (s->first && (all || (s->first->request_done && s->first->response_done))) {
        struct http1_request *r = s->first;
        fact_put(c->reading->facts, FACT_REQUEST, &r->row);
        for (int d = 0; d < 2; d++)
            if (s->ways[d].request == r)
                s->ways[d].request = NULL;
        s->first = r->next;
        if (!s->first)
            s->last = &s->first;
        s->pending_count--;
        s->pending_text -= r->text_bytes;
        free(r);
    }
}

static struct http1_request *next_unanswered(const struct http1_state *s)
{
    struct http1_request *r = s->first;

    while (r && r->response_done)
        r = r->next;
    return r;
}

/* Copies `t` behind the request's other texts; line ends of folded fields become blanks. */
static struct text keep(struct http1_request *r, struct text t)
{
    if (!text_known(t))
        return TEXT_UNKNOWN;
    char *to = r->text + r->text_bytes;
    for (size_t i = 0; i < t.len; i++)
        to[i] = t.at[i] == '\r' || t.at[i] == '\n' ? ' ' : t.at[i];
    r->text_bytes += t.len;
    return (struct text){ to, t.len };
}

static void make_room(struct http1_state *s, struct conversation *c)
{
    while (s->first && (s->pending_count >= PENDING_MAX || s->pending_text > PENDING_TEXT_MAX)) {
        struct http1_request *oldest = s->first;
        if (!oldest->request_done)
            break;
        if (!oldest->response_done && !fact_known_int(oldest->row.status))
            s->rows_put_early++;
        oldest->response_done = true;
        put_finished(s, c, false);
    }
}

static struct http1_request *request_new(struct http1_state *s, struct conversation *c, const struct way *w,
                                         const struct http1_head *h, struct bytes head)
{
    struct text authority = h->host, path = h->target;

    make_room(s, c);
    const bool connect = text_equal(h->method, TEXT("CONNECT"));
    if (connect)
        authority = h->target;
    else
        (void)http1_absolute_form(h->target, &authority, &path); /* RFC 9112, 3.2.2: it beats Host */

    struct http1_request *r = memory_alloc(sizeof *r + h->method.len + authority.len + path.len + h->user_agent.len +
                                           h->content_type.len);
    memset(r, 0, sizeof *r);
    fact_init(FACT_REQUEST, &r->row);
    r->row.head.origin = fact_origin_at(head.origin, head.len);
    r->row.head.origin.packet_first = w->head_packet;
    r->row.head.origin.packet_last = c->packet;
    r->row.flow = c->flow;
    r->row.protocol = h->version == HTTP_0_9 ? TEXT("http/0.9")
                      : h->version == HTTP_1_0 ? TEXT("http/1.0") : TEXT("http/1.1");
    r->row.method = keep(r, h->method);
    r->row.host = keep(r, http1_host_of(authority));
    r->row.path = keep(r, path);
    r->row.user_agent = keep(r, h->user_agent);
    r->row.content_type = keep(r, h->content_type);
    r->row.at = w->head_at_utc_ns;
    r->connect = connect;
    r->head = text_equal(h->method, TEXT("HEAD"));
    r->response_done = s->pairing_lost;

    *s->last = r;
    s->last = &r->next;
    s->pending_count++;
    s->pending_text += r->text_bytes;
    return r;
}

static const struct text step_head[] = { { "http head", 9 } };
static const struct text step_upgrade[] = { { "http upgrade", 12 } };
static const struct text step_tunnel[] = { { "http connect", 12 } };

static void search_head(struct conversation *c, enum direction d, struct bytes head)
{
    struct payload_view *view = NULL;

    if (d == DIRECTION_OUT)
        view = conversation_view(c, d, (struct text_list){ step_head, 1 }, head.origin);
    if (view) {
        c->reading->search->feed(view, head, c->packet, c->at_utc_ns);
        c->reading->search->close(view);
    }
}

static void raw_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    struct way *w = &s->ways[d];
    struct text_list steps = { NULL, 0 };

    if (d != DIRECTION_OUT || data.len == 0)
        return;
    if (s->upgraded)
        steps = (struct text_list){ step_upgrade, 1 };
    else if (s->tunnelled)
        steps = (struct text_list){ step_tunnel, 1 };
    if (!w->raw_view)
        w->raw_view = conversation_view(c, d, steps, data.origin);
    if (w->raw_view)
        c->reading->search->feed(w->raw_view, data, c->packet, c->at_utc_ns);
}

static enum http1_framing framing_of(const struct http1_head *h, const struct http1_request *answered)
{
    /* RFC 9112, 6.3 */
    if (!h->request) {
        if ((answered && answered->head) || h->status < 200 || h->status == 204 || h->status == 304)
            return FRAMING_NONE;
        if (answered && answered->connect && h->status < 300)
            return FRAMING_NONE;
    }
    if (h->chunked)
        return FRAMING_CHUNKED;
    if (h->transfer_other && !h->request)
        return FRAMING_UNTIL_CLOSE;
    if (h->has_length)
        return FRAMING_LENGTH;
    return h->request ? FRAMING_NONE : FRAMING_UNTIL_CLOSE;
}

/* The message of this way is over. */
static void message_over(struct http1_state *s, struct conversation *c, enum direction d)
{
    struct way *w = &s->ways[d];
    struct http1_request *r = w->request;
    char hex[SHA256_HEX];
    bool hashed;
    const uint64_t bytes = w->body.bytes;

    http1_body_finish(&w->body, c, hex, &hashed);
    w->phase = PHASE_HEAD;
    w->request = NULL;
    if (!r)
        return;
    r->row.head.origin.packet_last = c->packet > r->row.head.origin.packet_last ? c->packet
                                                                                : r->row.head.origin.packet_last;
    if (d == s->client) {
        r->row.body_bytes = (int64_t)bytes;
        if (hashed) {
            memcpy(r->sha256, hex, SHA256_HEX);
            r->row.body_sha256 = (struct text){ r->sha256, SHA256_HEX };
        }
        r->request_done = true;
        if (r->connect && !r->response_done)
            w->phase = PHASE_WAIT;
    } else {
        r->row.response_bytes = (int64_t)bytes;
        r->response_done = true;
    }
    put_finished(s, c, false);
}

static void body_begin(struct http1_state *s, struct conversation *c, enum direction d, const struct http1_head *h,
                       struct http1_request *r, uint64_t origin)
{
    struct way *w = &s->ways[d];

    /* RFC 9112, 6.3: where such a message ends cannot be told */
    if ((h->bad_length && !h->chunked) || (h->request && h->transfer_other)) {
        w->phase = PHASE_RAW;
        return;
    }
    w->phase = PHASE_BODY;
    w->request = r;
    http1_body_begin(&w->body, c, d, h, framing_of(h, h->request ? NULL : r), origin);
    if (w->body.phase == BODY_DONE)
        message_over(s, c, d);
}

/* Which device the side under test is; once, because apps say the same each time. */
static void say_device(struct http1_state *s, struct conversation *c, struct text agent, struct bytes head)
{
    struct fact_device row;

    if (s->device_said || agent.len == 0)
        return;
    s->device_said = true;
    device_begin(&row, c, head);
    if (user_agent_device(agent, c->arena, &row))
        (void)conversation_device(c, &row, c->row.src_mac);
}

static struct http1_request *request_met(struct http1_state *s, struct conversation *c, enum direction d,
                                         const struct http1_head *h, struct bytes head)
{
    struct http1_request *r = request_new(s, c, &s->ways[d], h, head);

    if (d == DIRECTION_OUT)
        say_device(s, c, r->row.user_agent, head);
    /* Of a connection that came in the name is that of the side under test. */
    if (!s->host_said && d == DIRECTION_OUT && r->row.host.len > 0) {
        s->host_said = true;
        conversation_host(c, arena_text(c->arena, r->row.host), "http_host");
    }
    return r;
}

static struct http1_request *response_met(struct http1_state *s, const struct http1_head *h)
{
    struct http1_request *r = NULL;

    if (s->rows_put_early > 0)
        s->rows_put_early--;
    else if (!s->pairing_lost)
        r = next_unanswered(s);
    if (r)
        r->row.status = h->status;
    return r;
}

static void tunnel_opens(struct http1_state *s, struct conversation *c, enum phase phase)
{
    for (int d = 0; d < 2; d++) {
        struct way *w = &s->ways[d];
        if (w->phase == PHASE_BODY)
            message_over(s, c, (enum direction)d);
        if (w->phase != PHASE_RAW)
            w->phase = phase;
        w->begun = false;
    }
}

/* What 101 leads to, where it is something that is read here. */
static bool upgrade_begins(struct http1_state *s, struct conversation *c, struct bytes head)
{
    const struct text to = text_head_value(head, TEXT("Upgrade"));

    if (text_equal_ignoring_case(to, TEXT("websocket")) && inner_begin(&s->inner, c, &websocket_protocol)) {
        websocket_begin(s->inner.state, text_head_value(head, TEXT("Sec-WebSocket-Extensions")),
                        text_head_value(head, TEXT("Sec-WebSocket-Protocol")), s->client);
        c->row.service = TEXT("websocket");
    } else if (text_equal(to, TEXT("h2c")) && inner_begin(&s->inner, c, &http2_protocol)) {
        c->row.service = TEXT("http2");
    }
    return s->inner.protocol != NULL;
}

static void response_stream(struct http1_state *s, struct conversation *c, enum direction d, const struct http1_head *h,
                            struct bytes head)
{
    enum { OK = 200, MULTIPLE_CHOICES = 300, SWITCHING_PROTOCOLS = 101 };
    const bool upgrade = h->status == SWITCHING_PROTOCOLS;

    if (h->status < OK && !upgrade)
        return; /* the answer proper is still to come */
    struct http1_request *r = response_met(s, h);
    const bool connect = r && r->connect;
    const bool opens = connect && h->status >= OK && h->status < MULTIPLE_CHOICES;
    if (connect && !opens && s->ways[s->client].phase == PHASE_WAIT)
        s->ways[s->client].phase = PHASE_HEAD;
    body_begin(s, c, d, h, r, head.origin + head.len); /* may put the request's row */
    if (upgrade || opens) {
        s->upgraded = upgrade;
        s->tunnelled = opens;
        tunnel_opens(s, c, opens || upgrade_begins(s, c, head) ? PHASE_TUNNEL : PHASE_RAW);
    }
}

/* Parses a head, and sees that requests come from one side only. */
static bool head_parse(struct http1_state *s, enum direction d, struct bytes head, struct http1_head *ret)
{
    if (http1_head_parse(head, ret) != PARSE_OK)
        return false;
    const enum direction client = ret->request ? d : d == DIRECTION_OUT ? DIRECTION_IN : DIRECTION_OUT;
    if (s->client_known && s->client != client)
        return false;
    s->client_known = true;
    s->client = client;
    return true;
}

/* Gives how many bytes were consumed; 0 when more are needed, or the phase changed. */
static size_t head_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    struct way *w = &s->ways[d];
    struct http1_head h;

    if (!w->begun) {
        /* RFC 9112, 2.2: empty lines before a message are skipped */
        if (data.at[0] == '\r' || data.at[0] == '\n') {
            conversation_readable(c, d, 1);
            return 1;
        }
        w->begun = true;
        w->line_seen = false;
        w->scanned = 0;
        w->head_packet = c->packet;
        w->head_at_utc_ns = c->at_utc_ns;
    }
    const size_t len = http1_head_length(data, &w->scanned);
    if (len == 0) {
        const enum http1_look look = w->line_seen ? HTTP1_MAYBE : http1_look_at(data);
        w->line_seen |= look == HTTP1_REQUEST || look == HTTP1_RESPONSE;
        if (look == HTTP1_NO || data.len > HEAD_MAX)
            w->phase = PHASE_RAW;
        return 0;
    }
    const struct bytes head = bytes_part(data, 0, len);
    if (!head_parse(s, d, head, &h)) {
        w->phase = PHASE_RAW;
        return 0;
    }
    w->begun = false;
    conversation_readable(c, d, len);
    search_head(c, d, head);
    if (h.request)
        body_begin(s, c, d, &h, request_met(s, c, d, &h, head), head.origin + len);
    else
        response_stream(s, c, d, &h, head);
    return len;
}

static size_t body_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    struct way *w = &s->ways[d];
    const size_t n = http1_body_take(&w->body, c, data);

    if (w->body.phase == BODY_DONE) {
        message_over(s, c, d);
    } else if (w->body.phase == BODY_BROKEN) {
        message_over(s, c, d);
        w->phase = PHASE_RAW;
    }
    return n;
}

/* Behind CONNECT before its answer: only a hello of TLS is sure to be meant for the tunnel. */
static size_t wait_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    if (tls_protocol.recognise_stream(c, d, data) == RECOGNISED_YES) {
        s->tunnelled = true;
        s->ways[d].phase = PHASE_TUNNEL;
    } else if (data.len > TUNNEL_WAIT_MAX) {
        s->ways[d].phase = PHASE_RAW;
    }
    return 0;
}

static size_t tunnel_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    static const struct protocol *const carried[] = { &tls_protocol, &http2_protocol };
    bool maybe = false;

    for (size_t i = 0; !s->inner.protocol && i < sizeof carried / sizeof *carried; i++) {
        const enum recognition r = carried[i]->recognise_stream(c, d, data);
        maybe |= r == RECOGNISED_MAYBE;
        if (r == RECOGNISED_YES && !inner_begin(&s->inner, c, carried[i]))
            break;
    }
    if (!s->inner.protocol && maybe)
        return 0;
    if (!s->inner.protocol) {
        s->ways[d].phase = PHASE_RAW;
        return 0;
    }
    const size_t n = inner_stream(&s->inner, c, d, data);
    if (n == SIZE_MAX) {
        s->ways[d].phase = PHASE_RAW;
        return 0;
    }
    return n;
}

static size_t http1_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct http1_state *s = c->state;
    struct way *w = &s->ways[d];
    size_t consumed = 0;

    if (!s->last)
        s->last = &s->first;
    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        const enum phase phase = w->phase;
        size_t n = 0;
        switch (phase) {
        case PHASE_HEAD:   n = head_stream(s, c, d, rest);   break;
        case PHASE_BODY:   n = body_stream(s, c, d, rest);   break;
        case PHASE_WAIT:   n = wait_stream(s, c, d, rest);   break;
        case PHASE_TUNNEL: n = tunnel_stream(s, c, d, rest); break;
        case PHASE_RAW:
            raw_stream(s, c, d, rest);
            n = rest.len;
            break;
        }
        if (n == 0 && w->phase == phase)
            break;
        consumed += n;
    }
    return consumed;
}

/* Messages may have been lost: which response belongs to which request is not known any more. */
static void lose_pairing(struct http1_state *s, struct conversation *c)
{
    s->pairing_lost = true;
    s->rows_put_early = 0;
    for (struct http1_request *r = s->first; r; r = r->next)
        r->response_done = true;
    put_finished(s, c, false);
}

static bool http1_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct http1_state *s = c->state;
    struct way *w = &s->ways[d];

    if (!s->last)
        s->last = &s->first;
    if (w->phase == PHASE_BODY && http1_body_gap(&w->body, c, missing)) {
        if (w->body.phase == BODY_DONE)
            message_over(s, c, d);
        return true;
    }
    if (w->phase == PHASE_TUNNEL && s->inner.protocol && inner_gap(&s->inner, c, d, missing))
        return true;
    if (w->phase == PHASE_BODY)
        message_over(s, c, d);
    if (w->phase == PHASE_RAW) {
        if (w->raw_view)
            c->reading->search->gap(w->raw_view, missing);
        return true;
    }
    lose_pairing(s, c);
    if (w->phase == PHASE_HEAD)
        w->begun = false; /* whole messages may be gone: what follows tells */
    else
        w->phase = PHASE_RAW;
    return true;
}

/* Of a head that was cut off the whole lines count. */
static void cut_head(struct http1_state *s, struct conversation *c, enum direction d, struct bytes left)
{
    struct http1_head h;

    if (!head_parse(s, d, left, &h)) {
        raw_stream(s, c, d, left);
        return;
    }
    if (!s->ways[d].begun) {
        s->ways[d].head_packet = c->packet;
        s->ways[d].head_at_utc_ns = c->at_utc_ns;
    }
    conversation_readable(c, d, left.len);
    search_head(c, d, left);
    if (h.request)
        (void)request_met(s, c, d, &h, left);
    else
        (void)response_met(s, &h);
}

static void close_raw(struct conversation *c, struct way *w)
{
    if (w->raw_view)
        c->reading->search->close(w->raw_view);
    w->raw_view = NULL;
}

static void http1_stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    struct http1_state *s = c->state;
    struct way *w = &s->ways[d];

    if (!s->last)
        s->last = &s->first;
    if (w->phase == PHASE_HEAD && left.len > 0) {
        cut_head(s, c, d, left);
    } else if (w->phase == PHASE_BODY) {
        if (w->body.phase == BODY_OPEN)
            w->body.phase = BODY_DONE;
        message_over(s, c, d);
        raw_stream(s, c, d, left);
    } else if (w->phase == PHASE_TUNNEL && s->inner.protocol) {
        inner_stream_end(&s->inner, c, d, left);
    } else {
        raw_stream(s, c, d, left);
    }
    close_raw(c, w);
    w->phase = PHASE_RAW;
}

static void http1_end(struct conversation *c)
{
    struct http1_state *s = c->state;

    for (int d = 0; d < 2; d++) {
        if (s->ways[d].phase == PHASE_BODY)
            message_over(s, c, (enum direction)d);
        close_raw(c, &s->ways[d]);
    }
    inner_end(&s->inner, c);
    put_finished(s, c, true);
}

static enum recognition http1_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    (void)c;
    (void)d;
    while (head.len > 0 && (head.at[0] == '\r' || head.at[0] == '\n'))
        head = bytes_part(head, 1, head.len);
    switch (http1_look_at(head)) {
    case HTTP1_REQUEST: case HTTP1_RESPONSE:
        return RECOGNISED_YES;
    case HTTP1_MAYBE:
        return RECOGNISED_MAYBE;
    case HTTP1_NO:
        break;
    }
    return RECOGNISED_NO;
}

const struct protocol http1_protocol = {
    .service = "http",
    .search_when_lost = true,
    .state_bytes = sizeof(struct http1_state),
    .recognise_stream = http1_recognise_stream,
    .stream = http1_stream,
    .gap = http1_gap,
    .stream_end = http1_stream_end,
    .end = http1_end,
    .feeds_views = true,
};
