#include "evidence/text_front.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf.h"

enum {
    LOOK_BYTES = 64 * 1024,     /* of recognising; a heading of DatCon's has 8 KiB in one line */
    ASCII_UNITS = 16,           /* that a text without a mark begins with */
    PLACE_STEP = 256,           /* of the text, from one known place in the item to the next */
    SLIP_UNITS = 4,             /* so many swapped ASCII characters in a row are no text of any language */
    SLIPS_MAX = 4096,
};

enum form { FORM_PLAIN, FORM_CR, FORM_LITTLE, FORM_BIG };

/* Where a character of the text stands in the item.  Between two of them units follow one another. */
struct place {
    uint32_t text;
    uint64_t item;
};

struct front {
    struct fact_sink sink;      /* first: what the reader puts into */
    struct reading *r;
    struct fact_sink *to;
    void (*passed)(struct reading *r, uint64_t offset);
    enum form form;
    struct bytes item;
    char *text;
    size_t len;
    struct place *places;       /* of UTF-16, by place */
    size_t count, room, slips;
    void *row;                  /* room for one of any kind */
};

static uint16_t unit(struct bytes b, size_t at, enum form form)
{
    return form == FORM_BIG ? (uint16_t)(b.at[at] << 8 | b.at[at + 1]) : (uint16_t)(b.at[at + 1] << 8 | b.at[at]);
}

static bool is_ascii_text(unsigned c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

static bool begins_in_ascii(struct bytes whole, enum form form)
{
    if (whole.len < 2 * ASCII_UNITS)
        return false;
    for (size_t i = 0; i < ASCII_UNITS; i++)
        if (!is_ascii_text(unit(whole, 2 * i, form)))
            return false;
    return true;
}

static bool cr_alone(const void *text, size_t len)
{
    return len > 0 && !memchr(text, '\n', len) && memchr(text, '\r', len);
}

static enum form form_of(struct bytes whole)
{
    const struct bytes look = bytes_part(whole, 0, LOOK_BYTES);

    if (look.len < 2)
        return FORM_PLAIN;
    if (bytes_start_with(look, "\xff\xfe", 2))
        return FORM_LITTLE;
    if (bytes_start_with(look, "\xfe\xff", 2))
        return FORM_BIG;
    if (look.at[0] == 0 || look.at[1] == 0) {
        const enum form form = look.at[0] == 0 ? FORM_BIG : FORM_LITTLE;
        return begins_in_ascii(look, form) ? form : FORM_PLAIN;
    }
    return cr_alone(look.at, look.len) && !memchr(look.at, 0, look.len) ? FORM_CR : FORM_PLAIN;
}

bool text_front_is_utf16(struct bytes whole)
{
    return form_of(whole) >= FORM_LITTLE;
}

static void ends_with_lf(char *text, size_t len)
{
    if (cr_alone(text, len < LOOK_BYTES ? len : LOOK_BYTES))
        for (char *cr = text; (cr = memchr(cr, '\r', len - (size_t)(cr - text))); )
            *cr = '\n';
}

static void remember(struct front *f, uint64_t item)
{
    if (f->count == f->room) {
        f->room = f->room ? 2 * f->room : 64;
        f->places = memory_resize_array(f->places, f->room, sizeof *f->places);
    }
    f->places[f->count++] = (struct place){ (uint32_t)f->len, item };
}

/* Characters that are ASCII once their bytes are swapped: a byte was lost or put in ahead of them. */
static bool slipped(struct bytes b, size_t at, enum form form)
{
    if (at + 2 * SLIP_UNITS + 1 > b.len)
        return false;
    for (size_t i = 0; i < SLIP_UNITS; i++)
        if (!is_ascii_text(unit(b, at + 1 + 2 * i, form)))
            return false;
    return !is_ascii_text(unit(b, at, form));
}

/* One character, or half of a pair, which becomes U+FFFD.  Gives how many bytes it has. */
static size_t take_character(struct front *f, struct bytes b, size_t at)
{
    const size_t n = utf16_to_utf8(bytes_part(b, at, 4), f->form == FORM_BIG, f->text + f->len, UTF8_MAX);
    const bool pair = ((unsigned char)f->text[f->len] & 0xf8) == 0xf0;

    f->len += n;
    return pair ? 4 : 2;
}

/* The text of at most `max` bytes of the item.  `r` NULL: damage is not told. */
static void decode(struct front *f, struct reading *r, size_t max)
{
    const size_t mark = f->item.at[0] >= 0xfe ? 2 : 0;
    const struct bytes b = bytes_part(f->item, 0, max);
    size_t at = mark;

    /* a unit gives three bytes at most, and one more character has to fit while it is written */
    f->text = memory_alloc(b.len / 2 * 3 + UTF8_MAX);
    for (remember(f, b.origin + at); at + 2 <= b.len; ) {
        if (slipped(b, at, f->form) && f->slips++ < SLIPS_MAX) {
            if (r)
                reading_damage(r, b.origin + at, 1, FACT_UNKNOWN_INT,
                               "half a character of UTF-16: the other byte is lost");
            remember(f, b.origin + ++at);
            continue;
        }
        if (f->len - f->places[f->count - 1].text >= PLACE_STEP)
            remember(f, b.origin + at);
        const uint16_t c = unit(b, at, f->form);
        if (c < 0x80) {
            f->text[f->len++] = (char)c;
            at += 2;
        } else {
            at += take_character(f, b, at);
        }
    }
    if (r && at < b.len)
        reading_damage(r, b.origin + at, (int64_t)(b.len - at), FACT_UNKNOWN_INT,
                       "the last character of UTF-16 is cut off");
}

static void open_front(struct front *f, struct bytes whole, struct reading *r, size_t max)
{
    *f = (struct front){ .r = r, .form = form_of(whole), .item = whole };
    if (f->form == FORM_CR) {
        f->len = bytes_part(whole, 0, max).len;
        f->text = memory_alloc(f->len);
        memcpy(f->text, whole.at, f->len);
    } else if (f->form != FORM_PLAIN) {
        decode(f, r, max);
    }
    if (f->form != FORM_PLAIN)
        ends_with_lf(f->text, f->len);
}

static void close_front(struct front *f)
{
    free(f->text);
    free(f->places);
    free(f->row);
}

/* The text begins where the item does, so that offsets are never below the item's own. */
static struct bytes text_of_front(const struct front *f)
{
    return (struct bytes){ .at = (const uint8_t *)f->text, .len = f->len, .origin = f->item.origin };
}

bool text_front_recognise(struct bytes whole, text_recognise_function *recognise)
{
    struct front f;

    if (form_of(whole) == FORM_PLAIN)
        return recognise(whole);
    open_front(&f, whole, NULL, LOOK_BYTES);
    const bool known = recognise(text_of_front(&f));
    close_front(&f);
    return known;
}

/* Where the byte of the text stands in the item; of its end, where the item was read to. */
static uint64_t item_offset(const struct front *f, uint64_t text_offset)
{
    const uint64_t wanted = text_offset - f->item.origin;
    size_t low = 0, high = f->count;

    if (f->form == FORM_CR || text_offset < f->item.origin)
        return text_offset;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (f->places[middle].text <= wanted)
            low = middle;
        else
            high = middle;
    }
    const size_t from = f->places[low].text, to = wanted < f->len ? (size_t)wanted : f->len;
    return f->places[low].item + utf16_bytes_of(f->text + from, to - from);
}

