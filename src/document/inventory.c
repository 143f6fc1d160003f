#include "document/inventory.h"

#include <string.h>

#include "base/csv_read.h"
#include "host/setting.h"

enum { COLUMNS_MAX = 256, HEADER_MAX = 4096, ROWS_MAX = 100000 };
enum column { COLUMN_OTHER, COLUMN_SERIAL, COLUMN_MAKER, COLUMN_MODEL, COLUMN_ORIGIN, COLUMN_KINDS };

static enum column column_of(struct text header)
{
    static const struct { const char *word; enum column column; } words[] = {
        { "serial", COLUMN_SERIAL },      { "serialnumber", COLUMN_SERIAL },
        { "serialno", COLUMN_SERIAL },    { "sn", COLUMN_SERIAL },
        { "make", COLUMN_MAKER },         { "maker", COLUMN_MAKER },
        { "manufacturer", COLUMN_MAKER }, { "vendor", COLUMN_MAKER },
        { "brand", COLUMN_MAKER },        { "model", COLUMN_MODEL },
        { "product", COLUMN_MODEL },      { "producttype", COLUMN_MODEL },
        { "country", COLUMN_ORIGIN },     { "countryoforigin", COLUMN_ORIGIN },
        { "origin", COLUMN_ORIGIN },      { "madein", COLUMN_ORIGIN },
    };
    char letters[24];
    size_t n = 0;

    for (size_t i = 0; i < header.len; i++) {
        char c = header.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 'a' - 'A');
        if (c < 'a' || c > 'z')
            continue;
        if (n == sizeof letters)
            return COLUMN_OTHER;
        letters[n++] = c;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal((struct text){ .at = letters, .len = n }, text_of(words[i].word)))
            return words[i].column;
    return COLUMN_OTHER;
}

struct header {
    char separator;
    enum column columns[COLUMNS_MAX];
    size_t count;
    bool has[COLUMN_KINDS];
};

/* The first row; `c` is then behind it, and `row` room to work in. */
static bool read_header(struct csv *c, struct bytes whole, struct csv_row *row, struct header *h)
{
    memset(h, 0, sizeof *h);
    csv_init(c, whole, '\0');
    const uint8_t *end = c->rest.len > 0 ? memchr(c->rest.at, '\n',
                                                  c->rest.len < HEADER_MAX ? c->rest.len : HEADER_MAX) : NULL;
    if (!end)
        return false;
    h->separator = csv_guess_separator((struct text){ .at = (const char *)c->rest.at,
                                                      .len = (size_t)(end - c->rest.at) });
    c->separator = h->separator;
    if (!h->separator || !csv_next(c, row) || row->cut || !row->ended || row->count > COLUMNS_MAX)
        return false;
    for (; h->count < row->count; h->count++) {
        h->columns[h->count] = column_of(row->fields[h->count]);
        h->has[h->columns[h->count]] = true;
    }
    return h->has[COLUMN_SERIAL] && (h->has[COLUMN_MAKER] || h->has[COLUMN_MODEL]);
}

bool inventory_recognise(struct bytes whole)
{
    struct csv_row row;
    struct header h;
    struct csv c;

    return read_header(&c, whole, &row, &h);
}

static void put(struct reading *r, enum setting_name name, struct text value, struct text detail, uint64_t from,
                uint64_t to)
{
    struct fact_setting row;

    if (value.len == 0)
        return;
    fact_init(FACT_SETTING, &row);
    row.head.origin = fact_origin_at(from, to - from);
    row.subject = TEXT("system");
    row.name = text_of(setting_names[name]);
    row.value = value;
    row.detail = detail.len ? detail : TEXT_UNKNOWN;
    fact_put(r->facts, FACT_SETTING, &row);
}

/* "" inside of quotes is one quote. */
static struct text unquoted(struct arena *arena, struct text field)
{
    const char *twice = field.len > 1 ? memmem(field.at, field.len, "\"\"", 2) : NULL;
    struct text result = { .at = field.at };

    if (!twice)
        return field;
    char *to = arena_alloc(arena, field.len, 1);
    if (!to)
        return TEXT_UNKNOWN;
    for (size_t i = 0; i < field.len; i++) {
        to[result.len++] = field.at[i];
        i += field.at[i] == '"' && i + 1 < field.len && field.at[i + 1] == '"';
    }
    result.at = to;
    return result;
}

/* A quote that is never closed: where the value ends is not known, and so not where rows do. */
static bool has_open_quote(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->fields[i].len > 0 && row->fields[i].at[0] == '"')
            return row->fields[i].at == (const char *)row->at.at || row->fields[i].at[-1] != '"';
    return false;
}

static void put_row(struct reading *r, const struct header *h, const struct csv_row *row, uint64_t to)
{
    struct text fields[COLUMN_KINDS] = { 0 };

    for (size_t i = 0; i < row->count; i++)
        fields[h->columns[i]] = unquoted(r->arena, row->fields[i]);
    const struct text serial = fields[COLUMN_SERIAL], maker = fields[COLUMN_MAKER], model = fields[COLUMN_MODEL];
    const struct text detail = arena_printf(r->arena, "%.*s%s%.*s", (int)maker.len, maker.len ? maker.at : "",
                                            maker.len &&
                                                model.len ? " " : "", (int)model.len, model.len ? model.at : "");
    put(r, SETTING_INVENTORY_SERIAL, serial, detail, row->at.origin, to);
    if (serial.len > 0)
        put(r, SETTING_INVENTORY_ORIGIN, fields[COLUMN_ORIGIN], serial, row->at.origin, to);
}

enum parse_status inventory_read(struct reading *r, struct bytes whole)
{
    struct csv_row row;
    struct header h;
    struct csv c;
    size_t rows = 0;

    if (!read_header(&c, whole, &row, &h))
        return PARSE_INVALID;
    while (csv_next(&c, &row)) {
        const uint64_t from = row.at.origin, to = c.rest.origin;
        if (row.count == 1 && row.ended && !row.cut && !has_open_quote(&row))
            continue; /* a blank line */
        if (!row.ended || has_open_quote(&row)) {
            reading_damage(r, from, (int64_t)(whole.origin + whole.len - from), 1,
                           "the last line has no end and may be cut off: it was not read");
            break;
        }
        if (row.count != h.count || row.cut)
            reading_damage(r, from, (int64_t)(to - from), 1, "a line that does not fit the first one");
        else if (++rows <= ROWS_MAX)
            put_row(r, &h, &row, to);
    }
    if (rows > ROWS_MAX)
        reading_damage(r, whole.origin + whole.len, FACT_UNKNOWN_INT, (int64_t)(rows - ROWS_MAX), "more than %d lines",
                       ROWS_MAX);
    return PARSE_OK;
}
