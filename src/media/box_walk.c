#include "media/box_walk.h"

enum { HEADER_BYTES = 8, LONG_HEADER_BYTES = 16 };

void box_walk_init(struct box_walk *w, struct bytes container)
{
    w->rest = container;
}

bool box_walk_next(struct box_walk *w, struct box *ret)
{
    struct cursor c = cursor_over(w->rest);

    if (w->rest.len < HEADER_BYTES)
        return false;
    *ret = (struct box){ .size = cursor_u32be(&c) };
    ret->type = cursor_u32be(&c);
    size_t header = HEADER_BYTES;
    if (ret->size == 1) {
        ret->size = cursor_u64be(&c);
        header = LONG_HEADER_BYTES;
    } else if (ret->size == 0) {
        ret->to_the_end = true;
        ret->size = w->rest.len;
    }
    /* A long header that is cut off counts as a box whose size cannot be known. */
    ret->size_wrong = c.failed || ret->size < header;
    if (ret->size_wrong) {
        ret->whole = w->rest;
        ret->body = bytes_part(w->rest, header, 0);
        w->rest = bytes_part(w->rest, w->rest.len, 0);
        return true;
    }
    ret->whole = bytes_part(w->rest, 0, ret->size);
    ret->missing = ret->size - ret->whole.len;
    ret->body = bytes_part(ret->whole, header, UINT64_MAX);
    w->rest = bytes_part(w->rest, ret->whole.len, UINT64_MAX);
    return true;
}

bool box_find(struct bytes container, uint32_t type, struct box *ret)
{
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, container); box_walk_next(&w, &box); )
        if (box.type == type) {
            *ret = box;
            return true;
        }
    return false;
}

bool full_box_open(struct bytes body, struct full_box *ret)
{
    struct cursor c = cursor_over(body);
    const uint8_t version = cursor_u8(&c);
    const uint32_t flags = cursor_u24be(&c);

    if (c.failed)
        return false;
    *ret = (struct full_box){ version, flags, c.rest };
    return true;
}

struct bytes box_meta_children(struct bytes body)
{
    return bytes_start_with(bytes_part(body, 4, UINT64_MAX), "hdlr", 4) ? body : bytes_part(body, 4, UINT64_MAX);
}

const char *box_name(uint32_t type, char into[BOX_NAME_BYTES])
{
    for (int i = 0; i < 4; i++) {
        const char c = (char)(type >> (24 - 8 * i));
        into[i] = c >= ' ' && c <= '~' ? c : '.';
    }
    into[4] = '\0';
    return into;
}
