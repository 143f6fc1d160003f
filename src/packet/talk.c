#include "packet/talk_state.h"

#include <stdlib.h>
#include <string.h>

enum {
    ARENA_BYTES_MAX = 1 << 20,  /* per conversation */
    TALKS_MAX = 1 << 16,
};

/* Most talks are short, and the next one begins when the last is hardly gone: their arenas go from one to the other. */
static struct arena *arena_take(struct tracker *t)
{
    return t->arena_spares > 0 ? t->arena_spare[--t->arena_spares] : arena_new_small(ARENA_BYTES_MAX);
}

static void arena_give(struct tracker *t, struct arena *a)
{
    if (t->arena_spares == TRACKER_ARENAS_SPARE) {
        arena_free(a);
        return;
    }
    arena_reset(a);
    t->arena_spare[t->arena_spares++] = a;
}

void talks_init(struct tracker *t)
{
    pool_init(&t->talks, sizeof(struct talk), TALKS_MAX);
    for (size_t i = 0; i < protocol_count && i < PROTOCOLS_MAX; i++) {
        t->stream_takers |= (uint64_t)(protocols[i]->recognise_stream != NULL) << i;
        t->late_takers |= (uint64_t)(protocols[i]->begins_late != NULL) << i;
        t->datagram_takers |= (uint64_t)(protocols[i]->recognise_datagram != NULL) << i;
    }
}

void talks_done(struct tracker *t)
{
    while (t->arena_spares > 0)
        arena_free(t->arena_spare[--t->arena_spares]);
    pool_done(&t->talks);
}

static void list_append(struct tracker *t, uint32_t i)
{
    struct talk *k = talk_at(t, i);

    k->newer = 0;
    k->older = t->talk_newest;
    if (k->older)
        talk_at(t, k->older)->newer = i;
    else
        t->talk_oldest = i;
    t->talk_newest = i;
}

static void list_take_out(struct tracker *t, uint32_t i)
{
    const struct talk *k = talk_at(t, i);

    if (k->older)
        talk_at(t, k->older)->newer = k->newer;
    else
        t->talk_oldest = k->newer;
    if (k->newer)
        talk_at(t, k->newer)->older = k->older;
    else
        t->talk_newest = k->older;
}

void talk_count_bytes(struct talk *k)
{
    const size_t bytes = sizeof *k + 1024 + arena_used_bytes(k->c.arena) + hold_memory(&k->side[0].hold) +
                         hold_memory(&k->side[1].hold);

    k->tracker->talk_bytes += bytes - k->counted_bytes;
    k->counted_bytes = bytes;
}

/* Nothing is held, and nobody waits for more of what was there before. */
static bool is_idle(const struct talk_side *s)
{
    return s->mode == MODE_OPAQUE || s->mode == MODE_ENDED || (s->mode == MODE_HEAD && s->hold.len == 0);
}

bool talk_remember(const struct talk *k, struct flow *f)
{
    const bool begins = k->side[DIRECTION_OUT].mode == MODE_HEAD || k->side[DIRECTION_IN].mode == MODE_HEAD;

    if (!is_idle(&k->side[DIRECTION_OUT]) || !is_idle(&k->side[DIRECTION_IN]) || (begins && k->c.protocol))
        return false;
    if (k->side[DIRECTION_OUT].mode != MODE_HEAD)
        f->flags |= FLOW_OPAQUE_OUT;
    if (k->side[DIRECTION_IN].mode != MODE_HEAD)
        f->flags |= FLOW_OPAQUE_IN;
    return true;
}

void talks_make_room(struct tracker *t, uint32_t current)
{
    while (t->talk_oldest && t->talk_oldest != current &&
           (t->talk_bytes > TRACKER_TALK_BYTES_MAX || t->talks.taken == t->talks.limit)) {
        const uint32_t flow = talk_at(t, t->talk_oldest)->flow;
        struct flow *f = flow_at(&t->table, flow);
        /* Bytes that no protocol reads can go on being searched in a new talk. */
        const bool goes_on = !talk_at(t, t->talk_oldest)->c.protocol && talk_remember(talk_at(t, t->talk_oldest), f);
        talk_finish(t, flow);
        if (f->ip_protocol == IP_TCP && !goes_on) {
            f->flags |= FLOW_MUTE; /* its place in the stream is lost */
            f->flags |= FLOW_SET_ASIDE;
        }
    }
}

