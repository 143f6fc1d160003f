#include "leak/view_decoders.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "leak/view_xor.h"

enum { FIT_BYTES = POSITION_LOOK_AHEAD - STRUCTURE_HEADER_MAX }; /* always to be seen behind what begins before the limit */

bool view_may_decode(const struct view *v)
{
    const struct view_engine *e = v->engine;
    const struct leak_limits *l = &e->index->limits;

    return v->root->decoded < l->decoded_per_view + l->decoded_ratio * v->root->total &&
           e->decoded_total < l->decoded_total / e->share + l->decoded_per_byte * e->root_bytes;
}

bool view_charge(struct view *v, uint64_t n)
{
    v->root->decoded += n;
    v->engine->decoded_total += n;
    return view_may_decode(v);
}

bool view_too_deep(const struct view *v)
{
    return v->depth >= v->engine->index->limits.depth || v->depth >= DEPTHS_MAX;
}

void view_count_refused(struct view *v, uint64_t len)
{
    v->engine->not_decoded += len;
    v->engine->not_followed += view_too_deep(v) ? len : 0;
}

struct view_decoders *decoders_of(struct view *v)
{
    if (!v->decoders)
        v->decoders = memory_alloc_array(1, sizeof *v->decoders);
    return v->decoders;
}

struct text_state **decoders_text(struct view *v) { return &decoders_of(v)->text; }

/* Coordinates of children depend on where they begin alone, not on when: what came in other
 * pieces must give the same.  The factors leave room for what they expand to, so that what
 * is found in one child seldom comes to stand among what is found in the next. */
void view_child_init(struct view *child, struct view *parent, const char *step, uint64_t start)
{
    enum { ROOM_FIRST = 64, ROOM_DEEPER = 8 };
    struct view_engine *e = parent->engine;

    view_init(child, e, parent->root->flow, chain_with(e->chains, parent->chain, text_of(step)),
              (parent->coordinate + start) * (parent->depth == 0 ? ROOM_FIRST : ROOM_DEEPER));
    child->root = parent->root;
    child->depth = parent->depth + 1;
    child->key_bytes = parent->key_bytes;
    child->xored = parent->xored;
    child->where = parent->depth == 0 ? view_place_at(parent, start).where : parent->where;
    e->children_open++;
}

void view_child_done(struct view *child)
{
    child->engine->children_open--;
    view_done(child);
}

void decoders_sign(struct view *v, enum text_sign sign, const uint8_t *at, size_t len, size_t mark, uint64_t base)
{
    switch (sign) {
    case SIGN_ZSTD:
        if (!v->decoders || !v->decoders->pending_count)
            unpack_begin(v, UNPACK_ZSTD, at + mark, len - mark, base + mark);
        break;
    case SIGN_ZIP: unpack_zip_entry(v, at + mark, len - mark, base + mark); break;
    case SIGN_POLYLINE: polyline_begin(v, at + mark, len - mark, base + mark); break;
    case SIGN_PERCENT: runs_find_escaped(v, RUN_PERCENT, at, len, mark, base); break;
    case SIGN_BACKSLASH: runs_find_escaped(v, RUN_BACKSLASH, at, len, mark, base); break;
    }
}

/* Where byte strings begin that may be compressed. */

void decoders_begin(struct view *v, const uint8_t *at, size_t len, uint64_t base, bool whole)
{
    size_t first;
    const size_t seen = len < STRUCTURE_SNIFF_BYTES ? len : STRUCTURE_SNIFF_BYTES;
    const enum structure_kind kind = structure_of(at, len, whole, &first);

    /* What is under a key may look like any container. */
    if (kind != STRUCTURE_MULTIPART && !(whole && seen < XOR_PART_MIN))
        view_xor_begin(v, &decoders_of(v)->xored, at, len, base);
    if (kind != STRUCTURE_NONE) {
        decoders_of(v)->structure = kind;
        v->decoders->item_next = base + first;
        v->chain = chain_with(v->engine->chains, v->chain, text_of(structure_name(kind)));
        return;
    }
    (void)unpack_begin_unsigned(v, at, seen, len, whole && seen == len, base);
}

