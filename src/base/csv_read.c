#include "base/csv_read.h"

#include <string.h>

void csv_init(struct csv *c, struct bytes whole, char separator)
{
    const size_t mark = bytes_start_with(whole, "\xef\xbb\xbf", 3) ? 3 : 0;

    *c = (struct csv){ .rest = bytes_part(whole, mark, UINT64_MAX), .separator = separator };
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

bool csv_next(struct csv *c, struct csv_row *row)
{
    row->cut = false;
    if (c->rest.len == 0)
        return false;
    const struct bytes look = bytes_part(c->rest, 0, CSV_ROW_MAX);
    const char *at = (const char *)look.at, *end = at + look.len, *line = row_end(at, end, c->separator);
    const char *stop = line ? line : end;
    row->cut = !line && look.len < c->rest.len;
    split(row, at, stop, c->separator, c->wanted ? c->wanted : SIZE_MAX);
    row->at = bytes_part(c->rest, 0, (size_t)(stop - at));
    row->ended = line != NULL;
    c->rest = bytes_part(c->rest, row->at.len + row->ended, UINT64_MAX);
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
