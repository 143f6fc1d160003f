/* Compressed streams inside views. */
#include "leak/view_decoders.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    SMALL_UNPACKS_MAX = 512,  /* at once; about 50 KiB each */
    LARGE_UNPACKS_MAX = 8,    /* zstd and brotli: up to 9 MiB each */
    LARGE_UNPACKS_LEAST = 4,  /* of any engine, whatever its share */
};

static bool unpacked(void *user, struct bytes out)
{
    struct view *v = user;
    struct view_decoders *d = v->decoders;

    view_feed(d->unpacked, out, v->engine->now);
    d->unpack_refused = !view_charge(v, out.len);
    return !d->unpack_refused;
}

static unsigned *open_count(struct view_engine *e, enum unpack_kind kind)
{
    return kind == UNPACK_ZSTD || kind == UNPACK_BROTLI ? &e->large_unpacks : &e->small_unpacks;
}

static unsigned open_max(const struct view_engine *e, enum unpack_kind kind)
{
    if (kind != UNPACK_ZSTD && kind != UNPACK_BROTLI)
        return SMALL_UNPACKS_MAX / e->share;
    const unsigned shared = LARGE_UNPACKS_MAX / e->share;
    return shared > LARGE_UNPACKS_LEAST ? shared : LARGE_UNPACKS_LEAST;
}

void unpack_close(struct view *v)
{
    struct view_decoders *d = v->decoders;

    if (!d->unpack)
        return;
    unpack_free(d->unpack);
    d->unpack = NULL;
    --*open_count(v->engine, d->unpack_kind);
    view_child_done(d->unpacked);
    free(d->unpacked);
    d->unpacked = NULL;
}

/* `at` are the next bytes of the view, from `offset` on. */
void unpack_more(struct view *v, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_decoders *d = v->decoders;
    size_t unused;
    const enum unpack_status status = unpack_feed(d->unpack, (struct bytes){ .at = at, .len = len }, unpacked, v,
                                                  &unused);

    if (status == UNPACK_OK)
        return;
    if (d->unpack_guessed && status == UNPACK_ERROR && !d->unpack_refused) {
        /* It was none: what it seemed to hold is looked at as anything else. */
    } else if (d->unpack_refused) {
        d->unpack_next = UINT64_MAX;
        v->engine->not_decoded += unused;
    } else {
        d->unpack_next = offset + len - unused;
        if (status == UNPACK_ERROR)
            decoders_doubt(d->unpacked);
    }
    unpack_close(v);
}

void unpack_begin(struct view *v, enum unpack_kind kind, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_engine *e = v->engine;
    struct view_decoders *d = decoders_of(v);
    unsigned *open = open_count(e, kind);

    if (d->unpack || d->unpack_refused || offset < d->unpack_next)
        return;
    if (view_too_deep(v) || !view_may_decode(v) || *open >= open_max(e, kind) ||
        e->children_open >= view_children_max(e)) {
        /* Two bytes are no proof, so what is left out is counted, not reported as damage. */
        d->unpack_refused = true;
        view_count_refused(v, len);
        return;
    }
    d->unpack = unpack_new(kind);
    d->unpack_kind = kind;
    d->unpack_guessed = false;
    ++*open;
    d->unpacked = memory_alloc(sizeof *d->unpacked);
    view_child_init(d->unpacked, v, unpack_name(kind), offset);
    unpack_more(v, at, len, offset);
    if (!d->unpack && d->unpack_next < offset + 2)
        d->unpack_next = offset + 2;
}

void decoders_magic(struct view *v, enum position_magic magic, const uint8_t *at, size_t len, uint64_t offset)
{
    if ((v->decoders && v->decoders->pending_count) ||
        !(magic == MAGIC_GZIP ? decode_may_be_gzip(at, len) : decode_may_be_zlib(at, len)))
        return;
    /* Three bytes and what follows them say more than that something unpacks, which a few random bytes do. */
    if (magic == MAGIC_GZIP && v->decoders && v->decoders->unpack && v->decoders->unpack_guessed)
        unpack_close(v);
    unpack_begin(v, magic == MAGIC_GZIP ? UNPACK_GZIP : UNPACK_ZLIB, at, len, offset);
}

/* PKWARE's APPNOTE, 4.3.7: the data of an entry stands behind its name and extra field,
 * which may lie further off than can be seen now. */
void unpack_zip_entry(struct view *v, const uint8_t *at, size_t len, uint64_t offset)
{
    enum { HEADER_BYTES = 30, DEFLATED = 8, NAMES_MAX = 4096 };
    struct view_decoders *d = decoders_of(v);
    struct cursor c = cursor_over((struct bytes){ .at = at, .len = len });

    cursor_skip(&c, 8);
    const uint16_t method = cursor_u16le(&c);
    cursor_skip(&c, 16);
    const uint64_t names = cursor_u16le(&c) + (uint64_t)cursor_u16le(&c);
    if (!c.failed && method == DEFLATED && names <= NAMES_MAX && d->pending_count < ENTRIES_MAX && !d->unpack &&
        offset >= d->unpack_next)
        d->pending[d->pending_count++] = offset + HEADER_BYTES + names;
}

/* Entries of small files stand one behind the other: what looked like a header inside the one before is
 * refused by unpack_begin. */
void unpack_begin_pending(struct view *v, const uint8_t *at, size_t len, uint64_t base)
{
    struct view_decoders *d = v->decoders;
    size_t taken = 0;

    if (!d)
        return;
    while (taken < d->pending_count && d->pending[taken] < base + len) {
        const uint64_t offset = d->pending[taken++];
        if (offset >= base)
            unpack_begin(v, UNPACK_DEFLATE, at + (offset - base), len - (size_t)(offset - base), offset);
    }
    d->pending_count = (uint8_t)(d->pending_count - taken);
    memmove(d->pending, d->pending + taken, d->pending_count * sizeof *d->pending);
}

bool unpack_begin_unsigned(struct view *v, const uint8_t *at, size_t seen, size_t len, bool whole, uint64_t offset)
{
    enum { SEEN_MIN = 16 };
    static const enum unpack_kind kinds[] = { UNPACK_DEFLATE, UNPACK_BROTLI };
    const struct bytes b = { .at = at, .len = seen };

    if (seen < SEEN_MIN || view_too_deep(v) || (v->decoders && v->decoders->unpack))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (decode_may_be_packed(kinds[i] == UNPACK_BROTLI, at, seen) && unpack_fits(kinds[i], b, whole)) {
            unpack_begin(v, kinds[i], at, len, offset);
            if (v->decoders)
                v->decoders->unpack_guessed = true;
            return v->decoders && v->decoders->unpacked;
        }
    return false;
}
