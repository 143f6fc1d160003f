#include "flightlog/json_rows.h"

#include <string.h>

#include "base/text.h"
#include "fact/fact.h"

static void skip_blanks(struct bytes *b)
{
    size_t n = 0;

    while (n < b->len && (b->at[n] == ' ' || b->at[n] == '\t' || b->at[n] == '\r' || b->at[n] == '\n'))
        n++;
    *b = bytes_part(*b, n, UINT64_MAX);
}

static bool next_is(struct bytes b, char c)
{
    return b.len > 0 && b.at[0] == (uint8_t)c;
}

/* A number, a text without escapes, or a word; a text holds a number or says nothing. */
static bool take_scalar(struct bytes *b, double *ret)
{
    const bool quoted = next_is(*b, '"');
    size_t n = quoted;

    while (n < b->len && (quoted ? b->at[n] != '"' && b->at[n] >= ' ' && b->at[n] != '\\'
                                 : memchr("+-.0123456789eE", b->at[n], 15) || (b->at[n] >= 'a' && b->at[n] <= 'z')))
        n++;
    const struct text value = text_of_bytes(bytes_part(*b, quoted, n - quoted));
    if ((quoted && (n == b->len || b->at[n] != '"')) || (!quoted && n == 0))
        return false;
    if (!text_to_real(value, ret)) {
        *ret = FACT_UNKNOWN_REAL;
        if (!quoted && !text_equal(value, TEXT("null")) && !text_equal(value, TEXT("true")) &&
            !text_equal(value, TEXT("false")))
            return false;
    }
    *b = bytes_part(*b, n + quoted, UINT64_MAX);
    return true;
}

size_t json_row_at(struct bytes b, size_t width, double values[])
{
    struct bytes rest = bytes_part(b, 1, UINT64_MAX);
    size_t count = 0;

    do {
        if (count > 0)
            rest = bytes_part(rest, 1, UINT64_MAX); /* the comma */
        skip_blanks(&rest);
        if (count == width || !take_scalar(&rest, &values[count]))
            return 0;
        count++;
        skip_blanks(&rest);
    } while (next_is(rest, ','));
    if (count != width || !next_is(rest, ']'))
        return 0;
    const size_t len = b.len - rest.len + 1;
    rest = bytes_part(rest, 1, UINT64_MAX);
    skip_blanks(&rest);
    return rest.len == 0 || next_is(rest, ',') || next_is(rest, ']') ? len : 0;
}

struct bytes json_row_behind(struct bytes b)
{
    skip_blanks(&b);
    if (next_is(b, ','))
        b = bytes_part(b, 1, UINT64_MAX);
    skip_blanks(&b);
    return b;
}

struct bytes json_rows_find(struct bytes b, size_t width, double values[])
{
    while (b.len > 0) {
        const uint8_t *open = memchr(b.at, '[', b.len);
        b = bytes_part(b, open ? (uint64_t)(open - b.at) : b.len, UINT64_MAX);
        const size_t len = b.len > 0 ? json_row_at(b, width, values) : 0;
        const struct bytes next = json_row_behind(bytes_part(b, len, UINT64_MAX));
        if (len > 0 && next_is(next, '[') && json_row_at(next, width, values) > 0)
            break;
        b = bytes_part(b, 1, UINT64_MAX);
    }
    return b;
}
