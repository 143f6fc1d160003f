#include "protocol/http1.h"

#include <string.h>

#include "protocol/http1_state.h"

enum { HEAD_MAX = PROTOCOL_HOLD_MAX - 1024 };

static const struct text step_head[] = { { "http head", 9 } };

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
    struct http1_way *w = &s->ways[d];
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
    http1_put_finished(s, c, false);
}

static void body_begin(struct http1_state *s, struct conversation *c, enum direction d, const struct http1_head *h,
                       struct http1_request *r, uint64_t origin)
{
    struct http1_way *w = &s->ways[d];

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

static void tunnel_opens(struct http1_state *s, struct conversation *c)
{
    for (int d = 0; d < 2; d++) {
        struct http1_way *w = &s->ways[d];
        if (w->phase == PHASE_BODY)
            message_over(s, c, (enum direction)d);
        if (w->phase != PHASE_RAW)
            w->phase = PHASE_TUNNEL;
        w->begun = false;
    }
}

static void response_stream(struct http1_state *s, struct conversation *c, enum direction d, const struct http1_head *h,
                            struct bytes head)
{
    enum { OK = 200, MULTIPLE_CHOICES = 300, SWITCHING_PROTOCOLS = 101 };
    const bool upgrade = h->status == SWITCHING_PROTOCOLS;

    if (h->status < OK && !upgrade)
        return; /* the answer proper is still to come */
    struct http1_request *r = http1_response_met(s, h);
    const bool connect = r && r->connect;
    const bool opens = connect && h->status >= OK && h->status < MULTIPLE_CHOICES;
    if (connect && !opens && s->ways[s->client].phase == PHASE_WAIT)
        s->ways[s->client].phase = PHASE_HEAD;
    body_begin(s, c, d, h, r, head.origin + head.len); /* may put the request's row */
    if (upgrade || opens) {
        s->upgraded = upgrade;
        s->tunnelled = opens;
        if (upgrade)
            http1_upgrade_begins(s, c, head);
        tunnel_opens(s, c);
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
    struct http1_way *w = &s->ways[d];
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
    conversation_search(c, d, (struct text_list){ step_head, 1 }, head);
    if (h.request)
        body_begin(s, c, d, &h, http1_request_met(s, c, d, &h, head), head.origin + len);
    else
        response_stream(s, c, d, &h, head);
    return len;
}

static size_t body_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    struct http1_way *w = &s->ways[d];
    const size_t n = http1_body_take(&w->body, c, data);

    if (w->body.phase == BODY_DONE) {
        message_over(s, c, d);
    } else if (w->body.phase == BODY_BROKEN) {
        message_over(s, c, d);
        w->phase = PHASE_RAW;
    }
    return n;
}

static size_t http1_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct http1_state *s = c->state;
    struct http1_way *w = &s->ways[d];
    size_t consumed = 0;

    if (!s->last)
        s->last = &s->first;
    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        const enum http1_phase phase = w->phase;
        size_t n = 0;
        switch (phase) {
        case PHASE_HEAD:   n = head_stream(s, c, d, rest);   break;
        case PHASE_BODY:   n = body_stream(s, c, d, rest);   break;
        case PHASE_WAIT:   n = http1_wait_stream(s, c, d, rest);   break;
        case PHASE_TUNNEL: n = http1_tunnel_stream(s, c, d, rest); break;
        case PHASE_RAW:
            http1_raw_stream(s, c, d, rest);
            n = rest.len;
            break;
        }
        if (n == 0 && w->phase == phase)
            break;
        consumed += n;
    }
    return consumed;
}

static bool http1_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct http1_state *s = c->state;
    struct http1_way *w = &s->ways[d];

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
    http1_lose_pairing(s, c);
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
        http1_raw_stream(s, c, d, left);
        return;
    }
    if (!s->ways[d].begun) {
        s->ways[d].head_packet = c->packet;
        s->ways[d].head_at_utc_ns = c->at_utc_ns;
    }
    conversation_readable(c, d, left.len);
    conversation_search(c, d, (struct text_list){ step_head, 1 }, left);
    if (h.request)
        (void)http1_request_met(s, c, d, &h, left);
    else
        (void)http1_response_met(s, &h);
}

static void http1_stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    struct http1_state *s = c->state;
    struct http1_way *w = &s->ways[d];

    if (!s->last)
        s->last = &s->first;
    if (w->phase == PHASE_HEAD && left.len > 0) {
        cut_head(s, c, d, left);
    } else if (w->phase == PHASE_BODY) {
        if (w->body.phase == BODY_OPEN)
            w->body.phase = BODY_DONE;
        message_over(s, c, d);
        http1_raw_stream(s, c, d, left);
    } else if (w->phase == PHASE_TUNNEL && s->inner.protocol) {
        inner_stream_end(&s->inner, c, d, left);
    } else {
        http1_raw_stream(s, c, d, left);
    }
    http1_raw_end(c, w);
    w->phase = PHASE_RAW;
}

static void http1_end(struct conversation *c)
{
    struct http1_state *s = c->state;

    for (int d = 0; d < 2; d++) {
        if (s->ways[d].phase == PHASE_BODY)
            message_over(s, c, (enum direction)d);
        http1_raw_end(c, &s->ways[d]);
    }
    inner_end(&s->inner, c);
    http1_put_finished(s, c, true);
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
