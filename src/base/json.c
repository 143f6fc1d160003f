#include "base/json.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The stream is one thread's own, so the unlocked functions do: with the others half of the
 * time of a large output is spent on locks. */
enum { DEPTH_MAX = 60, ROW_DEPTH = 2 /* object, list, row: rows are not broken further */ };

void json_init(struct json *j, FILE *out, bool pretty)
{
    j->out = out;
    j->depth = 0;
    j->pretty = pretty;
    j->after_key = false;
    j->has_items = 0;
    j->held_bytes = 0; /* what `held` has is nobody's: rows are many and clearing it each time shows */
}

/* Pieces of a few bytes each come together here first: going to the stream for each is half of the work. */
static void flush(struct json *j)
{
    fwrite_unlocked(j->held, 1, j->held_bytes, j->out);
    j->held_bytes = 0;
}

static inline void put_bytes(struct json *j, const char *at, size_t n)
{
    if (n > sizeof j->held - j->held_bytes) {
        flush(j);
        if (n > sizeof j->held) {
            fwrite_unlocked(at, 1, n, j->out);
            return;
        }
    }
    memcpy(j->held + j->held_bytes, at, n);
    j->held_bytes += n;
}

static inline void put(struct json *j, char c)
{
    if (j->held_bytes == sizeof j->held)
        flush(j);
    j->held[j->held_bytes++] = c;
}

static inline void put_string(struct json *j, const char *nul_terminated)
{
    put_bytes(j, nul_terminated, strlen(nul_terminated));
}

/* A value is written: a whole document goes out, so that others can write to the stream. */
static void done(struct json *j)
{
    if (j->depth == 0)
        flush(j);
}

static void new_line(struct json *j)
{
    put(j, '\n');
    for (int i = 0; i < j->depth; i++)
        put_string(j, "  ");
}

/* What stands between this value and the one before it. */
static inline void separate(struct json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->has_items >> j->depth & 1)
        put(j, ',');
    if (j->pretty && j->depth > 0 && j->depth <= ROW_DEPTH)
        new_line(j);
    j->has_items |= UINT64_C(1) << j->depth;
}

static void open_with(struct json *j, char bracket)
{
    separate(j);
    put(j, bracket);
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
    put(j, bracket);
    done(j);
}

void json_object(struct json *j)     { open_with(j, '{'); }
void json_object_end(struct json *j) { close_with(j, '}'); }
void json_array(struct json *j)      { open_with(j, '['); }
void json_array_end(struct json *j)  { close_with(j, ']'); }

