#include "packet/conversation.h"

#include "packet/early.h"
#include "packet/talk_state.h"

enum {
    DATAGRAM_TRIES = 64,        /* datagrams that are offered to every protocol */
    GREETING_MAX = 4096,        /* of a direction, ahead of a protocol that begins late */
};

static struct payload_view *view_open(struct talk *k, struct text_list decoding, uint64_t offset)
{
    struct payload_search *search = k->tracker->reading->search;
    const bool inside = (flow_at(&k->tracker->table, k->flow)->flags & FLOW_INSIDE) != 0;
    const struct payload_source source = {
        .flow = k->c.flow,
        .destination = text_known(k->c.row.host) ? k->c.row.host : inside ? k->c.row.tunnel_to : k->c.row.dst,
        .decoding = decoding,
        .packet_first = k->c.packet,
        .offset = (int64_t)offset,
        .at_utc_ns = k->c.at_utc_ns,
    };

    return search->open(search, k->tracker->reading, &source);
}

/* Whether the raw bytes that left are searched here, and not by the protocol. */
static bool raw_wanted(const struct talk *k)
{
    const struct protocol *p = k->c.protocol;

    if (!k->tracker->reading->search)
        return false;
    return !p || !p->feeds_views ||
        ((p->search_when_lost || k->c.search_rest) && k->side[DIRECTION_OUT].mode == MODE_OPAQUE);
}

static void raw_feed(struct talk *k, enum direction d, struct bytes b, struct passage from)
{
    static const struct text nothing;

    if (d != DIRECTION_OUT || b.len == 0 || !raw_wanted(k))
        return;
    if (!k->raw && !k->raw_tried) {
        k->raw_tried = true;
        k->raw = view_open(k, (struct text_list){ .items = &nothing, .count = 0 }, b.origin);
    }
    if (k->raw)
        k->tracker->reading->search->feed(k->raw, b, from.packet, from.at_utc_ns);
}

static void raw_feed_hold(struct talk *k, enum direction d)
{
    struct passage from = { FACT_UNKNOWN_INT, FACT_UNKNOWN_INT };

    for (uint32_t i = 0; i < k->side[d].hold.piece_count; i++) {
        const struct bytes piece = hold_piece(&k->side[d].hold, i, &from);
        raw_feed(k, d, piece, from);
    }
}

static void raw_gap(struct talk *k, enum direction d, uint64_t missing)
{
    if (d == DIRECTION_OUT && k->raw)
        k->tracker->reading->search->gap(k->raw, missing);
}

static void side_opaque(struct talk *k, enum direction d)
{
    struct talk_side *s = &k->side[d];
    const bool was_head = s->mode == MODE_HEAD;

    s->mode = MODE_OPAQUE;
    if (was_head || (k->c.protocol && k->c.protocol->feeds_views)) /* else they were fed on arrival */
        raw_feed_hold(k, d);
    hold_done(&s->hold);
}

void talk_side_end(struct talk *k, enum direction d)
{
    struct talk_side *s = &k->side[d];

    if (s->mode == MODE_HEAD)
        side_opaque(k, d);
    if (s->mode == MODE_STREAM && k->c.protocol->stream_end)
        k->c.protocol->stream_end(&k->c, d, hold_bytes(&s->hold));
    s->mode = MODE_ENDED;
    hold_done(&s->hold);
}

static void at_passage(struct talk *k, struct passage from)
{
    k->c.packet = from.packet;
    k->c.at_utc_ns = from.at_utc_ns;
}

/* Lets the protocol read what is held.  False: the direction is opaque now. */
static bool stream_hold(struct talk *k, enum direction d)
{
    struct talk_side *s = &k->side[d];
    const size_t n = k->c.protocol->stream(&k->c, d, hold_bytes(&s->hold));

    if (n == SIZE_MAX || (n == 0 && s->hold.len == PROTOCOL_HOLD_MAX)) {
        side_opaque(k, d);
        return false;
    }
    hold_consume(&s->hold, n < s->hold.len ? n : s->hold.len);
    return true;
}

static void stream_feed(struct talk *k, enum direction d, struct bytes data, struct passage from)
{
    struct talk_side *s = &k->side[d];

    if (!k->c.protocol->feeds_views)
        raw_feed(k, d, data, from);
    if (s->hold.len == 0) {
        const size_t n = k->c.protocol->stream(&k->c, d, data);
        if (n == SIZE_MAX) {
            side_opaque(k, d);
            if (k->c.protocol->feeds_views)
                raw_feed(k, d, data, from);
            return;
        }
        data = bytes_part(data, n, UINT64_MAX);
        const size_t held = hold_add(&s->hold, data, from);
        if (held == data.len)
            return;
        data = bytes_part(data, held, UINT64_MAX);
        if (!stream_hold(k, d))
            goto lost;
    }
    while (data.len > 0) {
        data = bytes_part(data, hold_add(&s->hold, data, from), UINT64_MAX);
        if (!stream_hold(k, d))
            goto lost;
    }
    return;
lost:
    if (k->c.protocol->feeds_views)
        raw_feed(k, d, data, from);
}

