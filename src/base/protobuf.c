#include "base/protobuf.h"

enum { NUMBER_MAX = (1 << 29) - 1 };

uint64_t protobuf_take_varint(struct cursor *c)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 70; shift += 7) {
        const uint8_t byte = cursor_u8(c);
        if (shift == 63 && byte > 1)
            break;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
    c->failed = true;
    c->rest.len = 0;
    return 0;
}

bool protobuf_next(struct cursor *c, struct protobuf_field *ret)
{
    if (c->rest.len == 0)
        return false;
    const uint64_t key = protobuf_take_varint(c);
    struct protobuf_field f = { .wire = (enum protobuf_wire)(key & 7) };

    const struct bytes before = c->rest;
    switch (key & 7) {
    case PROTOBUF_VARINT:
        f.value = protobuf_take_varint(c);
        f.body = bytes_part(before, 0, before.len - c->rest.len);
        break;
    case PROTOBUF_I64:
        f.value = cursor_u64le(c);
        f.body = bytes_part(before, 0, 8);
        break;
    case PROTOBUF_I32:
        f.value = cursor_u32le(c);
        f.body = bytes_part(before, 0, 4);
        break;
    case PROTOBUF_LEN: {
        const uint64_t length = protobuf_take_varint(c);
        if (length > c->rest.len)
            c->failed = true;
        else
            f.body = cursor_take(c, (size_t)length);
        break;
    }
    default: /* groups, which nobody writes any more */
        c->failed = true;
    }
    if (key >> 3 == 0 || key >> 3 > NUMBER_MAX)
        c->failed = true;
    if (c->failed) {
        c->rest.len = 0;
        return false;
    }
    f.number = (uint32_t)(key >> 3);
    *ret = f;
    return true;
}

bool protobuf_find(struct bytes message, uint32_t number, enum protobuf_wire wire, struct protobuf_field *ret)
{
    struct cursor c = cursor_over(message);
    struct protobuf_field f;

    while (protobuf_next(&c, &f))
        if (f.number == number && f.wire == wire) {
            *ret = f;
            return true;
        }
    return false;
}

bool protobuf_find_path(struct bytes message, const uint8_t *numbers, enum protobuf_wire wire,
                        struct protobuf_field *ret)
{
    struct protobuf_field f;

    for (; numbers[0] && numbers[1]; numbers++) {
        if (!protobuf_find(message, numbers[0], PROTOBUF_LEN, &f))
            return false;
        message = f.body;
    }
    return numbers[0] && protobuf_find(message, numbers[0], wire, ret);
}

bool protobuf_is_message(struct bytes b)
{
    struct cursor c = cursor_over(b);
    struct protobuf_field f;

    while (protobuf_next(&c, &f))
        ;
    return b.len > 0 && !c.failed;
}

double protobuf_double(const struct protobuf_field *f)
{
    double value;

    memcpy(&value, &f->value, sizeof value);
    return value;
}

float protobuf_float(const struct protobuf_field *f)
{
    const uint32_t bits = (uint32_t)f->value;
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}
