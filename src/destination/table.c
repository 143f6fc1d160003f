#include "destination/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BROKEN_LINES_NOTED = 20, NOTE_BYTES_MAX = 1024, DATE_CHARS = 10 };

void note_printf(const struct note_taker *notes, const char *format, ...)
{
    char text[NOTE_BYTES_MAX];
    va_list arguments;

    if (!notes || !notes->note)
        return;
    va_start(arguments, format);
    const int len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (len > 0)
        notes->note(notes->user, (struct text){ .at = text, .len = strlen(text) });
}

int table_file(const char *path, size_t limit, struct arena *arena, struct bytes *ret)
{
    FILE *f = fopen(path, "rbe");
    int error = 0;

    if (!f)
        return -errno;
    if (fseek(f, 0, SEEK_END) == 0) {
        const long size = ftell(f);
        if (size < 0 || (unsigned long)size > limit) {
            error = -EFBIG;
        } else {
            uint8_t *at = arena_alloc(arena, (size_t)size + 1, 1);
            rewind(f);
            if (!at)
                error = -EFBIG;
            else
                *ret = (struct bytes){ .at = at, .len = fread(at, 1, (size_t)size, f) };
            if (ferror(f))
                error = -EIO;
        }
    } else {
        error = -errno;
    }
    fclose(f);
    return error;
}

/* Without its line end; `rest` goes on behind that. */
static struct text next_line(struct text *rest)
{
    const char *newline = memchr(rest->at, '\n', rest->len);
    struct text line = { .at = rest->at, .len = newline ? (size_t)(newline - rest->at) : rest->len };
    const size_t taken = line.len + (newline != NULL);

    rest->at += taken;
    rest->len -= taken;
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static const char *why_not_text(struct text line)
{
    if (line.len > TABLE_LINE_MAX)
        return "it is too long";
    while (line.len > 0) {
        const size_t plain = text_printable_prefix(line);
        const size_t n = plain > 0 ? plain : text_utf8_length(line);
        if (n == 0)
            return "it is not UTF-8";
        if (n == 1 && ((unsigned char)line.at[0] < ' ' || line.at[0] == 0x7f) && line.at[0] != '\t')
            return "it holds a control character";
        line.at += n;
        line.len -= n;
    }
    return NULL;
}

/* Where the quote that closes the field at the start of `rest` stands; `ret_doubled`: how many quotes within are
 * written twice.  rest->len: none closes it. */
static size_t closing_quote(struct text rest, size_t *ret_doubled)
{
    size_t end = 0;

    *ret_doubled = 0;
    while (end < rest.len) {
        const char *quote = memchr(rest.at + end, '"', rest.len - end);
        if (!quote)
            break;
        end = (size_t)(quote - rest.at);
        if (end + 1 >= rest.len || rest.at[end + 1] != '"')
            return end;
        end += 2;
        ++*ret_doubled;
    }
    return rest.len;
}

/* The field at the start of `rest`, behind its opening quote. */
static const char *quoted_field(struct text *rest, struct arena *arena, struct text *ret)
{
    size_t doubled, len = 0;
    const size_t end = closing_quote(*rest, &doubled);

    if (end >= rest->len)
        return "a quote is not closed";
    if (end + 1 < rest->len && rest->at[end + 1] != ',')
        return "something follows a closing quote";
    *ret = (struct text){ .at = rest->at, .len = end };
    if (doubled > 0) {
        char *plain = arena_alloc(arena, end + 1, 1);
        if (!plain)
            return "there is no room for it";
        for (size_t i = 0; i < end; i++) {
            i += rest->at[i] == '"'; /* of two quotes the second */
            plain[len++] = rest->at[i];
        }
        *ret = (struct text){ .at = plain, .len = len };
    }
    rest->at += end + 1;
    rest->len -= end + 1;
    return NULL;
}

static const char *plain_field(struct text *rest, struct text *ret)
{
    const char *comma = memchr(rest->at, ',', rest->len);
    const size_t len = comma ? (size_t)(comma - rest->at) : rest->len;

    if (memchr(rest->at, '"', len))
        return "a quote stands inside a field";
    *ret = (struct text){ .at = rest->at, .len = len };
    rest->at += len;
    rest->len -= len;
    return NULL;
}

static const char *split_line(struct text line, struct arena *arena, struct text fields[TABLE_COLUMNS_MAX],
                              size_t *ret_count)
{
    const char *why = why_not_text(line);
    size_t count = 0;

    while (!why) {
        if (count == TABLE_COLUMNS_MAX)
            return "it has too many fields";
        if (line.len > 0 && line.at[0] == '"') {
            line.at++;
            line.len--;
            why = quoted_field(&line, arena, &fields[count]);
        } else {
            why = plain_field(&line, &fields[count]);
        }
        count++;
        if (line.len == 0)
            break;
        if (!why) { /* the comma */
            line.at++;
            line.len--;
        }
    }
    *ret_count = count;
    return why;
}

static struct text date_in(struct text remark)
{
    static const char shape[] = "dddd-dd-dd";

