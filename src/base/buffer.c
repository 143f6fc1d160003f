#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void buffer_init(struct buffer *b, size_t limit_bytes)
{
    *b = (struct buffer){ .limit = limit_bytes };
}

void buffer_done(struct buffer *b)
{
    free(b->at);
    *b = (struct buffer){ .limit = b->limit };
}

void buffer_clear(struct buffer *b)
{
    b->len = 0;
    b->overflowed = false;
}

uint8_t *buffer_grow(struct buffer *b, size_t n)
{
    enum { ROOM_MIN = 256 };

    if (n > b->limit - b->len) {
        b->overflowed = true;
        return NULL;
    }
    const size_t need = b->len + n;
    if (need > b->room || !b->at) { /* room for nothing is a place, too */
        size_t room = b->room ? b->room : ROOM_MIN;
        while (room < need)
            room = room > b->limit / 2 ? b->limit : room * 2;
        if (room > b->limit)
            room = b->limit; /* buffer_extend looks at the room alone */
        b->at = memory_resize_array(b->at, room ? room : 1, 1);
        b->room = room;
    }
    uint8_t *at = b->at + b->len;
    b->len = need;
    return at;
}

bool buffer_add_text(struct buffer *b, struct text t)
{
    return buffer_add(b, t.at, t.len);
}

bool buffer_printf(struct buffer *b, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    const int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);

    /* vsnprintf writes a NUL behind the text; it is not counted in. */
    uint8_t *at = len < 0 ? NULL : buffer_extend(b, (size_t)len + 1);
    if (at) {
        vsnprintf((char *)at, (size_t)len + 1, format, again);
        b->len--;
    }
    va_end(again);
    return at != NULL;
}

void buffer_consume(struct buffer *b, size_t n)
{
    if (n >= b->len) {
        b->len = 0;
        return;
    }
    memmove(b->at, b->at + n, b->len - n);
    b->len -= n;
}
