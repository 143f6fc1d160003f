#include "media/maker_walk.h"

#include <string.h>

#include "media/maker_rules.h"

enum { ENTRIES_MAX = 1024, SEEN_MAX = 4 << 20, BUDGET_SPARE = 4096, HEX_BYTES_MAX = 32 };

const char *maker_walk_maker(const struct maker_walk *w)
{
    return w->maker->name;
}

static void mark(struct maker_walk *w, struct bytes part)
{
    if (!w->seen || part.origin < w->note.origin)
        return;
    for (uint64_t i = part.origin - w->note.origin; i < part.origin - w->note.origin + part.len && i < w->note.len; i++)
        w->seen[i / 8] |= (uint8_t)(1 << i % 8);
}

static bool make_is(struct text make, const char *wanted)
{
    const struct text w = text_of(wanted);

    return !wanted || (text_known(make) && make.len >= w.len &&
                       text_equal_ignoring_case((struct text){ make.at, w.len }, w));
}

/* A directory whose entries are entries. */
static bool makes_sense(struct tiff_block block, uint64_t offset, bool big_endian)
{
    struct tiff_directory d;

    block.big_endian = big_endian;
    block.opened_count = 0;
    if (tiff_directory_open(&block, offset, &d) != PARSE_OK || d.entry_count == 0 || d.entry_count > ENTRIES_MAX ||
        d.entries_lost)
        return false;
    for (uint32_t i = 0; i < d.entry_count; i++) {
        const struct tiff_entry e = tiff_entry_at(&block, &d, i);
        if (e.type == 0 && e.count == 0 && e.tag > 0 && i + 1 == d.entry_count)
            continue; /* iPhone 15: one that was left empty */
        if (e.type == 0 || (e.type > TIFF_IFD && e.type != TIFF_LONG8 && e.type != TIFF_SLONG8)) /* Apple's newer ones have numbers of 8 bytes */
            return false;
    }
    return true;
}

/* Gives where the first directory is. */
static bool set_base(struct maker_walk *w, const struct maker *m, const struct tiff_block *t, uint64_t *first)
{
    const uint64_t into_block = w->note.origin - t->bytes.origin;
    const struct bytes from_note = bytes_part(t->bytes, into_block, UINT64_MAX);
    struct cursor c = cursor_over(bytes_part(w->note, m->directory, 4));

    w->block = *t;
    w->block.wide = false;
    w->block.opened_count = 0;
    *first = m->directory;
    if (m->base == BASE_TIFF) {
        *first += t->base + into_block;
        return true;
    }
    w->block.bytes = from_note;
    w->block.base = 0;
    switch ((enum maker_base)m->base) {
    case BASE_TIFF: case BASE_NOTE: break;
    case BASE_POINTER: *first = cursor_u32le(&c); break;
    case BASE_HEADER:
        if (tiff_block_init(&w->block, bytes_part(from_note, m->directory, UINT64_MAX)) != PARSE_OK)
            return false;
        *first = w->block.first_directory;
        break;
    }
    return true;
}

bool maker_walk_init(struct maker_walk *w, struct arena *a, const struct tiff_block *t, struct bytes note,
                     struct text make,
                     struct text model)
{
    for (size_t i = 0; i < MAKER_COUNT; i++) {
        const struct maker *m = &makers[i];
        uint64_t first;
        *w = (struct maker_walk){
            .maker = m, .arena = a, .note = note, .model = model, .budget_bytes = 2 * (uint64_t)t->bytes.len +
                BUDGET_SPARE,
        };
        if (!bytes_start_with(note, m->head, m->head_bytes) || !make_is(make, m->make) ||
            note.origin < t->bytes.origin ||
            !set_base(w, m, t, &first))
            continue;
        const bool big = w->block.big_endian;
        if (!makes_sense(w->block, first, big) && !makes_sense(w->block, first, !big))
            continue;
        w->block.big_endian = makes_sense(w->block, first, big) ? big : !big;
        w->seen = note.len <= SEEN_MAX ? arena_alloc(a, note.len / 8 + 1, 1) : NULL;
        mark(w, bytes_part(note, 0, m->base == BASE_HEADER ? m->directory +
                           8u : m->base == BASE_POINTER ? m->directory + 4u : m->directory));
        w->pending[w->pending_count++].offset = first;
        return true;
    }
    return false;
}

