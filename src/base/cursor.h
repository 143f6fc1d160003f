#ifndef LEASH_BASE_CURSOR_H
#define LEASH_BASE_CURSOR_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that somebody else owns.  `origin` is where they begin in the evidence
 * item, so that whatever is read from them can be pointed at in a report. */
struct bytes {
    const uint8_t *at;
    size_t len;
    uint64_t origin;
};

/* How reading one unit of input ended.  Anything but OK is a fact about the
 * evidence, never an error of the program. */
enum parse_status {
    PARSE_OK,
    PARSE_TRUNCATED,   /* more bytes were promised than there are */
    PARSE_INVALID,     /* the bytes contradict the format */
    PARSE_UNSUPPORTED, /* the format is known, this variant of it is not read */
};

/* Reads forward through bytes.  The first read past the end sets `failed` for
 * good, empties `rest`, and gives zero; so does every read after it.  A parser
 * therefore asks `failed` once per group of fields, before it believes them. */
struct cursor {
    struct bytes rest;
    bool failed;
};

static inline struct cursor cursor_over(struct bytes b)
{
    return (struct cursor){ .rest = b };
}

/* The part of `b` from `offset`, at most `n` bytes; empty where there is none. */
static inline struct bytes bytes_part(struct bytes b, uint64_t offset, uint64_t n)
{
    if (offset >= b.len)
        return (struct bytes){ .at = b.len ? b.at + b.len : b.at, .len = 0, .origin = b.origin + b.len };
    const uint64_t left = b.len - offset;
    return (struct bytes){ .at = b.at + offset, .len = n < left ? n : left, .origin = b.origin + offset };
}

static inline uint64_t bytes_word(const uint8_t *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

static inline uint32_t bytes_half_word(const uint8_t *at)
{
    uint32_t half;

    memcpy(&half, at, sizeof half);
    return half;
}

/* memcmp's answer for what is short mostly, as names are: without a call. */
static inline bool bytes_same(const void *one, const void *other, size_t n)
{
    enum { WORD = 8, HALF = 4 };
    const uint8_t *a = one, *b = other;

    if (n >= WORD) {
        for (size_t i = 0; i < n - WORD; i += WORD)
            if (bytes_word(a + i) != bytes_word(b + i))
                return false;
        return bytes_word(a + n - WORD) == bytes_word(b + n - WORD);
    }
    if (n >= HALF)
        return bytes_half_word(a) == bytes_half_word(b) && bytes_half_word(a + n - HALF) == bytes_half_word(b + n - HALF);
    return n == 0 || (a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1]);
}

/* How many zeros `b` begins with. */
static inline size_t bytes_zeros(struct bytes b)
{
    enum { WORD = 8 };
    size_t n = 0;

    while (n + WORD <= b.len && bytes_word(b.at + n) == 0)
        n += WORD;
    while (n < b.len && b.at[n] == 0)
        n++;
    return n;
}

static inline bool bytes_equal(struct bytes b, const void *other, size_t n)
{
    return b.len == n && (n == 0 || memcmp(b.at, other, n) == 0);
}

static inline bool bytes_start_with(struct bytes b, const void *prefix, size_t n)
{
    return b.len >= n && memcmp(b.at, prefix, n) == 0;
}

/* The next `n` bytes as a view of their own, or no bytes.  This comparison of
 * lengths is the only place where reading forward meets the end of the input. */
static inline struct bytes cursor_take(struct cursor *c, size_t n)
{
    struct bytes taken = c->rest;

    if (n > c->rest.len) {
        c->failed = true;
        c->rest.len = taken.len = 0;
    } else if (n > 0) {
        taken.len = n;
        c->rest.at += n;
        c->rest.len -= n;
        c->rest.origin += n;
    } else {
        taken.len = 0;
    }
    return taken;
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
    (void)cursor_take(c, n);
}

/* Unsigned integers of 1 to 8 bytes; byte order and width are in the names below.  The widths that processors load
 * at once are asked for as such: compilers put the bytes of a loop together in some places and not in others.  In line,
 * because the width is known there. */
__attribute__((always_inline))
static inline uint64_t cursor_uint_le(struct cursor *c, size_t width)
{
    struct bytes b = cursor_take(c, width);
    uint64_t eight = 0;
    uint32_t four;
    uint16_t two;

    if (b.len < width)
        return 0;
    if (width == sizeof eight) {
        memcpy(&eight, b.at, sizeof eight);
        return le64toh(eight);
    }
    if (width == sizeof four) {
        memcpy(&four, b.at, sizeof four);
        return le32toh(four);
    }
    if (width == sizeof two) {
        memcpy(&two, b.at, sizeof two);
        return le16toh(two);
    }
    for (size_t i = 0; i < width; i++)
        eight |= (uint64_t)b.at[i] << (8 * i);
    return eight;
}

__attribute__((always_inline))
static inline uint64_t cursor_uint_be(struct cursor *c, size_t width)
{
    struct bytes b = cursor_take(c, width);
    uint64_t eight = 0;
    uint32_t four;
    uint16_t two;

    if (b.len < width)
        return 0;
    if (width == sizeof eight) {
        memcpy(&eight, b.at, sizeof eight);
        return be64toh(eight);
    }
    if (width == sizeof four) {
        memcpy(&four, b.at, sizeof four);
        return be32toh(four);
    }
    if (width == sizeof two) {
        memcpy(&two, b.at, sizeof two);
        return be16toh(two);
    }
    for (size_t i = 0; i < width; i++)
        eight = eight << 8 | b.at[i];
    return eight;
}

static inline uint8_t  cursor_u8(struct cursor *c)    { return (uint8_t)cursor_uint_le(c, 1); }
static inline uint16_t cursor_u16le(struct cursor *c) { return (uint16_t)cursor_uint_le(c, 2); }
static inline uint16_t cursor_u16be(struct cursor *c) { return (uint16_t)cursor_uint_be(c, 2); }
static inline uint32_t cursor_u24be(struct cursor *c) { return (uint32_t)cursor_uint_be(c, 3); }
static inline uint32_t cursor_u32le(struct cursor *c) { return (uint32_t)cursor_uint_le(c, 4); }
static inline uint32_t cursor_u32be(struct cursor *c) { return (uint32_t)cursor_uint_be(c, 4); }
static inline uint64_t cursor_u64le(struct cursor *c) { return cursor_uint_le(c, 8); }
static inline uint64_t cursor_u64be(struct cursor *c) { return cursor_uint_be(c, 8); }
static inline int16_t  cursor_i16le(struct cursor *c) { return (int16_t)cursor_u16le(c); }
static inline int32_t  cursor_i32le(struct cursor *c) { return (int32_t)cursor_u32le(c); }
static inline int64_t  cursor_i64le(struct cursor *c) { return (int64_t)cursor_u64le(c); }

static inline float cursor_f32le(struct cursor *c)
{
    const uint32_t bits = cursor_u32le(c);
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline double cursor_f64le(struct cursor *c)
{
    const uint64_t bits = cursor_u64le(c);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
