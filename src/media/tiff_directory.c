#include "media/tiff_directory.h"

#include <math.h>

static uint16_t u16(const struct tiff_block *t, struct cursor *c)
{
    return t->big_endian ? cursor_u16be(c) : cursor_u16le(c);
}

static uint32_t u32(const struct tiff_block *t, struct cursor *c)
{
    return t->big_endian ? cursor_u32be(c) : cursor_u32le(c);
}

static uint64_t u64(const struct tiff_block *t, struct cursor *c)
{
    return t->big_endian ? cursor_u64be(c) : cursor_u64le(c);
}

/* A count of values or an offset. */
static uint64_t offset_at(const struct tiff_block *t, struct cursor *c)
{
    return t->wide ? u64(t, c) : u32(t, c);
}

static struct bytes at_offset(const struct tiff_block *t, uint64_t offset, uint64_t n)
{
    return offset < t->base ? bytes_part(t->bytes, t->bytes.len, 0) : bytes_part(t->bytes, offset - t->base, n);
}

enum parse_status tiff_block_init(struct tiff_block *ret, struct bytes block)
{
    struct tiff_block t = { .bytes = block };
    struct cursor c = cursor_over(block);
    struct bytes order = cursor_take(&c, 2);

    if (c.failed)
        return PARSE_TRUNCATED;
    t.big_endian = bytes_equal(order, "MM", 2);
    if (!t.big_endian && !bytes_equal(order, "II", 2))
        return PARSE_INVALID;
    const uint16_t magic = u16(&t, &c);
    t.wide = magic == 43;
    const uint16_t offset_bytes = t.wide ? u16(&t, &c) : 4, reserved = t.wide ? u16(&t, &c) : 0;
    t.first_directory = offset_at(&t, &c);
    if (c.failed)
        return PARSE_TRUNCATED;
    if (magic != 42 && !t.wide)
        return PARSE_INVALID;
    if (t.wide && (offset_bytes != 8 || reserved != 0))
        return PARSE_UNSUPPORTED;
    *ret = t;
    return PARSE_OK;
}

enum parse_status tiff_directory_open(struct tiff_block *t, uint64_t offset, struct tiff_directory *ret)
{
    for (size_t i = 0; i < t->opened_count; i++)
        if (t->opened[i] == offset)
            return PARSE_INVALID;
    if (t->opened_count == TIFF_DIRECTORIES_MAX)
        return PARSE_INVALID;

    struct cursor c = cursor_over(at_offset(t, offset, UINT64_MAX));
    const uint64_t promised = t->wide ? u64(t, &c) : u16(t, &c);
    if (c.failed)
        return PARSE_TRUNCATED;
    t->opened[t->opened_count++] = offset;

    uint64_t count = promised;
    if (count > c.rest.len / tiff_entry_bytes(t))
        count = c.rest.len / tiff_entry_bytes(t);
    if (count > TIFF_ENTRIES_MAX)
        count = TIFF_ENTRIES_MAX;
    ret->entries = cursor_take(&c, count * tiff_entry_bytes(t));
    ret->entry_count = (uint32_t)count;
    ret->entries_lost = promised - count;
    /* Some writers leave the last link out; that is no link, not damage. */
    ret->next = ret->entries_lost ? 0 : offset_at(t, &c);
    return PARSE_OK;
}

static size_t type_bytes(uint16_t type)
{
    static const uint8_t size[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8 };

    if (type == TIFF_UTF8)
        return 1;
    return type < sizeof size ? size[type] : 0;
}

struct tiff_entry tiff_entry_at(const struct tiff_block *t, const struct tiff_directory *d, uint32_t index)
{
    struct cursor c = cursor_over(bytes_part(d->entries, (uint64_t)index * tiff_entry_bytes(t), tiff_entry_bytes(t)));
    struct tiff_entry e = { 0 };

    e.tag = u16(t, &c);
    e.type = u16(t, &c);
    e.count = offset_at(t, &c);
    uint64_t size;
    if (__builtin_mul_overflow(e.count, (uint64_t)type_bytes(e.type), &size))
        size = UINT64_MAX;

