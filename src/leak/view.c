#include "leak/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/fact.h"
#include "leak/position_runs.h"
#include "leak/structure.h"
#include "leak/view_decode.h"
#include "leak/view_xor.h"

enum {
    PIECE_BYTES = VIEW_PIECE_BYTES,
    BATCH_BYTES = 128,  /* fewer new bytes wait for more: streams of tiny segments must not cost a scan each */
    TAIL_MAX = POSITION_LOOK_BEHIND + POSITION_LOOK_AHEAD + BATCH_BYTES,
    WORK_BYTES = PIECE_BYTES + TAIL_MAX,
    PIECES_MAX = 64,     /* where bytes came from is not kept more finely than that */
};
_Static_assert((int)POSITION_LOOK_AHEAD + (int)BATCH_BYTES >= (int)STRUCTURE_SNIFF_BYTES,
               "the first search sees enough to tell what a view is");

struct view_piece {
    uint64_t start; /* offset in the view */
    struct view_where where;
};

/* What of the view is kept between pieces.  Roots remember besides where the bytes came from. */
struct view_tail {
    uint16_t len, room;
    uint16_t done;      /* bytes of it that were searched and only stay for what reaches back */
    uint8_t piece_count, piece_room;
    struct view_piece *pieces;
    struct picture_state picture; /* a JPEG that goes by */
    struct position_runs *runs;   /* NULL while there are none */
    uint8_t bytes[];
};

void view_engine_init(struct view_engine *e, const struct leak_index *index, struct chains *chains,
                      struct view_sink sink)
{
    *e = (struct view_engine){ .index = index, .chains = chains, .sink = sink, .share = 1,
                               .xor_tries_each = XOR_TRIES_EACH };
    const size_t depths = (index->limits.depth < DEPTHS_MAX ? index->limits.depth : DEPTHS_MAX) + 1;
    e->work = memory_alloc(depths * WORK_BYTES);
    e->decoded = memory_alloc(depths * PIECE_BYTES);
}

void view_engine_done(struct view_engine *e)
{
    view_engine_forget(e);
    free(e->work);
    free(e->decoded);
    free(e->ends);
}

void view_engine_forget(struct view_engine *e)
{
    xor_samples_free(e->xor_samples);
    e->xor_samples = NULL;
}

void view_init(struct view *v, struct view_engine *e, int64_t flow, uint16_t chain, uint64_t coordinate)
{
    *v = (struct view){ .engine = e, .flow = flow, .chain = chain, .own_chain = chain, .coordinate = coordinate };
    v->root = v;
}

struct view_place view_place_at(const struct view *v, uint64_t offset)
{
    struct view_place place = {
        .where = v->depth > 0 ? v->where : v->engine->now, .offset = offset, .coordinate = v->coordinate +
            offset, .chain = v->chain,
        .key_bytes = v->key_bytes,
    };
    if (v->depth > 0 || !v->tail || v->tail->piece_count == 0)
        return place;
    const struct view_piece *piece = v->tail->pieces;
    for (size_t i = 1; i < v->tail->piece_count && v->tail->pieces[i].start <= offset; i++)
        piece = &v->tail->pieces[i];
    place.where = piece->where;
    if (fact_known_int(place.where.offset) && offset > piece->start)
        place.where.offset += (int64_t)(offset - piece->start);
    return place;
}

/* Searching */

struct scan {
    struct view *v;
    const uint8_t *at;
    size_t len, from; /* `from`: where in `at` the matcher began */
    size_t done;
    uint64_t base;
};

static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

/* Found in no order; given by their ends, so that the pieces in which a view came do not show. */
static void literal_found(void *user, uint32_t number, size_t end)
{
    struct scan *s = user;
    struct view_engine *e = s->v->engine;

    const struct index_literal *literal = &e->index->literals[number];
    const size_t behind = s->from + end;
    if (behind <= s->done)
        return;
    if (literal->digits && ((behind < s->len && is_digit(s->at[behind])) ||
                            (behind > literal->len && is_digit(s->at[behind - literal->len - 1u]))))
        return;
    if (e->end_count == e->end_room) {
        e->end_room = e->end_room ? e->end_room * 2 : 64;
        e->ends = memory_resize_array(e->ends, e->end_room, sizeof *e->ends);
    }
    e->ends[e->end_count++] = (struct literal_end){ (uint32_t)(s->from + end), number };
}

