#include "leak/decode.h"

#include <string.h>

enum { NO = 0xff, PASS = 0xfe };

/* Values of the base64 alphabets, standard and URL-safe together; PASS may stand between. */
static const uint8_t sextets[256] = {
#define N8 NO, NO, NO, NO, NO, NO, NO, NO
    N8, NO, PASS, PASS, NO, NO, PASS, NO, NO, N8, N8,
    N8, NO, NO, NO, 62, NO, 62, NO, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NO, NO, NO, NO, NO, NO,
    NO, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO, PASS, NO, NO, 63,
    NO, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NO, NO, NO, NO, NO,
    N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8,
#undef N8
};

/* ASCII, and the degree sign. */
static inline bool wide_printable(uint8_t c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t' || c == 0xb0;
}

static inline bool wide_pair(const uint8_t *at)
{
    return (at[0] == 0) != (at[1] == 0) && wide_printable(at[0] | at[1]);
}

bool decode_find_wide_run(const uint8_t *at, size_t len, size_t from, size_t limit, size_t *ret_start, size_t *ret_end)
{
    size_t p = from;

    while (p < limit && len - p >= RUN_MIN) {
        const size_t q = p + RUN_MIN - 2;
        size_t start = q, last = q; /* pairs */
        if (!wide_pair(at + q)) {
            p = q + 1;
            continue;
        }
        while (start > p && wide_pair(at + start - 1))
            start--;
        while (last + 2 < len && wide_pair(at + last + 1))
            last++;
        if (last + 2 - start >= RUN_MIN && start < limit) {
            *ret_start = start;
            *ret_end = last + 2;
            return true;
        }
        p = last + 1;
    }
    return false;
}

size_t decode_alphabet_more(const uint8_t *at, size_t len)
{
    size_t n = 0;

    while (n < len && sextets[at[n]] != NO)
        n++;
    return n;
}

size_t decode_wide_more(const uint8_t *at, size_t len, uint8_t last)
{
    size_t n = 0;

    while (n < len) {
        const uint8_t pair[2] = { n ? at[n - 1] : last, at[n] };
        if (!wide_pair(pair))
            break;
        n++;
    }
    return n;
}

size_t decode_base64(struct base64_state *s, const uint8_t *at, size_t len, uint8_t *into)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        const uint8_t sextet = sextets[at[i]];
        if (sextet >= 64)
            continue;
        if (s->skip) {
            s->skip--;
            continue;
        }
        s->bits = s->bits << 6 | sextet;
        s->bit_count += 6;
        if (s->bit_count >= 8) {
            s->bit_count -= 8;
            into[n++] = (uint8_t)(s->bits >> s->bit_count);
        }
    }
    return n;
}

