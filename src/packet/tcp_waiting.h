#ifndef LEASH_PACKET_TCP_WAITING_H
#define LEASH_PACKET_TCP_WAITING_H

#include "packet/tcp_side.h"
#include "packet/tracker.h"

/* Segments that came before what lies in front of them, in the order of their sequence numbers. */
enum { SEGMENT_DATA_MAX = 2000 };

struct segment {
    uint32_t following;    /* the next in the list */
    uint32_t seq;
    uint32_t len;          /* bytes of sequence space; more than `have` when cut */
    uint32_t have;
    uint64_t origin;
    struct passage from;
    bool in_capture;       /* the data lie in the capture as they are here, from `origin` on */
    uint8_t data[SEGMENT_DATA_MAX];
};

static inline struct segment *segment_at(const struct tracker *t, uint32_t i)
{
    return pool_at(&t->segments, i);
}

/* Keeps [seq, seq + len) where nothing is kept yet: what came first stays.  Gives how
 * many bytes it dealt with, fewer than `len` when there is no more room. */
uint32_t waiting_keep(struct tracker *t, struct tcp_side *s, uint32_t seq, uint32_t len, struct bytes data,
                      struct passage from);
void waiting_free_first(struct tracker *t, struct tcp_side *s);

/* Whether the data stand in the capture as they are; not where they were put together from IP fragments. */
static inline bool tcp_lies_in_capture(const struct tracker *t, struct bytes data)
{
    const struct bytes *window = &t->readable.window;

    return data.origin >= window->origin && data.origin - window->origin <= window->len &&
           data.at == window->at + (data.origin - window->origin);
}

/* Bytes that were sent again, and are others; `offset` is theirs in the item. */
void tcp_tell_conflict(struct tracker *t, uint64_t offset);

#endif
