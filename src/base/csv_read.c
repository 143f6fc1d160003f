#include "base/csv_read.h"

#include <string.h>

#include "base/utf.h"

void csv_init(struct csv *c, struct bytes whole, char separator, char *decoded)
{
    *c = (struct csv){ .rest = whole, .separator = separator, .decoded = decoded };
    if (bytes_start_with(whole, "\xef\xbb\xbf", 3)) {
        c->rest = bytes_part(whole, 3, UINT64_MAX);
    } else if (bytes_start_with(whole, "\xff\xfe", 2) || bytes_start_with(whole, "\xfe\xff", 2)) {
        c->utf16 = true;
        c->big_endian = whole.at[0] == 0xfe;
        c->rest = bytes_part(whole, decoded ? 2 : whole.len, UINT64_MAX);
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\0';
}

static struct text trimmed(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    while (end > at && is_blank(end[-1]))
        end--;
    return (struct text){ .at = at, .len = (size_t)(end - at) };
}

/* Where a field in quotes ends: behind its closing quote.  NULL when there is none before `end`. */
static const char *skip_quoted(const char *at, const char *end)
{
    at++;
    while (at < end && (at = memchr(at, '"', (size_t)(end - at)))) {
        if (at + 1 == end || at[1] != '"')
            return at + 1;
        at += 2;
    }
    return NULL;
}

/* The end of the row that begins at `at`: its line end, or NULL when there is none before `end`. */
static const char *row_end(const char *at, const char *end, char separator)
{
    const char *line = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    bool field_begins = true;

    if (line && !memchr(at, '"', (size_t)(line - at)))
        return line;
    for (; at < end; at++) {
        if (*at == '\n')
            return at;
        if (*at == '"' && field_begins) {
            const char *closed = skip_quoted(at, end);
            if (!closed)
                return line; /* never closed: the quote is a character like others */
            at = closed - 1;
        }
        field_begins = *at == separator || (field_begins && *at == ' ');
    }
    return line && at < end ? line : NULL;
}

static void split(struct csv_row *row, const char *at, const char *end, char separator, size_t wanted)
{
    row->count = 0;
    for (;;) {
        if (row->count == wanted)
            return;
        if (row->count == CSV_FIELDS_MAX) {
            row->cut = true;
            return;
        }
        const char *first = at;
        while (first < end && *first == ' ')
            first++;
        const char *closed = first < end && *first == '"' ? skip_quoted(first, end) : NULL;
        const char *stop = closed ? closed : at;
        while (stop < end && *stop != separator)
            stop++;
        row->fields[row->count++] = closed ? trimmed(first + 1, closed - 1) : trimmed(at, stop);
        if (stop == end)
            return;
        at = stop + 1;
    }
}

static void take_row(struct csv *c, struct csv_row *row, size_t len, bool ended, size_t line_end)
{
    row->at = bytes_part(c->rest, 0, len);
    row->ended = ended;
    c->rest = bytes_part(c->rest, len + (ended ? line_end : 0), UINT64_MAX);
}

/* Decodes no more than the row needs: as far as a line end, and twice as far as long as that is inside of quotes. */
static bool next_utf16(struct csv *c, struct csv_row *row)
{
    const uint8_t newline = '\n';
    const char *line = NULL;
    size_t len = 0, window = 512;

    for (const size_t window_max = (size_t)2 * CSV_ROW_MAX; !line; window *= 2) {
        const struct bytes look = bytes_part(c->rest, 0, window);
        if (window < window_max && look.len < c->rest.len && !memchr(look.at, newline, look.len))
            continue;
        len = utf16_to_utf8(look, c->big_endian, c->decoded, CSV_ROW_MAX);
        line = row_end(c->decoded, c->decoded + len, c->separator);
        if (window >= window_max || look.len == c->rest.len)
            break;
    }
    if (len == 0) {
        c->rest.len = 0;
        return false;
    }
    const char *stop = line ? line : c->decoded + len;
    row->cut = !line && len + UTF8_MAX > CSV_ROW_MAX;
    split(row, c->decoded, stop, c->separator, c->wanted ? c->wanted : SIZE_MAX);
    take_row(c, row, utf16_bytes_of(c->decoded, (size_t)(stop - c->decoded)), line != NULL, 2);
    return true;
}

bool csv_next(struct csv *c, struct csv_row *row)
{
    row->cut = false;
    if (c->rest.len == 0)
        return false;
    if (c->utf16)
        return next_utf16(c, row);
    const struct bytes look = bytes_part(c->rest, 0, CSV_ROW_MAX);
    const char *at = (const char *)look.at, *end = at + look.len, *line = row_end(at, end, c->separator);
    const char *stop = line ? line : end;
    row->cut = !line && look.len < c->rest.len;
    split(row, at, stop, c->separator, c->wanted ? c->wanted : SIZE_MAX);
    take_row(c, row, (size_t)(stop - at), line != NULL, 1);
    return true;
}

char csv_guess_separator(struct text row)
{
    static const char separators[] = { ',', ';', '\t' };
    size_t counts[sizeof separators] = { 0 }, best = 0;
    bool quoted = false;

    for (size_t i = 0; i < row.len; i++) {
        quoted ^= row.at[i] == '"';
        for (size_t k = 0; k < sizeof separators && !quoted; k++)
            counts[k] += row.at[i] == separators[k];
    }
    for (size_t k = 1; k < sizeof separators; k++)
        if (counts[k] > counts[best])
            best = k;
    return counts[best] ? separators[best] : '\0';
}