/* Blanks and what cannot be printed at both ends do not count, nor "No= " before the number of some Nikons; nothing but
 * zeros is no number. */
static struct text shown(struct bytes value)
{
    size_t from = 0;

    while (from < value.len && (value.at[from] <= ' ' || value.at[from] > '~'))
        from++;
    const struct bytes rest = bytes_part(value, from, UINT64_MAX);
    struct text t = { rest.len ? (const char *)rest.at : NULL, 0 };
    while (t.len < rest.len && rest.at[t.len] != 0 && rest.at[t.len] != 0xff)
        t.len++;
    while (t.len > 0 && t.at[t.len - 1] == ' ')
        t.len--;
    if (t.len > 4 && text_equal_ignoring_case((struct text){ t.at, 4 }, TEXT("No= ")))
        t = (struct text){ t.at + 4, t.len - 4 };
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] != '0')
            return t;
    return TEXT_UNKNOWN;
}

static struct text hex(struct arena *a, struct bytes value)
{
    static const char digits[] = "0123456789abcdef";
    const size_t n = value.len < HEX_BYTES_MAX ? value.len : HEX_BYTES_MAX;
    char to[2 * HEX_BYTES_MAX];

    for (size_t i = 0; i < n; i++) {
        to[2 * i] = digits[value.at[i] >> 4];
        to[2 * i + 1] = digits[value.at[i] & 15];
    }
    return arena_text(a, (struct text){ to, 2 * n });
}

static struct text version(struct arena *a, struct bytes v, uint8_t inverted)
{
    if (v.len != 4)
        return TEXT_UNKNOWN;
    return arena_printf(a, "%u.%u.%u.%u", v.at[0] ^ inverted, v.at[1] ^ inverted, v.at[2] ^ inverted,
                        v.at[3] ^ inverted);
}

/* Filled with one of the bytes that stand for nothing. */
static bool is_blank(struct bytes b)
{
    const uint8_t first = b.len ? b.at[0] : 0;

    return b.len == 0 || ((first == 0 || first == 0xff || first == ' ') && memcmp(b.at, b.at + 1, b.len - 1) == 0);
}

/* Canon prints its numbers with ten digits, those of the 1D with six. */
static int number_digits(const struct maker_walk *w)
{
    if (w->maker->number_digits == 0)
        return 1;
    return text_known(w->model) && w->model.len >= 6 && memmem(w->model.at, w->model.len, "EOS-1D", 6)
        ? 6 : w->maker->number_digits;
}

static struct text text_of_value(struct maker_walk *w, enum maker_form form, struct bytes value)
{
    struct cursor c = cursor_over(value);

    if (is_blank(value))
        return TEXT_UNKNOWN;
    switch (form) {
    case AS_TEXT: return shown(value);
    case AS_HEX: return text_printable_prefix(text_of_bytes(value)) == value.len ? shown(value) : hex(w->arena, value);
    case AS_VERSION:
        return text_printable_prefix(text_of_bytes(value)) == value.len ? shown(value) : version(w->arena, value, 0);
    case AS_COMPLEMENT: return version(w->arena, value, 0xff);
    case AS_NUMBER: case AS_HEX_VERSION: {
        const uint32_t number = w->block.big_endian ? cursor_u32be(&c) : cursor_u32le(&c);
        if (c.failed)
            return TEXT_UNKNOWN;
        if (form == AS_HEX_VERSION)
            return arena_printf(w->arena, "%x.%03x", number >> 12, number & 0xfff);
        return arena_printf(w->arena, "%0*u", number_digits(w), number);
    }
    case NOT_TOLD: break;
    }
    return TEXT_UNKNOWN;
}

