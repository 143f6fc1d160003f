#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { DEPTH_MAX = 60 };

void json_init(struct json *j, FILE *out, bool pretty)
{
    *j = (struct json){ .out = out, .pretty = pretty };
}

static void new_line(struct json *j)
{
    putc('\n', j->out);
    for (int i = 0; i < j->depth; i++)
        fputs("  ", j->out);
}

/* What stands between this value and the one before it. */
static void separate(struct json *j)
{
    enum { ROW_DEPTH = 2 }; /* object, list, row: rows are not broken further */

    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->has_items >> j->depth & 1)
        putc(',', j->out);
    if (j->pretty && j->depth > 0 && j->depth <= ROW_DEPTH)
        new_line(j);
    j->has_items |= UINT64_C(1) << j->depth;
}

static void open_with(struct json *j, char bracket)
{
    separate(j);
    putc(bracket, j->out);
    assert(j->depth < DEPTH_MAX);
    j->depth++;
    j->has_items &= ~(UINT64_C(1) << j->depth);
}

static void close_with(struct json *j, char bracket)
{
    const bool had_items = j->has_items >> j->depth & 1;

    assert(j->depth > 0);
    j->depth--;
    if (j->pretty && had_items && j->depth < 2)
        new_line(j);
    putc(bracket, j->out);
}

void json_object(struct json *j)     { open_with(j, '{'); }
void json_object_end(struct json *j) { close_with(j, '}'); }
void json_array(struct json *j)      { open_with(j, '['); }
void json_array_end(struct json *j)  { close_with(j, ']'); }

static void put_escaped(FILE *out, struct text t)
{
    putc('"', out);
    while (t.len > 0) {
        const unsigned char c = (unsigned char)t.at[0];
        size_t n = 1;
        if (c == '"' || c == '\\') {
            putc('\\', out);
            putc(c, out);
        } else if (c == '\n') {
            fputs("\\n", out);
        } else if (c == '\t') {
            fputs("\\t", out);
        } else if (c == '\r') {
            fputs("\\r", out);
        } else if (c < 0x20 || c == 0x7f || c == '<' || c == '>' || c == '&') {
            fprintf(out, "\\u%04x", c);
        } else if (c < 0x80) {
            putc(c, out);
        } else {
            n = text_utf8_length(t);
            if (n == 0) {
                fputs("\\ufffd", out);
                n = 1;
            } else if (n == 3 && c == 0xe2 && (unsigned char)t.at[1] == 0x80 && ((unsigned char)t.at[2] | 1) == 0xa9) {
                /* U+2028 and U+2029 end a line in old JavaScript */
                fputs((unsigned char)t.at[2] == 0xa8 ? "\\u2028" : "\\u2029", out);
            } else {
                fwrite(t.at, 1, n, out);
            }
        }
        t.at += n;
        t.len -= n;
    }
    putc('"', out);
}

void json_key(struct json *j, const char *name)
{
    assert(!j->after_key);
    separate(j);
    put_escaped(j->out, text_of(name));
    putc(':', j->out);
    j->after_key = true;
}

void json_null(struct json *j)
{
    separate(j);
    fputs("null", j->out);
}

void json_bool(struct json *j, bool value)
{
    separate(j);
    fputs(value ? "true" : "false", j->out);
}

void json_int(struct json *j, int64_t value)
{
    separate(j);
    fprintf(j->out, "%" PRId64, value);
}

void json_real(struct json *j, double value)
{
    char digits[40];

    if (!isfinite(value)) {
        json_null(j);
        return;
    }
    separate(j);
    for (int precision = 6; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (precision == 17 || strtod(digits, NULL) == value)
            break;
    }
    fputs(digits, j->out);
}

void json_text(struct json *j, struct text value)
{
    if (!text_known(value)) {
        json_null(j);
        return;
    }
    separate(j);
    put_escaped(j->out, value);
}

void json_raw(struct json *j, struct text json)
{
    if (!text_known(json)) {
        json_null(j);
        return;
    }
    separate(j);
    fwrite(json.at, 1, json.len, j->out);
}
