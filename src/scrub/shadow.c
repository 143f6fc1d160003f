#include "scrub/shadow.h"

static void put(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    struct shadow *s = (struct shadow *)sink;
    const struct fact_edit *e = row;

    (void)number; /* the outer sink counts for itself */
    (void)fact_put(s->outer, kind, row);
    if (kind != FACT_EDIT || !fact_known_int(e->fill))
        return;
    const uint64_t offset = (uint64_t)e->head.origin.offset, length = (uint64_t)e->head.origin.length;
    if (!s->bytes || offset < s->range.origin || offset - s->range.origin > s->range.len ||
        length > s->range.len - (offset - s->range.origin))
        return;
    if (!s->changed && s->range.len > 0)
        memcpy(s->bytes, s->range.at, s->range.len);
    uint8_t *to = s->bytes + (offset - s->range.origin);
    memset(to, (int)e->fill, length);
    if (e->bytes.len > 0)
        memcpy(to, e->bytes.at, e->bytes.len);
    s->changed = true;
}

void shadow_begin(struct shadow *s, struct plan *plan, struct bytes range, uint8_t *room)
{
    *s = (struct shadow){ .sink = { .put = put }, .outer = plan->r->facts, .plan = plan, .range = range };
    s->bytes = room ? room : arena_alloc(plan->r->arena, range.len, 1);
    plan->r->facts = &s->sink;
}

void shadow_end(struct shadow *s)
{
    s->plan->r->facts = s->outer;
}
