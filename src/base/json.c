#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/real_text.h"

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
    static const uint64_t characters[4] = { ~UINT64_C(0) << 32 & ~(UINT64_C(1) << '"' | UINT64_C(1) << '&' |
                                                                   UINT64_C(1) << '<' | UINT64_C(1) << '>'),
                                            ~(UINT64_C(1) << ('\\' - 64) | UINT64_C(1) << 63) };
    return characters[c >> 6] >> (c & 63) & 1;
}

/* C1 control characters, which some terminals obey; U+2028 and U+2029, which end a line in old
 * JavaScript; marks that turn text around (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069) or hide in it
 * (U+00AD, U+200B to U+200D, U+2060 to U+2064, U+FEFF). */
static bool steers(struct text t, size_t n)
{
    const unsigned char *b = (const unsigned char *)t.at;

    if (n == 2)
        return (b[0] == 0xc2 && (b[1] < 0xa0 || b[1] == 0xad)) || (b[0] == 0xd8 && b[1] == 0x9c);
    if (n != 3 || b[0] != 0xe2)
        return n == 3 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf;
    return (b[1] == 0x80 && ((b[2] >= 0xa8 && b[2] <= 0xae) || (b[2] >= 0x8b && b[2] <= 0x8f))) ||
           (b[1] == 0x81 && ((b[2] >= 0xa6 && b[2] <= 0xa9) || (b[2] >= 0xa0 && b[2] <= 0xa4)));
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
typedef uint64_t halves __attribute__((vector_size(16)));

static inline block block_of(const char *sixteen)
{
    block b;

    memcpy(&b, sixteen, sizeof b);
    return b;
}

/* The first and the last eight of eight to sixteen characters. */
static inline block block_of_ends(const char *at, size_t len)
{
    uint64_t first, last;

    memcpy(&first, at, sizeof first);
    memcpy(&last, at + len - sizeof last, sizeof last);
    return (block)(halves){ first, last };
}

/* Does each of them stand for itself? */
static inline bool all_plain(block b)
{
    uint64_t found[2];

    /* below a blank, or from DEL on: both are large after the subtraction; < and > differ in one bit */
    const block bad = (block)((b - 0x20) >= 0x5f) | (block)((b | 2) == '>') | (block)(b == '"') | (block)(b == '&') |
                      (block)(b == '\\');
    memcpy(found, &bad, sizeof found);
    return (found[0] | found[1]) == 0;
}

/* Looks at them where they come from: where they were just copied to, the processor would wait for them. */
size_t json_plain_length(struct text t)
{
    enum { STEP = sizeof(block) };
    size_t n = 0;

    while (n + STEP <= t.len && all_plain(block_of(t.at + n)))
        n += STEP;
    if (t.len >= STEP && n + STEP > t.len && all_plain(block_of(t.at + t.len - STEP)))
        return t.len;
    if (t.len < STEP && t.len >= STEP / 2 && all_plain(block_of_ends(t.at, t.len)))
        return t.len;
    while (n < t.len && stands_for_itself((unsigned char)t.at[n]))
        n++;
    return n;
}

/* Gives how many characters from the start of `t` stand in the buffer now; 0: the first does not stand for itself. */
static size_t put_plain(struct json *j, struct text t)
{
    const size_t room = sizeof j->held - j->held_bytes;
    const size_t n = json_plain_length((struct text){ .at = t.at, .len = t.len < room ? t.len : room });

    memcpy(j->held + j->held_bytes, t.at, n);
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

/* Gives where the value belongs; there is room for `value_bytes` of it. */
static inline char *put_name(struct json *j, const struct json_name *name, size_t skip, size_t value_bytes)
{
    enum { LEAD = sizeof ",\"" - 1 };
    const bool first = !(j->has_items >> j->depth & 1);

    assert(!j->after_key && (!j->pretty || j->depth > ROW_DEPTH));
    if (sizeof j->held - j->held_bytes < JSON_NAME_ROOM + value_bytes)
        flush(j);
    char *const to = j->held + j->held_bytes;
    memcpy(to, name->text + first, JSON_NAME_ROOM - 1);
    if (skip > 0)
        memcpy(to + LEAD - first, name->text + LEAD + skip, JSON_NAME_ROOM - LEAD - skip);
    j->has_items |= UINT64_C(1) << j->depth;
    return to + (name->len - first - skip);
}

void json_key_ready(struct json *j, const struct json_name *name, size_t skip)
{
    j->held_bytes = (size_t)(put_name(j, name, skip, 0) - j->held);
    j->after_key = true;
}

void json_key_null(struct json *j, const struct json_name *name, size_t skip)
{
    static const char value[4] = "null";
    char *const to = put_name(j, name, skip, sizeof value);

    memcpy(to, value, sizeof value);
    j->held_bytes = (size_t)(to + sizeof value - j->held);
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

void json_real(struct json *j, double value)
{
    if (!isfinite(value)) {
        json_null(j);
        return;
    }
    separate(j);
    if (sizeof j->held - j->held_bytes < REAL_TEXT_MAX)
        flush(j);
    j->held_bytes += real_text_put(j->held + j->held_bytes, value);
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
    /* What must not stand in the result can only be within strings, where an escape says the same; control characters
     * can only be between values. */
    while (json.len > 0) {
        const unsigned char c = (unsigned char)json.at[0];
        size_t n = 1;
        if (c < 0x20)
            put(j, ' ');
        else if (stands_for_itself(c) || c == '"' || c == '\\')
            put(j, (char)c);
        else
            n = put_special(j, json);
        json.at += n;
        json.len -= n;
    }
    done(j);
}
