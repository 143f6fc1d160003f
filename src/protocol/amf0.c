#include "protocol/amf0.h"

enum marker { AMF_NUMBER = 0, AMF_BOOLEAN = 1, AMF_STRING = 2, AMF_OBJECT = 3, AMF_NULL = 5, AMF_UNDEFINED = 6,
              AMF_REFERENCE = 7, AMF_ECMA_ARRAY = 8, AMF_OBJECT_END = 9, AMF_STRICT_ARRAY = 10, AMF_DATE = 11,
              AMF_LONG_STRING = 12, AMF_UNSUPPORTED = 13, AMF_XML = 15, AMF_TYPED_OBJECT = 16 };
enum { DEPTH_MAX = 8, MEMBERS_MAX = 1024 };

static struct bytes string_of(struct cursor *c, uint8_t marker)
{
    return cursor_take(c, marker == AMF_STRING ? cursor_u16be(c) : cursor_u32be(c));
}

static void value_skip(struct cursor *c, int depth);

/* Members up to the empty name with the end marker (2.5). */
static void members(struct cursor *c, int depth, void (*each)(void *user, struct text name, struct text value),
                    void *user)
{
    for (int i = 0; i < MEMBERS_MAX && !c->failed; i++) {
        const struct bytes name = cursor_take(c, cursor_u16be(c));
        if (c->failed || c->rest.len == 0)
            return;
        if (name.len == 0 && c->rest.at[0] == AMF_OBJECT_END) {
            cursor_skip(c, 1);
            return;
        }
        if (each && (c->rest.at[0] == AMF_STRING || c->rest.at[0] == AMF_LONG_STRING)) {
            const struct bytes value = string_of(c, cursor_u8(c));
            if (!c->failed)
                each(user, text_of_bytes(name), text_of_bytes(value));
        } else {
            value_skip(c, depth);
        }
    }
    c->failed = true;
}

static void value_skip(struct cursor *c, int depth)
{
    const uint8_t marker = cursor_u8(c);

    if (depth >= DEPTH_MAX) {
        c->failed = true;
        return;
    }
    switch (marker) {
    case AMF_NUMBER: cursor_skip(c, 8); break;
    case AMF_BOOLEAN: cursor_skip(c, 1); break;
    case AMF_STRING: case AMF_LONG_STRING: case AMF_XML: (void)string_of(c, marker); break;
    case AMF_NULL: case AMF_UNDEFINED: case AMF_UNSUPPORTED: break;
    case AMF_REFERENCE: cursor_skip(c, 2); break;
    case AMF_DATE: cursor_skip(c, 10); break;
    case AMF_TYPED_OBJECT: cursor_skip(c, cursor_u16be(c)); members(c, depth + 1, NULL, NULL); break;
    case AMF_OBJECT: members(c, depth + 1, NULL, NULL); break;
    case AMF_ECMA_ARRAY: cursor_skip(c, 4); members(c, depth + 1, NULL, NULL); break;
    case AMF_STRICT_ARRAY: {
        const uint32_t count = cursor_u32be(c);
        for (uint32_t i = 0; i < count && c->rest.len > 0; i++)
            value_skip(c, depth + 1);
        break;
    }
    default: c->failed = true; break;
    }
}

void amf0_skip(struct cursor *c)
{
    value_skip(c, 0);
}

bool amf0_string(struct cursor *c, struct text *ret)
{
    if (c->rest.len == 0 || (c->rest.at[0] != AMF_STRING && c->rest.at[0] != AMF_LONG_STRING)) {
        amf0_skip(c);
        return false;
    }
    const struct bytes value = string_of(c, cursor_u8(c));
    if (c->failed)
        return false;
    *ret = text_of_bytes(value);
    return true;
}

void amf0_object(struct cursor *c, void (*each)(void *user, struct text name, struct text value), void *user)
{
    if (c->rest.len > 0 && c->rest.at[0] == AMF_OBJECT) {
        cursor_skip(c, 1);
        members(c, 0, each, user);
    } else if (c->rest.len > 0 && c->rest.at[0] == AMF_ECMA_ARRAY) {
        cursor_skip(c, 5);
        members(c, 0, each, user);
    } else {
        amf0_skip(c);
    }
}
