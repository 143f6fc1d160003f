#include "media/dng_private.h"

bool dng_private_open(struct bytes value, struct cursor *ret)
{
    if (!bytes_start_with(value, "Adobe\0", 6))
        return false;
    *ret = cursor_over(bytes_part(value, 6, UINT64_MAX));
    return true;
}

bool dng_private_next(struct cursor *c, struct dng_private_block *ret)
{
    if (c->rest.len < 8)
        return false;
    const struct bytes name = cursor_take(c, 4);
    const uint32_t length = cursor_u32be(c);
    *ret = (struct dng_private_block){ .body = bytes_part(c->rest, 0, length),
                                       .is_note = bytes_equal(name, "MakN", 4) };
    cursor_skip(c, ret->body.len + (ret->body.len & 1 && ret->body.len < c->rest.len));
    if (!ret->is_note)
        return true;
    struct cursor head = cursor_over(ret->body);
    ret->origin.big_endian = bytes_equal(cursor_take(&head, 2), "MM", 2);
    ret->origin.base = cursor_u32be(&head);
    ret->origin.bytes = ret->note = head.rest;
    return true;
}