static void row_begin(struct talk *k, const struct flow *f)
{
    k->c.row = k->tracker->empty_row;
    flow_row(f, &k->c.row, &k->room);
    if (f->labels) {
        struct text *items = arena_alloc(k->c.arena, FLOW_LIST_ITEMS_MAX, sizeof *items);
        if (items)
            flow_labels_unpack(f->labels, &k->c.row, items);
    }
    if (!text_known(k->c.row.host) && f->name) {
        k->c.row.host = names_text(k->tracker->names, f->name);
        k->c.row.host_source = TEXT("dns");
    }
}

struct talk *talk_get(struct tracker *t, uint32_t flow)
{
    struct flow *f = flow_at(&t->table, flow);

    if (f->talk) {
        if (t->talk_newest != f->talk) {
            list_take_out(t, f->talk);
            list_append(t, f->talk);
        }
        return talk_at(t, f->talk);
    }
    talks_make_room(t, 0);
    f->talk = pool_take(&t->talks);
    struct talk *k = talk_at(t, f->talk);
    memset(k, 0, offsetof(struct talk, room)); /* the room is only written to */
    k->tracker = t;
    k->flow = flow;
    k->c.reading = t->reading;
    k->c.seen = k->seen;
    k->c.arena = arena_take(t);
    k->c.flow = (int64_t)f->at.number;
    k->c.over_tcp = f->ip_protocol == IP_TCP;
    k->c.from_start = (f->flags & FLOW_FROM_START) != 0;
    k->c.client = f->flags & FLOW_CLIENT_IN ? DIRECTION_IN : DIRECTION_OUT;
    if (f->flags & FLOW_OPAQUE_OUT)
        k->side[DIRECTION_OUT].mode = MODE_OPAQUE;
    if (f->flags & FLOW_OPAQUE_IN)
        k->side[DIRECTION_IN].mode = MODE_OPAQUE;
    if (k->c.over_tcp)
        k->c.expected = expected_take(&t->expected, f);
    row_begin(k, f);
    list_append(t, f->talk);
    talk_count_bytes(k);
    return k;
}

static void labels_keep(struct talk *k, struct flow *f)
{
    struct tracker *t = k->tracker;

    if (f->name && k->c.row.host.at == names_text(t->names, f->name).at) {
        k->c.row.host = k->c.row.host_source = TEXT_UNKNOWN; /* the flow has it already */
    }
    t->label_bytes -= flow_labels_bytes(f->labels);
    f->labels = flow_labels_pack(f->labels, &k->c.row);
    t->label_bytes += flow_labels_bytes(f->labels);
}

void talk_end(struct tracker *t, uint32_t flow)
{
    const uint32_t i = flow_at(&t->table, flow)->talk;

    if (!i)
        return;
    struct talk *k = talk_at(t, i);
    talk_side_end(k, DIRECTION_OUT);
    talk_side_end(k, DIRECTION_IN);
    if (k->c.protocol && k->c.protocol->end)
        k->c.protocol->end(&k->c);
    if (k->raw)
        t->reading->search->close(k->raw);
}

void talk_let_go(struct tracker *t, uint32_t flow)
{
    struct flow *f = flow_at(&t->table, flow);
    const uint32_t i = f->talk;

    if (!i)
        return;
    struct talk *k = talk_at(t, i);
    arena_give(t, k->c.arena);
    list_take_out(t, i);
    t->talk_bytes -= k->counted_bytes;
    f->talk = 0;
    pool_give(&t->talks, i);
}

void talk_finish(struct tracker *t, uint32_t flow)
{
    struct flow *f = flow_at(&t->table, flow);

    if (!f->talk)
        return;
    talk_end(t, flow);
    labels_keep(talk_at(t, f->talk), f);
    talk_let_go(t, flow);
}
