#include "packet/early.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "packet/silence.h"

enum { NAMED_MAX = 16 /* by one frame; two at most are, and more would only come later */ };

struct told {
    uint64_t number;  /* of the row: elements of the flow table are used again */
    uint64_t hash;
};

struct early {
    uint32_t named[NAMED_MAX];
    int named_count;
    struct told *told;       /* by element of the flow table */
    uint32_t told_room;
};

struct early *early_new(void)
{
    return memory_alloc_array(1, sizeof(struct early));
}

void early_free(struct early *e)
{
    if (e)
        free(e->told);
    free(e);
}

void early_named_add(struct early *e, uint32_t flow)
{
    if (e->named_count < NAMED_MAX)
        e->named[e->named_count++] = flow;
}

void early_forget(struct early *e, uint32_t flow)
{
    int kept = 0;

    for (int i = 0; i < e->named_count; i++)
        if (e->named[i] != flow)
            e->named[kept++] = e->named[i];
    e->named_count = kept;
}

static uint64_t hash_field(const struct fact_field *field, const void *row, uint64_t hash)
{
    const void *at = (const char *)row + field->offset;

    switch (field->type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON: {
        const struct text *t = at;
        return hash_mix(t->at, text_known(*t) ? t->len : 0, hash_mix(&t->len, sizeof t->len, hash));
    }
    case FACT_TYPE_LIST: {
        const struct text_list *list = at;
        for (size_t i = 0; list->items && i < list->count; i++)
            hash = hash_mix(list->items[i].at, list->items[i].len, hash + 1);
        return hash;
    }
    case FACT_TYPE_REAL:
        return hash_mix(at, sizeof(double), hash);
    case FACT_TYPE_INT: case FACT_TYPE_BOOL: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        break;
    }
    return hash_mix(at, sizeof(int64_t), hash);
}

bool early_is_news(struct early *e, uint32_t flow, const struct fact_flow *row)
{
    const struct fact_table *table = &fact_tables[FACT_FLOW];
    uint64_t hash = 1;

    for (size_t i = 0; i < table->field_count; i++)
        hash = hash_field(&table->fields[i], row, hash);
    if (flow >= e->told_room) {
        const uint32_t before = e->told_room;
        e->told_room = flow < 1024 ? 2048 : flow * 2;
        e->told = memory_resize_array(e->told, e->told_room, sizeof *e->told);
        memset(e->told + before, 0, (e->told_room - before) * sizeof *e->told);
    }
    struct told *told = &e->told[flow];
    const uint64_t number = (uint64_t)row->head.number;
    if (told->number == number && told->hash == hash)
        return false;
    *told = (struct told){ number, hash };
    return true;
}

static void put_named(struct tracker *t)
{
    struct early *e = t->early;

    for (int i = 0; i < e->named_count; i++)
        tracker_put_flow(t, e->named[i]);
    e->named_count = 0;
}

static void put_closed(struct tracker *t)
{
    uint32_t flow;

    while ((flow = t->table.lists[FLOW_LIST_CLOSED].oldest) != 0 &&
           flow_is_idle(flow_at(&t->table, flow), t->now_utc_ns, EARLY_CLOSED_NS)) {
        tracker_put_flow(t, flow);
        flow_touch(&t->table, flow, FLOW_LIST_TOLD);
    }
}

void early_frame_done(struct tracker *t, bool new_second)
{
    static const struct silence_limits limits = {
        .closed_ns = 60 * NS_PER_S, .datagrams_ns = 120 * NS_PER_S, .tcp_ns = 7200 * NS_PER_S,
    };

    if (t->early->named_count)
        put_named(t);
    if (!new_second)
        return;
    put_closed(t);
    silence_end(t, &limits);
    devices_put_news(t->devices, t->reading);
}
