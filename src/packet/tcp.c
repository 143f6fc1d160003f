#include "packet/tcp.h"

#include <string.h>

#include "packet/talk.h"
#include "packet/tcp_recent.h"
#include "packet/tcp_waiting.h"
#include "packet/wire.h"

/* Reassembly.  Sequence numbers are compared by their signed difference (RFC 9293, 3.4),
 * so they may wrap.  A hole is declared missing when the peer has acknowledged past it
 * and a few more packets went by (captures of several queues hold an acknowledgement
 * before the segment it is for), when too much waits behind it, and at the end. */
enum {
    ACK_PATIENCE = 3,
    /* No window is larger than 2^30 (RFC 7323, 2.3), and no sender repeats what lies so far
     * back: beyond these, the capture lost the thread. */
    AHEAD_MAX = 1 << 30, BEHIND_MAX = 16 << 20,
    /* One packet alone is no proof that more than this is missing: its number may have been hit.  Beyond real
     * windows nothing is: there the capture paused, or the first number was wrong. */
    SURE_MAX = 1 << 20, LEAP_MAX = 16 << 20,
};

void tcps_init(struct tracker *t)
{
    pool_init(&t->tcps, sizeof(struct tcp), UINT32_MAX);
    pool_init(&t->segments, sizeof(struct segment), TRACKER_SEGMENTS_MAX);
    t->recent = tcp_recent_new();
}

void tcps_done(struct tracker *t)
{
    pool_done(&t->tcps);
    pool_done(&t->segments);
    tcp_recent_free(t->recent);
}

enum parse_status tcp_parse(struct bytes segment, uint64_t wire_len, struct tcp_header *ret)
{
    struct cursor c = cursor_over(segment);
    const struct bytes header = cursor_take(&c, 20);
    struct tcp_header h;

    if (c.failed)
        return PARSE_TRUNCATED;
    h.src_port = wire_u16be(header.at);
    h.dst_port = wire_u16be(header.at + 2);
    h.seq = wire_u32be(header.at + 4);
    h.ack = wire_u32be(header.at + 8);
    const size_t header_len = (size_t)(header.at[12] >> 4) * 4;
    h.flags = header.at[13];
    if (header_len < 20 || header_len > wire_len)
        return PARSE_INVALID;
    h.payload = bytes_part(segment, header_len, UINT64_MAX);
    h.payload_len = wire_len - header_len;
    *ret = h;
    return PARSE_OK;
}

static void load(const struct tracker *t, const struct flow *f, struct tcp *tcp)
{
    if (f->tcp_more) {
        *tcp = *(const struct tcp *)pool_at(&t->tcps, f->tcp_more);
        return;
    }
    for (int d = 0; d < 2; d++)
        tcp->side[d] = (struct tcp_side){
            .base = f->tcp_base[d], .next = f->tcp_next[d], .flags = f->tcp_flags[d],
            .acked = f->tcp_next[d], .fin = f->tcp_next[d],
        };
}

static bool is_plain(const struct tcp_side *s)
{
    return !s->first && !(s->flags & (SIDE_PENDING | SIDE_ODD | SIDE_ODD_ACK)) &&
           (!(s->flags & SIDE_FIN) || (s->flags & SIDE_ENDED)) &&
           ahead(s->acked, s->next) <= 1;
}

static void store(struct tracker *t, struct flow *f, const struct tcp *tcp)
{
    for (int d = 0; d < 2; d++) {
        f->tcp_base[d] = tcp->side[d].base;
        f->tcp_next[d] = tcp->side[d].next;
        f->tcp_flags[d] = tcp->side[d].flags;
    }
    if (is_plain(&tcp->side[0]) && is_plain(&tcp->side[1])) {
        if (f->tcp_more)
            pool_give(&t->tcps, f->tcp_more);
        f->tcp_more = 0;
        return;
    }
    if (!f->tcp_more)
        f->tcp_more = pool_take(&t->tcps);
    *(struct tcp *)pool_at(&t->tcps, f->tcp_more) = *tcp;
}

