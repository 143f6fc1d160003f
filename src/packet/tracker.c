#include "packet/tracker.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "broadcast/broadcast.h"
#include "packet/early.h"
#include "packet/silence.h"
#include "packet/talk_state.h"
#include "packet/tcp.h"
#include "packet/transport.h"
#include "packet/tunnel.h"
#include "packet/unread.h"
#include "protocol/duml.h"
#include "protocol/port_name.h"

void tracker_init(struct tracker *t, struct reading *r)
{
    const size_t asked = r->options->flows_max;

    memset(t, 0, sizeof *t);
    t->reading = r;
    flow_table_init(&t->table, asked > 0 && asked < UINT32_MAX ? (uint32_t)asked : TRACKER_FLOWS_MAX_DEFAULT);
    t->fragments = ip_fragments_new();
    t->names = names_new();
    t->devices = devices_new();
    sides_init(&t->sides, r->options);
    tcps_init(t);
    talks_init(t);
    fact_init(FACT_FLOW, &t->empty_row);
    t->now_utc_ns = t->frame_utc_ns = FACT_UNKNOWN_INT;
    if (r->as_known)
        t->early = early_new();
}

/* The name that led to the other end was not asked for in the capture: its file has it. */
static const char given[] = "name resolution block of the capture file";
static const struct text given_step = { given, sizeof given - 1 };

/* The name that led there: from answers of the name service or, when the flow is over, from the file. */
static void name_other_end(struct tracker *t, struct flow *f, bool over, struct fact_flow *row)
{
    const struct address *here = &f->end[flow_src_end(f)], *there = &f->end[!flow_src_end(f)];

    if (!f->name)
        f->name = names_find(t->names, here, there, f->first_utc_ns);
    if (!f->name && over) {
        f->name = names_given(t->names, there);
        if (f->name)
            row->head.origin.steps = (struct text_list){ &given_step, 1 };
    }
    if (f->name) {
        row->host = names_text(t->names, f->name);
        row->host_source = TEXT("dns");
    }
}

static void put_flow(struct tracker *t, uint32_t flow, bool over)
{
    struct flow *f = flow_at(&t->table, flow);
    struct fact_flow row = f->talk ? talk_at(t, f->talk)->c.row : t->empty_row;
    struct flow_text_room room;
    struct text list_room[FLOW_LIST_ITEMS_MAX];

    if (f->talk) {
        flow_row_so_far(f, &row, &room);
        if (row.tls_alpn.count > FLOW_LIST_ITEMS_MAX)
            row.tls_alpn.count = FLOW_LIST_ITEMS_MAX; /* as many as would be kept */
    } else {
        flow_row(f, &row, &room);
        flow_labels_unpack(f->labels, &row, list_room);
    }
    if (f->flags & FLOW_INSIDE) {
        row.dst_inside = row.dst;
        row.dst = row.tunnel_to;
    }
    if (f->ip_protocol == IP_ESP || f->ip_protocol == IP_AH)
        row.service = TEXT("ipsec");
    else if (!text_known(row.service))
        row.service_by_port = port_name(f->flags & FLOW_CLIENT_IN ? row.src_port : row.dst_port);
    if (!text_known(row.host))
        name_other_end(t, f, over, &row);
    if (!text_known(row.host))
        row.host_source = TEXT("none");
    if (!t->early || early_is_news(t->early, flow, &row))
        fact_put(t->reading->facts, FACT_FLOW, &row);
}

void tracker_put_flow(struct tracker *t, uint32_t flow)
{
    put_flow(t, flow, false);
}

void tracker_close_flow(struct tracker *t, uint32_t flow)
{
    struct flow *f = flow_at(&t->table, flow);

    tcp_finish(t, flow);
    talk_end(t, flow);
    put_flow(t, flow, true);
    talk_let_go(t, flow);
    names_drop(t->names, f->name);
    t->label_bytes -= flow_labels_bytes(f->labels);
    free(f->labels);
    flow_remove(&t->table, flow);
    if (t->early)
        early_forget(t->early, flow);
}

