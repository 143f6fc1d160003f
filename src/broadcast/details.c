#include "broadcast/details.h"

#include <string.h>

static const char hex_digits[16] = { '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f' };

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
    char *at = details_begins(d, name, 1);

    if (!at)
        return;
    *at++ = bracket;
    details_ends(d, at);
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

char *details_write_fixed(char *at, int64_t value, unsigned decimals)
{
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    char digits[DETAILS_FIXED_MAX], *const behind = digits + sizeof digits, *first = behind;

    for (unsigned i = 0; i < decimals; i++, rest /= 10)
        *--first = (char)('0' + rest % 10);
    *--first = '.';
    do {
        *--first = (char)('0' + rest % 10);
    } while (rest /= 10);
    if (value < 0)
        *--first = '-';
    memcpy(at, first, (size_t)(behind - first));
    return at + (behind - first);
}

enum { ESCAPED = 6, QUOTES = 2 };

size_t details_evidence_room(struct text value)
{
    return value.len > DETAILS_BYTES_MAX ? SIZE_MAX : ESCAPED * value.len + QUOTES;
}

size_t details_hex_room(struct bytes value)
{
    return value.len > DETAILS_BYTES_MAX ? SIZE_MAX : 2 * value.len + QUOTES;
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

static bool is_utf8(struct text t)
{
    while (t.len > 0) {
        const size_t n = text_utf8_length(t);
        if (n == 0)
            return false;
        t.at += n;
        t.len -= n;
    }
    return true;
}

char *details_write_evidence(char *at, struct text value)
{
    bool utf8 = true, looked = false;

    *at++ = '"';
    while (value.len > 0) {
        const unsigned char c = (unsigned char)value.at[0];
        size_t n = 1;
        if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) {
            at = escaped(at, c);
        } else if (c < 0x80) {
            *at++ = (char)c;
        } else if (!looked) {
            utf8 = is_utf8(value);
            looked = true;
            n = 0;
        } else if (!utf8) {
            at = escaped(at, c);
        } else {
            n = text_utf8_length(value);
            memcpy(at, value.at, n);
            at += n;
        }
        value.at += n;
        value.len -= n;
    }
    *at++ = '"';
    return at;
}

char *details_write_hex(char *at, struct bytes value)
{
    *at++ = '"';
    for (size_t i = 0; i < value.len; i++) {
        *at++ = hex_digits[value.at[i] >> 4];
        *at++ = hex_digits[value.at[i] & 15];
    }
    *at++ = '"';
    return at;
}
