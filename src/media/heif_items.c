#include "media/heif_items.h"

#include <stdlib.h>

enum { FILE_OFFSET = 0, IDAT_OFFSET = 1 }; /* construction methods; 2 counts in other items */
enum { STEPS_MAX = 1 << 16 };              /* items, extents and references looked at: some per item and extent kept */

struct reader {
    struct heif_items *to;
    struct heif_extent *extents;
    uint32_t extent_count;
    uint32_t steps;
    struct bytes file, idat;
};

static void lose(struct reader *x, uint64_t at)
{
    if (x->to->lost++ == 0)
        x->to->lost_at = at;
}

/* The item of that id, made when it is new; NULL at the limit. */
static struct heif_item *item_of(struct reader *x, uint32_t id)
{
    struct heif_items *h = x->to;

    if (++x->steps > STEPS_MAX)
        return NULL;
    for (uint32_t i = h->count; i > 0; i--) /* files tell them in one order: mostly the last */
        if (h->items[i - 1].id == id)
            return &h->items[i - 1];
    if (h->count == HEIF_ITEMS_MAX)
        return NULL;
    h->items[h->count] = (struct heif_item){ .id = id };
    return &h->items[h->count++];
}

static struct bytes take_string(struct cursor *c)
{
    const uint8_t *nul = c->rest.len ? memchr(c->rest.at, 0, c->rest.len) : NULL;
    const struct bytes text = cursor_take(c, nul ? (size_t)(nul - c->rest.at) : c->rest.len);

    if (nul)
        cursor_skip(c, 1);
    return text;
}

/* 8.11.6.2.  Versions 0 and 1 have no type: their first string after the name is a content type. */
static void read_infe(struct reader *x, struct bytes body)
{
    struct full_box full;

    if (!full_box_open(body, &full)) {
        lose(x, body.origin);
        return;
    }
    struct cursor c = cursor_over(full.body);
    const uint32_t id = full.version >= 3 ? cursor_u32be(&c) : cursor_u16be(&c);
    const uint16_t protection = cursor_u16be(&c);
    const uint32_t type = full.version >= 2 ? cursor_u32be(&c) : BOX_TYPE('m', 'i', 'm', 'e');
    struct heif_item *item = c.failed ? NULL : item_of(x, id);

    if (!item) {
        lose(x, body.origin);
        return;
    }
    item->type = type;
    item->encrypted = protection != 0;
    item->hidden = full.version >= 2 && full.flags & 1;
    item->name = take_string(&c);
    if (type == BOX_TYPE('m', 'i', 'm', 'e'))
        item->content_type = take_string(&c);
}

static void read_iinf(struct reader *x, struct bytes body)
{
    struct full_box full;
    struct box_walk w;
    struct box box;

    if (!full_box_open(body, &full)) {
        lose(x, body.origin);
        return;
    }
    struct cursor c = cursor_over(full.body);
    const uint32_t promised = full.version == 0 ? cursor_u16be(&c) : cursor_u32be(&c);
    uint32_t found = 0;
    for (box_walk_init(&w, c.rest); box_walk_next(&w, &box); )
        if (box.type == BOX_TYPE('i', 'n', 'f', 'e')) {
            read_infe(x, box.body);
            found++;
        }
    if (found < promised)
        lose(x, w.rest.origin);
}

static void add_extent(struct reader *x, struct heif_item *item, struct bytes from, uint64_t offset, uint64_t length)
{
    struct heif_extent *e = &x->extents[x->extent_count];

    /* Length 0: all of the source (8.11.3.1). */
    e->data = bytes_part(from, offset, length ? length : UINT64_MAX);
    e->missing = length > e->data.len ? length - e->data.len : 0;
    if (item->extent_count++ == 0)
        item->extents = e;
    x->extent_count++;
}

/* One item of iloc (8.11.3.2).  False when it is cut off or beyond the limits. */
static bool read_location(struct reader *x, struct cursor *c, uint8_t version, uint16_t sizes)
{
    const uint64_t at = c->rest.origin;
    const uint32_t id = version < 2 ? cursor_u16be(c) : cursor_u32be(c);
    const uint8_t construction = version > 0 ? cursor_u16be(c) & 15 : FILE_OFFSET;
    const uint16_t data_reference = cursor_u16be(c);
    const uint64_t base = cursor_uint_be(c, sizes >> 4 & 15);
    const uint16_t count = cursor_u16be(c);
    struct heif_item *item = c->failed ? NULL : item_of(x, id);

    if (!item)
        return false;
    bool full = item->located; /* told twice: the first counts */
    item->located = true;
    item->elsewhere |= !full && (data_reference != 0 || construction > IDAT_OFFSET);
    for (uint16_t i = 0; i < count; i++) {
        if (version > 0)
            (void)cursor_uint_be(c, sizes & 15);
        const uint64_t offset = cursor_uint_be(c, sizes >> 12);
        const uint64_t length = cursor_uint_be(c, sizes >> 8 & 15);
        if (c->failed || ++x->steps > STEPS_MAX)
            return false;
        full |= x->extent_count == HEIF_EXTENTS_MAX || base + offset < base;
        if (!item->elsewhere && !full)
            add_extent(x, item, construction == IDAT_OFFSET ? x->idat : x->file, base + offset, length);
    }
    if (full)
        lose(x, at);
    return true;
}