static size_t flow_bytes(const struct tracker *t)
{
    return (size_t)t->table.flows.taken * sizeof(struct flow) + index_bytes(&t->table.by_key) +
           (size_t)t->tcps.taken * t->tcps.element_bytes + t->label_bytes + names_bytes(t->names);
}

static void make_room(struct tracker *t)
{
    bool early;

    while (t->table.flows.taken >= t->table.flows.limit || flow_bytes(t) > TRACKER_FLOW_BYTES_MAX) {
        const uint32_t flow = flow_to_evict(&t->table, t->now_utc_ns, &early);
        if (!flow)
            return;
        if (early && t->flows_evicted++ == 0)
            t->evicted_offset = t->last_offset;
        tracker_close_flow(t, flow);
    }
}

/* Between local addresses in a tunnel that leaves the premises, the tunnel's ends tell the sides.  The flow keeps the
 * far end of one that leaves. */
static struct orientation orient_flow(const struct tracker *t, const struct first_packet *p,
                                      const struct first_packet *tunnel, struct flow *f)
{
    struct orientation o = sides_orient(&t->sides, p);
    char far_end[ADDRESS_TEXT_MAX];

    if (!tunnel)
        return o;
    const struct orientation outside = sides_orient(&t->sides, tunnel);
    if (outside.local)
        return o;
    if (o.local) {
        o.local = false;
        o.sender_is_out = outside.sender_is_out;
        f->flags |= FLOW_INSIDE;
    }
    struct fact_flow row = t->empty_row;
    row.tunnel_to = address_text(outside.sender_is_out ? &tunnel->dst : &tunnel->src, far_end);
    f->labels = flow_labels_pack(NULL, &row);
    return o;
}

static uint32_t flow_open(struct tracker *t, const struct flow_key *key, uint64_t hash, int sender,
                          const struct first_packet *p, const struct first_packet *tunnel,
                          const struct carriage *carried)
{
    make_room(t);
    const uint32_t flow = flow_add(&t->table, key, hash,
                                   key->ip_protocol == IP_TCP ? FLOW_LIST_TCP : FLOW_LIST_DATAGRAMS);
    if (!flow)
        return 0;
    struct flow *f = flow_at(&t->table, flow);
    const struct orientation o = orient_flow(t, p, tunnel, f);
    const int src = o.sender_is_out ? sender : !sender;
    t->label_bytes += flow_labels_bytes(f->labels);
    f->flags |= (uint16_t)((src ? FLOW_SRC_IS_1 : 0) | (o.local ? FLOW_LOCAL : 0) |
                          (o.sender_is_client == o.sender_is_out ? 0 : FLOW_CLIENT_IN) |
                          (key->ip_protocol == IP_UDP ? FLOW_FROM_START : 0));
    f->first_utc_ns = carried->at_first_utc_ns;
    f->last_utc_ns = carried->at_last_utc_ns;
    f->at.packet_first = (uint64_t)carried->packet_first;
    f->at.offset_first = carried->offset_first;
    f->at.number = (uint64_t)fact_reserve(t->reading->facts, FACT_FLOW);
    f->name = names_find(t->names, &f->end[src], &f->end[!src], f->first_utc_ns);
    return flow;
}

static void note_mac(struct flow *f, enum direction d, const struct link_layer *link)
{
    const uint8_t *mac = d == DIRECTION_OUT ? link->src_mac : link->dst_mac;

    if ((f->flags & FLOW_HAS_MAC) || !mac || (mac[0] & 1))
        return;
    memcpy(f->src_mac, mac, 6);
    f->flags |= FLOW_HAS_MAC;
}

static void flow_count(struct flow *f, enum direction d, const struct carriage *carried)
{
    count_packets(&f->count[d], carried->packets, carried->bytes);
    if ((uint64_t)carried->packet_last > f->at.packet_last)
        f->at.packet_last = (uint64_t)carried->packet_last;
    if (!fact_known_int(carried->at_first_utc_ns))
        return;
    /* Time may run backwards in a capture. */
    if (!fact_known_int(f->first_utc_ns) || carried->at_first_utc_ns < f->first_utc_ns)
        f->first_utc_ns = carried->at_first_utc_ns;
    if (!fact_known_int(f->last_utc_ns) || carried->at_last_utc_ns > f->last_utc_ns)
        f->last_utc_ns = carried->at_last_utc_ns;
}

