#ifndef LEASH_TEST_PROTOCOL_BUILD_H
#define LEASH_TEST_PROTOCOL_BUILD_H

/* Messages put together in C, with lengths filled in afterwards. */

#include "base/buffer.h"
#include "base/cursor.h"

static inline void put_uint(struct buffer *b, uint64_t value, size_t width)
{
    while (width-- > 0)
        buffer_add_u8(b, width < sizeof value ? (uint8_t)(value >> 8 * width) : 0);
}

/* Room for a length of `width` bytes; length_end writes how much came behind it. */
static inline size_t length_begin(struct buffer *b, size_t width)
{
    const size_t at = b->len;

    put_uint(b, 0, width);
    return at;
}

static inline void length_end(struct buffer *b, size_t at, size_t width)
{
    const size_t length = b->len - at - width;

    for (size_t i = 0; i < width; i++)
        b->at[at + i] = (uint8_t)(length >> 8 * (width - 1 - i));
}

static inline void put_text(struct buffer *b, const char *s)
{
    buffer_add_text(b, text_of(s));
}

static inline struct bytes buffer_bytes(const struct buffer *b)
{
    return (struct bytes){ .at = b->at, .len = b->len };
}

#endif