/* A text is mostly such characters: they go out a run at a time. */
static inline bool stands_for_itself(unsigned char c)
{
    /* a bit per character: from the blank on without " & < > backslash and DEL */
    static const uint64_t characters[4] = { ~UINT64_C(0) << 32 & ~(UINT64_C(1) << '"' | UINT64_C(1) << '&' | UINT64_C(1) << '<' | UINT64_C(1) << '>'),
                                            ~(UINT64_C(1) << ('\\' - 64) | UINT64_C(1) << 63) };
    return characters[c >> 6] >> (c & 63) & 1;
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

static void put_escape(struct json *j, unsigned c)
{
    char escape[8];

    put_bytes(j, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", c));
}

/* Writes the character at the start of `t`, which does not stand for itself; gives its length. */
static size_t put_special(struct json *j, struct text t)
{
    const unsigned char c = (unsigned char)t.at[0];
    const size_t n = text_utf8_length(t);

    if (c == '"' || c == '\\') {
        put(j, '\\');
        put(j, (char)c);
    } else if (c == '\n') {
        put_string(j, "\\n");
    } else if (c == '\t') {
        put_string(j, "\\t");
    } else if (c == '\r') {
        put_string(j, "\\r");
    } else if (c < 0x80) {
        put_escape(j, c);
    } else if (n == 0) {
        put_string(j, "\\ufffd");
        return 1;
    } else if (steers(t, n)) {
        put_escape(j, n == 2 ? (c & 0x1fu) << 6 | (t.at[1] & 0x3fu)
                             : (c & 0x0fu) << 12 | (t.at[1] & 0x3fu) << 6 | (t.at[2] & 0x3fu));
    } else {
        put_bytes(j, t.at, n);
    }
    return n;
}

/* Sixteen characters at once, in what vectors the compiler has. */
typedef uint8_t block __attribute__((vector_size(16)));

/* Does each of them stand for itself? */
static inline bool all_plain(const char *sixteen)
{
    block b;
    uint64_t found[2];

    memcpy(&b, sixteen, sizeof b);
    /* below a blank, or from DEL on: both are large after the subtraction; < and > differ in one bit */
    const block bad = (block)((b - 0x20) >= 0x5f) | (block)((b | 2) == '>') | (block)(b == '"') | (block)(b == '&') |
                      (block)(b == '\\');
    memcpy(found, &bad, sizeof found);
    return (found[0] | found[1]) == 0;
}

/* Copies first and looks afterwards: nearly all texts are plain.  Gives how many characters from the
 * start of `t` stand in the buffer now; 0: the first does not stand for itself. */
static size_t put_plain(struct json *j, struct text t)
{
    enum { STEP = sizeof(block) };
    const size_t room = sizeof j->held - STEP - j->held_bytes, most = t.len < room ? t.len : room;
    char *const to = j->held + j->held_bytes;
    size_t n = 0;

    memcpy(to, t.at, most);
    memset(to + most, 'a', STEP); /* a block may end behind the text */
    while (n < most && all_plain(to + n))
        n += STEP;
    while (n < most && stands_for_itself((unsigned char)to[n]))
        n++;
    n = n < most ? n : most;
    j->held_bytes += n;
    return n;
}

static void put_escaped(struct json *j, struct text t)
{
    enum { ROOM_MIN = 64 };

    put(j, '"');
    while (t.len > 0) {
        if (sizeof j->held - j->held_bytes < ROOM_MIN)
            flush(j);
        size_t n = put_plain(j, t);
        if (n == 0)
            n = put_special(j, t);
        t.at += n;
        t.len -= n;
    }
    put(j, '"');
}

static void key_ends(struct json *j)
{
    put(j, ':');
    j->after_key = true;
}

void json_key(struct json *j, const char *name)
{
    assert(!j->after_key);
    separate(j);
    put(j, '"');
    put_string(j, name);
    put(j, '"');
    key_ends(j);
}

void json_key_text(struct json *j, struct text name)
{
    assert(!j->after_key);
    separate(j);
    put_escaped(j, name);
    key_ends(j);
}

void json_key_ready(struct json *j, const struct json_name *name, size_t skip)
{
    enum { LEAD = sizeof ",\"" - 1 };
    const bool first = !(j->has_items >> j->depth & 1);

    assert(!j->after_key && (!j->pretty || j->depth > ROW_DEPTH));
    if (sizeof j->held - j->held_bytes < JSON_NAME_ROOM)
        flush(j);
    char *const to = j->held + j->held_bytes;
    memcpy(to, name->text + first, JSON_NAME_ROOM - 1);
    if (skip > 0)
        memcpy(to + LEAD - first, name->text + LEAD + skip, JSON_NAME_ROOM - LEAD - skip);
    j->held_bytes += name->len - first - skip;
    j->has_items |= UINT64_C(1) << j->depth;
    j->after_key = true;
}

void json_null(struct json *j)
{
    separate(j);
    put_string(j, "null");
    done(j);
}

void json_bool(struct json *j, bool value)
{
    separate(j);
    put_string(j, value ? "true" : "false");
    done(j);
}

void json_int(struct json *j, int64_t value)
{
    separate(j);
    if (sizeof j->held - j->held_bytes < TEXT_INT_MAX)
        flush(j);
    j->held_bytes += text_put_int(j->held + j->held_bytes, value);
    done(j);
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

enum { JSON_REAL_ROOM = 64 };

/* Takes zeros off the end, four, two and one at a time; gives how many decimals are left. */
static int strip_zeros(int64_t *whole, int decimals)
{
    for (; decimals >= 4 && *whole % 10000 == 0; decimals -= 4)
        *whole /= 10000;
    if (decimals >= 2 && *whole % 100 == 0) {
        *whole /= 100;
        decimals -= 2;
    }
    for (; decimals > 0 && *whole % 10 == 0; decimals--)
        *whole /= 10;
    return decimals;
}

/* A whole number of so many decimals, without the zeros at its end; gives how many characters. */
static size_t put_decimal(char into[JSON_REAL_ROOM], bool negative, int64_t whole, int decimals)
{
    enum { COPIED = TEXT_INT_MAX };
    char digits[2 * TEXT_INT_MAX] = { 0 };

    decimals = strip_zeros(&whole, decimals);
    const size_t count = text_put_int(digits, whole), fraction = (size_t)decimals;
    const size_t integer = count > fraction ? count - fraction : 0;
    size_t len = 0;
    into[len] = '-';
    len += negative;
    if (integer > 0) { /* here and below of a fixed length: no call */
        memcpy(into + len, digits, COPIED);
        len += integer;
    } else {
        into[len++] = '0';
    }
    if (fraction == 0)
        return len;
    into[len++] = '.';
    for (size_t zeros = fraction - (count - integer); zeros > 0; zeros--)
        into[len++] = '0';
    memcpy(into + len, digits + integer, COPIED);
    return len + count - integer;
}

#define PLAIN_MIN 1e-4 /* smaller ones have an exponent, */
#define PLAIN_MAX 1e9  /* and larger ones may */

/* The same for decimals of at most 15 digits in that range, which nearly all numbers in evidence are: the value as a
 * whole number of decimals, if dividing that gives the value again.  Both are exact, so the quotient is what a reader
 * makes of the digits.  Gives how many characters; 0: another kind of number. */
static size_t short_real(double value, char into[JSON_REAL_ROOM])
{
    enum { DIGITS = 15, PLAIN = 6 };
    static const double powers[DIGITS + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
                                               1e13, 1e14, 1e15 };
    const double size = fabs(value);
    int before = 0;

    if (!(size >= PLAIN_MIN && size < PLAIN_MAX))
        return 0;
    while (size >= powers[before])
        before++;
    const int decimals = DIGITS - before;
    const int64_t whole = (int64_t)(size * powers[decimals] + 0.5); /* below 2^53, so the sum is exact enough to round */
    if ((double)whole / powers[decimals] != size)
        return 0;
    if (before > PLAIN && whole % (int64_t)(10 * powers[decimals]) == 0)
        return 0; /* %g may write it with an exponent */
    return put_decimal(into, value < 0, whole, decimals);
}

__extension__ typedef unsigned __int128 wide; /* 53 bits times a power of ten up to 10^20 */

/* A double of that range with the 15, 16 or 17 digits that it needs: positions that were worked out, as from radians.
 * All is exact: the value is `mantissa` / 2^shift, and N / 2^shift with N = mantissa * 10^k has 17 digits before its
 * point.  A decimal comes back as the same double when it is nearer than half of the step to the next one, which is
 * 10^k / 2 beside N. */
static size_t long_real(double value, char into[JSON_REAL_ROOM])
{
    enum { MOST = 17, MANTISSA_BITS = 52, BIAS = 1023 };
    static const double powers[] = { 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8 };
    const double size = fabs(value);
    uint64_t bits, unit = 100;
    int before = -3;

    if (!(size >= PLAIN_MIN && size < PLAIN_MAX))
        return 0;
    for (size_t i = 0; i < sizeof powers / sizeof *powers && size >= powers[i]; i++)
        before++;
    memcpy(&bits, &size, sizeof bits);
    const uint64_t hidden = UINT64_C(1) << MANTISSA_BITS, mantissa = (bits & (hidden - 1)) | hidden;
    const int shift = BIAS + MANTISSA_BITS - (int)(bits >> MANTISSA_BITS), k = MOST - before;
    wide power = 1;
    for (int i = 0; i < k; i++)
        power *= 10;
    const wide n = mantissa * power, rest = n & (((wide)1 << shift) - 1);
    const uint64_t seventeen = (uint64_t)(n >> shift);

    for (int decimals = k - 2;; decimals++, unit /= 10) {
        uint64_t digits = seventeen / unit;
        const wide over = ((wide)(seventeen % unit) << shift) + rest, half = ((wide)unit << shift) / 2;
        digits += over > half || (over == half && digits % 2 == 1);
        const wide got = (wide)(digits * unit) << shift;
        const bool below = got < n;
        const wide apart = below ? n - got : got - n;
        const wide step = below && mantissa == hidden ? power / 2 : power; /* doubles below a power of two lie closer */
        if (unit == 1 || 2 * apart < step || (2 * apart == step && mantissa % 2 == 0))
            return put_decimal(into, value < 0, (int64_t)digits, decimals);
    }
}

void json_real(struct json *j, double value)
{
    if (!isfinite(value)) {
        json_null(j);
        return;
    }
    separate(j);
    if (sizeof j->held - j->held_bytes < JSON_REAL_ROOM)
        flush(j);
    char *const to = j->held + j->held_bytes;
    size_t len = short_real(value, to);
    if (len == 0)
        len = long_real(value, to);
    if (len == 0) {
        shortest_real(value, to, JSON_REAL_ROOM);
        len = strlen(to);
    }
    j->held_bytes += len;
    done(j);
}

void json_text(struct json *j, struct text value)
{
    if (!text_known(value)) {
        json_null(j);
        return;
    }
    separate(j);
    put_escaped(j, value);
    done(j);
}

void json_plain(struct json *j, struct text value)
{
    if (!text_known(value)) {
        json_null(j);
        return;
    }
    separate(j);
    put(j, '"');
    put_bytes(j, value.at, value.len);
    put(j, '"');
    done(j);
}

void json_raw(struct json *j, struct text json)
{
    if (!text_known(json)) {
        json_null(j);
        return;
    }
    separate(j);
    put_bytes(j, json.at, json.len);
    done(j);
}