static const struct tunnel *tunnel_of(const struct ip_packet *ip, const struct transport *x)
{
    if (ip->protocol == IP_TCP || ip->fragment || (ip->protocol == IP_UDP && !x->whole))
        return NULL;
    const struct tunnel *t = tunnel_find(ip->protocol, x->src_port, x->dst_port);
    return t || ip->protocol != IP_UDP ? t : tunnel_find_bare(x->payload, x->payload_len);
}

/* Nothing of ours speaks in ping and other protocols, but something may hide there.  Not in what is encrypted, nor in an
 * error message, which quotes what came from the other side (RFC 792; RFC 4443, 2.1). */
static bool searched_unread(const struct ip_packet *ip, const struct transport *x)
{
    enum { UNREACHABLE = 3, QUENCH = 4, REDIRECT = 5, EXCEEDED = 11, PARAMETER = 12, V6_INFORMATION_MIN = 128 };
    const int type = x->payload.len > 0 ? x->payload.at[0] : 0;

    if (ip->protocol == IP_TCP || ip->protocol == IP_UDP || ip->protocol == IP_ESP)
        return false;
    if (ip->protocol == IP_ICMPV6)
        return type >= V6_INFORMATION_MIN;
    return ip->protocol != IP_ICMP || (type != UNREACHABLE && type != QUENCH && type != REDIRECT && type != EXCEEDED &&
                                       type != PARAMETER);
}

/* Counts it to its flow, and hands its content on.  `tunnel`: the outermost packet around it, or NULL. */
static void deliver(struct tracker *t, const struct ip_packet *ip, const struct transport *x,
                    const struct link_layer *link, const struct first_packet *tunnel, const struct carriage *carried)
{
    struct flow_key key;
    const bool tcp = ip->protocol == IP_TCP && x->whole;
    const int sender = flow_key_make(&key, &ip->src, &ip->dst, x->ports, x->src_port, x->dst_port, ip->protocol);
    const uint64_t hash = flow_key_hash(&key);
    uint32_t flow = flow_find(&t->table, &key, hash);

    struct flow *f = flow ? flow_at(&t->table, flow) : NULL;
    if (f && tcp && !ip->repeated && tcp_is_reuse(f, flow_direction(f, sender), &x->tcp)) {
        tracker_close_flow(t, flow);
        flow = 0;
    }
    if (!flow) {
        const struct first_packet p = {
            .src = ip->src, .dst = ip->dst, .src_port = x->src_port, .dst_port = x->dst_port,
            .src_mac = link->src_mac, .dst_mac = link->dst_mac,
            .opening = !tcp || !(x->tcp.flags & TCP_SYN) ? OPENING_UNKNOWN :
                       x->tcp.flags & TCP_ACK ? OPENING_BY_RECEIVER : OPENING_BY_SENDER,
        };
        flow = flow_open(t, &key, hash, sender, &p, tunnel, carried);
    }
    if (!flow)
        return;
    f = flow_at(&t->table, flow);
    const enum direction d = flow_direction(f, sender);
    flow_count(f, d, carried);
    note_mac(f, d, link);
    flow_touch(&t->table, flow, (enum flow_list)f->list);

    if (ip->repeated)
        return;
    const struct passage from = { carried->packet_last, carried->at_last_utc_ns };
    if (tcp) {
        tcp_segment(t, flow, d, &x->tcp, from);
    } else if (ip->protocol == IP_UDP && x->whole) {
        talk_datagram(t, flow, d, x->payload, x->payload_len - x->payload.len, from);
        sides_see_dhcp(&t->sides, &ip->src, x->src_port, x->dst_port, x->payload);
    } else if (t->reading->search && searched_unread(ip, x)) {
        talk_unread(t, flow, d, x->payload, x->payload_len - x->payload.len, from);
    } else {
        count_payload(&f->count[d], x->payload.len);
        if (d == DIRECTION_OUT)
            f->at.missing_out += x->payload_len - x->payload.len;
    }
}

static bool add_fragment(struct tracker *t, const struct ip_packet *part, struct ip_packet *whole,
                         struct carriage *carried)
{
    const struct carriage part_carried = *carried;
    const bool complete = ip_fragments_add(t->fragments, part, &part_carried, whole, carried);

