#include "leak/view_decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "leak/decode.h"
#include "leak/polyline.h"
#include "leak/structure.h"
#include "leak/unpack.h"
#include "leak/view_child.h"
#include "leak/view_xor.h"

enum {
    PIECE_BYTES = VIEW_PIECE_BYTES,
    SMALL_UNPACKS_MAX = 512,  /* at once; about 50 KiB each */
    LARGE_UNPACKS_MAX = 8,    /* zstd and brotli: up to 9 MiB each */
    BASE64_PHASES = 4,
    RUN_CHILDREN = BASE64_PHASES + 2, /* and two of hex */
    POLYLINE_STARTS = 2,      /* the byte before a polyline may look like one of it: a length does */
    ENTRIES_MAX = 16,         /* of a zip file whose headers stand in one piece */
    FIT_BYTES = POSITION_LOOK_AHEAD - STRUCTURE_HEADER_MAX, /* always to be seen behind what begins before the limit */
};

enum { ESCAPED_MIN = 8 }; /* characters of text with an escape; in fewer there is no room for what is looked for */

enum run_kind { RUN_ALPHABET, RUN_WIDE, RUN_PERCENT, RUN_BACKSLASH, RUN_CBOR, RUN_KINDS };

struct run_child {
    struct view view;
    union {
        struct base64_state base64;
        struct hex_state hex;
        struct escape_state escape;
        struct cbor_state cbor;
    } state;
    bool hex, open;
};

struct run {
    size_t count;
    uint8_t last;                /* byte, of a run of UTF-16 */
    bool escaped;                /* by a backslash: the next byte */
    struct cbor_state cbor;      /* at the end of what was taken */
    struct run_child children[]; /* at most RUN_CHILDREN */
};

struct view_decoders {
    struct text_state *text;
    struct unpack *unpack;
    struct view *unpacked;
    struct run *runs[RUN_KINDS];
    uint64_t unpack_next, run_next[RUN_KINDS]; /* offsets before which nothing new may begin */
    uint64_t pending[ENTRIES_MAX];             /* offsets at which the data of entries of a zip file begin */
    uint8_t pending_count;
    uint64_t item_next;                        /* of the structure */
    uint64_t polyline_next;
    struct polyline polylines[POLYLINE_STARTS];
    enum unpack_kind unpack_kind;
    enum structure_kind structure;
    bool unpack_refused;                       /* the budget is used up: what follows is not decoded */
    bool run_refused[RUN_KINDS];
    uint8_t polylines_open;                    /* as bits */
    struct view_xor *xored;
};

