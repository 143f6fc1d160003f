#include "document/inventory.h"

#include <stdio.h>
#include <string.h>

#include "host/setting.h"

enum { COLUMNS_MAX = 256, FIELD_MAX = 512, ROWS_MAX = 100000 };
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

struct field {
    char text[FIELD_MAX];
    size_t len;
    bool cut;                /* longer than its room */
    bool last;               /* of its row */
    bool ended;              /* false: the input ended inside of it, or of its row */
};

/* RFC 4180, section 2: a field in quotes may hold line ends; "" inside is one quote. */
static void next_field(struct bytes *rest, char separator, struct field *f)
{
    bool quoted = rest->len > 0 && *rest->at == '"';
    size_t i = quoted;

    f->len = 0;
    f->cut = false;
    for (; i < rest->len; i++) {
        const char c = (char)rest->at[i];
        if (quoted && c == '"') {
            if (i + 1 < rest->len && rest->at[i + 1] == '"')
                i++;
            else {
                quoted = false;
                continue;
            }
        } else if (!quoted && (c == separator || c == '\n')) {
            break;
        }
        if (f->len < sizeof f->text)
            f->text[f->len++] = c;
        else
            f->cut = true;
    }
    f->ended = i < rest->len;
    f->last = !f->ended || rest->at[i] == '\n';
    *rest = bytes_part(*rest, f->ended ? i + 1 : i, UINT64_MAX);
    while (f->len > 0 && memchr(" \t\r", f->text[f->len - 1], 3))
        f->len--;
}

struct header {
    char separator;
    enum column columns[COLUMNS_MAX];
    size_t count;
    bool has[COLUMN_KINDS];
};

static bool read_header(struct bytes *rest, struct header *h)
{
    static const char separators[] = ",;\t";
    const uint8_t *end = rest->len > 0 ? memchr(rest->at, '\n', rest->len < 4096 ? rest->len : 4096) : NULL;
    struct field f;

    if (!end)
        return false;
    memset(h, 0, sizeof *h);
    for (size_t i = 0; i < 3 && !h->separator; i++)
        if (memchr(rest->at, separators[i], (size_t)(end - rest->at)))
            h->separator = separators[i];
    do {
        next_field(rest, h->separator, &f);
        if (h->count == COLUMNS_MAX)
            return false;
        h->columns[h->count] = column_of((struct text){ .at = f.text, .len = f.len });
        h->has[h->columns[h->count++]] = true;
    } while (!f.last);
    return h->separator && h->has[COLUMN_SERIAL] && (h->has[COLUMN_MAKER] || h->has[COLUMN_MODEL]);
}

static struct bytes body_of(struct bytes whole)
{
    return bytes_start_with(whole, "\xef\xbb\xbf", 3) ? bytes_part(whole, 3, UINT64_MAX) : whole;
}

bool inventory_recognise(struct bytes whole)
{
    struct bytes rest = body_of(whole);
    struct header h;

    return read_header(&rest, &h);
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

struct inventory_row {
    struct field fields[COLUMN_KINDS];
    size_t columns;
    bool cut, ended;
};

static void read_row(struct bytes *rest, const struct header *h, struct inventory_row *row)
{
    struct field f;

    for (size_t i = 0; i < COLUMN_KINDS; i++)
        row->fields[i].len = 0;
    row->columns = 0;
    row->cut = false;
    do {
        next_field(rest, h->separator, &f);
        const enum column column = row->columns < h->count ? h->columns[row->columns] : COLUMN_OTHER;
        row->columns++;
        if (column != COLUMN_OTHER) {
            row->fields[column] = f;
            row->cut = row->cut || f.cut;
        }
    } while (!f.last);
    row->ended = f.ended;
}

static void put_row(struct reading *r, const struct inventory_row *row, uint64_t from, uint64_t to)
{
    const struct field *serial = &row->fields[COLUMN_SERIAL], *maker = &row->fields[COLUMN_MAKER],
                       *model = &row->fields[COLUMN_MODEL], *origin = &row->fields[COLUMN_ORIGIN];
    const struct text value = { .at = serial->text, .len = serial->len };
    char detail[2 * FIELD_MAX + 2];

    snprintf(detail, sizeof detail, "%.*s%s%.*s", (int)maker->len, maker->text, maker->len && model->len ? " " : "",
             (int)model->len, model->text);
    put(r, SETTING_INVENTORY_SERIAL, value, text_of(detail), from, to);
    if (value.len > 0)
        put(r, SETTING_INVENTORY_ORIGIN, (struct text){ .at = origin->text, .len = origin->len }, value, from, to);
}

enum parse_status inventory_read(struct reading *r, struct bytes whole)
{
    struct bytes rest = body_of(whole);
    struct inventory_row row;
    struct header h;
    size_t rows = 0;

    if (!read_header(&rest, &h))
        return PARSE_INVALID;
    while (rest.len > 0) {
        const uint64_t from = rest.origin;
        read_row(&rest, &h, &row);
        if (row.columns == 1 && row.ended)
            continue; /* a blank line */
        if (!row.ended)
            reading_damage(r, from, (int64_t)(rest.origin - from), 1,
                           "the last line has no end and may be cut off: it was not read");
        else if (row.columns != h.count || row.cut)
            reading_damage(r, from, (int64_t)(rest.origin - from), 1, "a line that does not fit the first one");
        else if (++rows <= ROWS_MAX)
            put_row(r, &row, from, rest.origin);
    }
    if (rows > ROWS_MAX)
        reading_damage(r, whole.origin + whole.len, FACT_UNKNOWN_INT, (int64_t)(rows - ROWS_MAX), "more than %d lines",
                       ROWS_MAX);
    return PARSE_OK;
}