static int compare_ends(const void *a, const void *b)
{
    const struct literal_end *x = a, *y = b;

    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void give_literals(struct scan *s)
{
    struct view_engine *e = s->v->engine;

    if (e->end_count > 1)
        qsort(e->ends, e->end_count, sizeof *e->ends, compare_ends);
    for (size_t i = 0; i < e->end_count; i++) {
        const uint32_t number = e->ends[i].number;
        const struct view_place place = view_place_at(s->v, s->base + e->ends[i].end - e->index->literals[number].len);
        e->sink.literal(e->sink.user, s->v->root, &place, number);
    }
    e->end_count = 0;
}

/* Nothing of what began before the bytes at hand. */
static struct bytes seen_at(const struct scan *s, uint64_t offset, size_t len)
{
    const uint64_t i = offset - s->base;

    if (offset < s->base || i >= s->len)
        return (struct bytes){ 0 };
    return (struct bytes){ .at = s->at + i, .len = len < s->len - i ? len : s->len - (size_t)i };
}

static void pair_found(void *user, const struct position_pair *pair)
{
    struct scan *s = user;
    struct view_place place = view_place_at(s->v, s->base + pair->at);

    place.seen = seen_at(s, place.offset, pair->length);
    s->v->engine->sink.pair(s->v->engine->sink.user, s->v->root, &place, pair,
                            (struct bytes){ .at = s->at, .len = s->len });
}

static void run_found(void *user, const struct position_pair *pair, uint64_t offset)
{
    struct scan *s = user;
    struct view_place place = view_place_at(s->v, offset);

    place.seen = seen_at(s, offset, pair->length);
    s->v->engine->sink.pair(s->v->engine->sink.user, s->v->root, &place, pair, (struct bytes){ 0 });
}

static void magic_found(void *user, size_t at, enum position_magic magic)
{
    struct scan *s = user;

    if (view_is_decoded(s->v))
        decoders_magic(s->v, magic, s->at + at, s->len - at, s->base + at);
}

static void sign_found(void *user, enum text_sign sign, size_t at)
{
    struct scan *s = user;

    if (view_is_decoded(s->v))
        decoders_sign(s->v, sign, s->at, s->len, at, s->base);
}

static void place_found(void *user, const struct place_reference *reference)
{
    struct scan *s = user;
    struct view_place place = view_place_at(s->v, s->base + reference->at);

    place.seen = seen_at(s, place.offset, reference->length);
    s->v->engine->sink.place(s->v->engine->sink.user, s->v->root, &place, reference);
}

/* `whole`: nothing follows at[0, len). */
static void search(struct view *v, const uint8_t *at, size_t len, size_t done, size_t limit, uint64_t base, bool whole)
{
    struct view_engine *e = v->engine;
    const struct leak_index *index = e->index;
    struct scan s = { .v = v, .at = at, .len = len, .done = done, .base = base };
    const struct position_events events = { .user = &s, .pair = pair_found, .magic = magic_found, .run = run_found };
    const struct text_events text_events = { .user = &s, .pair = pair_found, .place = place_found, .sign = sign_found };

    const bool from_start = base == v->since && !v->lost;

    if (!v->searched && from_start)
        decoders_begin(v, at, len, base, whole);
    v->searched = true;
    if (index->literal_count) {
        s.from = done + 1 > index->longest_literal ? done + 1 - index->longest_literal : 0;
        literals_scan(index->patterns, at + s.from, limit - s.from, literal_found, &s);
        give_literals(&s);
    }
    struct text_state *text = v->decoders ? *decoders_text(v) : NULL, *before = text;
    text_scan(index->text, at, len, done, limit, base, from_start, &text, &text_events);
    if (text != before)
        *decoders_text(v) = text;
    position_scan(index->positions, &v->tail->runs, at, len, done, limit, base, &events);
    decoders_find(v, at, len, done, limit, base);
}

/* Keeps at[from, len) for next time; at[from, done) of it is searched. */
static void keep_tail(struct view *v, const uint8_t *at, size_t from, size_t len, size_t done)
{
    struct view_tail *t = v->tail;
    const size_t n = len - from;

    if (t->room < n) {
        const size_t room = n < TAIL_MAX / 4 ? (n + 63) / 64 * 64 : TAIL_MAX;
        t = memory_resize_array(t, sizeof *t + room, 1);
        t->room = (uint16_t)room;
        v->tail = t;
    }
    memcpy(t->bytes, at + from, n);
    t->len = (uint16_t)n;
    t->done = (uint16_t)(done - from);
}

static void remember_piece(struct view *v, struct view_where where)
{
    struct view_tail *t = v->tail;
    const uint64_t kept_from = v->total - t->len;
    const struct view_piece *last = t->piece_count ? &t->pieces[t->piece_count - 1] : NULL;
    size_t drop = 0;

    /* The same packet goes on. */
    if (last && last->where.packet == where.packet && last->where.at_utc_ns == where.at_utc_ns &&
        fact_known_int(where.offset) &&
        last->where.offset + (int64_t)(v->total - last->start) == where.offset)
        return;

    /* A piece is not needed any more when the next one begins before what is kept. */
    while (drop + 1 < t->piece_count && t->pieces[drop + 1].start <= kept_from)
        drop++;
    if (drop == 0 && t->piece_count == PIECES_MAX)
        drop = 1;
    if (drop) {
        t->piece_count = (uint8_t)(t->piece_count - drop);
        memmove(t->pieces, t->pieces + drop, t->piece_count * sizeof *t->pieces);
    }
    if (t->piece_count == t->piece_room) {
        t->piece_room = t->piece_room ? (uint8_t)(t->piece_room * 2) : 1;
        t->pieces = memory_resize_array(t->pieces, t->piece_room, sizeof *t->pieces);
    }
    t->pieces[t->piece_count++] = (struct view_piece){ v->total, where };
}

struct cutting {
    struct view *v;
    struct view_where where; /* of the bytes that are cut */
    const uint8_t *at;
};

/* Of a piece that began earlier, the part that can be shown is what stands in these bytes. */
static void chunk_ends(void *user, uint64_t hash, uint32_t len, size_t end)
{
    const struct cutting *c = user;
    struct view *v = c->v;
    const struct known_chunk *known = chunk_set_find(v->engine->index->secrets->chunks, hash);
    const size_t from = len < end ? end - len : 0;
    struct view_place place = { .where = c->where, .offset = v->total + end - len,
                                .coordinate = v->coordinate + v->total + end - len, .chain = v->chain };

    if (!known || known->file == CHUNK_SHARED)
        return;
    if (v->depth == 0 && fact_known_int(place.where.offset))
        place.where.offset += (int64_t)from;
    place.seen = (struct bytes){ .at = c->at + from, .len = end - from };
    v->engine->sink.chunk(v->engine->sink.user, v->root, &place, known, (uint32_t)(end - from));
}

static void picture_ends(void *user, struct bytes jpeg)
{
    const struct cutting *c = user;
    struct view *v = c->v;
    const struct view_place place = { .where = c->where, .offset = v->total, .coordinate = v->coordinate + v->total,
                                      .chain = v->chain };

    v->engine->sink.picture(v->engine->sink.user, v->root, &place, jpeg);
}

/* The tail with the piece behind it: where both were given in one, there; else put together. */
static const uint8_t *tail_and_piece(const struct view *v, const uint8_t *piece, size_t len, size_t given_before)
{
    const struct view_tail *t = v->tail;
    uint8_t *work = v->engine->work + (size_t)v->depth * WORK_BYTES;

    if (t->len <= given_before)
        return piece - t->len;
    memcpy(work, t->bytes, t->len);
    memcpy(work + t->len, piece, len);
    return work;
}

/* The `given_before` bytes before piece[0] are those that were fed before it. */
static void feed_piece(struct view *v, const uint8_t *piece, size_t len, size_t given_before, struct view_where where)
{
    struct view_engine *e = v->engine;

    if (!v->tail)
        v->tail = memory_alloc_array(1, sizeof *v->tail);
    if (v->depth == 0) {
        e->now = where;
        remember_piece(v, where);
    }
    if (e->index->pictures_wanted) {
        struct cutting cutting = { v, e->now, piece };
        picture_feed(&v->tail->picture, &e->pictures, piece, len, picture_ends, &cutting);
    }
    if (chunk_set_count(e->index->secrets->chunks)) {
        struct cutting cutting = { v, v->depth ? v->where : e->now, piece };
        chunk_cut(&v->cutter, piece, len, chunk_ends, &cutting);
    }
    decoders_continue(v, piece, len);
    struct view_tail *t = v->tail;
    const size_t tail_len = t->len, done = t->done, all = tail_len + len;
    const uint64_t base = v->total - tail_len;
    const uint8_t *work = tail_and_piece(v, piece, len, given_before);
    v->total += len;
    if (all < done + POSITION_LOOK_AHEAD + BATCH_BYTES) {
        keep_tail(v, work, 0, all, done);
        return;
    }
    const size_t limit = all - POSITION_LOOK_AHEAD;
    search(v, work, all, done, limit, base, false);
    keep_tail(v, work, limit > POSITION_LOOK_BEHIND ? limit - POSITION_LOOK_BEHIND : 0, all, limit);
}

void view_feed(struct view *v, struct bytes chunk, struct view_where where)
{
    if (v->depth == 0)
        v->engine->root_bytes += chunk.len;
    for (size_t given = 0; chunk.len > 0;) {
        const size_t n = chunk.len < PIECE_BYTES ? chunk.len : PIECE_BYTES;
        feed_piece(v, chunk.at, n, given, where);
        given += n;
        chunk = bytes_part(chunk, n, UINT64_MAX);
        if (v->depth == 0 && fact_known_int(where.offset))
            where.offset += (int64_t)n;
    }
}

/* Searches what is kept to its end and closes all that was open. */
static void flush(struct view *v)
{
    struct view_tail *t = v->tail;

    if (t)
        picture_stop(&t->picture, &v->engine->pictures);

    if (t && t->piece_count) /* another root may have been fed since */
        v->engine->now = t->pieces[t->piece_count - 1].where;
    if (t && t->len > t->done) {
        uint8_t *work = v->engine->work + (size_t)v->depth * WORK_BYTES;
        const size_t len = t->len, done = t->done;
        memcpy(work, t->bytes, len);
        search(v, work, len, done, len, v->total - len, true);
    }
    decoders_close(v);
    if (v->tail) {
        position_runs_free(v->tail->runs);
        free(v->tail->pieces);
        free(v->tail);
        v->tail = NULL;
    }
}

void view_gap(struct view *v, uint64_t missing)
{
    flush(v);
    v->cutter = (struct chunk_cutter){ 0 };
    v->total += missing;
    v->since = v->total;
    v->lost = missing > 0;
    v->searched = false;
    v->chain = v->own_chain;
}

void view_done(struct view *v)
{
    flush(v);
}
