#ifndef LEASH_PROTOCOL_INNER_H
#define LEASH_PROTOCOL_INNER_H

#include "packet/conversation.h"

/* A protocol inside another one's conversation: TLS behind STARTTLS or in a proxy's tunnel, WebSocket
 * behind an upgrade, MQTT in WebSocket.  It sees the conversation with a state of its own. */
struct inner {
    const struct protocol *protocol; /* NULL: none has begun */
    void *state;
};

/* False when there is no memory for it. */
static inline bool inner_begin(struct inner *i, struct conversation *c, const struct protocol *p)
{
    void *state = arena_alloc(c->arena, 1, p->state_bytes ? p->state_bytes : 1);

    if (!state)
        return false;
    *i = (struct inner){ p, state };
    return true;
}

enum { INNER_DEPTH_MAX = 4 };

static inline void *inner_enter(const struct inner *i, struct conversation *c)
{
    void *outer = c->state;

    c->state = i->state;
    c->inner_depth++;
    return outer;
}

static inline void inner_leave(struct conversation *c, void *outer)
{
    c->state = outer;
    c->inner_depth--;
}

/* Begins the one of them that recognises what was sent so far.  NO: none does, or tunnels lie within tunnels within
 * tunnels. */
static inline enum recognition inner_recognise(struct inner *i, struct conversation *c, enum direction d,
                                               struct bytes data,
                                               const struct protocol *const carried[], size_t count)
{
    enum recognition result = RECOGNISED_NO;

    for (size_t k = 0; k < count && c->inner_depth < INNER_DEPTH_MAX; k++) {
        const enum recognition r = carried[k]->recognise_stream(c, d, data);
        if (r == RECOGNISED_YES)
            return inner_begin(i, c, carried[k]) ? RECOGNISED_YES : RECOGNISED_NO;
        if (r == RECOGNISED_MAYBE)
            result = RECOGNISED_MAYBE;
    }
    return result;
}

/* As protocol.stream. */
static inline size_t inner_stream(const struct inner *i, struct conversation *c, enum direction d, struct bytes data)
{
    void *outer = inner_enter(i, c);
    const size_t n = i->protocol->stream(c, d, data);

    inner_leave(c, outer);
    return n;
}

static inline bool inner_gap(const struct inner *i, struct conversation *c, enum direction d, uint64_t missing)
{
    void *outer = inner_enter(i, c);
    const bool goes_on = i->protocol->gap && i->protocol->gap(c, d, missing);

    inner_leave(c, outer);
    return goes_on;
}

static inline void inner_stream_end(const struct inner *i, struct conversation *c, enum direction d, struct bytes left)
{
    void *outer = inner_enter(i, c);

    if (i->protocol->stream_end)
        i->protocol->stream_end(c, d, left);
    inner_leave(c, outer);
}

/* The conversation is over. */
static inline void inner_end(struct inner *i, struct conversation *c)
{
    if (!i->protocol)
        return;
    void *outer = inner_enter(i, c);
    if (i->protocol->end)
        i->protocol->end(c);
    inner_leave(c, outer);
    i->protocol = NULL;
}

#endif