    if (ip_fragments_conflict(t->fragments) && t->fragment_conflicts++ < TRACKER_DAMAGE_ROWS_MAX)
        reading_damage(t->reading, part_carried.offset_first, 0, 0, "IP fragments overlap with different content, "
                       "or end in different places; what was captured first was kept");
    return complete;
}

/* Goes down to the innermost packet that can be read, and delivers that one. */
static void tunnelled(struct tracker *t, const struct ip_packet *outermost, struct transport *x,
                      const struct tunnel *tunnel, const struct link_layer *outer_link, struct carriage carried)
{
    const struct first_packet outside = {
        .src = outermost->src, .dst = outermost->dst, .src_port = x->src_port, .dst_port = x->dst_port,
        .src_mac = outer_link->src_mac, .dst_mac = outer_link->dst_mac,
    };
    struct ip_packet ip = *outermost;
    struct link_layer link = *outer_link;
    struct tunnel_inside inside;
    uint8_t dst_mac[6], src_mac[6];
    int depth = 0;

    while (tunnel && depth < TUNNEL_DEPTH_MAX && tunnel_open(tunnel, x->payload, x->payload_len, &inside)) {
        depth++;
        inside.ip.repeated = ip.repeated;
        ip = inside.ip;
        if (inside.has_macs) {
            memcpy(dst_mac, inside.dst_mac, 6);
            memcpy(src_mac, inside.src_mac, 6);
            link.dst_mac = dst_mac;
            link.src_mac = src_mac;
        }
        if (ip.fragment && !add_fragment(t, &inside.ip, &ip, &carried))
            return;
        transport_read(&ip, x);
        tunnel = tunnel_of(&ip, x);
    }
    deliver(t, &ip, x, &link, depth > 0 ? &outside : NULL, &carried);
}

static void datagram(struct tracker *t, const struct ip_packet *ip, const struct link_layer *link,
                     const struct carriage *carried)
{
    struct transport x;

    transport_read(ip, &x);
    const struct tunnel *tunnel = tunnel_of(ip, &x);
    if (tunnel)
        tunnelled(t, ip, &x, tunnel, link, *carried);
    else
        deliver(t, ip, &x, link, NULL, carried);
}

static void give_up_fragments(struct tracker *t, bool all)
{
    static const struct link_layer no_link;
    struct ip_packet rest;
    struct carriage carried;

    while (ip_fragments_give_up(t->fragments, t->now_utc_ns, all, &rest, &carried)) {
        if (t->datagrams_incomplete++ < TRACKER_DAMAGE_ROWS_MAX)
            reading_damage(t->reading, carried.offset_first, FACT_UNKNOWN_INT, 0,
                           "fragments of an IP datagram are missing (packets %lld to %lld)",
                           (long long)carried.packet_first, (long long)carried.packet_last);
        datagram(t, &rest, &no_link, &carried);
    }
}

/* What radios received goes by way of broadcast/. */
static enum link_result link_read(struct tracker *t, const struct frame *frame, struct link_layer *ret)
{
    if (link_plain(frame->link_type, &frame->data, ret))
        return LINK_IP;
    if (!broadcast_link_type(frame->link_type))
        return link_parse(frame->link_type, frame->data, ret);
    if (!t->broadcasts)
        t->broadcasts = broadcasts_new(t->reading);
    return broadcasts_frame(t->broadcasts, frame, ret);
}

void tracker_odd_length(struct tracker *t, const struct frame *frame)
{
    if (t->odd_lengths++ == 0)
        t->odd_length_offset = frame->record_offset;
}

/* How long a frame was on the wire.  Where its record says that much of it was not captured, and IP that all of its
 * packet was, the record was hit: what was captured is sure. */
static uint64_t wire_len(struct tracker *t, const struct frame *frame, const struct ip_packet *ip)
{
    enum { TRAILER_MAX = 256 };
    const uint64_t captured = frame->data.len, ip_end = ip->payload.origin - frame->data.origin + ip->payload_len;

    if (frame->original_len <= captured || ip_end > captured || frame->original_len - ip_end <= TRAILER_MAX)
        return frame->original_len;
    tracker_odd_length(t, frame);
    return captured;
}

