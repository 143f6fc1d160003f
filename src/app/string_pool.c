#include "app/string_pool.h"

#include "base/utf.h"

enum { CHUNK_HEADER_BYTES = 8, POOL_UTF8_FLAG = 1 << 8, STRING_UNITS_MAX = 1 << 20 };

bool chunk_next(struct cursor *c, struct chunk *ret)
{
    struct bytes all = c->rest;
    struct cursor head = *c;

    if (all.len < CHUNK_HEADER_BYTES)
        return false;
    ret->type = cursor_u16le(&head);
    const uint16_t header_bytes = cursor_u16le(&head);
    uint32_t chunk_bytes = cursor_u32le(&head);
    ret->false_size = chunk_bytes < CHUNK_HEADER_BYTES || chunk_bytes > all.len;
    if (ret->false_size)
        chunk_bytes = (uint32_t)all.len;
    ret->whole = cursor_take(c, chunk_bytes);
    const size_t head_bytes = header_bytes < CHUNK_HEADER_BYTES ? CHUNK_HEADER_BYTES
                              : header_bytes > chunk_bytes ? chunk_bytes : header_bytes;
    ret->header = bytes_part(bytes_part(ret->whole, 0, head_bytes), CHUNK_HEADER_BYTES, UINT64_MAX);
    ret->body = bytes_part(ret->whole, head_bytes, UINT64_MAX);
    return true;
}

bool string_pool_parse(const struct chunk *chunk, struct string_pool *ret)
{
    struct cursor c = cursor_over(chunk->header);

    *ret = (struct string_pool){ 0 };
    if (chunk->type != CHUNK_STRING_POOL)
        return false;
    const uint32_t count = cursor_u32le(&c);
    cursor_skip(&c, 4); /* styles */
    const uint32_t flags = cursor_u32le(&c), strings_start = cursor_u32le(&c);
    const uint32_t styles_start = cursor_u32le(&c);
    if (c.failed)
        return false;
    ret->offsets = bytes_part(chunk->body, 0, (uint64_t)count * 4);
    ret->count = (uint32_t)(ret->offsets.len / 4);
    ret->strings = bytes_part(chunk->whole, strings_start, UINT64_MAX);
    if (styles_start > strings_start)
        ret->strings = bytes_part(ret->strings, 0, styles_start - strings_start);
    ret->utf8 = flags & POOL_UTF8_FLAG;
    return true;
}

/* One or two units, the top bit of the first telling which. */
static uint32_t utf8_length(struct cursor *c)
{
    const uint32_t first = cursor_u8(c);

    return first & 0x80 ? (first & 0x7f) << 8 | cursor_u8(c) : first;
}

static uint32_t utf16_length(struct cursor *c)
{
    const uint32_t first = cursor_u16le(c);

    return first & 0x8000 ? (first & 0x7fff) << 16 | cursor_u16le(c) : first;
}

static struct text from_utf16(struct bytes units, struct arena *arena)
{
    const size_t room = (units.len / 2 + 1) * 3; /* no unit alone takes more, and a pair takes 4 */
    char *to = arena_alloc(arena, room, 1);

    return to ? (struct text){ .at = to, .len = utf16_to_utf8(units, false, to, room) } : TEXT_UNKNOWN;
}

struct text string_pool_get(const struct string_pool *pool, uint32_t index, struct arena *arena)
{
    if (index >= pool->count)
        return TEXT_UNKNOWN;
    struct cursor at = cursor_over(bytes_part(pool->offsets, (uint64_t)index * 4, 4));
    struct cursor c = cursor_over(bytes_part(pool->strings, cursor_u32le(&at), UINT64_MAX));
    if (c.rest.len == 0)
        return TEXT_UNKNOWN;
    if (pool->utf8) {
        (void)utf8_length(&c); /* in UTF-16 units */
        const struct text t = text_of_bytes(cursor_take(&c, utf8_length(&c)));
        return c.failed ? TEXT_UNKNOWN : t.at ? t : TEXT("");
    }
    const uint32_t units = utf16_length(&c);
    if (c.failed || units > STRING_UNITS_MAX)
        return TEXT_UNKNOWN;
    const struct bytes content = cursor_take(&c, (size_t)units * 2);
    return c.failed ? TEXT_UNKNOWN : from_utf16(content, arena);
}