bool view_may_decode(const struct view *v)
{
    const struct view_engine *e = v->engine;
    const struct leak_limits *l = &e->index->limits;

    return v->root->decoded < l->decoded_per_view + l->decoded_ratio * v->root->total &&
           e->decoded_total < l->decoded_total;
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

static struct view_decoders *decoders(struct view *v)
{
    if (!v->decoders)
        v->decoders = memory_alloc_array(1, sizeof *v->decoders);
    return v->decoders;
}

struct text_state **decoders_text(struct view *v) { return &decoders(v)->text; }

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

/* Compressed streams */

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

static void unpack_close(struct view *v)
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
static void unpack_more(struct view *v, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_decoders *d = v->decoders;
    size_t unused;
    const enum unpack_status status = unpack_feed(d->unpack, (struct bytes){ .at = at, .len = len }, unpacked, v, &unused);

    if (status == UNPACK_OK)
        return;
    if (d->unpack_refused) {
        d->unpack_next = UINT64_MAX;
        v->engine->not_decoded += unused;
    } else {
        d->unpack_next = offset + len - unused;
    }
    unpack_close(v);
}

static void unpack_begin(struct view *v, enum unpack_kind kind, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_engine *e = v->engine;
    struct view_decoders *d = decoders(v);
    unsigned *open = open_count(e, kind);

    if (d->unpack || d->unpack_refused || offset < d->unpack_next)
        return;
    if (view_too_deep(v) || !view_may_decode(v) || *open >= (kind == UNPACK_ZSTD || kind == UNPACK_BROTLI ? LARGE_UNPACKS_MAX : SMALL_UNPACKS_MAX) ||
        e->children_open >= CHILDREN_MAX) {
        /* Two bytes are no proof, so what is left out is counted, not reported as damage. */
        d->unpack_refused = true;
        e->not_decoded += len;
        return;
    }
    d->unpack = unpack_new(kind);
    d->unpack_kind = kind;
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
    unpack_begin(v, magic == MAGIC_GZIP ? UNPACK_GZIP : UNPACK_ZLIB, at, len, offset);
}

/* PKWARE's APPNOTE, 4.3.7: the data of an entry stands behind its name and extra field,
 * which may lie further off than can be seen now. */
static void zip_entry(struct view *v, const uint8_t *at, size_t len, uint64_t offset)
{
    enum { HEADER_BYTES = 30, DEFLATED = 8, NAMES_MAX = 4096 };
    struct view_decoders *d = decoders(v);
    struct cursor c = cursor_over((struct bytes){ .at = at, .len = len });

    cursor_skip(&c, 8);
    const uint16_t method = cursor_u16le(&c);
    cursor_skip(&c, 16);
    const uint64_t names = cursor_u16le(&c) + (uint64_t)cursor_u16le(&c);
    if (!c.failed && method == DEFLATED && names <= NAMES_MAX && d->pending_count < ENTRIES_MAX && !d->unpack && offset >= d->unpack_next)
        d->pending[d->pending_count++] = offset + HEADER_BYTES + names;
}

/* Entries of small files stand one behind the other: what looked like a header inside the one before is
 * refused by unpack_begin. */
static void pending_begin(struct view *v, const uint8_t *at, size_t len, uint64_t base)
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

/* A stream without a sign of its own at at[0]: `seen` bytes of it are at hand, and they are
 * all there are if `whole`.  at[seen, len) may go on with it. */
static bool unsigned_stream(struct view *v, const uint8_t *at, size_t seen, size_t len, bool whole, uint64_t offset)
{
    enum { SEEN_MIN = 16 };
    static const enum unpack_kind kinds[] = { UNPACK_DEFLATE, UNPACK_BROTLI };
    const struct bytes b = { .at = at, .len = seen };

    if (seen < SEEN_MIN || view_too_deep(v) || (v->decoders && v->decoders->unpack))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (decode_may_be_packed(kinds[i] == UNPACK_BROTLI, at, seen) && unpack_fits(kinds[i], b, whole)) {
            unpack_begin(v, kinds[i], at, len, offset);
            return v->decoders && v->decoders->unpacked;
        }
    return false;
}

/* Runs of base64, hex and UTF-16; text with escapes */

static void run_close(struct view *v, enum run_kind kind)
{
    struct run *run = v->decoders ? v->decoders->runs[kind] : NULL;

    if (!run)
        return;
    for (size_t i = 0; i < run->count; i++)
        if (run->children[i].open)
            view_child_done(&run->children[i].view);
    free(run);
    v->decoders->runs[kind] = NULL;
}

static void run_child_more(struct view *v, enum run_kind kind, struct run_child *child, const uint8_t *at, size_t len)
{
    uint8_t *out = v->engine->decoded + (size_t)v->depth * PIECE_BYTES;
    size_t taken = len, n = 0;

    switch (kind) {
    case RUN_WIDE: n = decode_wide(at, len, out); break;
    case RUN_CBOR: n = decode_cbor(&child->state.cbor, at, len, out); break;
    case RUN_PERCENT: n = decode_percent(&child->state.escape, at, len, out); break;
    case RUN_BACKSLASH: n = decode_backslash(&child->state.escape, at, len, out); break;
    default:
        n = child->hex ? decode_hex(&child->state.hex, at, len, out, &taken)
                       : decode_base64(&child->state.base64, at, len, out);
    }
    view_feed(&child->view, (struct bytes){ .at = out, .len = n }, v->engine->now);
    (void)view_charge(v, n);
    if (taken < len) {
        view_child_done(&child->view);
        child->open = false;
    }
}

static void run_more(struct view *v, enum run_kind kind, const uint8_t *at, size_t len)
{
    struct run *run = v->decoders->runs[kind];

    /* Decoded output is hardly longer than its input, but input may be longer than a piece. */
    while (len > 0) {
        const size_t n = len < PIECE_BYTES - 8 ? len : PIECE_BYTES - 8;
        if (!view_may_decode(v)) {
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

static const char *run_name(enum run_kind kind, bool hex)
{
    static const char *const names[RUN_KINDS] = {
        [RUN_ALPHABET] = "base64", [RUN_WIDE] = "UTF-16", [RUN_PERCENT] = "percent-encoding", [RUN_BACKSLASH] = "JSON escapes",
        [RUN_CBOR] = "CBOR integers",
    };

    return hex ? "hex" : names[kind];
}

/* The run stands at at[0, len) so far; false when the budget does not allow it. */
static bool run_begin(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_engine *e = v->engine;
    struct view_decoders *d = decoders(v);
    const size_t hex_from = kind == RUN_ALPHABET ? decode_find_hex(at, len) : len;
    const size_t count = kind != RUN_ALPHABET ? 1 : hex_from < len ? RUN_CHILDREN : BASE64_PHASES;

    if (view_too_deep(v) || !view_may_decode(v) || e->children_open + RUN_CHILDREN > CHILDREN_MAX) {
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
        else if (kind == RUN_ALPHABET)
            child->state.base64.skip = (uint8_t)i;
        view_child_init(&child->view, v, run_name(kind, child->hex), offset);
    }
    d->runs[kind] = run;
    run_more(v, kind, at, len);
    return d->runs[kind] != NULL;
}

static size_t run_length(enum run_kind kind, const uint8_t *at, size_t len, struct run *run)
{
    switch (kind) {
    case RUN_WIDE: return decode_wide_more(at, len, run->last);
    case RUN_CBOR: return decode_cbor_more(&run->cbor, at, len);
    case RUN_PERCENT: return decode_percent_more(at, len);
    case RUN_BACKSLASH: return decode_backslash_more(at, len, &run->escaped);
    default: return decode_alphabet_more(at, len);
    }
}

/* An open run takes what belongs to it of the next bytes, from `offset` on. */
static void run_continue(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, uint64_t offset)
{
    struct run *run = v->decoders->runs[kind];

    if (!run)
        return;
    const size_t more = run_length(kind, at, len, run);
    run_more(v, kind, at, more);
    v->decoders->run_next[kind] = offset + more;
    if (more < len)
        run_close(v, kind);
}

static bool find_run(enum run_kind kind, const uint8_t *at, size_t len, size_t from, size_t limit, size_t *start, size_t *end, struct cbor_state *cbor)
{
    if (kind == RUN_WIDE)
        return decode_find_wide_run(at, len, from, limit, start, end);
    if (kind != RUN_CBOR)
        return decode_find_alphabet_run(at, len, from, limit, start, end);
    if (!decode_find_cbor(at, len, from, limit, start))
        return false;
    *cbor = (struct cbor_state){ 0 };
    *end = *start + decode_cbor_more(cbor, at + *start, len - *start);
    return true;
}

/* New runs that begin in [from, limit) of the work buffer, whose first byte has offset `base`. */
static void runs_find(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, size_t from, size_t limit,
                      uint64_t base)
{
    size_t start, end;
    struct cbor_state cbor = { 0 };

    if (v->decoders && (v->decoders->runs[kind] || v->decoders->run_refused[kind]))
        return;
    if (v->decoders && v->decoders->run_next[kind] > base + from)
        from = v->decoders->run_next[kind] - base > limit ? limit : (size_t)(v->decoders->run_next[kind] - base);
    while (find_run(kind, at, len, from, limit, &start, &end, &cbor)) {
        const bool open = run_begin(v, kind, at + start, end - start, base + start);
        from = end;
        decoders(v)->run_next[kind] = base + end;
        if (open && end == len) {
            v->decoders->runs[kind]->cbor = cbor;
            return; /* it may go on in the next piece */
        }
        run_close(v, kind);
    }
}

/* Text with an escape at `mark`: from its beginning, as far as that can be seen, to its end. */
static void escape_begin(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, size_t mark, uint64_t base)
{
    struct view_decoders *d = decoders(v);
    size_t back = kind == RUN_PERCENT ? decode_percent_back(at, mark) : decode_backslash_back(at, mark);
    bool escaped = false;

    if (d->runs[kind] || d->run_refused[kind] || base + mark < d->run_next[kind] ||
        !(kind == RUN_BACKSLASH ? decode_backslash_fits(at + mark, len - mark) : decode_percent_fits(at + mark, len - mark)))
        return;
    if (base + mark - back < d->run_next[kind])
        back = (size_t)(base + mark - d->run_next[kind]);
    const size_t start = mark - back;
    const size_t n = kind == RUN_PERCENT ? decode_percent_more(at + start, len - start)
                                         : decode_backslash_more(at + start, len - start, &escaped);
    if (n < ESCAPED_MIN || n <= back)
        return;
    const bool open = run_begin(v, kind, at + start, n, base + start);
    d->run_next[kind] = base + start + n;
    if (open && start + n == len)
        d->runs[kind]->escaped = escaped;
    else
        run_close(v, kind);
}

/* Polylines have no child: what they hold are positions. */

static void give_point(struct view *v, const struct polyline_point *p, uint64_t end, unsigned start, int precision, bool chained)
{
    static const double scales[2] = { 1e5, 1e6 };
    const struct position_index *positions = v->engine->index->positions;
    const struct position_pair pair = {
        .latitude_deg = p->latitude / scales[precision], .longitude_deg = p->longitude / scales[precision],
        .length = p->chars, .encoding = (uint8_t)(precision ? POSITION_POLYLINE_6 : POSITION_POLYLINE_5), .delta = (int8_t)(1 + start),
        .chained = chained, .cell_m = (float)(111194.9 / scales[precision]),
    };

    if (!(position_areas_at_latitude(positions, pair.latitude_deg) & position_areas_at_longitude(positions, pair.longitude_deg)))
        return;
    const struct view_place place = view_place_at(v, end - p->chars);
    v->engine->sink.pair(v->engine->sink.user, v->root, &place, &pair, (struct bytes){ 0 });
}

static void polyline_more(struct view *v, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_decoders *d = v->decoders;

    for (unsigned n = 0; n < POLYLINE_STARTS; n++) {
        struct polyline_point point;
        size_t i = 0;
        bool over = false;
        if (!(d->polylines_open >> n & 1))
            continue;
        while (polyline_next(&d->polylines[n], at, len, &i, &point, &over)) {
            /* The first point says where on Earth it is, the others only how far they are from it. */
            const bool chained = d->polylines[n].points > 1;
            give_point(v, &point, offset + i, n, 0, chained);
            give_point(v, &point, offset + i, n, 1, chained);
        }
        if (over) {
            d->polylines_open &= (uint8_t)~(1u << n);
            d->polyline_next = offset + i > d->polyline_next ? offset + i : d->polyline_next;
        }
    }
}

static void polyline_begin(struct view *v, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_decoders *d = decoders(v);

    if (d->polylines_open || offset < d->polyline_next || v->engine->index->track_count == 0)
        return;
    for (unsigned n = 0; n < POLYLINE_STARTS && n < len; n++) {
        d->polylines[n] = (struct polyline){ .skip = (uint8_t)n };
        d->polylines_open |= (uint8_t)(1u << n);
    }
    polyline_more(v, at, len, offset);
}

void decoders_sign(struct view *v, enum text_sign sign, const uint8_t *at, size_t len, size_t mark, uint64_t base)
{
    switch (sign) {
    case SIGN_ZSTD:
        if (!v->decoders || !v->decoders->pending_count)
            unpack_begin(v, UNPACK_ZSTD, at + mark, len - mark, base + mark);
        break;
    case SIGN_ZIP: zip_entry(v, at + mark, len - mark, base + mark); break;
    case SIGN_POLYLINE: polyline_begin(v, at + mark, len - mark, base + mark); break;
    case SIGN_PERCENT: escape_begin(v, RUN_PERCENT, at, len, mark, base); break;
    case SIGN_BACKSLASH: escape_begin(v, RUN_BACKSLASH, at, len, mark, base); break;
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
        view_xor_begin(v, &decoders(v)->xored, at, len, base);
    if (kind != STRUCTURE_NONE) {
        decoders(v)->structure = kind;
        v->decoders->item_next = base + first;
        v->chain = chain_with(v->engine->chains, v->chain, text_of(structure_name(kind)));
        return;
    }
    (void)unsigned_stream(v, at, seen, len, whole && seen == len, base);
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
        if (!unsigned_stream(v, at + content, seen, len - content, whole, base + content) &&
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
        if (i < done || unsigned_stream(v, at + i, len - i < FIT_BYTES ? len - i : FIT_BYTES, len - i, false, base + i))
            continue;
        view_xor_end(v, &v->decoders->xored);
        view_xor_begin(v, &v->decoders->xored, at + i, len - i, base + i);
    }
}

void decoders_find(struct view *v, const uint8_t *at, size_t len, size_t done, size_t limit, uint64_t base)
{
    pending_begin(v, at, len, base);
    if (v->decoders && v->decoders->structure == STRUCTURE_MULTIPART)
        multipart_walk(v, at, len, done, limit, base);
    else if (v->decoders && v->decoders->structure != STRUCTURE_NONE)
        structure_walk(v, at, len, limit, base);
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
        v->engine->not_decoded += len;
    for (int kind = 0; kind < RUN_KINDS; kind++)
        run_continue(v, (enum run_kind)kind, at, len, v->total);
    if (d->polylines_open)
        polyline_more(v, at, len, v->total);
    view_xor_more(v, d->xored, at, len);
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
