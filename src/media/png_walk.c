#include "media/png_walk.h"

#include <zlib.h>

static const char signature[] = "\x89PNG\r\n\x1a\n";

enum { SIGNATURE_BYTES = 8, AROUND_BYTES = 12 /* length, type, check sum */, LENGTH_MAX = 0x7fffffff };

enum parse_status png_walk_init(struct png_walk *w, struct bytes file)
{
    *w = (struct png_walk){ .rest = file };
    if (!bytes_start_with(file, signature, SIGNATURE_BYTES))
        return PARSE_INVALID;
    w->rest = bytes_part(file, SIGNATURE_BYTES, UINT64_MAX);
    return PARSE_OK;
}

static bool is_type(uint32_t type)
{
    for (int shift = 0; shift < 32; shift += 8) {
        const uint8_t lower = (uint8_t)((type >> shift & 0xff) | 0x20);
        if (lower < 'a' || lower > 'z' || (type >> shift & 0x80))
            return false;
    }
    return true;
}

bool png_walk_next(struct png_walk *w, struct png_chunk *ret)
{
    struct cursor c = cursor_over(w->rest);
    const uint32_t length = cursor_u32be(&c);

    if (w->ended)
        return false;
    *ret = (struct png_chunk){ .type = cursor_u32be(&c) };
    if (c.failed)
        return false;
    ret->type_wrong = !is_type(ret->type) || length > LENGTH_MAX;
    if (ret->type_wrong) {
        ret->whole = w->rest;
        ret->body = bytes_part(c.rest, 0, 0);
        w->rest = bytes_part(w->rest, w->rest.len, 0);
        return true;
    }
    ret->whole = bytes_part(w->rest, 0, (uint64_t)length + AROUND_BYTES);
    ret->missing = (uint64_t)length + AROUND_BYTES - ret->whole.len;
    ret->body = bytes_part(c.rest, 0, length);
    w->rest = bytes_part(w->rest, ret->whole.len, UINT64_MAX);
    w->ended = ret->type == PNG_TYPE('I', 'E', 'N', 'D') && ret->missing == 0;
    return true;
}

bool png_chunk_sound(const struct png_chunk *c)
{
    struct cursor sum = cursor_over(bytes_part(c->whole, c->body.len + 8, 4));
    const uint32_t stored = cursor_u32be(&sum);

    if (sum.failed || c->type_wrong)
        return false;
    return crc32_z(0, bytes_part(c->whole, 4, 0).at, c->body.len + 4) == stored;
}
