#include "packet/tcp_recent.h"

#include <stdlib.h>

#include "base/memory.h"

struct recent_segment {
    uint32_t seq, len;
    uint64_t origin;
};

struct recent_side {
    uint64_t stream; /* its number + 1; 0: free */
    uint32_t count;  /* of all that were added; the last of them are kept */
};

/* What is read for every segment lies close together; the segments are only written to. */
struct tcp_recent {
    struct recent_side sides[RECENT_SIDES];
    struct recent_segment segments[RECENT_SIDES][RECENT_SEGMENTS];
};

struct tcp_recent *tcp_recent_new(void)
{
    return memory_alloc_array(1, sizeof(struct tcp_recent));
}

void tcp_recent_free(struct tcp_recent *r)
{
    free(r);
}

void tcp_recent_add(struct tcp_recent *r, uint64_t stream, uint32_t seq, struct bytes data)
{
    struct recent_side *side = &r->sides[stream % RECENT_SIDES];

    if (side->stream != stream + 1) {
        side->stream = stream + 1;
        side->count = 0;
    }
    r->segments[stream % RECENT_SIDES][side->count++ % RECENT_SEGMENTS] =
        (struct recent_segment){ .seq = seq, .len = (uint32_t)data.len, .origin = data.origin };
}

/* The bytes [from, from + len) of the item where they can still be read, else nothing. */
static struct bytes read_again(const struct tcp_readable *readable, uint64_t from, uint64_t len)
{
    const struct bytes *const places[] = { &readable->window, &readable->before };
    const struct bytes nothing = { .at = readable->window.at, .len = 0 };

    if (from + TCP_RECENT_BYTES < readable->now)
        return nothing;
    for (int i = 0; i < 2; i++)
        if (from >= places[i]->origin && from - places[i]->origin < places[i]->len)
            return bytes_part(*places[i], from - places[i]->origin, len);
    return nothing;
}

bool tcp_recent_differs(const struct tcp_recent *r, uint64_t stream, uint32_t seq, struct bytes data,
                        const struct tcp_readable *readable, size_t *at)
{
    const struct recent_side *side = &r->sides[stream % RECENT_SIDES];
    const uint32_t kept = side->count < RECENT_SEGMENTS ? side->count : RECENT_SEGMENTS;

    if (side->stream != stream + 1)
        return false;
    for (uint32_t i = 0; i < kept; i++) {
        const struct recent_segment *old = &r->segments[stream % RECENT_SIDES][i];
        /* Sequence numbers wrap: only differences mean anything (RFC 9293, 3.4). */
        const int64_t shift = (int32_t)(old->seq - seq); /* where the old one begins in `data` */
        const int64_t from = shift > 0 ? shift : 0;
        const int64_t end = shift + old->len < (int64_t)data.len ? shift + old->len : (int64_t)data.len;
        if (end <= from)
            continue;
        const struct bytes was = read_again(readable, old->origin + (uint64_t)(from - shift), (uint64_t)(end - from));
        if (was.len == (uint64_t)(end - from) && memcmp(was.at, data.at + from, was.len) != 0) {
            *at = (size_t)from;
            return true;
        }
    }
    return false;
}
