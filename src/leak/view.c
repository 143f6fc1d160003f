#include "leak/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/inflate.h"
#include "base/memory.h"
#include "fact/fact.h"
#include "leak/decode.h"

enum {
    PIECE_BYTES = 16 * 1024,
    BATCH_BYTES = 128,  /* fewer new bytes wait for more: streams of tiny segments must not cost a scan each */
    TAIL_MAX = POSITION_LOOK_BEHIND + POSITION_LOOK_AHEAD + BATCH_BYTES,
    WORK_BYTES = PIECE_BYTES + TAIL_MAX,
    DEPTHS_MAX = 8,
    INFLATES_MAX = 512,  /* at once; about 50 KiB each */
    CHILDREN_MAX = 16384, /* at once */
    PIECES_MAX = 64,     /* where bytes came from is not kept more finely than that */
    BASE64_PHASES = 4,
    RUN_CHILDREN = BASE64_PHASES + 2, /* and two of hex */
};

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
    uint8_t bytes[];
};

enum run_kind { RUN_ALPHABET, RUN_WIDE, RUN_KINDS };

struct run_child {
    struct view view;
    union {
        struct base64_state base64;
        struct hex_state hex;
    } state;
    bool hex, open;
};

struct run {
    size_t count;
    uint8_t last;                /* byte, of a run of UTF-16 */
    struct run_child children[]; /* at most RUN_CHILDREN */
};

struct view_decoders {
    struct inflate *inflate;
    struct view *inflated;
    struct run *runs[RUN_KINDS];
    uint64_t inflate_next, run_next[RUN_KINDS]; /* offsets before which nothing new may begin */
    bool inflate_refused;                       /* the budget is used up: what follows is not decoded */
    bool run_refused[RUN_KINDS];
};

void view_engine_init(struct view_engine *e, const struct leak_index *index, struct chains *chains, struct view_sink sink)
{
    *e = (struct view_engine){ .index = index, .chains = chains, .sink = sink };
    const size_t depths = (index->limits.depth < DEPTHS_MAX ? index->limits.depth : DEPTHS_MAX) + 1;
    e->work = memory_alloc(depths * WORK_BYTES);
    e->decoded = memory_alloc(depths * PIECE_BYTES);
}

void view_engine_done(struct view_engine *e)
{
    free(e->work);
    free(e->decoded);
    free(e->ends);
}

void view_init(struct view *v, struct view_engine *e, uint16_t chain, uint64_t coordinate)
{
    *v = (struct view){ .engine = e, .chain = chain, .coordinate = coordinate };
    v->root = v;
}

