#include "protocol/der.h"

uint8_t der_next(struct cursor *c, struct bytes *ret_content)
{
    enum { LONG_FORM = 0x80, LENGTH_BYTES_MAX = 4 };
    const uint8_t tag = cursor_u8(c);
    uint64_t length = cursor_u8(c);

    if (length & LONG_FORM) {
        const size_t width = length & 0x7f;
        if (width == 0 || width > LENGTH_BYTES_MAX) { /* indefinite length is not DER */
            c->failed = true;
            c->rest.len = 0;
        }
        length = c->failed ? 0 : cursor_uint_be(c, width);
    }
    *ret_content = cursor_take(c, (size_t)length);
    return c->failed ? 0 : tag;
}

bool der_enter(struct cursor *c, uint8_t tag, struct cursor *ret_inside)
{
    struct bytes content;

    if (der_next(c, &content) != tag)
        return false;
    *ret_inside = cursor_over(content);
    return true;
}