bool tcp_is_reuse(const struct flow *f, enum direction d, const struct tcp_header *h)
{
    const int side = f->tcp_flags[d], peer = f->tcp_flags[!d];

    if (!(h->flags & TCP_SYN) && !(side & peer & SIDE_ENDED))
        return false; /* as nearly always */
    if (!(h->flags & TCP_SYN)) {
        /* Content that goes on from nothing, after both sides ended: the SYN was not captured. */
        const int32_t distance = ahead(h->seq, f->tcp_next[d]);
        return h->payload_len > 0 && !(h->flags & TCP_RST) && (distance > 1 || distance < -BEHIND_MAX);
    }
    const bool closed = flow_is_closed(f);

    if (h->flags & TCP_ACK)
        return closed && (side & SIDE_SYN) && h->seq != f->tcp_base[d];
    if (side & SIDE_SYN)
        return h->seq != f->tcp_base[d];
    if ((side & SIDE_KNOWN) && !(side & SIDE_SOFT))
        return h->seq + 1 != f->tcp_base[d]; /* unless the SYN was only captured late */
    /* The first of this side: a simultaneous open when the peer's SYN is all there was. */
    return closed || ((peer & SIDE_KNOWN) && !(peer & SIDE_SYN));
}

static uint64_t stream_number(const struct tracker *t, uint32_t flow, enum direction d)
{
    return flow_at(&t->table, flow)->at.number * 2 + d;
}

static void deliver(struct tracker *t, uint32_t flow, enum direction d, struct tcp_side *s,
                    struct bytes data, uint32_t len, bool in_capture, struct passage from)
{
    if (data.len && in_capture)
        tcp_recent_add(t->recent, stream_number(t, flow, d), s->next, data);
    s->next += len;
    if (data.len)
        talk_bytes(t, flow, d, data, from);
    if (data.len < len)
        talk_gap(t, flow, d, len - data.len);
}

/* Hands over what waits and is in order now. */
static void drain(struct tracker *t, uint32_t flow, enum direction d, struct tcp_side *s)
{
    while (s->first) {
        const struct segment *g = segment_at(t, s->first);
        const int32_t hole = ahead(g->seq, s->next);
        if (hole > 0)
            return;
        const uint32_t old = (uint32_t)-hole;
        if (old < g->len) {
            const struct bytes data = { .at = g->data, .len = g->have, .origin = g->origin };
            deliver(t, flow, d, s, bytes_part(data, old, UINT64_MAX), g->len - old, g->in_capture, g->from);
        }
        waiting_free_first(t, s);
    }
}

