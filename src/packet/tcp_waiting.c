#include "packet/tcp_waiting.h"

#include <string.h>

enum { SEGMENTS_PER_SIDE_MAX = 1024 };

void tcp_tell_conflict(struct tracker *t, uint64_t offset)
{
    if (offset > t->readable.window.origin + t->readable.window.len)
        offset = t->last_offset; /* the segment was put together from fragments and lies nowhere as a whole */
    if (t->conflicts++ < TRACKER_DAMAGE_ROWS_MAX)
        reading_damage(t->reading, offset, 0, 0,
                       "TCP segments overlap with different content; the bytes captured first were kept");
}

void waiting_free_first(struct tracker *t, struct tcp_side *s)
{
    const uint32_t i = s->first;

    s->first = segment_at(t, i)->following;
    if (!s->first)
        s->last = 0;
    s->count--;
    pool_give(&t->segments, i);
}

static void note_conflict(struct tracker *t, const struct segment *g, struct bytes data, uint32_t seq, uint32_t to)
{
    const uint32_t from = ahead(seq, g->seq) > 0 ? seq : g->seq;
    const uint32_t in_old = from - g->seq, in_new = from - seq;

    if (ahead(to, from) <= 0 || in_old >= g->have || in_new >= data.len)
        return;
    size_t n = to - from;
    if (n > g->have - in_old)
        n = g->have - in_old;
    if (n > data.len - in_new)
        n = data.len - in_new;
    if (memcmp(g->data + in_old, data.at + in_new, n) != 0)
        tcp_tell_conflict(t, data.origin + in_new);
}

/* A segment that waits behind `before` (0: at the front).  0 when there is no room. */
static uint32_t link_segment(struct tracker *t, struct tcp_side *s, uint32_t before, uint32_t seq, uint32_t len,
                             struct bytes data, struct passage from)
{
    if (s->count >= SEGMENTS_PER_SIDE_MAX)
        return 0;
    const uint32_t i = pool_take(&t->segments);
    if (!i)
        return 0;
    struct segment *g = segment_at(t, i);
    g->seq = seq;
    g->len = len;
    g->have = (uint32_t)data.len;
    g->origin = data.origin;
    g->from = from;
    g->in_capture = tcp_lies_in_capture(t, data);
    if (data.len)
        memcpy(g->data, data.at, data.len);
    uint32_t *link = before ? &segment_at(t, before)->following : &s->first;
    g->following = *link;
    *link = i;
    if (!g->following)
        s->last = i;
    s->count++;
    return i;
}

uint32_t waiting_keep(struct tracker *t, struct tcp_side *s, uint32_t seq, uint32_t len, struct bytes data,
                      struct passage from)
{
    const uint32_t end = seq + len;
    uint32_t at = seq, before = 0, i = s->first;

    if (s->last && ahead(seq, segment_at(t, s->last)->seq + segment_at(t, s->last)->len) >= 0) {
        before = s->last; /* behind all others, as nearly always */
        i = 0;
    }
    while (ahead(end, at) > 0) {
        const struct segment *g = i ? segment_at(t, i) : NULL;
        uint32_t until = g && ahead(g->seq, end) < 0 ? g->seq : end;
        if (ahead(until, at) > 0) {
            if (until - at > SEGMENT_DATA_MAX)
                until = at + SEGMENT_DATA_MAX;
            before = link_segment(t, s, before, at, until - at, bytes_part(data, at - seq, until - at), from);
            if (!before)
                return at - seq;
            at = until;
            continue;
        }
        /* `until` is set by `g` here: it begins at or before `at`. */
        const uint32_t g_end = g->seq + g->len;
        if (ahead(g_end, at) > 0) {
            note_conflict(t, g, bytes_part(data, at - seq, UINT64_MAX), at, ahead(g_end, end) < 0 ? g_end : end);
            at = ahead(g_end, end) < 0 ? g_end : end;
        }
        before = i;
        i = g->following;
    }
    return len;
}
