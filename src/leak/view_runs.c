/* Runs of base64, hex, UTF-16 and whole numbers of CBOR inside views; text with escapes. */
#include "leak/view_decoders.h"

#include <stdlib.h>

#include "base/memory.h"

enum {
    PIECE_BYTES = VIEW_PIECE_BYTES,
    BASE64_PHASES = 4,
    RUN_CHILDREN = BASE64_PHASES + 2, /* and two of hex */
    ESCAPED_MIN = 8, /* characters of text with an escape; in fewer there is no room for what is looked for */
};

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

void run_close(struct view *v, enum run_kind kind)
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
    struct view_decoders *d = decoders_of(v);
    const size_t hex_from = kind == RUN_ALPHABET ? decode_find_hex(at, len) : len;
    const size_t count = kind != RUN_ALPHABET ? 1 : hex_from < len ? RUN_CHILDREN : BASE64_PHASES;

    if (view_too_deep(v) || !view_may_decode(v) || e->children_open + RUN_CHILDREN > view_children_max(e)) {
        view_count_refused(v, len);
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
        child->view.xored |= kind == RUN_CBOR; /* items can be told apart: no key lies over them */
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
void run_continue(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, uint64_t offset)
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

static bool find_run(enum run_kind kind, const uint8_t *at, size_t len, size_t from, size_t limit, size_t *start,
                     size_t *end, struct cbor_state *cbor)
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
void runs_find(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, size_t from, size_t limit,
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
        decoders_of(v)->run_next[kind] = base + end;
        if (open && end == len) {
            v->decoders->runs[kind]->cbor = cbor;
            return; /* it may go on in the next piece */
        }
        run_close(v, kind);
    }
}

/* Text with an escape at `mark`: from its beginning, as far as that can be seen, to its end. */
void runs_find_escaped(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, size_t mark, uint64_t base)
{
    struct view_decoders *d = decoders_of(v);
    size_t back = kind == RUN_PERCENT ? decode_percent_back(at, mark) : decode_backslash_back(at, mark);
    bool escaped = false;

    if (d->runs[kind] || d->run_refused[kind] || base + mark < d->run_next[kind] ||
        !(kind == RUN_BACKSLASH ? decode_backslash_fits(at + mark, len - mark) : decode_percent_fits(at + mark,
                                                                                                     len - mark)))
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
