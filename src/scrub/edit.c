#include "scrub/edit.h"

#include <stdlib.h>

#include "base/memory.h"
#include "leak/index.h"

struct plan plan_begin(struct reading *r)
{
    return (struct plan){ .r = r, .request = scrub_request_of(r) };
}

static void put(struct plan *p, struct bytes range, const char *action, struct text bytes, int64_t fill,
                enum scrub_kind kind, const char *what)
{
    struct fact_edit edit;

    fact_init(FACT_EDIT, &edit);
    edit.head.origin = fact_origin_at(range.origin, range.len);
    edit.action = text_of(action);
    edit.kind = text_of(scrub_kind_name(kind));
    edit.what = text_of(what);
    edit.bytes = bytes;
    edit.fill = fill;
    fact_put(p->r->facts, FACT_EDIT, &edit);
}

static bool holds_only(struct bytes b, uint8_t byte)
{
    return b.len == 0 || (b.at[0] == byte && memcmp(b.at, b.at + 1, b.len - 1) == 0);
}

void plan_fill(struct plan *p, struct bytes range, uint8_t byte, enum scrub_kind kind, const char *what)
{
    if (plan_drops(p, kind) && !holds_only(range, byte))
        put(p, range, "replace", TEXT_UNKNOWN, byte, kind, what);
}

void plan_overwrite(struct plan *p, struct bytes range, const void *with, size_t n, enum scrub_kind kind,
                    const char *what)
{
    range.len = n < range.len ? n : range.len;
    if (plan_drops(p, kind) && !bytes_equal(range, with, range.len))
        put(p, range, "replace", (struct text){ .at = with, .len = range.len }, 0, kind, what);
}

void plan_overwrite_and_fill(struct plan *p, struct bytes range, const void *with, size_t n, uint8_t byte,
                             enum scrub_kind kind,
                             const char *what)
{
    if (plan_drops(p, kind) && n <= range.len && !(bytes_start_with(range, with, n) &&
                                                   holds_only(bytes_part(range, n, UINT64_MAX), byte)))
        put(p, range, "replace", (struct text){ .at = with, .len = n }, byte, kind, what);
}

void plan_exchange(struct plan *p, struct bytes range, struct text with, enum scrub_kind kind, const char *what)
{
    if (plan_drops(p, kind) && !bytes_equal(range, with.at, with.len))
        put(p, range, "replace", with, with.len == range.len ? 0 : FACT_UNKNOWN_INT, kind, what);
}

void plan_remove(struct plan *p, struct bytes range, enum scrub_kind kind, const char *what)
{
    if (plan_drops(p, kind) && range.len > 0)
        put(p, range, "remove", TEXT_UNKNOWN, FACT_UNKNOWN_INT, kind, what);
}

bool plan_unknown(struct plan *p, struct bytes range, uint8_t byte, const char *what)
{
    if (plan_drops(p, SCRUB_UNKNOWN))
        plan_fill(p, range, byte, SCRUB_UNKNOWN, what);
    else
        plan_left(p, range, what);
    return plan_drops(p, SCRUB_UNKNOWN);
}

bool plan_unknown_of_kind(struct plan *p, struct bytes range, enum scrub_kind kind, const char *what)
{
    if (!plan_drops(p, kind))
        return plan_unknown(p, range, 0, what);
    plan_fill(p, range, 0, kind, what);
    return true;
}

struct known_search {
    struct plan *plan;
    struct bytes range;
    uint8_t fill;
    const char *what;
};

static enum scrub_kind kind_of_literal(const struct leak_index *index, const struct index_literal *literal)
{
    return index->secrets->literals[literal->secret].kind == SECRET_SERIAL ? SCRUB_SERIAL : SCRUB_NAME;
}

static void found_known(void *user, uint32_t number, size_t end)
{
    const struct known_search *s = user;
    const struct leak_index *index = s->plan->request->index;
    const struct index_literal *literal = &index->literals[number];

    plan_fill(s->plan, bytes_part(s->range, end - literal->len, literal->len), s->fill,
              kind_of_literal(index, literal), s->what);
}

/* Makers write a serial number twice: where the format has a place for it, and in their own block. */
void plan_known_values(struct plan *p, struct bytes range, uint8_t byte, const char *what)
{
    struct known_search s = { p, range, byte, what };

    if (p->request->index && range.len > 0)
        literals_scan(p->request->index->patterns, range.at, range.len, found_known, &s);
}

