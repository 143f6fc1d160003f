#include "scrub/covered.h"

#include <stdlib.h>

#include "base/memory.h"

enum { TELLING_MIN = 4 }; /* bytes: values are aligned to as many at most */

void covered_init(struct covered *c, struct bytes block)
{
    *c = (struct covered){ .block = block };
}

void covered_done(struct covered *c)
{
    free(c->list);
}

void covered_add(struct covered *c, uint64_t from, uint64_t length, bool picture)
{
    const struct bytes part = bytes_part(c->block, from, length);

    if (part.len == 0)
        return;
    if (c->count == COVERED_RANGES_MAX) {
        c->full = true;
        return;
    }
    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 64;
        c->list = memory_resize_array(c->list, c->room, sizeof *c->list);
    }
    c->list[c->count++] = (struct covered_range){ from, from + part.len, picture };
}

void covered_add_part(struct covered *c, struct bytes part)
{
    covered_add(c, part.origin - c->block.origin, part.len, false);
}

static int compare(const void *a, const void *b)
{
    const struct covered_range *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->until < y->until ? -1 : x->until > y->until;
}

static bool is_blank(struct bytes b)
{
    return memcmp(b.at, b.at + 1, b.len - 1) == 0;
}

static void plan_gap(struct covered *c, struct plan *p, uint64_t from, uint64_t until, enum scrub_kind kind,
                     const char *what)
{
    const struct bytes gap = bytes_part(c->block, from, until - from);

    if (gap.len >= TELLING_MIN && !is_blank(gap))
        (void)plan_unknown_of_kind(p, gap, kind, what);
}

void covered_plan(struct covered *c, struct plan *p, enum scrub_kind kind, const char *block_name)
{
    const struct text name = arena_printf(p->r->arena, "%s bytes that nothing points at%c", block_name, 0);
    const char *what = text_known(name) ? name.at : block_name;
    uint64_t ends[2] = { 0, 0 }; /* of structure and of pictures so far */
    uint64_t until = 0, overlaps = 0;

    if (c->full)
        reading_damage(p->r, c->block.origin, FACT_UNKNOWN_INT, 1, "%s has more parts than are followed", block_name);
    if (c->count > 1)
        qsort(c->list, c->count, sizeof *c->list, compare);
    for (size_t i = 0; i < c->count; i++) {
        const struct covered_range *r = &c->list[i];
        if (r->from > until)
            plan_gap(c, p, until, r->from, kind, what);
        overlaps += r->from < ends[!r->picture];
        if (r->until > ends[r->picture])
            ends[r->picture] = r->until;
        if (r->until > until)
            until = r->until;
    }
    plan_gap(c, p, until, c->block.len, kind, what);
    if (overlaps)
        reading_damage(p->r, c->block.origin, FACT_UNKNOWN_INT, (int64_t)overlaps,
                       "pictures in %s lie on top of its metadata", block_name);
}
