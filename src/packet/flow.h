#ifndef LEASH_PACKET_FLOW_H
#define LEASH_PACKET_FLOW_H

#include "fact/fact.h"
#include "packet/address.h"
#include "packet/conversation.h"
#include "packet/index.h"
#include "packet/pool.h"

/* What is kept of a flow while it is open.  There may be a million of them in 192 MiB:
 * counters have the bits that a capture of 2^48 bytes needs, and everything that only
 * some flows need lies elsewhere. */
enum flow_flag {
    FLOW_SRC_IS_1 = 1,     /* end[1] is the device under test (row.src) */
    FLOW_CLIENT_IN = 2,    /* the other side opened it */
    FLOW_LOCAL = 4,
    FLOW_PORTS = 8,
    FLOW_HAS_MAC = 16,
    FLOW_FROM_START = 32,
    FLOW_MUTE = 64,        /* its content is followed no longer; it is only counted */
    FLOW_OPAQUE_OUT = 128, /* no protocol recognises the direction */
    FLOW_OPAQUE_IN = 256,
    FLOW_SET_ASIDE = 512,  /* mute because too many conversations were open: what comes now is not followed */
    FLOW_INSIDE = 1024,    /* between local addresses, in a tunnel that leaves the premises */
};

/* Each flow is in one of these lists, in the order of last use. */
enum flow_list { FLOW_LIST_TOLD /* closed, and its row was put */, FLOW_LIST_CLOSED, FLOW_LIST_DATAGRAMS, FLOW_LIST_TCP, FLOW_LIST_COUNT };

/* Added to with every packet: in halves, because a compiler takes a bit field that lies anywhere apart byte by byte. */
struct flow_counts {
    uint32_t packets, bytes, payload; /* their lower 32 bits */
    uint16_t bytes_high, payload_high;
    uint8_t packets_high;
} __attribute__((packed));

struct flow {
    struct address end[2];          /* the lower address and port first, so that both directions find it */
    uint16_t port[2];
    uint16_t flags;                 /* enum flow_flag */
    uint8_t ip_protocol;
    uint8_t list;                   /* enum flow_list */
    int64_t first_utc_ns, last_utc_ns;
    struct flow_labels *labels;     /* what the protocol said, packed; or NULL */
    uint32_t older, newer;          /* in its list */
    uint32_t talk;                  /* element of tracker.talks, or 0 */
    uint32_t name;                  /* names.h, or 0 */
    uint32_t tcp_base[2], tcp_next[2]; /* tcp.c's, as are the next two */
    uint32_t tcp_more;
    uint8_t tcp_flags[2];
    uint8_t tries;                  /* datagrams that no protocol recognised */
    uint8_t src_mac[6];
    struct flow_counts count[2];    /* by enum direction */
    struct {
        uint64_t packet_first : 40, packet_last : 40, offset_first : 48;
        uint64_t number : 40;       /* of its row */
        uint64_t readable_out : 48, missing_out : 48;
    } __attribute__((packed)) at;
};

struct flow_key {
    struct address end[2];
    uint16_t port[2];
    uint8_t ip_protocol;
    bool ports;
};

/* Orders the ends; gives which of them (0 or 1) the sender is. */
int flow_key_make(struct flow_key *key, const struct address *src, const struct address *dst, bool ports,
                  uint16_t src_port, uint16_t dst_port, uint8_t ip_protocol);

static inline int flow_src_end(const struct flow *f) { return (f->flags & FLOW_SRC_IS_1) != 0; }
static inline bool flow_is_closed(const struct flow *f)
{
    return f->list == FLOW_LIST_CLOSED || f->list == FLOW_LIST_TOLD;
}
static inline enum direction flow_direction(const struct flow *f, int sender)
{
    return sender == flow_src_end(f) ? DIRECTION_OUT : DIRECTION_IN;
}