static struct view_place place_at(const struct view *v, uint64_t offset)
{
    struct view_place place = {
        .where = v->engine->now, .offset = offset, .coordinate = v->coordinate + offset, .chain = v->chain
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

/* Budget */

static bool may_decode(const struct view *v)
{
    const struct view_engine *e = v->engine;
    const struct leak_limits *l = &e->index->limits;

    return v->root->decoded < l->decoded_per_view + l->decoded_ratio * v->root->total &&
           e->decoded_total < l->decoded_total;
}

static bool charge(struct view *v, uint64_t n)
{
    v->root->decoded += n;
    v->engine->decoded_total += n;
    return may_decode(v);
}

static struct view_decoders *decoders(struct view *v)
{
    if (!v->decoders)
        v->decoders = memory_alloc_array(1, sizeof *v->decoders);
    return v->decoders;
}

static void child_init(struct view *child, struct view *parent, const char *step)
{
    struct view_engine *e = parent->engine;

    view_init(child, e, chain_with(e->chains, parent->chain, text_of(step)),
              parent->root->coordinate + parent->root->total + parent->root->decoded);
    child->root = parent->root;
    child->depth = parent->depth + 1;
    e->children_open++;
}

static void child_done(struct view *child)
{
    child->engine->children_open--;
    view_done(child);
}

/* gzip and zlib */

static void inflated(void *user, struct bytes out)
{
    struct view *v = user;
    struct view_decoders *d = v->decoders;

    if (d->inflate_refused)
        return;
    view_feed(d->inflated, out, v->engine->now);
    if (!charge(v, out.len))
        d->inflate_refused = true;
}

static void inflate_close(struct view *v)
{
    struct view_decoders *d = v->decoders;

    if (!d || !d->inflate)
        return;
    inflate_free(d->inflate);
    d->inflate = NULL;
    v->engine->inflates_open--;
    child_done(d->inflated);
    free(d->inflated);
    d->inflated = NULL;
}

/* `at` are the next bytes of the view, from `offset` on. */
static void inflate_more(struct view *v, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_decoders *d = v->decoders;
    const enum inflate_status status = inflate_feed(d->inflate, (struct bytes){ .at = at, .len = len }, inflated, v);
    const size_t unused = inflate_unused(d->inflate);

    if (status == INFLATE_OK && !d->inflate_refused)
        return;
    if (status == INFLATE_LIMIT || d->inflate_refused) {
        d->inflate_refused = true;
        d->inflate_next = UINT64_MAX;
        v->engine->not_decoded += unused;
    } else {
        d->inflate_next = offset + len - unused;
    }
    inflate_close(v);
}

static void inflate_begin(struct view *v, enum position_magic magic, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_engine *e = v->engine;
    struct view_decoders *d = decoders(v);

    if (d->inflate || d->inflate_refused || offset < d->inflate_next ||
        !(magic == MAGIC_GZIP ? decode_may_be_gzip(at, len) : decode_may_be_zlib(at, len)))
        return;
    if (v->depth >= e->index->limits.depth || v->depth >= DEPTHS_MAX || !may_decode(v) ||
        e->inflates_open >= INFLATES_MAX || e->children_open >= CHILDREN_MAX) {
        /* Two bytes are no proof, so what is left out is counted, not reported as damage. */
        d->inflate_refused = true;
        e->not_decoded += len;
        return;
    }
    d->inflate = inflate_new(magic == MAGIC_GZIP ? INFLATE_GZIP : INFLATE_ZLIB, (struct inflate_limit){ 0 });
    e->inflates_open++;
    d->inflated = memory_alloc(sizeof *d->inflated);
    child_init(d->inflated, v, magic == MAGIC_GZIP ? "gzip" : "zlib");
    inflate_more(v, at, len, offset);
    if (!d->inflate && d->inflate_next < offset + 2)
        d->inflate_next = offset + 2;
}

/* Runs of base64, hex and UTF-16 */

static void run_close(struct view *v, enum run_kind kind)
{
    struct run *run = v->decoders ? v->decoders->runs[kind] : NULL;

    if (!run)
        return;
    for (size_t i = 0; i < run->count; i++)
        if (run->children[i].open)
            child_done(&run->children[i].view);
    free(run);
    v->decoders->runs[kind] = NULL;
}

static void run_child_more(struct view *v, enum run_kind kind, struct run_child *child, const uint8_t *at, size_t len)
{
    uint8_t *out = v->engine->decoded + (size_t)v->depth * PIECE_BYTES;
    size_t taken = len, n;

    if (kind == RUN_WIDE)
        n = decode_wide(at, len, out);
    else if (child->hex)
        n = decode_hex(&child->state.hex, at, len, out, &taken);
    else
        n = decode_base64(&child->state.base64, at, len, out);
    view_feed(&child->view, (struct bytes){ .at = out, .len = n }, v->engine->now);
    (void)charge(v, n);
    if (taken < len) {
        child_done(&child->view);
        child->open = false;
    }
}

static void run_more(struct view *v, enum run_kind kind, const uint8_t *at, size_t len)
{
    struct run *run = v->decoders->runs[kind];

    /* Decoded output is never longer than its input, but input may be longer than a piece. */
    while (len > 0) {
        const size_t n = len < PIECE_BYTES - 8 ? len : PIECE_BYTES - 8;
        if (!may_decode(v)) {
            v->engine->not_decoded += len;
            run_close(v, kind);
            v->decoders->run_refused[kind] = true;
            return;
        }
        for (size_t i = 0; i < run->count; i++)
            if (run->children[i].open)
                run_child_more(v, kind, &run->children[i], at, n);
        run->last = at[n - 1];
        at += n;
        len -= n;
    }
}

static bool run_begin(struct view *v, enum run_kind kind, const uint8_t *at, size_t len)
{
    struct view_engine *e = v->engine;
    struct view_decoders *d = decoders(v);
    const size_t hex_from = kind == RUN_WIDE ? len : decode_find_hex(at, len);
    const size_t count = kind == RUN_WIDE ? 1 : hex_from < len ? RUN_CHILDREN : BASE64_PHASES;

    if (v->depth >= e->index->limits.depth || v->depth >= DEPTHS_MAX || !may_decode(v) ||
        e->children_open + RUN_CHILDREN > CHILDREN_MAX) {
        e->not_decoded += len;
        return false;
    }
    struct run *run = memory_alloc_array(1, sizeof *run + count * sizeof *run->children);
    run->count = count;
    for (size_t i = 0; i < count; i++) {
        struct run_child *child = &run->children[i];
        child->open = true;
        child->hex = i >= BASE64_PHASES;
        if (child->hex)
            child->state.hex.skip = (uint32_t)(hex_from + i - BASE64_PHASES);
        else
            child->state.base64.skip = (uint8_t)i;
        child_init(&child->view, v, kind == RUN_WIDE ? "UTF-16" : child->hex ? "hex" : "base64");
    }
    d->runs[kind] = run;
    run_more(v, kind, at, len);
    return d->runs[kind] != NULL;
}

/* New runs that begin in [from, limit) of the work buffer, whose first byte has offset `base`. */
static void runs_find(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, size_t from, size_t limit,
                      uint64_t base)
{
    size_t start, end;

    if (v->decoders && (v->decoders->runs[kind] || v->decoders->run_refused[kind]))
        return;
    if (v->decoders && v->decoders->run_next[kind] > base + from)
        from = v->decoders->run_next[kind] - base > limit ? limit : (size_t)(v->decoders->run_next[kind] - base);
    while (kind == RUN_WIDE ? decode_find_wide_run(at, len, from, limit, &start, &end)
                            : decode_find_alphabet_run(at, len, from, limit, &start, &end)) {
        const struct view_where saved = v->engine->now;
        v->engine->now = place_at(v, base + start).where;
        const bool open = run_begin(v, kind, at + start, end - start);
        v->engine->now = saved;
        from = end;
        decoders(v)->run_next[kind] = base + end;
        if (open && end == len)
            return; /* it may go on in the next piece */
        run_close(v, kind);
    }
}

/* An open run takes what belongs to it of the next bytes, from `offset` on. */
static void run_continue(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, uint64_t offset)
{
    struct run *run = v->decoders ? v->decoders->runs[kind] : NULL;

    if (!run)
        return;
    const size_t more = kind == RUN_WIDE ? decode_wide_more(at, len, run->last) : decode_alphabet_more(at, len);
    run_more(v, kind, at, more);
    v->decoders->run_next[kind] = offset + more;
    if (more < len)
        run_close(v, kind);
}

/* Searching */

struct scan {
    struct view *v;
    const uint8_t *at;
    size_t len, from; /* `from`: where in `at` the matcher began */
    size_t done;
    uint64_t base;
};

/* Found in no order; given by their ends, so that the pieces in which a view came do not show. */
static void literal_found(void *user, uint32_t number, size_t end)
{
    struct scan *s = user;
    struct view_engine *e = s->v->engine;

    if (s->from + end <= s->done)
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
        const struct view_place place = place_at(s->v, s->base + e->ends[i].end - e->index->literals[number].len);
        e->sink.literal(e->sink.user, s->v->root, &place, number);
    }
    e->end_count = 0;
}

static void pair_found(void *user, const struct position_pair *pair)
{
    struct scan *s = user;
    const struct view_place place = place_at(s->v, s->base + pair->at);

    s->v->engine->sink.pair(s->v->engine->sink.user, s->v->root, &place, pair,
                            (struct bytes){ .at = s->at, .len = s->len });
}

static void magic_found(void *user, size_t at, enum position_magic magic)
{
    struct scan *s = user;

    const struct view_where saved = s->v->engine->now;

    s->v->engine->now = place_at(s->v, s->base + at).where;
    inflate_begin(s->v, magic, s->at + at, s->len - at, s->base + at);
    s->v->engine->now = saved;
}

static void search(struct view *v, const uint8_t *at, size_t len, size_t done, size_t limit, uint64_t base)
{
    struct view_engine *e = v->engine;
    const struct leak_index *index = e->index;
    struct scan s = { .v = v, .at = at, .len = len, .done = done, .base = base };
    const struct position_events events = { .user = &s, .pair = pair_found, .magic = magic_found };

    if (index->literal_count) {
        s.from = done + 1 > index->longest_literal ? done + 1 - index->longest_literal : 0;
        literals_scan(index->patterns, at + s.from, limit - s.from, literal_found, &s);
        give_literals(&s);
    }
    if (index->track_count)
        position_scan_text(index->positions, at, len, done, limit, base == 0 && v->since == 0, &events);
    position_scan_binary(index->positions, at, len, done, limit, &events);
    runs_find(v, RUN_ALPHABET, at, len, done, limit, base);
    runs_find(v, RUN_WIDE, at, len, done, limit, base);
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
    size_t drop = 0;

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
    v->engine->sink.chunk(v->engine->sink.user, v->root, &place, known, (uint32_t)(end - from));
}

static void feed_piece(struct view *v, const uint8_t *piece, size_t len, struct view_where where)
{
    struct view_engine *e = v->engine;
    uint8_t *work = e->work + (size_t)v->depth * WORK_BYTES;

    if (!v->tail)
        v->tail = memory_alloc_array(1, sizeof *v->tail);
    if (v->depth == 0) {
        e->now = where;
        remember_piece(v, where);
    }
    if (chunk_set_count(e->index->secrets->chunks)) {
        struct cutting cutting = { v, e->now };
        chunk_cut(&v->cutter, piece, len, chunk_ends, &cutting);
    }
    if (v->decoders) {
        if (v->decoders->inflate)
            inflate_more(v, piece, len, v->total);
        else if (v->decoders->inflate_refused)
            e->not_decoded += len;
        run_continue(v, RUN_ALPHABET, piece, len, v->total);
        run_continue(v, RUN_WIDE, piece, len, v->total);
    }
    struct view_tail *t = v->tail;
    const size_t tail_len = t->len, done = t->done, all = tail_len + len;
    const uint64_t base = v->total - tail_len;
    if (tail_len)
        memcpy(work, t->bytes, tail_len);
    memcpy(work + tail_len, piece, len);
    v->total += len;
    if (all < done + POSITION_LOOK_AHEAD + BATCH_BYTES) {
        keep_tail(v, work, 0, all, done);
        return;
    }
    const size_t limit = all - POSITION_LOOK_AHEAD;
    search(v, work, all, done, limit, base);
    keep_tail(v, work, limit > POSITION_LOOK_BEHIND ? limit - POSITION_LOOK_BEHIND : 0, all, limit);
}

void view_feed(struct view *v, struct bytes chunk, struct view_where where)
{
    while (chunk.len > 0) {
        const size_t n = chunk.len < PIECE_BYTES ? chunk.len : PIECE_BYTES;
        feed_piece(v, chunk.at, n, where);
        chunk = bytes_part(chunk, n, UINT64_MAX);
        if (v->depth == 0 && fact_known_int(where.offset))
            where.offset += (int64_t)n;
    }
}

/* Searches what is kept to its end and closes all that was open. */
static void flush(struct view *v)
{
    struct view_tail *t = v->tail;

    if (t && t->piece_count) /* another root may have been fed since */
        v->engine->now = t->pieces[t->piece_count - 1].where;
    if (t && t->len > t->done) {
        uint8_t *work = v->engine->work + (size_t)v->depth * WORK_BYTES;
        const size_t len = t->len, done = t->done;
        memcpy(work, t->bytes, len);
        search(v, work, len, done, len, v->total - len);
    }
    if (v->decoders) {
        inflate_close(v);
        for (int kind = 0; kind < RUN_KINDS; kind++)
            run_close(v, (enum run_kind)kind);
        free(v->decoders);
        v->decoders = NULL;
    }
    if (v->tail) {
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
}

void view_done(struct view *v)
{
    flush(v);
}