/* The bytes are looked at while they change: what is found is blanked when all was looked for. */
struct blanks {
    const struct leak_index *index;
    enum scrub_kind kind;
    uint8_t *found; /* a bit for each byte */
};

static void note_blank(void *user, uint32_t number, size_t end)
{
    struct blanks *b = user;
    const struct index_literal *literal = &b->index->literals[number];

    for (size_t i = end - literal->len; i < end; i++)
        b->found[i / 8] |= (uint8_t)(1 << i % 8);
    b->kind = kind_of_literal(b->index, literal);
}

enum scrub_kind plan_blank_known(const struct plan *p, uint8_t *at, size_t len, uint8_t byte)
{
    struct blanks b = { p->request->index, SCRUB_KIND_COUNT, NULL };

    if (!b.index || len == 0)
        return b.kind;
    b.found = memory_alloc_array(len / 8 + 1, 1);
    literals_scan(b.index->patterns, at, len, note_blank, &b);
    for (size_t i = 0; b.kind != SCRUB_KIND_COUNT && i < len; i++)
        if (b.found[i / 8] >> i % 8 & 1)
            at[i] = byte;
    free(b.found);
    return b.kind;
}

static void note_known(void *user, uint32_t number, size_t end)
{
    bool *known = user;

    (void)number;
    (void)end;
    *known = true;
}

static bool is_known(const struct plan *p, struct bytes range)
{
    bool known = false;

    if (p->request->index)
        literals_scan(p->request->index->patterns, range.at, range.len, note_known, &known);
    return known;
}

/* Letters of one case and digits, some of each: "1581F4BLACK7Q30A9" and "0123456789abcdef". */
static bool is_like_serial(struct bytes token)
{
    enum { LENGTH_MIN = 10, DIGITS_MIN = 4 };
    size_t digits = 0, upper = 0, lower = 0;

    if (token.len < LENGTH_MIN)
        return false;
    for (size_t i = 0; i < token.len; i++) {
        digits += token.at[i] >= '0' && token.at[i] <= '9';
        upper += token.at[i] >= 'A' && token.at[i] <= 'Z';
        lower += token.at[i] >= 'a' && token.at[i] <= 'z';
    }
    return digits >= DIGITS_MIN && upper + lower > 0 && (upper == 0 || lower == 0);
}

/* The number of a board, as autopilots print it: three times eight hexadecimal digits. */
static bool is_like_board(struct bytes b)
{
    enum { GROUPS = 3, GROUP = 8 };

    if (b.len < GROUPS * (GROUP + 1) - 1 || b.at[GROUP] != ' ') /* as nearly all are */
        return false;
    for (size_t i = 0; i < GROUPS * (GROUP + 1) - 1; i++) {
        const bool blank = i % (GROUP + 1) == GROUP;
        if (blank ? b.at[i] != ' ' : !((b.at[i] >= '0' && b.at[i] <= '9') || (b.at[i] >= 'A' && b.at[i] <= 'F')))
            return false;
    }
    return true;
}

static bool is_alphanumeric(uint8_t c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); }

void plan_free_text(struct plan *p, struct bytes range, uint8_t byte, const char *what)
{
    enum { BOARD = 26 };

    plan_known_values(p, range, byte, what);
    for (size_t i = 0; i < range.len; ) {
        size_t end = i;
        while (end < range.len && is_alphanumeric(range.at[end]))
            end++;
        if (is_like_board(bytes_part(range, i, UINT64_MAX)))
            end = i + BOARD;
        const struct bytes token = bytes_part(range, i, end - i);
        if ((is_like_board(token) || is_like_serial(token)) && !is_known(p, token))
            (void)plan_unknown(p, token, byte, "text like a serial number");
        i = end > i ? end : i + 1;
    }
}

void plan_bound(struct plan *p, struct bytes range, const char *what)
{
    if (range.len > 0 && is_known(p, range))
        put(p, range, "bound", TEXT_UNKNOWN, FACT_UNKNOWN_INT, SCRUB_UNKNOWN, what);
}

void plan_left(struct plan *p, struct bytes range, const char *what)
{
    if (range.len == 0)
        return;
    plan_known_values(p, range, 0, what);
    put(p, range, "left", TEXT_UNKNOWN, FACT_UNKNOWN_INT, SCRUB_UNKNOWN, what);
}
