#include "app/dex_code.h"

enum { METHODS_MAX = 65536 };

/* Length of each instruction in units of 16 bits, by opcode. */
static const uint8_t lengths[256] = {
    1, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 1, 1, 1, 1, 1,   1, 1, 1, 2, 3, 2, 2, 3, 5, 2, 2, 3, 2, 1, 1, 2,
    2, 1, 2, 2, 3, 3, 3, 1, 1, 2, 3, 3, 3, 2, 2, 2,   2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1,
    1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,   2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3,   3, 3, 3, 1, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,   2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,   2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 4, 3, 3, 2, 2,
};

static bool is_invoke(uint8_t opcode)
{
    return (opcode >= 0x6e && opcode <= 0x72) || (opcode >= 0x74 && opcode <= 0x78) || opcode == 0xfa || opcode == 0xfb;
}

/* sget and its forms for each width. */
static bool is_static_get(uint8_t opcode)
{
    return opcode >= 0x60 && opcode <= 0x66;
}

static uint16_t unit(struct bytes code, size_t index)
{
    return (uint16_t)(code.at[2 * index] | code.at[2 * index + 1] << 8);
}

/* Tables of switches and arrays stand between the instructions, marked by a nop with a high byte. */
static size_t payload_units(struct bytes code, size_t at, size_t count)
{
    const uint8_t kind = code.at[2 * at + 1];
    const uint64_t size = at + 1 < count ? unit(code, at + 1) : 0;

    if (kind == 1)
        return (size_t)(size * 2 + 4);
    if (kind == 2)
        return (size_t)(size * 4 + 2);
    if (kind == 3 && at + 3 < count) {
        const uint64_t elements = unit(code, at + 2) | (uint64_t)unit(code, at + 3) << 16;
        return (size_t)((elements * size + 1) / 2 + 4);
    }
    return 1;
}

static bool walk_code(struct dex *d, uint32_t caller, uint32_t code_offset, dex_call *call, dex_call *get, void *user)
{
    struct cursor c = cursor_over(bytes_part(d->whole, code_offset, UINT64_MAX));

    cursor_skip(&c, 12);
    const uint32_t unit_count = cursor_u32le(&c);
    const struct bytes code = bytes_part(c.rest, 0, (uint64_t)unit_count * 2);
    const size_t count = code.len / 2;
    size_t at = 0;
    while (at < count && !dex_exhausted(d)) {
        const uint8_t opcode = code.at[2 * at];
        if (is_invoke(opcode) && at + 1 < count)
            call(user, caller, unit(code, at + 1), (uint64_t)(code.at - d->whole.at) + 2 * at);
        else if (get && is_static_get(opcode) && at + 1 < count)
            get(user, caller, unit(code, at + 1), (uint64_t)(code.at - d->whole.at) + 2 * at);
        d->steps++;
        at += opcode == 0 && code.at[2 * at + 1] != 0 ? payload_units(code, at, count) : lengths[opcode];
    }
    return !c.failed && at == count && count == unit_count;
}

static uint32_t uleb128(struct cursor *c)
{
    uint32_t value = 0;

    for (unsigned shift = 0; shift < 35; shift += 7) {
        const uint32_t b = cursor_u8(c);
        if (shift < 32)
            value |= (b & 0x7f) << shift;
        if (!(b & 0x80))
            return value;
    }
    c->failed = true;
    c->rest.len = 0;
    return 0;
}

bool dex_class_calls(struct dex *d, const struct dex_class *class, dex_call *call, dex_call *get, void *user)
{
    struct cursor c = cursor_over(bytes_part(d->whole, class->class_data, UINT64_MAX));
    bool whole = true;

    if (class->class_data == 0)
        return true;
    const uint32_t static_fields = uleb128(&c), instance_fields = uleb128(&c), direct = uleb128(&c),
        virtual = uleb128(&c);
    for (uint64_t i = 0; i < (uint64_t)static_fields + instance_fields && !c.failed && !dex_exhausted(d); i++) {
        d->steps++;
        (void)uleb128(&c);
        (void)uleb128(&c);
    }
    uint32_t method = 0;
    for (uint64_t i = 0; i < (uint64_t)direct + virtual && i < METHODS_MAX && !c.failed && !dex_exhausted(d); i++) {
        d->steps++;
        if (i == direct) /* each of the two lists counts from 0 */
            method = 0;
        method += uleb128(&c);
        (void)uleb128(&c); /* access flags */
        const uint32_t code = uleb128(&c);
        if (code && !c.failed)
            whole &= walk_code(d, method, code, call, get, user);
    }
    return whole && !c.failed && !dex_exhausted(d);
}