static void tell_leap(struct tracker *t, uint64_t offset, int32_t distance)
{
    if (t->leaps++ < TRACKER_DAMAGE_ROWS_MAX)
        reading_damage(t->reading, offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the sequence numbers of a TCP stream jump by %ld; how much is missing is not known", (long)distance);
}

/* Whether so much is missing before `seq`: the peer, or a second segment that waits there, must agree. */
static bool is_sure(const struct tracker *t, const struct tcp_side *s, uint32_t seq, int32_t missing)
{
    if (missing <= SURE_MAX || missing > LEAP_MAX || ahead(s->acked, seq) >= 0)
        return missing <= LEAP_MAX;
    const struct segment *first = s->first ? segment_at(t, s->first) : NULL;
    return first && first->following && ahead(segment_at(t, first->following)->seq, seq) <= SURE_MAX;
}

static void skip_to(struct tracker *t, uint32_t flow, enum direction d, struct tcp_side *s, uint32_t seq)
{
    const int32_t missing = ahead(seq, s->next);

    if (missing > 0 && is_sure(t, s, seq, missing)) {
        s->next = seq;
        talk_gap(t, flow, d, (uint32_t)missing);
    } else if (missing > 0) {
        s->next = seq;
        tell_leap(t, t->last_offset, missing);
        talk_leap(t, flow, d, (uint32_t)missing);
    }
    drain(t, flow, d, s);
}

/* Declares holes missing until `seq` is reached. */
static void give_up_until(struct tracker *t, uint32_t flow, enum direction d, struct tcp_side *s, uint32_t seq)
{
    while (ahead(seq, s->next) > 0) {
        const uint32_t waiting = s->first ? segment_at(t, s->first)->seq : seq;
        skip_to(t, flow, d, s, ahead(waiting, seq) < 0 ? waiting : seq);
    }
}

static void end_when_reached(struct tracker *t, uint32_t flow, enum direction d, struct tcp_side *s)
{
    if (!(s->flags & SIDE_FIN) || (s->flags & SIDE_ENDED) || ahead(s->fin, s->next) > 0)
        return;
    s->flags |= SIDE_ENDED;
    talk_direction_end(t, flow, d);
}

/* `data` at `seq` was handed over before, up to `next`.  What repeats the one byte before `next` is a
 * keep-alive, whose byte may be anything (RFC 9293, 3.8.4). */
static void compare_with_recent(struct tracker *t, uint32_t flow, enum direction d, const struct tcp_side *s,
                                uint32_t seq, struct bytes data)
{
    size_t at;

    if (data.len == 0 || (data.len == 1 && seq + 1 == s->next))
        return;
    if (tcp_recent_differs(t->recent, stream_number(t, flow, d), seq, data, &t->readable, &at))
        tcp_tell_conflict(t, data.origin + at);
}

/* True when the segment is so far off that it tells nothing; two in a row that continue
 * each other are where the stream goes on. */
static bool is_odd(struct tracker *t, struct tcp_side *s, uint32_t seq, uint32_t len, uint64_t origin)
{
    const int32_t distance = ahead(seq, s->next);

    if (distance <= AHEAD_MAX && distance >= -BEHIND_MAX) {
        s->flags &= (uint8_t)~SIDE_ODD;
        return false;
    }
    if (!(s->flags & SIDE_ODD) || s->odd != seq) {
        s->flags |= SIDE_ODD;
        s->odd = seq + len;
        return true;
    }
    s->flags &= (uint8_t)~SIDE_ODD;
    while (s->first)
        waiting_free_first(t, s);
    s->next = seq;
    tell_leap(t, origin, distance);
    return false;
}

static void payload(struct tracker *t, uint32_t flow, enum direction d, struct tcp_side *s, uint32_t seq,
                    struct bytes data, uint32_t len, struct passage from)
{
    if (is_odd(t, s, seq, len, data.origin))
        return;
    if (ahead(seq, s->next) <= 0) {
        const uint32_t old = s->next - seq; /* a repetition, or a keep-alive's byte */
        if (old > 0)
            compare_with_recent(t, flow, d, s, seq, bytes_part(data, 0, old));
        if (old < len) {
            deliver(t, flow, d, s, bytes_part(data, old, UINT64_MAX), len - old, tcp_lies_in_capture(t, data), from);
            drain(t, flow, d, s);
        }
        return;
    }
    for (;;) {
        const uint32_t done = waiting_keep(t, s, seq, len, data, from);
        if (done == len)
            return;
        seq += done;
        len -= done;
        data = bytes_part(data, done, UINT64_MAX);
        if (!s->first) { /* all room is taken by other flows */
            skip_to(t, flow, d, s, seq);
            deliver(t, flow, d, s, data, len, tcp_lies_in_capture(t, data), from);
            return;
        }
        skip_to(t, flow, d, s, segment_at(t, s->first)->seq);
        if (ahead(seq, s->next) <= 0) {
            const uint32_t old = s->next - seq;
            if (old < len)
                deliver(t, flow, d, s, bytes_part(data, old, UINT64_MAX), len - old, tcp_lies_in_capture(t, data),
                        from);
            drain(t, flow, d, s);
            return;
        }
    }
}

/* Content of a side that a FIN ended.  What repeats may repeat with other bytes.  What lies behind the end shows
 * that it was none (a FIN that was not the sender's, perhaps): it counts and is searched, but no protocol goes on
 * with it.  One byte in the place of the FIN is a keep-alive's. */
static void behind_end(struct tracker *t, uint32_t flow, enum direction d, struct tcp_side *s, uint32_t seq,
                       struct bytes data, uint32_t len, struct passage from)
{
    if (ahead(seq + len, s->fin) <= 0) {
        compare_with_recent(t, flow, d, s, seq, data);
        return;
    }
    if (len == 1 && seq == s->fin)
        return;
    s->flags &= (uint8_t)~(SIDE_FIN | SIDE_ENDED);
    if (seq == s->fin + 1)
        s->next = seq; /* the FIN has a number, too */
    talk_direction_goes_on(t, flow, d);
    payload(t, flow, d, s, seq, data, len, from);
}

/* What leaps is believed when the next says the same. */
static bool acknowledgement_is_sure(struct tcp_side *s, uint32_t ack)
{
    const int32_t leap = ahead(ack, ahead(s->acked, s->next) > 0 ? s->acked : s->next);

    if (leap <= SURE_MAX) {
        s->flags &= (uint8_t)~SIDE_ODD_ACK;
        return true;
    }
    const bool agrees = (s->flags & SIDE_ODD_ACK) && ahead(ack, s->odd_ack) >= 0 && ahead(ack, s->odd_ack) <= LEAP_MAX;
    s->flags = (uint8_t)(agrees ? s->flags & ~SIDE_ODD_ACK : s->flags | SIDE_ODD_ACK);
    s->odd_ack = ack;
    return agrees && leap <= AHEAD_MAX;
}

/* The peer says that it has all before `ack`. */
static void acknowledged(struct tcp_side *s, uint32_t ack, bool of_syn)
{
    if (!(s->flags & SIDE_KNOWN)) {
        s->flags |= SIDE_KNOWN | (of_syn ? SIDE_SYN : SIDE_SOFT);
        s->base = of_syn ? ack - 1 : ack;
        s->next = s->acked = ack;
        return;
    }
    if (ahead(ack, s->acked) > 0 && acknowledgement_is_sure(s, ack))
        s->acked = ack;
    if ((s->flags & SIDE_FIN) && ack == s->fin + 1)
        s->acked = s->fin;
    const int32_t past = ahead(s->acked, s->next);
    /* One byte past all that was seen may be a FIN that was not captured. */
    if (past <= 0 || (past == 1 && !s->first))
        s->flags &= (uint8_t)~SIDE_PENDING;
    else if (!(s->flags & SIDE_PENDING)) {
        s->flags |= SIDE_PENDING;
        s->pending = s->acked;
        s->patience = 0;
    }
}

static void lose_patience(struct tracker *t, uint32_t flow, enum direction d, struct tcp_side *s)
{
    if (!(s->flags & SIDE_PENDING))
        return;
    if (ahead(s->pending, s->next) <= 0) {
        s->flags &= (uint8_t)~SIDE_PENDING;
    } else if (++s->patience > ACK_PATIENCE) {
        s->flags &= (uint8_t)~SIDE_PENDING;
        give_up_until(t, flow, d, s, s->pending);
        end_when_reached(t, flow, d, s);
    }
}

/* Of the side only acknowledgements came before its SYN: what an earlier connection of the same ports left behind (RFC
 * 9293,
 * 3.5.1, figure 9), and its numbers are not this one's. */
static bool begins_anew(const struct tcp_side *s, const struct tcp_header *h)
{
    return (h->flags & TCP_SYN) && s->next == s->base && !s->first && !(s->flags & (SIDE_SYN | SIDE_FIN));
}

static void begin(struct flow *f, struct tcp_side *s, const struct tcp_header *h)
{
    if (h->flags & TCP_SYN)
        f->flags |= FLOW_FROM_START;
    if (begins_anew(s, h))
        s->flags = 0;
    else if (s->flags & SIDE_KNOWN && !(s->flags & SIDE_SOFT))
        return;
    s->flags = (uint8_t)((s->flags & ~SIDE_SOFT) | SIDE_KNOWN | (h->flags & TCP_SYN ? SIDE_SYN : 0));
    s->base = h->seq;
    s->next = h->flags & TCP_SYN ? h->seq + 1 : h->seq;
    s->acked = s->next;
}

/* The first that is captured of a side, in the middle of its stream: one byte of nothing, and not pushed, is a
 * keep-alive, which repeats what the peer has (RFC 9293, 3.8.4). */
static bool begins_with_keep_alive(const struct tcp_side *s, const struct tcp_header *h)
{
    return !(s->flags & SIDE_KNOWN) && h->payload_len == 1 && h->flags == TCP_ACK &&
           (h->payload.len == 0 || h->payload.at[0] == 0);
}

void tcp_segment(struct tracker *t, uint32_t flow, enum direction d, const struct tcp_header *h, struct passage from)
{
    struct flow *f = flow_at(&t->table, flow);
    struct tcp tcp;
    struct tcp_side *s = &tcp.side[d], *peer = &tcp.side[!d];

    if (h->flags & TCP_RST) {
        flow_touch(&t->table, flow, FLOW_LIST_CLOSED);
        return; /* its numbers and its text are nobody's content */
    }
    load(t, f, &tcp);
    const bool keep_alive = begins_with_keep_alive(s, h);
    begin(f, s, h);
    if (h->flags & TCP_ACK)
        acknowledged(peer, h->ack, (h->flags & TCP_SYN) != 0);

    const uint32_t seq = h->flags & TCP_SYN ? h->seq + 1 : h->seq;
    const uint32_t len = h->payload_len > 1u << 20 ? 1u << 20 : (uint32_t)h->payload_len;
    if (keep_alive)
        s->next = s->acked = seq + 1;
    else if (len > 0 && !(s->flags & SIDE_ENDED))
        payload(t, flow, d, s, seq, bytes_part(h->payload, 0, len), len, from);
    else if (len > 0)
        behind_end(t, flow, d, s, seq, bytes_part(h->payload, 0, len), len, from);
    if ((h->flags & TCP_FIN) && !(s->flags & SIDE_FIN) && ahead(seq + len, s->next) >= 0 &&
        ahead(seq + len, s->next) <= SURE_MAX) {
        s->fin = seq + len;
        s->flags |= SIDE_FIN;
    }
    end_when_reached(t, flow, d, s);
    lose_patience(t, flow, d, s);
    lose_patience(t, flow, !d, peer);
    store(t, f, &tcp);
    if ((s->flags & SIDE_ENDED) && (peer->flags & SIDE_ENDED))
        flow_touch(&t->table, flow, FLOW_LIST_CLOSED);
}

void tcp_finish(struct tracker *t, uint32_t flow)
{
    struct flow *f = flow_at(&t->table, flow);
    struct tcp tcp;

    if (!f->tcp_more)
        return;
    load(t, f, &tcp);
    for (int i = DIRECTION_OUT; i <= DIRECTION_IN; i++) {
        const enum direction d = (enum direction)i;
        struct tcp_side *s = &tcp.side[d];
        while (s->first)
            skip_to(t, flow, d, s, segment_at(t, s->first)->seq);
        if (ahead(s->acked, s->next) > 1)
            skip_to(t, flow, d, s, s->acked);
        if ((s->flags & SIDE_FIN) && ahead(s->fin, s->next) > 0)
            skip_to(t, flow, d, s, s->fin);
        end_when_reached(t, flow, d, s);
    }
    pool_give(&t->tcps, f->tcp_more);
    f->tcp_more = 0;
}