static struct passage last_passage(const struct hold *h)
{
    struct passage from = { FACT_UNKNOWN_INT, FACT_UNKNOWN_INT };

    if (h->piece_count)
        hold_piece(h, h->piece_count - 1, &from);
    return from;
}

static void head_to_stream(struct talk *k, enum direction d)
{
    struct talk_side *s = &k->side[d];

    if (s->hold.len == 0) {
        s->mode = MODE_STREAM;
        return;
    }
    at_passage(k, last_passage(&s->hold));
    if (!k->c.protocol->feeds_views)
        raw_feed_hold(k, d);
    s->mode = MODE_STREAM;
    stream_hold(k, d);
}

static bool choose(struct talk *k, size_t i)
{
    const struct protocol *p = protocols[i];

    if (p->state_bytes) {
        k->c.state = arena_alloc(k->c.arena, 1, p->state_bytes);
        if (!k->c.state)
            return false;
    }
    k->c.protocol = p;
    k->c.row.service = text_of(p->service);
    return true;
}

/* A protocol recognised the head of `d`: both directions are its from now on, the one
 * that was captured first goes first. */
static void stream_begin(struct talk *k, enum direction d, size_t i)
{
    struct talk_side *other = &k->side[!d];
    const struct passage now = { k->c.packet, k->c.at_utc_ns };

    if (!choose(k, i)) {
        side_opaque(k, d);
        return;
    }
    if (other->mode == MODE_HEAD && other->hold.len > 0 && (other->refused >> i & 1))
        side_opaque(k, !d);
    if (other->mode == MODE_HEAD && other->hold.len > 0 &&
        other->hold.pieces[0].from.packet < k->side[d].hold.pieces[0].from.packet)
        head_to_stream(k, !d);
    head_to_stream(k, d);
    if (other->mode == MODE_HEAD)
        head_to_stream(k, !d);
    at_passage(k, now);
}

/* Offers the head of a direction to every protocol that has not refused it.  YES: `taker` is who takes it. */
static enum recognition offer(struct talk *k, enum direction d, struct bytes head, size_t *taker)
{
    struct talk_side *s = &k->side[d];
    enum recognition answer = RECOGNISED_NO;

    for (uint64_t left = k->tracker->stream_takers & ~s->refused; left; left &= left - 1) {
        const size_t i = (size_t)__builtin_ctzll(left);
        switch (protocols[i]->recognise_stream(&k->c, d, head)) {
        case RECOGNISED_YES:
            *taker = i;
            return RECOGNISED_YES;
        case RECOGNISED_MAYBE:
            answer = RECOGNISED_MAYBE;
            break;
        case RECOGNISED_NO:
            s->refused |= UINT64_C(1) << i;
            break;
        }
    }
    return answer;
}

/* Takes in bytes of a direction that is nobody's yet; gives those that are left.  What all refuse at once, as they do
 * most of what is opaque, is not held before. */
static struct bytes head_feed(struct talk *k, enum direction d, struct bytes data, struct passage from)
{
    struct talk_side *s = &k->side[d];
    const bool at_once = s->hold.len == 0 && data.len <= PROTOCOL_HOLD_MAX;
    size_t taker = 0;
    enum recognition answer = at_once ? offer(k, d, data, &taker) : RECOGNISED_MAYBE;

    if (answer == RECOGNISED_NO) {
        s->mode = MODE_OPAQUE;
        return data;
    }
    const size_t held = hold_add(&s->hold, data, from);
    if (!at_once)
        answer = offer(k, d, hold_bytes(&s->hold), &taker);
    if (answer == RECOGNISED_YES)
        stream_begin(k, d, taker);
    else if (answer == RECOGNISED_NO || s->hold.len == PROTOCOL_HOLD_MAX)
        side_opaque(k, d);
    return bytes_part(data, held, UINT64_MAX);
}

/* Which protocol begins with this segment behind bytes of nobody; false: none.  The segment is counted already. */
static bool late_taker(const struct tracker *t, const struct flow *f, enum direction d, struct bytes segment,
                       size_t *taker)
{
    if (f->count[d].payload_high > 0 || f->count[d].payload > GREETING_MAX + segment.len)
        return false;
    for (uint64_t left = t->late_takers; left; left &= left - 1) {
        *taker = (size_t)__builtin_ctzll(left);
        if (protocols[*taker]->begins_late(segment))
            return true;
    }
    return false;
}