static void take_frame(struct tracker *t, const struct frame *frame)
{
    struct link_layer link;
    struct ip_packet ip;
    const enum link_result result = link_read(t, frame, &link);

    t->last_offset = t->readable.now = frame->record_offset;
    if (result == LINK_NOT_IP)
        return;
    if (result == LINK_TYPE_UNKNOWN && link_type_is_free(frame->link_type) &&
        duml_record_met(t->reading, frame->data, frame->number, frame->at_utc_ns, &t->serial_told))
        return;
    if (result == LINK_TYPE_UNKNOWN || result == LINK_OPAQUE) {
        unread_count(result == LINK_OPAQUE ? &t->link_opaque : unread_link(t, frame->link_type), frame);
        return;
    }
    const uint64_t before_ip = result == LINK_IP ? link.ip.origin - frame->data.origin : 0;
    if (result == LINK_CUT || ip_parse(&link.ip, frame->original_len - before_ip, &ip) != PARSE_OK) {
        unread_count(&t->broken, frame);
        return;
    }
    if (link.ends && ip.payload_len > ip.payload.len)
        ip.payload_len = ip.payload.len; /* IP counted the padding of the frame, too */
    struct carriage carried = {
        .packets = 1, .bytes = wire_len(t, frame, &ip),
        .packet_first = frame->number, .packet_last = frame->number,
        .at_first_utc_ns = frame->at_utc_ns, .at_last_utc_ns = frame->at_utc_ns,
        .offset_first = frame->record_offset,
    };
    give_up_fragments(t, false);
    if (ip.fragment) {
        const struct ip_packet part = ip;
        if (!add_fragment(t, &part, &ip, &carried))
            return;
    }
    datagram(t, &ip, &link, &carried);
}

/* A single frame with a time far ahead, as a broken record has, must not make every flow look silent.
 * True when another second has begun. */
static bool time_goes_on(struct tracker *t, int64_t at_utc_ns)
{
    const int64_t before = t->now_utc_ns, reached = at_utc_ns < t->frame_utc_ns ? at_utc_ns : t->frame_utc_ns;

    t->frame_utc_ns = at_utc_ns;
    if (!fact_known_int(reached) || (fact_known_int(before) && reached <= before))
        return false;
    t->now_utc_ns = reached;
    return !fact_known_int(before) || reached / NS_PER_S != before / NS_PER_S;
}

void tracker_frame(struct tracker *t, const struct frame *frame)
{
    const bool new_second = time_goes_on(t, frame->at_utc_ns);

    take_frame(t, frame);
    if (t->early)
        early_frame_done(t, new_second);
    else if (new_second)
        silence_end(t, &silence_of_captures);
}

static int by_number(const void *a, const void *b, void *table)
{
    const uint64_t x = flow_at(table, *(const uint32_t *)a)->at.number;
    const uint64_t y = flow_at(table, *(const uint32_t *)b)->at.number;

    return (x > y) - (x < y);
}

static void close_all(struct tracker *t)
{
    const uint32_t count = t->table.flows.taken;
    uint32_t *order = memory_alloc_array(count, sizeof *order);
    uint32_t n = 0;

    for (int list = 0; list < FLOW_LIST_COUNT; list++)
        for (uint32_t i = t->table.lists[list].oldest; i; i = flow_at(&t->table, i)->newer)
            order[n++] = i;
    qsort_r(order, n, sizeof *order, by_number, &t->table);
    for (uint32_t i = 0; i < n; i++) {
        flow_expect(&t->table, i + 1 < n ? order[i + 1] : 0);
        tracker_close_flow(t, order[i]);
    }
    free(order);
}

void tracker_end(struct tracker *t)
{
    give_up_fragments(t, true);
    close_all(t);
    devices_put(t->devices, t->reading);
    broadcasts_end(t->broadcasts);
    unread_tell(t);
    tcps_done(t);
    talks_done(t);
    flow_table_done(&t->table);
    names_free(t->names);
    devices_free(t->devices);
    ip_fragments_free(t->fragments);
    early_free(t->early);
}
