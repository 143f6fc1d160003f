#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "packet/flow.h"
#include "packet/ip.h"

/* Packed labels: for each field that is known, its number in the table below, the
 * length in 32 bits, and the characters; items of tls_alpn have the number LABEL_ALPN. */
struct flow_labels {
    size_t bytes;
    uint8_t at[];
};

static const size_t label_offsets[] = {
    offsetof(struct fact_flow, service),     offsetof(struct fact_flow, host),
    offsetof(struct fact_flow, host_source), offsetof(struct fact_flow, tls_version),
    offsetof(struct fact_flow, tls_sni),     offsetof(struct fact_flow, tls_ja3),
    offsetof(struct fact_flow, tls_ja4),     offsetof(struct fact_flow, tls_issuer),
    offsetof(struct fact_flow, tls_subject), offsetof(struct fact_flow, quic_version),
    offsetof(struct fact_flow, tls_cipher),  offsetof(struct fact_flow, tls_ech),
    offsetof(struct fact_flow, tls_alert),   offsetof(struct fact_flow, tls_resumption),
    offsetof(struct fact_flow, tunnel_to),
};
enum { LABEL_COUNT = sizeof label_offsets / sizeof *label_offsets, LABEL_ALPN = LABEL_COUNT, LABEL_HEAD = 5 };

static const struct text *label_of(const struct fact_flow *row, int i)
{
    return (const struct text *)(const void *)((const char *)row + label_offsets[i]);
}

static size_t alpn_count(const struct fact_flow *row)
{
    if (!row->tls_alpn.items)
        return 0;
    return row->tls_alpn.count < FLOW_LIST_ITEMS_MAX ? row->tls_alpn.count : FLOW_LIST_ITEMS_MAX;
}

static uint8_t *pack_one(uint8_t *at, int field, struct text t)
{
    const uint32_t len = (uint32_t)t.len;

    *at++ = (uint8_t)field;
    memcpy(at, &len, sizeof len);
    at += sizeof len;
    if (len)
        memcpy(at, t.at, len);
    return at + len;
}

struct flow_labels *flow_labels_pack(struct flow_labels *old, const struct fact_flow *row)
{
    size_t bytes = 0;

    for (int i = 0; i < LABEL_COUNT; i++)
        bytes += text_known(*label_of(row, i)) ? LABEL_HEAD + label_of(row, i)->len : 0;
    for (size_t i = 0; i < alpn_count(row); i++)
        bytes += LABEL_HEAD + row->tls_alpn.items[i].len;
    if (bytes == 0) {
        free(old);
        return NULL;
    }
    struct flow_labels *labels = memory_alloc(sizeof *labels + bytes);
    uint8_t *at = labels->at;
    labels->bytes = bytes;
    for (int i = 0; i < LABEL_COUNT; i++)
        if (text_known(*label_of(row, i)))
            at = pack_one(at, i, *label_of(row, i));
    for (size_t i = 0; i < alpn_count(row); i++)
        at = pack_one(at, LABEL_ALPN, row->tls_alpn.items[i]);
    free(old); /* only now: the row's texts may lie in it */
    return labels;
}

void flow_labels_unpack(const struct flow_labels *labels, struct fact_flow *row,
                        struct text list_room[FLOW_LIST_ITEMS_MAX])
{
    size_t items = 0;

    for (size_t i = 0; labels && i < labels->bytes; ) {
        const int field = labels->at[i];
        uint32_t len;
        memcpy(&len, labels->at + i + 1, sizeof len);
        const struct text t = { .at = (const char *)labels->at + i + LABEL_HEAD, .len = len };
        if (field == LABEL_ALPN)
            list_room[items++] = t;
        else
            *(struct text *)(void *)((char *)row + label_offsets[field]) = t;
        i += LABEL_HEAD + len;
    }
    if (items)
        row->tls_alpn = (struct text_list){ .items = list_room, .count = items };
}

size_t flow_labels_bytes(const struct flow_labels *labels)
{
    return labels ? sizeof *labels + labels->bytes + 16 : 0;
}

static struct text proto_text(uint8_t ip_protocol)
{
    switch (ip_protocol) {
    case IP_TCP:
        return TEXT("tcp");
    case IP_UDP:
        return TEXT("udp");
    case IP_ICMP: case IP_ICMPV6:
        return TEXT("icmp");
    default:
        return TEXT("other");
    }
}

void flow_row(const struct flow *f, struct fact_flow *row, struct flow_text_room *room)
{
    const int src = flow_src_end(f);

    row->head.origin.offset = (int64_t)f->at.offset_first;
    row->head.origin.packet_first = (int64_t)f->at.packet_first;
    row->head.number = (int64_t)f->at.number;
    row->src = address_text(&f->end[src], room->src);
    row->dst = address_text(&f->end[!src], room->dst);
    if (f->flags & FLOW_PORTS) {
        row->src_port = f->port[src];
        row->dst_port = f->port[!src];
    }
    row->proto = proto_text(f->ip_protocol);
    row->local = (f->flags & FLOW_LOCAL) != 0;
    flow_row_so_far(f, row, room);
}

void flow_row_so_far(const struct flow *f, struct fact_flow *row, struct flow_text_room *room)
{
    const struct flow_counts *out = &f->count[DIRECTION_OUT], *in = &f->count[DIRECTION_IN];
    const uint64_t payload_out = counted_payload(out);
    const uint64_t readable = f->at.readable_out < payload_out ? f->at.readable_out : payload_out;

    row->head.origin.packet_last = (int64_t)f->at.packet_last;
    row->first = f->first_utc_ns;
    row->last = f->last_utc_ns;
    row->packets_out = (int64_t)counted_packets(out);
    row->packets_in = (int64_t)counted_packets(in);
    row->bytes_out = (int64_t)counted_bytes(out);
    row->bytes_in = (int64_t)counted_bytes(in);
    row->payload_out = (int64_t)payload_out;
    row->payload_in = (int64_t)counted_payload(in);
    row->readable_out = (int64_t)readable;
    row->opaque_out = (int64_t)(payload_out - readable);
    row->missing_out = (int64_t)f->at.missing_out;
    if (f->flags & FLOW_HAS_MAC)
        row->src_mac = mac_text(f->src_mac, room->mac);
}