/* Both directions are the protocol's from here on; what came before stays nobody's. */
static void late_begin(struct talk *k, size_t i)
{
    for (enum direction d = DIRECTION_OUT; d <= DIRECTION_IN; d++)
        if (k->side[d].mode == MODE_HEAD)
            side_opaque(k, d);
    if (!choose(k, i))
        return;
    for (enum direction d = DIRECTION_OUT; d <= DIRECTION_IN; d++)
        if (k->side[d].mode == MODE_OPAQUE)
            k->side[d].mode = MODE_STREAM;
}

static void side_feed(struct talk *k, enum direction d, struct bytes data, struct passage from)
{
    struct talk_side *s = &k->side[d];
    size_t taker;

    if (!k->c.protocol && (s->mode == MODE_OPAQUE || s->hold.len > 0) &&
        late_taker(k->tracker, flow_at(&k->tracker->table, k->flow), d, data, &taker))
        late_begin(k, taker);
    while (s->mode == MODE_HEAD && data.len > 0)
        data = head_feed(k, d, data, from);
    if (data.len == 0)
        return;
    if (s->mode == MODE_STREAM)
        stream_feed(k, d, data, from);
    else if (s->mode == MODE_OPAQUE)
        raw_feed(k, d, data, from);
}

/* Frees the talk when it holds nothing that the flow does not remember itself. */
static void over_perhaps(struct tracker *t, uint32_t flow, struct talk *k)
{
    struct flow *f = flow_at(&t->table, flow);
    const bool begins = k->side[DIRECTION_OUT].mode == MODE_HEAD || k->side[DIRECTION_IN].mode == MODE_HEAD;

    if ((k->side[DIRECTION_OUT].mode == MODE_ENDED || !raw_wanted(k)) && talk_remember(k, f)) {
        talk_finish(t, flow);
        if (!begins)
            f->flags |= FLOW_MUTE;
        return;
    }
    talk_count_bytes(k);
    talks_make_room(t, f->talk);
}

static bool nobody_listens(const struct tracker *t, const struct flow *f, enum direction d)
{
    return (f->flags & FLOW_MUTE) || (!t->reading->search && !f->talk &&
                                      (f->flags & (d == DIRECTION_OUT ? FLOW_OPAQUE_OUT : FLOW_OPAQUE_IN)));
}

void talk_bytes(struct tracker *t, uint32_t flow, enum direction d, struct bytes data, struct passage from)
{
    struct flow *f = flow_at(&t->table, flow);
    size_t taker;

    count_payload(&f->count[d], data.len);
    if (f->flags & FLOW_SET_ASIDE) {
        t->talks_evicted++;
        f->flags &= (uint16_t)~FLOW_SET_ASIDE; /* counted once */
    }
    if (nobody_listens(t, f, d) && (f->labels || !late_taker(t, f, d, data, &taker)))
        return;
    f->flags &= (uint16_t)~FLOW_MUTE;
    struct talk *k = talk_get(t, flow);
    at_passage(k, from);
    side_feed(k, d, data, from);
    over_perhaps(t, flow, k);
}

void talk_leap(struct tracker *t, uint32_t flow, enum direction d, uint64_t missing)
{
    const struct flow *f = flow_at(&t->table, flow);

    if (!f->talk)
        return;
    struct talk *k = talk_at(t, f->talk);
    struct talk_side *s = &k->side[d];
    if (s->mode == MODE_HEAD && s->hold.len > 0) {
        side_opaque(k, d);
    } else if (s->mode == MODE_STREAM) {
        hold_done(&s->hold);
        if (!k->c.protocol->gap || !k->c.protocol->gap(&k->c, d, missing))
            side_opaque(k, d);
    }
    raw_gap(k, d, missing);
    over_perhaps(t, flow, k);
}

void talk_gap(struct tracker *t, uint32_t flow, enum direction d, uint64_t missing)
{
    if (d == DIRECTION_OUT)
        flow_at(&t->table, flow)->at.missing_out += missing;
    talk_leap(t, flow, d, missing);
}

void talk_direction_end(struct tracker *t, uint32_t flow, enum direction d)
{
    const struct flow *f = flow_at(&t->table, flow);

    if (!f->talk)
        return;
    struct talk *k = talk_at(t, f->talk);
    talk_side_end(k, d);
    over_perhaps(t, flow, k);
}