/* Items that begin before `limit`. */
static void structure_walk(struct view *v, const uint8_t *at, size_t len, size_t limit, uint64_t base)
{
    struct view_decoders *d = v->decoders;

    while (d->structure != STRUCTURE_NONE && d->item_next >= base && d->item_next < base + limit) {
        const size_t i = (size_t)(d->item_next - base);
        struct structure_item item;
        if (!structure_item(d->structure, at + i, len - i, &item)) {
            d->structure = STRUCTURE_NONE;
            return;
        }
        const size_t content = i + item.header;
        const bool whole = item.content <= FIT_BYTES;
        const size_t seen = whole ? (size_t)item.content : FIT_BYTES;
        d->item_next += item.header + item.content;
        if (!item.opaque || len - content < seen)
            continue;
        if (!unpack_begin_unsigned(v, at + content, seen, len - content, whole, base + content) &&
            d->structure == STRUCTURE_PROTOBUF && structure_nested(at + content, seen, whole))
            d->item_next = base + content;
    }
}

/* The content of each part of a multipart body (RFC 2046, 5.1) stands behind an empty line. */
static void multipart_walk(struct view *v, const uint8_t *at, size_t len, size_t done, size_t limit, uint64_t base)
{
    enum { EMPTY_LINE = 4 };
    size_t i = done > EMPTY_LINE ? done - EMPTY_LINE : 0;
    const uint8_t *p;

    while (i + EMPTY_LINE <= len && (p = memmem(at + i, len - i, "\r\n\r\n", EMPTY_LINE))) {
        i = (size_t)(p - at) + EMPTY_LINE;
        if (i >= limit)
            return;
        if (i < done || unpack_begin_unsigned(v, at + i, len - i < FIT_BYTES ? len - i : FIT_BYTES, len - i, false,
                                              base + i))
            continue;
        view_xor_end(v, &v->decoders->xored);
        view_xor_begin(v, &v->decoders->xored, at + i, len - i, base + i);
    }
}

void decoders_find(struct view *v, const uint8_t *at, size_t len, size_t done, size_t limit, uint64_t base)
{
    unpack_begin_pending(v, at, len, base);
    if (v->decoders && v->decoders->structure == STRUCTURE_MULTIPART)
        multipart_walk(v, at, len, done, limit, base);
    else if (v->decoders && v->decoders->structure != STRUCTURE_NONE)
        structure_walk(v, at, len, limit, base);
    if (!view_is_decoded(v))
        return;
    runs_find(v, RUN_ALPHABET, at, len, done, limit, base);
    runs_find(v, RUN_WIDE, at, len, done, limit, base);
    if (v->engine->index->track_count)
        runs_find(v, RUN_CBOR, at, len, done, limit, base);
}

void decoders_continue(struct view *v, const uint8_t *at, size_t len)
{
    struct view_decoders *d = v->decoders;

    if (!d)
        return;
    if (d->unpack)
        unpack_more(v, at, len, v->total);
    else if (d->unpack_refused)
        view_count_refused(v, len);
    for (int kind = 0; kind < RUN_KINDS; kind++)
        run_continue(v, (enum run_kind)kind, at, len, v->total);
    if (d->polylines_open)
        polyline_more(v, at, len, v->total);
    view_xor_more(v, d->xored, at, len);
}

/* Any two bytes may be the sign of a stream.  Where it breaks off within what is looked at for keys, a key there is not
 * worth the search, which costs more than all else. */
void decoders_doubt(struct view *v)
{
    v->xored = true;
    if (v->decoders)
        view_xor_stop(v->decoders->xored);
}

void decoders_close(struct view *v)
{
    if (!v->decoders)
        return;
    unpack_close(v);
    view_xor_end(v, &v->decoders->xored);
    for (int kind = 0; kind < RUN_KINDS; kind++)
        run_close(v, (enum run_kind)kind);
    text_state_free(v->decoders->text);
    free(v->decoders);
    v->decoders = NULL;
}
