#ifndef LEASH_PROTOCOL_ROWS_H
#define LEASH_PROTOCOL_ROWS_H

#include "packet/conversation.h"

/* Rows that several protocols put, begun: where `at` was captured, and whose flow it is. */

static inline struct fact_origin origin_of(const struct conversation *c, struct bytes at)
{
    struct fact_origin o = fact_origin_at(at.origin, at.len);

    o.packet_first = o.packet_last = c->packet;
    return o;
}

static inline void request_begin(struct fact_request *row, const struct conversation *c, struct bytes at)
{
    fact_init(FACT_REQUEST, row);
    row->head.origin = origin_of(c, at);
    row->flow = c->flow;
    row->at = c->at_utc_ns;
}

static inline void device_begin(struct fact_device *row, const struct conversation *c, struct bytes at)
{
    fact_init(FACT_DEVICE, row);
    row->head.origin = origin_of(c, at);
}

/* The text as `kind` of the device, where there is one. */
static inline void identifier_put(struct conversation *c, struct bytes at, const char *kind, struct text value,
                                  int64_t device)
{
    struct fact_identifier row;

    if (value.len == 0)
        return;
    fact_init(FACT_IDENTIFIER, &row);
    row.head.origin = origin_of(c, at);
    row.kind = text_of(kind);
    row.value = value;
    row.device = device;
    fact_put(c->reading->facts, FACT_IDENTIFIER, &row);
}

static inline bool on_port(const struct conversation *c, int64_t port)
{
    return c->row.src_port == port || c->row.dst_port == port;
}

#endif
