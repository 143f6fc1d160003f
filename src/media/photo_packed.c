#include "media/photo_packed.h"

#include "base/buffer.h"
#include "base/inflate.h"

enum { RATIO_MAX = 1032 /* more is no deflate stream */ };

/* Rows that are put while a block is read are damage: the others wait for photo_put. */
static void put_moved(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    struct photo_packed *u = (struct photo_packed *)sink;
    struct fact_damage damage;

    (void)number;
    if (kind != FACT_DAMAGE) {
        fact_put(u->to, kind, row);
        return;
    }
    damage = *(const struct fact_damage *)row;
    damage.head.origin = fact_origin_at(u->at.origin, u->at.len);
    fact_put(u->to, kind, &damage);
}

void photo_packed_begin(struct photo_packed *u, struct photo *p, struct bytes at)
{
    *u = (struct photo_packed){ .sink = { .put = put_moved }, .photo = p, .to = p->r->facts, .at = at };
    p->r->facts = &u->sink;
    p->packed = &u->at;
}

void photo_packed_end(struct photo_packed *u)
{
    u->photo->r->facts = u->to;
    u->photo->packed = NULL;
}

static void add(void *user, struct bytes out)
{
    (void)buffer_add(user, out.at, out.len);
}

struct bytes photo_inflate(struct photo *p, struct bytes packed, const char *block_name, uint64_t *budget_bytes)
{
    struct buffer whole;

    if (*budget_bytes == 0) {
        photo_unread(p, packed.origin, packed.len, "%s: packed texts beyond the limit", block_name);
        return (struct bytes){ .origin = packed.origin };
    }
    struct inflate *f = inflate_new(INFLATE_ZLIB, (struct inflate_limit){ *budget_bytes, RATIO_MAX });
    buffer_init(&whole, (size_t)*budget_bytes);
    const enum inflate_status status = inflate_feed(f, packed, add, &whole);
    if (status != INFLATE_END)
        reading_damage(p->r, packed.origin, (int64_t)inflate_unused(f), FACT_UNKNOWN_INT,
                       status == INFLATE_LIMIT ? "%s unpacks to more than is read" :
                       "%s cannot be unpacked to its end", block_name);
    inflate_free(f);
    *budget_bytes -= whole.len;
    const struct text kept = whole.len ? arena_text(p->r->arena, buffer_text(&whole)) : TEXT_UNKNOWN;
    buffer_done(&whole);
    return (struct bytes){ .at = (const uint8_t *)kept.at, .len = kept.len, .origin = packed.origin };
}