static int hex_digit(uint8_t c)
{
    const uint8_t letter = c | 0x20;

    if (c >= '0' && c <= '9')
        return c - '0';
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

size_t decode_find_hex(const uint8_t *at, size_t len)
{
    size_t run = 0;

    for (size_t i = 0; i < len; i++) {
        run = hex_digit(at[i]) < 0 ? 0 : run + 1;
        if (run == RUN_MIN)
            return i + 1 - RUN_MIN;
    }
    return len;
}

size_t decode_hex(struct hex_state *s, const uint8_t *at, size_t len, uint8_t *into, size_t *ret_taken)
{
    size_t n = 0, i;

    for (i = 0; i < len; i++) {
        if (s->skip) {
            s->skip--;
            continue;
        }
        const int digit = hex_digit(at[i]);
        if (digit < 0)
            break;
        if (s->half)
            into[n++] = (uint8_t)(s->high << 4 | digit);
        else
            s->high = (uint8_t)digit;
        s->half = !s->half;
    }
    *ret_taken = i;
    return n;
}

static inline bool in_url(uint8_t c) { return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>'; }

size_t decode_percent_more(const uint8_t *at, size_t len)
{
    size_t n = 0;

    while (n < len && in_url(at[n]))
        n++;
    return n;
}

bool decode_percent_fits(const uint8_t *at, size_t len)
{
    return len >= 3 && hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0;
}

size_t decode_percent_back(const uint8_t *at, size_t mark)
{
    size_t n = 0;

    while (n < mark && n < ESCAPE_BACK && in_url(at[mark - n - 1]))
        n++;
    return n;
}

size_t decode_backslash_more(const uint8_t *at, size_t len, bool *escaped)
{
    size_t n = 0;

    for (; n < len && at[n] >= 0x20 && (at[n] != '"' || *escaped); n++)
        *escaped = at[n] == '\\' && !*escaped;
    return n;
}

bool decode_backslash_fits(const uint8_t *at, size_t len)
{
    enum { TEXT_MIN = 8 };
    static const char letters[] = "\"\\/bfnrtu";
    size_t n = 1;

    if (len < 2 || at[1] == 0 || !strchr(letters, at[1]))
        return false;
    while (n < len && n < TEXT_MIN && at[n] >= 0x20 && at[n] < 0x7f)
        n++;
    return n == TEXT_MIN || n == len || at[n] == '\n' || at[n] == '\r';
}

size_t decode_backslash_back(const uint8_t *at, size_t mark)
{
    size_t n = 0;

    while (n < mark && n < ESCAPE_BACK && at[mark - n - 1] >= 0x20 && at[mark - n - 1] < 0x7f &&
           at[mark - n - 1] != '"')
        n++;
    return n;
}

/* What was taken for an escape and is none. */
static size_t give_held(struct escape_state *s, uint8_t *into)
{
    const size_t n = s->pending;

    for (size_t i = 0; i < n; i++)
        into[i] = s->held[i];
    s->pending = 0;
    return n;
}

size_t decode_percent(struct escape_state *s, const uint8_t *at, size_t len, uint8_t *into)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (s->pending && hex_digit(at[i]) < 0)
            n += give_held(s, into + n);
        if (!s->pending && at[i] != '%') {
            into[n++] = at[i];
            continue;
        }
        s->held[s->pending++] = at[i];
        if (s->pending == 3) {
            into[n++] = (uint8_t)(hex_digit(s->held[1]) << 4 | hex_digit(s->held[2]));
            s->pending = 0;
        }
    }
    return n;
}

static size_t put_utf8(uint32_t c, uint8_t *into)
{
    if (c < 0x80) {
        into[0] = (uint8_t)c;
        return 1;
    }
    const unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t first[] = { 0, 0xc0, 0xe0, 0xf0 };
    into[0] = (uint8_t)(first[more] | c >> 6 * more);
    for (unsigned k = 1; k <= more; k++)
        into[k] = (uint8_t)(0x80 | (c >> 6 * (more - k) & 0x3f));
    return more + 1;
}

/* \uXXXX; half a pair of surrogates waits for the other. */
static size_t put_unit(struct escape_state *s, uint8_t *into)
{
    uint32_t unit = 0;

    for (int i = 2; i < 6; i++)
        unit = unit << 4 | (uint32_t)hex_digit(s->held[i]);
    s->pending = 0;
    if (unit >= 0xd800 && unit < 0xdc00) {
        s->high = (uint16_t)unit;
        return 0;
    }
    if (unit >= 0xdc00 && unit < 0xe000) {
        const uint32_t high = s->high;
        s->high = 0;
        return high ? put_utf8(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00), into) : 0;
    }
    return put_utf8(unit, into);
}

size_t decode_backslash(struct escape_state *s, const uint8_t *at, size_t len, uint8_t *into)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (s->pending >= 2 && hex_digit(at[i]) < 0)
            n += give_held(s, into + n);
        if (s->pending == 0 && at[i] != '\\') {
            into[n++] = at[i];
            continue;
        }
        s->held[s->pending++] = at[i];
        if (s->pending == 6)
            n += put_unit(s, into + n);
        if (s->pending != 2 || at[i] == 'u')
            continue;
        size_t k = 0;
        while (letters[k] && letters[k] != (char)at[i])
            k++;
        if (letters[k]) {
            into[n++] = (uint8_t)meant[k];
            s->pending = 0;
        } else {
            n += give_held(s, into + n);
        }
    }
    return n;
}

size_t decode_wide(const uint8_t *at, size_t len, uint8_t *into)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        if (at[i])
            into[n++] = at[i];
    return n;
}

