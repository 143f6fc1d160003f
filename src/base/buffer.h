#ifndef LEASH_BASE_BUFFER_H
#define LEASH_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* Bytes that grow.  The limit is set at birth; what would go past it is refused
 * and sets `overflowed`, and the content so far stays as it was. */
struct buffer {
    uint8_t *at;
    size_t len, room, limit;
    bool overflowed;
};

void buffer_init(struct buffer *b, size_t limit_bytes);
void buffer_done(struct buffer *b); /* may be called twice */
void buffer_clear(struct buffer *b);

bool buffer_add_text(struct buffer *b, struct text t);
__attribute__((format(printf, 2, 3)))
bool buffer_printf(struct buffer *b, const char *format, ...);
/* Room for `n` bytes (0 is allowed) at the end, already counted in; NULL only at the limit. */
static inline uint8_t *buffer_extend(struct buffer *b, size_t n);
/* Drops the first `n` bytes. */
void buffer_consume(struct buffer *b, size_t n);

/* buffer_extend where the room that is there does not do. */
uint8_t *buffer_grow(struct buffer *b, size_t n);

/* `room` never is more than `limit`. */
static inline uint8_t *buffer_extend(struct buffer *b, size_t n)
{
    if (!b->at || n > b->room - b->len)
        return buffer_grow(b, n);
    uint8_t *at = b->at + b->len;
    b->len += n;
    return at;
}

static inline bool buffer_add(struct buffer *b, const void *from, size_t n)
{
    if (n == 0)
        return true;
    uint8_t *at = buffer_extend(b, n);
    if (!at)
        return false;
    memcpy(at, from, n);
    return true;
}

static inline bool buffer_add_u8(struct buffer *b, uint8_t value)
{
    return buffer_add(b, &value, 1);
}

static inline struct text buffer_text(const struct buffer *b)
{
    return (struct text){ .at = b->at ? (const char *)b->at : "", .len = b->len };
}

#endif
