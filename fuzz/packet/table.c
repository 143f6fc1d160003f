/* A table of one protocol that takes whatever comes in pieces of odd sizes, so that what
 * is fuzzed here is packet/ and its promises to protocols. */
#include "packet/conversation.h"

#include <stdlib.h>

struct odd_state {
    uint64_t offered[2];
};

static enum recognition recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    if (head.len == 0)
        abort();
    if (head.at[0] & 1)
        return RECOGNISED_NO;
    return head.len < 4 ? RECOGNISED_MAYBE : RECOGNISED_YES;
}

static size_t stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct odd_state *s = c->state;

    if (data.len == 0 || data.len > 2 * PROTOCOL_HOLD_MAX || c->packet <= 0)
        abort();
    s->offered[d] += data.len;
    if (data.at[data.len - 1] == 0xff)
        return SIZE_MAX;
    const size_t n = data.at[0] % 5 == 0 ? 0 : data.len - data.len / (1 + data.at[0] % 7);
    conversation_readable(c, d, n);
    if (n > 8)
        conversation_host(c, (struct text){ (const char *)data.at, 0 }, "sni");
    return n;
}

static bool gap(struct conversation *c, enum direction d, uint64_t missing)
{
    if (missing == 0)
        abort();
    return missing & 1;
}

static void stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    if (left.len > PROTOCOL_HOLD_MAX)
        abort();
    conversation_readable(c, d, left.len);
}

static void datagram(struct conversation *c, enum direction d, struct bytes b)
{
    if (b.len == 0)
        abort();
    conversation_readable(c, d, b.len);
    conversation_host(c, arena_text(c->arena, text_of_bytes(b)), "dns");
    conversation_name_learnt(c, c->row.src, c->row.dst, text_of_bytes(b), c->at_utc_ns, b.at[0]);
}

static const struct protocol odd = {
    .service = "odd", .state_bytes = sizeof(struct odd_state),
    .recognise_stream = recognise, .stream = stream, .gap = gap, .stream_end = stream_end,
    .recognise_datagram = recognise, .datagram = datagram,
};

const struct protocol *const protocols[] = { &odd };
const size_t protocol_count = 1;