void talk_direction_goes_on(struct tracker *t, uint32_t flow, enum direction d)
{
    struct flow *f = flow_at(&t->table, flow);

    if (f->talk && talk_at(t, f->talk)->side[d].mode == MODE_ENDED)
        talk_at(t, f->talk)->side[d].mode = MODE_OPAQUE;
    if (!f->talk) {
        f->flags |= d == DIRECTION_OUT ? FLOW_OPAQUE_OUT : FLOW_OPAQUE_IN;
        f->flags &= (uint16_t)~FLOW_MUTE;
    }
}

static void datagram_feed(struct talk *k, struct flow *f, enum direction d, struct bytes data)
{
    uint64_t left = !k->c.protocol && f->tries < DATAGRAM_TRIES ? k->tracker->datagram_takers : 0;

    for (; left; left &= left - 1) {
        const size_t i = (size_t)__builtin_ctzll(left);
        if (protocols[i]->recognise_datagram(&k->c, d, data) == RECOGNISED_YES && choose(k, i))
            break;
    }
    if (!k->c.protocol && f->tries < DATAGRAM_TRIES)
        f->tries++;
    else if (k->c.protocol && k->c.protocol->datagram)
        k->c.protocol->datagram(&k->c, d, data);
}

void talk_datagram(struct tracker *t, uint32_t flow, enum direction d, struct bytes data, uint64_t missing,
                   struct passage from)
{
    struct flow *f = flow_at(&t->table, flow);

    count_payload(&f->count[d], data.len);
    if (d == DIRECTION_OUT)
        f->at.missing_out += missing;
    if (data.len == 0 || (f->flags & FLOW_MUTE))
        return;
    struct talk *k = talk_get(t, flow);
    at_passage(k, from);
    datagram_feed(k, f, d, data);
    raw_feed(k, d, data, from);
    raw_gap(k, d, missing); /* of 0, too: nothing lies in two datagrams */
    if (!k->c.protocol && f->tries == DATAGRAM_TRIES && !t->reading->search) {
        talk_finish(t, flow);
        f->flags |= FLOW_MUTE;
        return;
    }
    talk_count_bytes(k);
    talks_make_room(t, f->talk);
}

void talk_unread(struct tracker *t, uint32_t flow, enum direction d, struct bytes data, uint64_t missing,
                 struct passage from)
{
    flow_at(&t->table, flow)->tries = DATAGRAM_TRIES;
    talk_datagram(t, flow, d, data, missing, from);
}

static struct talk *talk_of(struct conversation *c)
{
    return (struct talk *)c;
}

void conversation_readable(struct conversation *c, enum direction d, uint64_t n)
{
    const uint64_t most = (UINT64_C(1) << 48) - 1; /* what the flow's field holds */
    struct flow *f = flow_at(&talk_of(c)->tracker->table, talk_of(c)->flow);

    if (d == DIRECTION_OUT)
        f->at.readable_out = n < most - f->at.readable_out ? f->at.readable_out + n : most;
}

static int trust(struct text host_source)
{
    static const char *const least_first[] = { "certificate", "dns", "quic_sni", "sni", "http_host" };

    for (int i = 0; i < (int)(sizeof least_first / sizeof *least_first); i++)
        if (text_equal(host_source, text_of(least_first[i])))
            return i + 1;
    return 0;
}

void conversation_host(struct conversation *c, struct text host, const char *host_source)
{
    if (!text_known(host) || host.len == 0)
        return;
    if (text_known(c->row.host) && trust(c->row.host_source) >= trust(text_of(host_source)))
        return;
    c->row.host = host;
    c->row.host_source = text_of(host_source);
    early_named(talk_of(c)->tracker, talk_of(c)->flow);
}

void conversation_name_learnt(struct conversation *c, struct text client, struct text address,
                              struct text name, int64_t at_utc_ns, int64_t ttl_s)
{
    struct address client_address, named;

    if (address_of_text(client, &client_address) && address_of_text(address, &named))
        names_learn(talk_of(c)->tracker->names, &client_address, &named, name, at_utc_ns, ttl_s);
}

void conversation_expect(struct conversation *c, struct text address, int64_t port, const struct protocol *protocol)
{
    struct address end;

    if (port > 0 && port <= UINT16_MAX && address_of_text(address, &end))
        expected_add(&talk_of(c)->tracker->expected, &end, (uint16_t)port, protocol);
}

int64_t conversation_device(struct conversation *c, const struct fact_device *row, struct text sent_by)
{
    return devices_learn(talk_of(c)->tracker->devices, c->reading->facts, row, sent_by);
}

struct payload_view *conversation_view(struct conversation *c, enum direction d, struct text_list decoding,
                                       uint64_t offset)
{
    if (d != DIRECTION_OUT || !talk_of(c)->tracker->reading->search)
        return NULL;
    return view_open(talk_of(c), decoding, offset);
}
