#include "protocol/http1_state.h"
#include "protocol/http1.h"
#include "protocol/http2.h"
#include "protocol/text_head.h"
#include "protocol/tls.h"
#include "protocol/websocket.h"

enum { TUNNEL_WAIT_MAX = 16 * 1024 /* sent behind CONNECT before the answer was seen */ };

static const struct text step_upgrade[] = { { "http upgrade", 12 } };
static const struct text step_tunnel[] = { { "http connect", 12 } };

void http1_raw_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    struct http1_way *w = &s->ways[d];
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

void http1_raw_end(struct conversation *c, struct http1_way *w)
{
    if (w->raw_view)
        c->reading->search->close(w->raw_view);
    w->raw_view = NULL;
}

void http1_upgrade_begins(struct http1_state *s, struct conversation *c, struct bytes head)
{
    const struct text to = text_head_value(head, TEXT("Upgrade"));

    if (text_equal_ignoring_case(to, TEXT("websocket")) && inner_begin(&s->inner, c, &websocket_protocol)) {
        websocket_begin(s->inner.state, text_head_value(head, TEXT("Sec-WebSocket-Extensions")),
                        text_head_value(head, TEXT("Sec-WebSocket-Protocol")), s->client);
        c->row.service = TEXT("websocket");
    } else if (text_equal(to, TEXT("h2c")) && inner_begin(&s->inner, c, &http2_protocol)) {
        c->row.service = TEXT("http2");
    }
}

/* Behind CONNECT before its answer: only a hello of TLS is sure to be meant for the tunnel. */
size_t http1_wait_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    if (tls_protocol.recognise_stream(c, d, data) == RECOGNISED_YES) {
        s->tunnelled = true;
        s->ways[d].phase = PHASE_TUNNEL;
    } else if (data.len > TUNNEL_WAIT_MAX) {
        s->ways[d].phase = PHASE_RAW;
    }
    return 0;
}

size_t http1_tunnel_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data)
{
    static const struct protocol *const carried[] = { &tls_protocol, &http2_protocol, &http1_protocol };

    if (!s->inner.protocol) {
        const enum recognition r = inner_recognise(&s->inner, c, d, data, carried, sizeof carried / sizeof *carried);
        if (r == RECOGNISED_NO)
            s->ways[d].phase = PHASE_RAW;
        if (r != RECOGNISED_YES)
            return 0;
    }
    const size_t n = inner_stream(&s->inner, c, d, data);
    if (n == SIZE_MAX) {
        s->ways[d].phase = PHASE_RAW;
        return 0;
    }
    return n;
}