static inline uint64_t counted_packets(const struct flow_counts *c)
{
    return (uint64_t)c->packets_high << 32 | c->packets;
}
static inline uint64_t counted_bytes(const struct flow_counts *c)
{
    return (uint64_t)c->bytes_high << 32 | c->bytes;
}
static inline uint64_t counted_payload(const struct flow_counts *c)
{
    return (uint64_t)c->payload_high << 32 | c->payload;
}

static inline void count_packets(struct flow_counts *c, uint64_t packets, uint64_t bytes)
{
    const uint64_t low_packets = c->packets + packets, low_bytes = c->bytes + bytes;

    c->packets = (uint32_t)low_packets;
    c->packets_high = (uint8_t)(c->packets_high + (low_packets >> 32));
    c->bytes = (uint32_t)low_bytes;
    c->bytes_high = (uint16_t)(c->bytes_high + (low_bytes >> 32));
}

static inline void count_payload(struct flow_counts *c, uint64_t bytes)
{
    const uint64_t low = c->payload + bytes;

    c->payload = (uint32_t)low;
    c->payload_high = (uint16_t)(c->payload_high + (low >> 32));
}

struct flow_table {
    struct pool flows;
    struct index by_key;
    struct { uint32_t oldest, newest; } lists[FLOW_LIST_COUNT];
};

void flow_table_init(struct flow_table *t, uint32_t flows_max);
/* All flows must have been removed. */
void flow_table_done(struct flow_table *t);

static inline struct flow *flow_at(const struct flow_table *t, uint32_t flow)
{
    return pool_at(&t->flows, flow);
}

/* Asks memory for a flow (0: none) that is wanted soon and was last used long ago. */
static inline void flow_expect(const struct flow_table *t, uint32_t flow)
{
    enum { LINE = 64 };

    for (size_t at = 0; flow && at < sizeof(struct flow); at += LINE)
        __builtin_prefetch((const char *)flow_at(t, flow) + at);
}

uint64_t flow_key_hash(const struct flow_key *key);
/* 0 where there is none. */
uint32_t flow_find(const struct flow_table *t, const struct flow_key *key, uint64_t hash);
/* A zeroed flow with its key set, in `list`; 0 when the table is full. */
__attribute__((warn_unused_result))
uint32_t flow_add(struct flow_table *t, const struct flow_key *key, uint64_t hash, enum flow_list list);
void flow_remove(struct flow_table *t, uint32_t flow);
/* Makes it the newest of `list`. */
void flow_touch(struct flow_table *t, uint32_t flow, enum flow_list list);
/* The flow to give up first, 0 when there is none; `early`: it was still in use.  Closed ones
 * go first, then idle datagrams, then idle connections, then the one used longest ago. */
uint32_t flow_to_evict(const struct flow_table *t, int64_t now_utc_ns, bool *early);

/* No packet for longer than that.  False where a time is not known. */
bool flow_is_idle(const struct flow *f, int64_t now_utc_ns, int64_t limit_ns);

size_t flow_table_bytes(const struct flow_table *t);

/* The fields that a protocol fills in, packed into one piece of memory to outlive the
 * conversation's arena.  `old` is freed; NULL when there is nothing to keep. */
struct flow_labels *flow_labels_pack(struct flow_labels *old, const struct fact_flow *row);
/* Sets them in `row`; the texts point into `labels`.  `list_room` takes the list's items. */
enum { FLOW_LIST_ITEMS_MAX = 16 };
void flow_labels_unpack(const struct flow_labels *labels, struct fact_flow *row,
                        struct text list_room[FLOW_LIST_ITEMS_MAX]);
size_t flow_labels_bytes(const struct flow_labels *labels); /* 0 for NULL */

/* The row's ends, ports, times, counts; without labels and name.  Texts go to `room`. */
struct flow_text_room {
    char src[ADDRESS_TEXT_MAX], dst[ADDRESS_TEXT_MAX], mac[MAC_TEXT_MAX];
};
void flow_row(const struct flow *f, struct fact_flow *row, struct flow_text_room *room);
/* Only what of it changes as the flow goes on: times, counts, and the hardware address. */
void flow_row_so_far(const struct flow *f, struct fact_flow *row, struct flow_text_room *room);

#endif
