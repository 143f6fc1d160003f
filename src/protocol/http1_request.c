#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/http1_state.h"
#include "protocol/rows.h"
#include "protocol/text_head.h"
#include "protocol/user_agent.h"

enum {
    PENDING_MAX = 256,                /* pipelined requests without a response yet */
    PENDING_TEXT_MAX = 256 * 1024,
};

void http1_put_finished(struct http1_state *s, struct conversation *c, bool all)
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
        http1_put_finished(s, c, false);
    }
}

static struct http1_request *request_new(struct http1_state *s, struct conversation *c, const struct http1_way *w,
                                         const struct http1_head *h, struct bytes head)
{
    struct text authority = h->host, path = h->target;

    make_room(s, c);
    const bool connect = text_equal(h->method, TEXT("CONNECT"));
    if (connect)
        authority = path = text_word(&path); /* some send more behind it */
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

struct http1_request *http1_request_met(struct http1_state *s, struct conversation *c, enum direction d,
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

struct http1_request *http1_response_met(struct http1_state *s, const struct http1_head *h)
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

void http1_lose_pairing(struct http1_state *s, struct conversation *c)
{
    s->pairing_lost = true;
    s->rows_put_early = 0;
    for (struct http1_request *r = s->first; r; r = r->next)
        r->response_done = true;
    http1_put_finished(s, c, false);
}
