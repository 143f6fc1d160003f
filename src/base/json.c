#include "base/json.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

/* The stream is one thread's own, so the unlocked functions do: with the others half of the
 * time of a large output is spent on locks. */
enum { DEPTH_MAX = 60 };

void json_init(struct json *j, FILE *out, bool pretty)
{
    *j = (struct json){ .out = out, .pretty = pretty };
}

static void new_line(struct json *j)
{
    putc_unlocked('\n', j->out);
    for (int i = 0; i < j->depth; i++)
        fputs_unlocked("  ", j->out);
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
        putc_unlocked(',', j->out);
    if (j->pretty && j->depth > 0 && j->depth <= ROW_DEPTH)
        new_line(j);
    j->has_items |= UINT64_C(1) << j->depth;
}

static void open_with(struct json *j, char bracket)
{
    separate(j);
    putc_unlocked(bracket, j->out);
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
    putc_unlocked(bracket, j->out);
}

void json_object(struct json *j)     { open_with(j, '{'); }
void json_object_end(struct json *j) { close_with(j, '}'); }
void json_array(struct json *j)      { open_with(j, '['); }
void json_array_end(struct json *j)  { close_with(j, ']'); }

/* A text is mostly such characters: they go out a run at a time. */
static bool stands_for_itself(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

/* C1 control characters, which some terminals obey; U+2028 and U+2029, which end a line in old
 * JavaScript; marks that turn text around (U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069). */
static bool steers(struct text t, size_t n)
{
    const unsigned char *b = (const unsigned char *)t.at;

    if (n == 2)
        return b[0] == 0xc2 && b[1] < 0xa0;
    if (n != 3 || b[0] != 0xe2)
        return false;
    return (b[1] == 0x80 && ((b[2] >= 0xa8 && b[2] <= 0xae) || b[2] == 0x8e || b[2] == 0x8f)) ||
           (b[1] == 0x81 && b[2] >= 0xa6 && b[2] <= 0xa9);
}

/* Writes the character at the start of `t`, which does not stand for itself; gives its length. */
static size_t put_special(FILE *out, struct text t)
{
    const unsigned char c = (unsigned char)t.at[0];
    const size_t n = text_utf8_length(t);

    if (c == '"' || c == '\\') {
        putc_unlocked('\\', out);
        putc_unlocked(c, out);
    } else if (c == '\n') {
        fputs_unlocked("\\n", out);
    } else if (c == '\t') {
        fputs_unlocked("\\t", out);
    } else if (c == '\r') {
        fputs_unlocked("\\r", out);
    } else if (c < 0x80) {
        fprintf(out, "\\u%04x", c);
    } else if (n == 0) {
        fputs_unlocked("\\ufffd", out);
        return 1;
    } else if (steers(t, n)) {
        fprintf(out, "\\u%04x", n == 2 ? (c & 0x1fu) << 6 | (t.at[1] & 0x3fu)
                                       : (c & 0x0fu) << 12 | (t.at[1] & 0x3fu) << 6 | (t.at[2] & 0x3fu));
    } else {
        fwrite_unlocked(t.at, 1, n, out);
    }
    return n;
}

static void put_escaped(FILE *out, struct text t)
{
    size_t run = 0;

    putc_unlocked('"', out);
    while (run < t.len) {
        if (stands_for_itself((unsigned char)t.at[run])) {
            run++;
            continue;
        }
        fwrite_unlocked(t.at, 1, run, out);
        t.at += run;
        t.len -= run;
        const size_t n = put_special(out, t);
        t.at += n;
        t.len -= n;
        run = 0;
    }
    fwrite_unlocked(t.at, 1, run, out);
    putc_unlocked('"', out);
}

void json_key(struct json *j, const char *name)
{
    assert(!j->after_key);
    separate(j);
    put_escaped(j->out, text_of(name));
    putc_unlocked(':', j->out);
    j->after_key = true;
}

void json_null(struct json *j)
{
    separate(j);
    fputs_unlocked("null", j->out);
}

void json_bool(struct json *j, bool value)
{
    separate(j);
    fputs_unlocked(value ? "true" : "false", j->out);
}

void json_int(struct json *j, int64_t value)
{
    char digits[TEXT_INT_MAX];

    separate(j);
    fwrite_unlocked(digits, 1, text_put_int(digits, value), j->out);
}

static int significant_digits(const char *number)
{
    int count = 0, zeros = 0;

    for (; *number && *number != 'e'; number++) {
        if (*number == '0' && count > 0)
            zeros++;
        if (*number >= '1' && *number <= '9') {
            count += zeros + 1;
            zeros = 0;
        }
    }
    return count;
}

/* Up to 15 digits every decimal comes back from a double unchanged (DBL_DIG), so whether
 * fewer do need not be tried one by one: there are millions of coordinates. */
static void shortest_real(double value, char *into, size_t room)
{
    enum { FEWEST = 6, SURE = 15, MOST = 17 };

    /* Numbers below DBL_MIN have fewer digits. */
    for (int precision = fabs(value) < DBL_MIN ? FEWEST : SURE; precision <= MOST; precision++) {
        snprintf(into, room, "%.*g", precision, value);
        if (precision == MOST || strtod(into, NULL) == value) {
            const int needed = significant_digits(into);
            if (precision == SURE && needed < SURE)
                snprintf(into, room, "%.*g", needed > FEWEST ? needed : FEWEST, value);
            return;
        }
    }
}

/* The same for decimals of at most 15 digits between 0.0001 and a thousand million, which nearly all numbers in evidence
 * are: the value as a whole number of decimals, if dividing that gives the value again.  Both are exact, so the
 * quotient is what a reader makes of the digits.  Gives how many characters; 0: another kind of number. */
static size_t short_real(double value, char into[40])
{
    enum { DIGITS = 15, PLAIN = 6 };
    static const double powers[DIGITS + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
    const double size = fabs(value);
    int before = 0;

    if (!(size >= 1e-4 && size < 1e9))
        return 0;
    while (size >= powers[before])
        before++;
    int decimals = DIGITS - before;
    int64_t whole = llround(size * powers[decimals]);
    if ((double)whole / powers[decimals] != size)
        return 0;
    for (; decimals > 0 && whole % 10 == 0; decimals--)
        whole /= 10;
    if (decimals == 0 && before > PLAIN && whole % 10 == 0)
        return 0; /* %g may write it with an exponent */

    char digits[TEXT_INT_MAX];
    const int count = (int)text_put_int(digits, whole), zeros = decimals >= count ? decimals + 1 - count : 0;
    size_t len = 0;
    if (value < 0)
        into[len++] = '-';
    for (int i = 0; i < zeros + count; i++) {
        if (i == zeros + count - decimals)
            into[len++] = '.';
        into[len++] = i < zeros ? '0' : digits[i - zeros];
    }
    return len;
}

void json_real(struct json *j, double value)
{
    char digits[40];

    if (!isfinite(value)) {
        json_null(j);
        return;
    }
    separate(j);
    const size_t len = short_real(value, digits);
    if (len > 0) {
        fwrite_unlocked(digits, 1, len, j->out);
        return;
    }
    shortest_real(value, digits, sizeof digits);
    fputs_unlocked(digits, j->out);
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
    fwrite_unlocked(json.at, 1, json.len, j->out);
}
