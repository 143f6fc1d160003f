#include "packet/flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "packet/ip.h"

/* Idle after that long: a middlebox would have forgotten it too (RFC 4787 and 5382 ask
 * for at least 2 minutes and 2 hours 4 minutes; home gateways do less for TCP). */
#define DATAGRAMS_IDLE_NS (120 * INT64_C(1000000000))
#define TCP_IDLE_NS       (600 * INT64_C(1000000000))

_Static_assert(sizeof(struct flow) <= 176, "a million of them are kept");

int flow_key_make(struct flow_key *key, const struct address *src, const struct address *dst, bool ports,
                  uint16_t src_port, uint16_t dst_port, uint8_t ip_protocol)
{
    const int order = address_order(src, dst), sender = order > 0 || (order == 0 && src_port > dst_port);

    address_copy(&key->end[sender], src);
    address_copy(&key->end[!sender], dst);
    key->port[sender] = src_port;
    key->port[!sender] = dst_port;
    key->ip_protocol = ip_protocol;
    key->ports = ports;
    return sender;
}

uint64_t flow_key_hash(const struct flow_key *key)
{
    const uint64_t ports = (uint64_t)key->port[0] << 32 | (uint64_t)key->port[1] << 16 |
                           (uint64_t)key->ip_protocol << 8 | key->ports;
    return hash_mix(key->end, sizeof key->end, ports);
}

void flow_table_init(struct flow_table *t, uint32_t flows_max)
{
    memset(t, 0, sizeof *t);
    pool_init(&t->flows, sizeof(struct flow), flows_max);
}

void flow_table_done(struct flow_table *t)
{
    pool_done(&t->flows);
    index_done(&t->by_key);
}

static bool has_key(const struct flow *f, const struct flow_key *key)
{
    return memcmp(f->end, key->end, sizeof f->end) == 0 && f->port[0] == key->port[0] &&
           f->port[1] == key->port[1] && f->ip_protocol == key->ip_protocol &&
           ((f->flags & FLOW_PORTS) != 0) == key->ports;
}

uint32_t flow_find(const struct flow_table *t, const struct flow_key *key, uint64_t hash)
{
    struct index_walk w = index_walk(&t->by_key, hash);

    for (uint32_t i; (i = index_next(&t->by_key, &w)) != 0; )
        if (has_key(flow_at(t, i), key))
            return i;
    return 0;
}

static void list_append(struct flow_table *t, uint32_t i, enum flow_list list)
{
    struct flow *f = flow_at(t, i);

    f->list = (uint8_t)list;
    f->newer = 0;
    f->older = t->lists[list].newest;
    if (f->older)
        flow_at(t, f->older)->newer = i;
    else
        t->lists[list].oldest = i;
    t->lists[list].newest = i;
}

static void list_take_out(struct flow_table *t, uint32_t i)
{
    const struct flow *f = flow_at(t, i);

    if (f->older)
        flow_at(t, f->older)->newer = f->newer;
    else
        t->lists[f->list].oldest = f->newer;
    if (f->newer)
        flow_at(t, f->newer)->older = f->older;
    else
        t->lists[f->list].newest = f->older;
}

uint32_t flow_add(struct flow_table *t, const struct flow_key *key, uint64_t hash, enum flow_list list)
{
    const uint32_t i = pool_take(&t->flows);

    if (!i)
        return 0;
    struct flow *f = flow_at(t, i);
    memset(f, 0, sizeof *f);
    memcpy(f->end, key->end, sizeof f->end);
    memcpy(f->port, key->port, sizeof f->port);
    f->ip_protocol = key->ip_protocol;
    f->flags = key->ports ? FLOW_PORTS : 0;
    index_add(&t->by_key, hash, i);
    list_append(t, i, list);
    return i;
}

void flow_remove(struct flow_table *t, uint32_t i)
{
    const struct flow *f = flow_at(t, i);
    struct flow_key key = { .ip_protocol = f->ip_protocol, .ports = (f->flags & FLOW_PORTS) != 0 };

    memcpy(key.end, f->end, sizeof key.end);
    memcpy(key.port, f->port, sizeof key.port);
    index_remove(&t->by_key, flow_key_hash(&key), i);
    list_take_out(t, i);
    pool_give(&t->flows, i);
}

void flow_touch(struct flow_table *t, uint32_t i, enum flow_list list)
{
    if (t->lists[list].newest == i)
        return;
    list_take_out(t, i);
    list_append(t, i, list);
}

bool flow_is_idle(const struct flow *f, int64_t now_utc_ns, int64_t limit_ns)
{
    int64_t for_ns;

    return fact_known_int(now_utc_ns) && fact_known_int(f->last_utc_ns) &&
           !__builtin_sub_overflow(now_utc_ns, f->last_utc_ns, &for_ns) && for_ns > limit_ns;
}

uint32_t flow_to_evict(const struct flow_table *t, int64_t now_utc_ns, bool *early)
{
    const uint32_t told = t->lists[FLOW_LIST_TOLD].oldest,
                   closed = told ? told : t->lists[FLOW_LIST_CLOSED].oldest, datagrams =
                       t->lists[FLOW_LIST_DATAGRAMS].oldest,
                   tcp = t->lists[FLOW_LIST_TCP].oldest;

    *early = closed == 0;
    if (closed)
        return closed;
    if (!datagrams || !tcp)
        return datagrams ? datagrams : tcp;
    if (flow_is_idle(flow_at(t, datagrams), now_utc_ns, DATAGRAMS_IDLE_NS))
        return datagrams;
    if (flow_is_idle(flow_at(t, tcp), now_utc_ns, TCP_IDLE_NS))
        return tcp;
    return flow_at(t, datagrams)->at.packet_last < flow_at(t, tcp)->at.packet_last ? datagrams : tcp;
}

size_t flow_table_bytes(const struct flow_table *t)
{
    return pool_bytes(&t->flows) + index_bytes(&t->by_key);
}