static void read_iloc(struct reader *x, struct bytes body)
{
    struct full_box full;

    if (!full_box_open(body, &full) || full.version > 2) {
        lose(x, body.origin);
        return;
    }
    struct cursor c = cursor_over(full.body);
    const uint16_t sizes = cursor_u16be(&c); /* of offset, length, base offset, index */
    const uint32_t count = full.version < 2 ? cursor_u16be(&c) : cursor_u32be(&c);
    bool known = !c.failed;
    for (int shift = 0; shift < 16; shift += 4)
        known = known && ((sizes >> shift & 15) == 0 || (sizes >> shift & 15) == 4 || (sizes >> shift & 15) == 8);
    if (!known) {
        lose(x, body.origin);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        if (!read_location(x, &c, full.version, sizes)) {
            lose(x, c.rest.origin);
            return;
        }
}

/* 8.11.12: of the kinds of reference, whose thumbnail and whose description something is. */
static void read_iref(struct reader *x, struct bytes body)
{
    struct full_box full;
    struct box_walk w;
    struct box box;

    if (!full_box_open(body, &full)) {
        lose(x, body.origin);
        return;
    }
    for (box_walk_init(&w, full.body); box_walk_next(&w, &box); ) {
        const size_t width = full.version == 0 ? 2 : 4;
        struct cursor c = cursor_over(box.body);
        const uint32_t from = (uint32_t)cursor_uint_be(&c, width);
        const uint16_t count = cursor_u16be(&c);
        const uint32_t to = count ? (uint32_t)cursor_uint_be(&c, width) : 0;
        struct heif_item *item = c.failed || to == 0 ? NULL : item_of(x, from);
        if (item && box.type == BOX_TYPE('t', 'h', 'm', 'b'))
            item->thumbnail_of = to;
        else if (item && box.type == BOX_TYPE('c', 'd', 's', 'c'))
            item->describes = to;
        if (!item && to != 0)
            lose(x, box.whole.origin);
    }
}

static void read_pitm(struct reader *x, struct bytes body)
{
    struct full_box full;

    if (!full_box_open(body, &full))
        return;
    struct cursor c = cursor_over(full.body);
    const uint32_t id = full.version == 0 ? cursor_u16be(&c) : cursor_u32be(&c);
    struct heif_item *item = c.failed ? NULL : heif_item_find(x->to, id);
    if (item)
        item->primary = true;
}

struct heif_item *heif_item_find(const struct heif_items *h, uint32_t id)
{
    for (uint32_t i = 0; i < h->count; i++)
        if (h->items[i].id == id)
            return &h->items[i];
    return NULL;
}

static int by_id(const void *a, const void *b)
{
    const struct heif_item *p = a, *q = b;

    return p->id < q->id ? -1 : p->id > q->id;
}

bool heif_items_read(struct arena *a, struct bytes meta, struct bytes file, struct heif_items *ret)
{
    static const struct { uint32_t type; void (*read)(struct reader *, struct bytes); } parts[] = {
        { BOX_TYPE('i', 'i', 'n', 'f'), read_iinf }, { BOX_TYPE('i', 'l', 'o', 'c'), read_iloc },
        { BOX_TYPE('i', 'r', 'e', 'f'), read_iref }, { BOX_TYPE('p', 'i', 't', 'm'), read_pitm },
    };
    const struct bytes children = box_meta_children(meta);
    struct reader x = { .to = ret, .file = file };
    struct box box;
    bool any = false;

    *ret = (struct heif_items){ .items = arena_alloc(a, HEIF_ITEMS_MAX, sizeof *ret->items) };
    x.extents = arena_alloc(a, HEIF_EXTENTS_MAX, sizeof *x.extents);
    if (!ret->items || !x.extents)
        return false;
    if (box_find(children, BOX_TYPE('i', 'd', 'a', 't'), &box))
        x.idat = box.body;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (box_find(children, parts[i].type, &box)) {
            parts[i].read(&x, box.body);
            any |= i < 2;
        }
    qsort(ret->items, ret->count, sizeof *ret->items, by_id);
    return any;
}