/* A count of bytes from there on. */
static int64_t item_length(const struct front *f, int64_t text_offset, int64_t length)
{
    uint64_t end;

    if (length <= 0 || text_offset < 0 || __builtin_add_overflow((uint64_t)text_offset, (uint64_t)length, &end))
        return length; /* none, or unknown */
    return (int64_t)(item_offset(f, end) - item_offset(f, (uint64_t)text_offset));
}

static void put_row(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    static const struct text steps[] = { TEXT_INIT("UTF-16 text") };
    struct front *f = (struct front *)sink;
    struct fact_head *head = f->row;

    memcpy(f->row, row, fact_tables[kind].row_bytes);
    const int64_t offset = head->origin.offset;
    if (fact_known_int(offset) && f->form != FORM_CR) {
        head->origin.length = item_length(f, offset, head->origin.length);
        head->origin.offset = (int64_t)item_offset(f, (uint64_t)offset);
        if (head->origin.steps.count == 0 && kind != FACT_DAMAGE)
            head->origin.steps = (struct text_list){ steps, 1 };
        if (kind == FACT_DAMAGE)
            ((struct fact_damage *)f->row)->bytes_lost = head->origin.length;
    }
    f->to->last_number[kind] = f->sink.last_number[kind];
    f->to->put(f->to, kind, f->row, number);
}

static void text_passed(struct reading *r, uint64_t offset)
{
    const struct front *f = (const struct front *)r->facts;

    f->passed(r, item_offset(f, offset));
}

static void *room_for_any_row(void)
{
    size_t most = 0;

    for (size_t i = 0; i < FACT_KIND_COUNT; i++)
        if (fact_tables[i].row_bytes > most)
            most = fact_tables[i].row_bytes;
    return memory_alloc_array(1, most);
}

enum parse_status text_front_read(struct reading *r, struct bytes whole, text_read_function *read)
{
    struct front f;

    if (form_of(whole) == FORM_PLAIN)
        return read(r, whole);
    open_front(&f, whole, r, TEXT_FRONT_BYTES_MAX);
    if (whole.len > TEXT_FRONT_BYTES_MAX)
        reading_damage(r, whole.origin + TEXT_FRONT_BYTES_MAX, (int64_t)(whole.len - TEXT_FRONT_BYTES_MAX),
                       FACT_UNKNOWN_INT,
                       "a text in UTF-16, or with CR at its line ends, of more than %d MiB: the rest was not read",
                       TEXT_FRONT_BYTES_MAX >> 20);
    f.row = room_for_any_row();
    f.sink = *r->facts;         /* goes on counting where it stands */
    f.sink.put = put_row;
    f.to = r->facts;
    f.passed = r->passed;
    r->facts = &f.sink;
    r->passed = f.passed ? text_passed : NULL;
    const enum parse_status status = read(r, text_of_front(&f));
    memcpy(f.to->last_number, f.sink.last_number, sizeof f.to->last_number);
    r->facts = f.to;
    r->passed = f.passed;
    close_front(&f);
    return status;
}
