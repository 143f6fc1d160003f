#include "broadcast/details.h"

#include <string.h>

static const char hex_digits[16] = { '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f' };

/* Where a member begins, behind its name, with room for `room` characters of value; NULL: it does not
 * fit, and then nothing more is written.  The caller says with `written` where it ended. */
static char *member(struct details *d, struct details_name name, size_t room)
{
    enum { COMMA_QUOTES_COLON = 4, CLOSING = 1 };

    if (d->full || room > sizeof d->at || name.len + COMMA_QUOTES_COLON + room + CLOSING > sizeof d->at - d->len) {
        d->full = true;
        return NULL;
    }
    char *at = d->at + d->len;
    if (d->comma)
        *at++ = ',';
    d->comma = true;
    if (name.at) {
        *at++ = '"';
        memcpy(at, name.at, name.len);
        at += name.len;
        *at++ = '"';
        *at++ = ':';
    }
    return at;
}

static void written(struct details *d, const char *end)
{
    d->len = (size_t)(end - d->at);
}

void details_init(struct details *d)
{
    d->at[0] = '{';
    d->len = 1;
    d->full = d->comma = false;
}

struct text details_text(struct details *d)
{
    details_close(d, '}');
    return d->full ? TEXT_UNKNOWN : (struct text){ .at = d->at, .len = d->len };
}

void details_open(struct details *d, const char *name, char bracket)
{
    char *at = member(d, details_name(name), 1);

    if (!at)
        return;
    *at++ = bracket;
    written(d, at);
    d->comma = false;
}

void details_close(struct details *d, char bracket)
{
    if (d->len == sizeof d->at)
        d->full = true;
    if (d->full)
        return;
    d->at[d->len++] = bracket;
    d->comma = true;
}

void details_put_int(struct details *d, struct details_name name, int64_t value)
{
    char *at = member(d, name, TEXT_INT_MAX);

    if (!at)
        return;
    if (value >= 0 && value <= 9) /* most are */
        *at++ = (char)('0' + value);
    else
        at += text_put_int(at, value);
    written(d, at);
}

void details_put_fixed(struct details *d, struct details_name name, int64_t value, unsigned decimals)
{
    enum { FIXED_MAX = 32 };
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    char digits[FIXED_MAX], *first = digits + sizeof digits;
    char *at = member(d, name, FIXED_MAX);

    if (!at)
        return;
    for (unsigned i = 0; i < decimals; i++, rest /= 10)
        *--first = (char)('0' + rest % 10);
    *--first = '.';
    do {
        *--first = (char)('0' + rest % 10);
    } while (rest /= 10);
    if (value < 0)
        *--first = '-';
    const size_t len = (size_t)(digits + sizeof digits - first);
    memcpy(at, first, len);
    written(d, at + len);
}

void details_put_literal(struct details *d, struct details_name name, struct details_name literal)
{
    char *at = member(d, name, literal.len);

    if (!at)
        return;
    memcpy(at, literal.at, literal.len);
    written(d, at + literal.len);
}

void details_put_word(struct details *d, struct details_name name, const char *value)
{
    const size_t len = value ? strlen(value) : 0;
    char *at;

    if (!value) {
        details_put_literal(d, name, details_name("null"));
    } else if ((at = member(d, name, len + 2))) {
        *at++ = '"';
        memcpy(at, value, len);
        at[len] = '"';
        written(d, at + len + 1);
    }
}

/* One character that cannot stand for itself. */
static char *escaped(char *at, unsigned c)
{
    *at++ = '\\';
    *at++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *at++ = hex_digits[c >> shift & 15];
    return at;
}

void details_put_evidence(struct details *d, struct details_name name, struct text value)
{
    enum { NOT_UTF8 = 0xfffd, ESCAPED = 6 };

    if (!text_known(value)) {
        details_put_literal(d, name, details_name("null"));
        return;
    }
    char *at = member(d, name, value.len > DETAILS_BYTES_MAX ? SIZE_MAX : ESCAPED * value.len + 2);
    if (!at)
        return;
    *at++ = '"';
    while (value.len > 0) {
        const unsigned char c = (unsigned char)value.at[0];
        size_t n = 1;
        if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) {
            at = escaped(at, c);
        } else if (c < 0x80) {
            *at++ = (char)c;
        } else if ((n = text_utf8_length(value)) == 0) {
            at = escaped(at, NOT_UTF8);
            n = 1;
        } else {
            memcpy(at, value.at, n);
            at += n;
        }
        value.at += n;
        value.len -= n;
    }
    *at++ = '"';
    written(d, at);
}

void details_put_hex(struct details *d, struct details_name name, struct bytes value)
{
    char *at = member(d, name, value.len > DETAILS_BYTES_MAX ? SIZE_MAX : 2 * value.len + 2);

    if (!at)
        return;
    *at++ = '"';
    for (size_t i = 0; i < value.len; i++) {
        *at++ = hex_digits[value.at[i] >> 4];
        *at++ = hex_digits[value.at[i] & 15];
    }
    *at++ = '"';
    written(d, at);
}
