#include "broadcast/details.h"

#include <string.h>

static const char hex_digits[16] = { '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f' };

/* Room for `n` characters, or NULL, and then nothing more is written. */
static char *extend(struct details *d, size_t n)
{
    if (d->full || n > sizeof d->at - d->len) {
        d->full = true;
        return NULL;
    }
    char *at = d->at + d->len;
    d->len += n;
    return at;
}

static void put(struct details *d, const char *from, size_t n)
{
    char *at = extend(d, n);

    if (at)
        memcpy(at, from, n);
}

static void member(struct details *d, const char *name)
{
    if (d->comma)
        put(d, ",", 1);
    d->comma = true;
    if (name) {
        put(d, "\"", 1);
        put(d, name, strlen(name));
        put(d, "\":", 2);
    }
}

void details_init(struct details *d)
{
    d->at[0] = '{';
    d->len = 1;
    d->full = d->comma = false;
}

struct text details_text(struct details *d)
{
    put(d, "}", 1);
    return d->full ? TEXT_UNKNOWN : (struct text){ .at = d->at, .len = d->len };
}

void details_open(struct details *d, const char *name, char bracket)
{
    member(d, name);
    put(d, &bracket, 1);
    d->comma = false;
}

void details_close(struct details *d, char bracket)
{
    put(d, &bracket, 1);
    d->comma = true;
}

void details_int(struct details *d, const char *name, int64_t value)
{
    char digits[TEXT_INT_MAX];

    member(d, name);
    put(d, digits, text_put_int(digits, value));
}

void details_fixed(struct details *d, const char *name, int64_t value, unsigned decimals)
{
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    char digits[32];
    size_t at = sizeof digits;

    for (unsigned i = 0; i < decimals; i++, rest /= 10)
        digits[--at] = (char)('0' + rest % 10);
    digits[--at] = '.';
    do {
        digits[--at] = (char)('0' + rest % 10);
    } while (rest /= 10);
    if (value < 0)
        digits[--at] = '-';
    member(d, name);
    put(d, digits + at, sizeof digits - at);
}

void details_word(struct details *d, const char *name, const char *value)
{
    if (!value) {
        details_null(d, name);
        return;
    }
    member(d, name);
    put(d, "\"", 1);
    put(d, value, strlen(value));
    put(d, "\"", 1);
}

/* One character that cannot stand for itself. */
static void put_escaped(struct details *d, unsigned c)
{
    char *at = extend(d, 6);

    if (!at)
        return;
    memcpy(at, "\\u", 2);
    for (int i = 0; i < 4; i++)
        at[2 + i] = hex_digits[c >> (12 - 4 * i) & 15];
}

void details_evidence(struct details *d, const char *name, struct text value)
{
    enum { NOT_UTF8 = 0xfffd };

    if (!text_known(value)) {
        details_null(d, name);
        return;
    }
    member(d, name);
    put(d, "\"", 1);
    while (value.len > 0) {
        const unsigned char c = (unsigned char)value.at[0];
        const size_t n = text_utf8_length(value);
        if (n == 0)
            put_escaped(d, NOT_UTF8);
        else if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
            put_escaped(d, c);
        else
            put(d, value.at, n);
        value.at += n ? n : 1;
        value.len -= n ? n : 1;
    }
    put(d, "\"", 1);
}

void details_hex(struct details *d, const char *name, struct bytes value)
{
    member(d, name);
    put(d, "\"", 1);
    char *at = value.len <= DETAILS_BYTES_MAX ? extend(d, 2 * value.len) : NULL;
    d->full |= !at;
    for (size_t i = 0; at && i < value.len; i++) {
        *at++ = hex_digits[value.at[i] >> 4];
        *at++ = hex_digits[value.at[i] & 15];
    }
    put(d, "\"", 1);
}

void details_bool(struct details *d, const char *name, bool value)
{
    member(d, name);
    put(d, value ? "true" : "false", value ? 4 : 5);
}

void details_null(struct details *d, const char *name)
{
    member(d, name);
    put(d, "null", 4);
}
