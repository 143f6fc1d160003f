#ifndef LEASH_LEAK_DECODE_H
#define LEASH_LEAK_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs of encoded bytes inside other bytes, and their decoding in pieces. */

enum { RUN_MIN = 32 }; /* shorter runs are words and names */

/* The first run of at least RUN_MIN bytes of the base64 alphabets (RFC 4648, sections 4
 * and 5) that begins in [from, limit); looks as far as `len`.  False: none.  The run
 * ends at *ret_end, which is `len` when it may go on. */
bool decode_find_alphabet_run(const uint8_t *at, size_t len, size_t from, size_t limit, size_t *ret_start,
                              size_t *ret_end);
/* The same for text in UTF-16 of either byte order that ASCII and the degree sign could write: every
 * other byte is zero. */
bool decode_find_wide_run(const uint8_t *at, size_t len, size_t from, size_t limit, size_t *ret_start, size_t *ret_end);

/* How many bytes of `at` go on with the run.  Inside a base64 run line breaks, tabs and a
 * backslash (JSON's \/ and \n) are passed over. */
size_t decode_alphabet_more(const uint8_t *at, size_t len);
size_t decode_wide_more(const uint8_t *at, size_t len, uint8_t last);

struct base64_state {
    uint32_t bits;
    uint8_t bit_count;
    uint8_t skip;      /* characters to leave out at the start: the phase */
};
/* Writes at most len * 3 / 4 + 1 bytes. */
size_t decode_base64(struct base64_state *s, const uint8_t *at, size_t len, uint8_t *into);

struct hex_state {
    uint8_t high;
    bool half;
    uint32_t skip;     /* characters of any kind to leave out at the start */
};
/* Where in a base64 run at least RUN_MIN hex digits begin; `len` when nowhere. */
size_t decode_find_hex(const uint8_t *at, size_t len);
/* Stops at the first character that is no hex digit: *ret_taken says where.  Writes at
 * most len / 2 + 1 bytes. */
size_t decode_hex(struct hex_state *s, const uint8_t *at, size_t len, uint8_t *into, size_t *ret_taken);

/* Percent-encoding (RFC 3986, 2.1) and JSON's escapes (RFC 8259, 7): text in which some
 * characters are written as several.  What is no escape passes as it is. */
struct escape_state {
    uint8_t pending;   /* characters of an escape seen so far */
    uint8_t held[6];
    uint16_t high;     /* a surrogate whose other half must follow */
};
/* How many bytes of `at` go on with such text: a URL up to what cannot be in one, a JSON
 * string up to its quote.  `*escaped`: the last byte was a backslash that escapes the next. */
size_t decode_percent_more(const uint8_t *at, size_t len);
size_t decode_backslash_more(const uint8_t *at, size_t len, bool *escaped);
/* How many bytes before a mark belong to the same text; at most ESCAPE_BACK. */
enum { ESCAPE_BACK = 120 };
/* Whether what begins with a backslash at at[0] looks like an escape in text: other bytes
 * than text have backslashes too. */
bool decode_backslash_fits(const uint8_t *at, size_t len);
bool decode_percent_fits(const uint8_t *at, size_t len); /* likewise, with a percent sign */
size_t decode_percent_back(const uint8_t *at, size_t mark);
size_t decode_backslash_back(const uint8_t *at, size_t mark);
/* Write at most len + 6 bytes. */
size_t decode_percent(struct escape_state *s, const uint8_t *at, size_t len, uint8_t *into);
size_t decode_backslash(struct escape_state *s, const uint8_t *at, size_t len, uint8_t *into);

/* Whole numbers of CBOR (RFC 8949, 3.1) in 32 and 64 bits, of which a negative one, n, stands there as -1 - n: written
 * out as two's complement, and nothing of what stands between them. */
struct cbor_state {
    uint8_t left;      /* bytes of the item that are still to come */
    bool number, negative;
    uint8_t others;    /* items since the last such number */
};
/* The first such number that begins in [from, limit), is followed by another one, and one of them is negative; as
 * above, it is *ret_start, and how far it goes on is for decode_cbor_more to tell. */
bool decode_find_cbor(const uint8_t *at, size_t len, size_t from, size_t limit, size_t *ret_start);
/* Whether one of 32 bits begins at at[0], and another one soon behind it. */
bool decode_cbor_numbers(const uint8_t *at, size_t len);
size_t decode_cbor_more(struct cbor_state *s, const uint8_t *at, size_t len);
/* Writes at most `len` bytes. */
size_t decode_cbor(struct cbor_state *s, const uint8_t *at, size_t len, uint8_t *into);

/* Leaves the zeros out. */
size_t decode_wide(const uint8_t *at, size_t len, uint8_t *into);

/* Whether a zlib or gzip stream may begin here; looks at the first block's header too. */
bool decode_may_be_zlib(const uint8_t *at, size_t len);
bool decode_may_be_gzip(const uint8_t *at, size_t len);
/* Whether a bare deflate or brotli stream may: not text, and a first block that can be. */
bool decode_may_be_packed(bool brotli, const uint8_t *at, size_t len);

#endif