/* RFC 1951, 3.2.3 and 3.2.7: what the first block's header may not be. */
static bool may_be_deflate(const uint8_t *at, size_t len)
{
    enum { STORED = 0, DYNAMIC = 2, RESERVED = 3, LITERAL_CODES_MAX = 286, DISTANCE_CODES_MAX = 30 };

    if (len < 3)
        return false;
    const unsigned type = at[0] >> 1 & 3;
    if (type == RESERVED)
        return false;
    if (type == STORED)
        return len < 5 || ((at[1] ^ at[3]) == 0xff && (at[2] ^ at[4]) == 0xff);
    if (type == DYNAMIC) {
        const unsigned bits = at[0] | (unsigned)at[1] << 8 | (unsigned)at[2] << 16;
        return (bits >> 3 & 31) + 257 <= LITERAL_CODES_MAX && (bits >> 8 & 31) + 1 <= DISTANCE_CODES_MAX;
    }
    return true;
}

bool decode_may_be_zlib(const uint8_t *at, size_t len)
{
    return len >= 8 && (at[0] << 8 | at[1]) % 31 == 0 && may_be_deflate(at + 2, len - 2);
}

bool decode_may_be_gzip(const uint8_t *at, size_t len)
{
    /* RFC 1952, 2.3: deflate, no reserved flag, and an operating system that exists. */
    if (len < 18 || at[2] != 8 || at[3] & 0xe0 || (at[9] > 13 && at[9] != 255))
        return false;
    return at[3] != 0 || may_be_deflate(at + 10, len - 10);
}

bool decode_may_be_packed(bool brotli, const uint8_t *at, size_t len)
{
    enum { LOOKED_AT = 32, STORED = 0 };
    size_t printable = 0, n = len < LOOKED_AT ? len : LOOKED_AT;

    for (size_t i = 0; i < n; i++)
        printable += (at[i] >= 0x20 && at[i] < 0x7f) || at[i] == '\n' || at[i] == '\r' || at[i] == '\t';
    if (n == 0 || printable >= n - 1)
        return false;
    /* A stored block is found as it stands. */
    return brotli || (may_be_deflate(at, len) && (at[0] >> 1 & 3) != STORED);
}

/* The byte with which an item of CBOR begins; false: none that stands among numbers. */
static bool cbor_item(struct cbor_state *s, uint8_t first)
{
    enum { NEGATIVE = 1, BYTES = 2, TEXT = 3, TAG = 6, BREAK = 31, OTHERS_MAX = 12 };
    static const uint8_t behind[] = { [24 - 24] = 1, [25 - 24] = 2, [26 - 24] = 4, [27 - 24] = 8 };
    const uint8_t major = first >> 5, info = first & 31;

    if ((info > 27 && info < BREAK) || (info == BREAK && (major <= NEGATIVE || major == TAG)))
        return false;
    s->number = major <= NEGATIVE && (info == 26 || info == 27);
    s->negative = major == NEGATIVE;
    s->others = s->number ? 0 : s->others + 1;
    if (major == BYTES || major == TEXT) {
        s->left = info < 24 ? info : 0; /* names are short */
        return info < 24 && s->others <= OTHERS_MAX;
    }
    s->left = info >= 24 && info <= 27 ? behind[info - 24] : 0;
    return s->others <= OTHERS_MAX;
}

static size_t cbor_walk(struct cbor_state *s, const uint8_t *at, size_t len, uint8_t *into, size_t *ret_written)
{
    size_t i = 0;

    *ret_written = 0;
    for (; i < len; i++) {
        if (s->left > 0) {
            s->left--;
            if (into && s->number)
                into[(*ret_written)++] = s->negative ? (uint8_t)~at[i] : at[i];
        } else if (!cbor_item(s, at[i])) {
            break;
        }
    }
    return i;
}

size_t decode_cbor_more(struct cbor_state *s, const uint8_t *at, size_t len)
{
    size_t written;

    return cbor_walk(s, at, len, NULL, &written);
}

size_t decode_cbor(struct cbor_state *s, const uint8_t *at, size_t len, uint8_t *into)
{
    size_t written;

    (void)cbor_walk(s, at, len, into, &written);
    return written;
}

bool decode_cbor_numbers(const uint8_t *at, size_t len)
{
    enum { ITEMS = 5 };
    struct cbor_state s = { 0 };
    size_t i = 0;

    if (len < 1 || !cbor_item(&s, at[0]) || !s.number || s.left != 4)
        return false;
    i = 5;
    for (int items = 0; items < ITEMS && i < len; items++) {
        if (!cbor_item(&s, at[i]))
            return false;
        if (s.number)
            return s.left == 4;
        i += 1u + s.left;
    }
    return false;
}
