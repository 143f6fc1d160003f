#include "app/dex.h"

enum { HEADER_BYTES = 0x70, ENDIAN_TAG = 0x12345678, STRING_ROW = 4, TYPE_ROW = 4, FIELD_ROW = 8, METHOD_ROW = 8,
       CLASS_ROW = 32 };

bool dex_recognise(struct bytes whole)
{
    return whole.len >= HEADER_BYTES && memcmp(whole.at, "dex\n0", 5) == 0 && whole.at[7] == 0;
}

static struct dex_table table(struct dex *d, struct cursor *c, uint32_t row_bytes)
{
    const uint32_t count = cursor_u32le(c), offset = cursor_u32le(c);
    const struct bytes rows = bytes_part(d->whole, offset, (uint64_t)count * row_bytes);

    if (rows.len < (uint64_t)count * row_bytes)
        d->cut = true;
    return (struct dex_table){ .rows = rows, .count = (uint32_t)(rows.len / row_bytes) };
}

/* The header at `at` of `whole`. */
static enum parse_status open_at(struct bytes whole, uint64_t at, struct dex *ret)
{
    const struct bytes from = bytes_part(whole, at, UINT64_MAX);
    struct cursor c = cursor_over(from);

    if (!dex_recognise(from))
        return PARSE_INVALID;
    *ret = (struct dex){ .whole = whole, .version = (from.at[5] - '0') * 10 + (from.at[6] - '0') };
    cursor_skip(&c, 32);
    const uint32_t file_bytes = cursor_u32le(&c);
    ret->end = at + file_bytes;
    cursor_skip(&c, 4);
    if (cursor_u32le(&c) != ENDIAN_TAG)
        return PARSE_UNSUPPORTED;
    cursor_skip(&c, 12); /* link, map */
    ret->strings = table(ret, &c, STRING_ROW);
    ret->types = table(ret, &c, TYPE_ROW);
    cursor_skip(&c, 8); /* prototypes */
    ret->fields = table(ret, &c, FIELD_ROW);
    ret->methods = table(ret, &c, METHOD_ROW);
    ret->classes = table(ret, &c, CLASS_ROW);
    return ret->cut || ret->end > whole.len ? PARSE_TRUNCATED : PARSE_OK;
}

enum parse_status dex_open(struct bytes whole, struct dex *ret)
{
    return open_at(whole, 0, ret);
}

bool dex_open_next(struct dex *d)
{
    enum { FIRST_OF_CONTAINERS = 41 };
    struct dex next;

    if (d->version < FIRST_OF_CONTAINERS || d->end >= d->whole.len || d->end < HEADER_BYTES)
        return false;
    const enum parse_status status = open_at(d->whole, d->end, &next);
    if ((status != PARSE_OK && status != PARSE_TRUNCATED) || next.end <= d->end)
        return false;
    next.steps = d->steps;
    *d = next;
    return true;
}

static uint32_t row_u32(const struct dex_table *t, uint32_t index, uint32_t row_bytes, uint32_t at)
{
    struct cursor c = cursor_over(bytes_part(t->rows, (uint64_t)index * row_bytes + at, 4));

    return cursor_u32le(&c);
}

bool dex_exhausted(const struct dex *d)
{
    return d->steps > DEX_STEPS_PER_BYTE * (uint64_t)d->whole.len;
}

struct text dex_string(struct dex *d, uint32_t index, uint32_t *ret_offset)
{
    enum { LENGTH_BYTES_MAX = 5 };

    if (index >= d->strings.count || dex_exhausted(d))
        return TEXT_UNKNOWN;
    const uint32_t offset = row_u32(&d->strings, index, STRING_ROW, 0);
    struct bytes data = bytes_part(d->whole, offset, UINT64_MAX);
    size_t head = 0;
    while (head < LENGTH_BYTES_MAX && head < data.len && data.at[head] & 0x80)
        head++;
    data = bytes_part(data, head + 1, UINT64_MAX); /* the length in UTF-16 units; the NUL decides */
    const uint8_t *end = data.len ? memchr(data.at, 0, data.len) : NULL;
    d->steps += end ? (size_t)(end - data.at) + 1 : data.len;
    if (!end)
        return TEXT_UNKNOWN;
    if (ret_offset)
        *ret_offset = offset;
    return (struct text){ .at = (const char *)data.at, .len = (size_t)(end - data.at) };
}

struct text dex_type(struct dex *d, uint32_t index)
{
    return index < d->types.count ? dex_string(d, row_u32(&d->types, index, TYPE_ROW, 0), NULL) : TEXT_UNKNOWN;
}

bool dex_class(struct dex *d, uint32_t index, struct dex_class *ret)
{
    if (index >= d->classes.count)
        return false;
    struct cursor c = cursor_over(bytes_part(d->classes.rows, (uint64_t)index * CLASS_ROW, CLASS_ROW));
    ret->type = cursor_u32le(&c);
    ret->flags = cursor_u32le(&c);
    ret->superclass = cursor_u32le(&c);
    cursor_skip(&c, 12); /* interfaces, source file, annotations */
    ret->class_data = cursor_u32le(&c);
    return true;
}

/* Rows of methods and fields are alike: u16 class, u16 prototype or type, u32 name. */
static bool member(const struct dex_table *t, uint32_t index, struct dex_method *ret)
{
    _Static_assert((int)METHOD_ROW == (int)FIELD_ROW, "one length");
    if (index >= t->count)
        return false;
    struct cursor c = cursor_over(bytes_part(t->rows, (uint64_t)index * METHOD_ROW, METHOD_ROW));
    ret->type = cursor_u16le(&c);
    cursor_skip(&c, 2);
    ret->name = cursor_u32le(&c);
    return true;
}

bool dex_method(struct dex *d, uint32_t index, struct dex_method *ret)
{
    return member(&d->methods, index, ret);
}

bool dex_field(struct dex *d, uint32_t index, struct dex_method *ret)
{
    return member(&d->fields, index, ret);
}