static bool is_directory(const struct maker_walk *w, const struct tiff_entry *e, uint8_t *place)
{
    for (const struct maker_directory *d = w->maker->directories; d && d->tag && w->place == MAIN; d++)
        if (d->tag == e->tag) {
            *place = d->place;
            return true;
        }
    return false;
}

/* Either the offset of a directory, or the directory itself. */
static void follow(struct maker_walk *w, const struct tiff_entry *e, uint8_t place)
{
    uint64_t offset = e->value.origin - w->block.bytes.origin + w->block.base;

    if (w->pending_count == MAKER_DIRECTORIES_MAX || (e->count == 1 && !tiff_uint(&w->block, e, 0, &offset))) {
        w->unknown_count++;
        return;
    }
    w->pending[w->pending_count].offset = offset;
    w->pending[w->pending_count++].place = place;
}

static bool next_directory(struct maker_walk *w)
{
    while (w->pending_next < w->pending_count) {
        const size_t i = w->pending_next++;
        if (tiff_directory_open(&w->block, w->pending[i].offset, &w->directory) != PARSE_OK ||
            w->directory.entries_lost) {
            w->outside_count++;
            continue;
        }
        w->place = w->pending[i].place;
        w->entry = w->rule = 0;
        mark(w, (struct bytes){ NULL, w->directory.entries.len + 6, w->directory.entries.origin - 2 });
        return true;
    }
    return false;
}

/* The next rule for an entry, from w->rule; NULL and w->rule 0 when there is none more. */
static const struct maker_rule *next_rule(struct maker_walk *w, const struct tiff_entry *e)
{
    const struct maker_rule *rules = w->maker->rules;

    for (; rules[w->rule].name; w->rule++)
        if (rules[w->rule].tag == e->tag && rules[w->rule].place == w->place)
            return &rules[w->rule++];
    w->rule = 0;
    return NULL;
}

static bool has_rule(const struct maker_walk *w, const struct tiff_entry *e)
{
    for (const struct maker_rule *r = w->maker->rules; r->name; r++)
        if (r->tag == e->tag && r->place == w->place)
            return true;
    return false;
}

/* An entry met for the first time.  True: it has rules. */
static bool meet(struct maker_walk *w, const struct tiff_entry *e)
{
    uint8_t place;

    if (e->type == 0 && e->count == 0)
        return false;
    if (e->outside || e->value.len > w->budget_bytes) {
        w->outside_count++;
        return false;
    }
    w->budget_bytes -= e->value.len;
    if (is_directory(w, e, &place)) {
        follow(w, e, place);
        return false;
    }
    if (has_rule(w, e))
        return true;
    w->unknown_count += e->value.len > tiff_offset_bytes(&w->block) && !is_blank(e->value);
    return false;
}

bool maker_walk_next(struct maker_walk *w, struct maker_item *ret)
{
    while (w->open || (w->open = next_directory(w))) {
        if (w->entry == w->directory.entry_count) {
            w->open = false;
            continue;
        }
        const struct tiff_entry e = tiff_entry_at(&w->block, &w->directory, w->entry);
        if (w->rule == 0 && !meet(w, &e)) {
            w->entry++;
            continue;
        }
        const struct maker_rule *rule = next_rule(w, &e);
        if (!rule) {
            w->entry++;
            continue;
        }
        const struct bytes value = bytes_part(e.value, rule->at, rule->length ? rule->length : UINT64_MAX);
        mark(w, value);
        if (rule->meaning == MAKER_SETTING || value.len == 0)
            continue;
        *ret = (struct maker_item){ (enum maker_meaning)rule->meaning, rule->name, value,
                                    text_of_value(w, (enum maker_form)(rule->form & ~UNTESTED), value),
                                    (rule->form & UNTESTED) != 0 };
        return true;
    }
    return false;
}

uint64_t maker_walk_unknown_bytes(const struct maker_walk *w)
{
    uint64_t n = 0;

    if (!w->seen)
        return w->note.len;
    for (size_t i = 0; i < w->note.len; i++)
        n += w->note.at[i] != 0 && !(w->seen[i / 8] >> i % 8 & 1);
    return n;
}