    e.value = bytes_part(c.rest, 0, size);
    if (size > tiff_offset_bytes(t))
        e.value = at_offset(t, offset_at(t, &c), size);
    e.outside = e.value.len != size || type_bytes(e.type) == 0;
    if (e.outside)
        e.value.len = 0;
    return e;
}

static struct cursor value_at(const struct tiff_entry *e, uint32_t index)
{
    const uint64_t width = type_bytes(e->type);

    return cursor_over(bytes_part(e->value, index * width, width));
}

bool tiff_uint(const struct tiff_block *t, const struct tiff_entry *e, uint32_t index, uint64_t *ret)
{
    struct cursor c = value_at(e, index);
    uint64_t value;

    /* Some programs write offsets and lengths as signed numbers. */
    const bool is_signed = e->type == TIFF_SBYTE || e->type == TIFF_SSHORT || e->type == TIFF_SLONG ||
        e->type == TIFF_SLONG8;
    if (e->type == TIFF_BYTE || e->type == TIFF_UNDEFINED || e->type == TIFF_SBYTE)
        value = cursor_u8(&c);
    else if (e->type == TIFF_SHORT || e->type == TIFF_SSHORT)
        value = u16(t, &c);
    else if (e->type == TIFF_LONG || e->type == TIFF_IFD || e->type == TIFF_SLONG)
        value = u32(t, &c);
    else if (e->type == TIFF_LONG8 || e->type == TIFF_IFD8 || e->type == TIFF_SLONG8)
        value = u64(t, &c);
    else
        return false;
    if (c.failed || (is_signed && value >> (8 * type_bytes(e->type) - 1)))
        return false;
    *ret = value;
    return true;
}

static double real_from(const struct tiff_block *t, uint16_t type, struct cursor *c)
{
    switch (type) {
    case TIFF_RATIONAL: {
        const double above = u32(t, c), below = u32(t, c);
        return above / below;
    }
    case TIFF_SRATIONAL: {
        const double above = (int32_t)u32(t, c), below = (int32_t)u32(t, c);
        return above / below;
    }
    case TIFF_SBYTE: return (int8_t)cursor_u8(c);
    case TIFF_SSHORT: return (int16_t)u16(t, c);
    case TIFF_SLONG: return (int32_t)u32(t, c);
    case TIFF_FLOAT: {
        const uint32_t bits = u32(t, c);
        float value;
        memcpy(&value, &bits, sizeof value);
        return (double)value;
    }
    case TIFF_SLONG8: return (double)(int64_t)u64(t, c);
    case TIFF_DOUBLE: {
        const uint64_t bits = u64(t, c);
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    default:
        return (double)NAN;
    }
}

bool tiff_real(const struct tiff_block *t, const struct tiff_entry *e, uint32_t index, double *ret)
{
    struct cursor c = value_at(e, index);
    uint64_t whole;

    if (tiff_uint(t, e, index, &whole)) {
        *ret = (double)whole;
        return true;
    }
    const double value = real_from(t, e->type, &c);
    if (c.failed || !isfinite(value))
        return false;
    *ret = value;
    return true;
}

void tiff_follow(struct tiff_queue *q, uint64_t offset, int place)
{
    if (offset == 0)
        return;
    if (q->count == TIFF_DIRECTORIES_MAX) {
        q->dropped++;
        return;
    }
    q->list[q->count].offset = offset;
    q->list[q->count++].place = place;
}

void tiff_follow_all(struct tiff_queue *q, const struct tiff_block *t, const struct tiff_entry *e, int place)
{
    uint64_t offset;

    for (uint32_t i = 0; i < TIFF_DIRECTORIES_MAX + 1 && tiff_uint(t, e, i, &offset); i++)
        tiff_follow(q, offset, place);
}

bool tiff_queue_next(struct tiff_queue *q, uint64_t *ret_offset, int *ret_place)
{
    if (q->next == q->count)
        return false;
    *ret_offset = q->list[q->next].offset;
    *ret_place = q->list[q->next++].place;
    return true;
}