    for (size_t start = 0; start + DATE_CHARS <= remark.len; start++) {
        size_t i = 0;
        while (i < DATE_CHARS && (shape[i] == 'd' ? remark.at[start + i] >= '0' && remark.at[start + i] <= '9'
                                                  : remark.at[start + i] == '-'))
            i++;
        if (i == DATE_CHARS)
            return (struct text){ .at = remark.at + start, .len = DATE_CHARS };
    }
    return TEXT_UNKNOWN;
}

/* Which field of the file holds each wanted column; false when one is missing. */
static bool find_columns(const struct table_shape *shape, const struct text *names, size_t name_count,
                         size_t at[TABLE_COLUMNS_MAX], const struct note_taker *notes)
{
    for (size_t c = 0; c < shape->column_count; c++) {
        size_t i = 0;
        while (i < name_count && !text_equal(names[i], text_of(shape->columns[c])))
            i++;
        if (i == name_count) {
            note_printf(notes, "%s is not used: it has no column \"%s\"", shape->name, shape->columns[c]);
            return false;
        }
        at[c] = i;
    }
    return true;
}

static const char *take_row(const struct table_shape *shape, const struct text *fields, size_t count,
                            const size_t at[TABLE_COLUMNS_MAX], size_t header_count)
{
    struct text wanted[TABLE_COLUMNS_MAX];

    if (count != header_count)
        return "its number of fields is not that of the first line";
    for (size_t c = 0; c < shape->column_count; c++)
        wanted[c] = fields[at[c]];
    return shape->row(shape->user, wanted);
}

enum parse_status table_parse(struct bytes content, const struct table_shape *shape, struct arena *arena,
                              const struct note_taker *notes, struct table_result *ret)
{
    static const uint8_t byte_order_mark[] = { 0xef, 0xbb, 0xbf };
    struct table_result result = { .date = TEXT_UNKNOWN };
    struct text fields[TABLE_COLUMNS_MAX], rest;
    size_t at[TABLE_COLUMNS_MAX] = { 0 }, header_count = 0, number = 0;

    if (content.len > TABLE_BYTES_MAX) {
        note_printf(notes, "%s is not used: it is larger than %d bytes", shape->name, TABLE_BYTES_MAX);
        return PARSE_UNSUPPORTED;
    }
    rest = text_of_bytes(content);
    if (bytes_start_with(content, byte_order_mark, sizeof byte_order_mark)) {
        rest.at += sizeof byte_order_mark;
        rest.len -= sizeof byte_order_mark;
    }
    while (rest.len > 0) {
        const struct text line = next_line(&rest);
        size_t count;

        number++;
        if (line.len == 0)
            continue;
        if (line.at[0] == '#') {
            if (header_count == 0 && !text_known(result.date))
                result.date = date_in(line);
            continue;
        }
        const char *why = split_line(line, arena, fields, &count);
        if (!why && header_count == 0) {
            if (!find_columns(shape, fields, count, at, notes))
                return PARSE_INVALID;
            header_count = count;
            continue;
        }
        if (!why && result.rows == TABLE_ROWS_MAX)
            why = "the table is full";
        if (!why)
            why = take_row(shape, fields, count, at, header_count);
        if (!why)
            result.rows++;
        else if (result.broken_lines++ < BROKEN_LINES_NOTED)
            note_printf(notes, "%s line %zu is left out: %s", shape->name, number, why);
    }
    if (header_count == 0) {
        note_printf(notes, "%s is not used: no line names its columns", shape->name);
        return PARSE_INVALID;
    }
    if (result.broken_lines > BROKEN_LINES_NOTED)
        note_printf(notes, "%s: %zu lines in all are left out", shape->name, result.broken_lines);
    *ret = result;
    return PARSE_OK;
}
