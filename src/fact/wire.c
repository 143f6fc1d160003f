#include "fact/wire.h"

/* A row is: u32 length of the rest | u8 kind | i64 number | origin | fields in table order.
 * Integers are little-endian; REAL travels as its 64 bits; TEXT and JSON as u32 length + 1
 * (0: unknown) and bytes; LIST as u32 count + 1 (0: unknown) and texts. */

static void put_u32(struct buffer *to, uint32_t value)
{
    const uint8_t le[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24) };
    buffer_add(to, le, sizeof le);
}

static void put_i64(struct buffer *to, int64_t value)
{
    uint8_t le[8];
    for (int i = 0; i < 8; i++)
        le[i] = (uint8_t)((uint64_t)value >> (8 * i));
    buffer_add(to, le, sizeof le);
}

static void put_text(struct buffer *to, struct text t)
{
    if (!text_known(t) || t.len >= WIRE_ROW_MAX) {
        put_u32(to, 0);
        to->overflowed |= text_known(t);
        return;
    }
    put_u32(to, (uint32_t)t.len + 1);
    buffer_add_text(to, t);
}

static void put_list(struct buffer *to, struct text_list list)
{
    if (!list.items || list.count >= WIRE_ROW_MAX) {
        put_u32(to, 0);
        to->overflowed |= list.items != NULL;
        return;
    }
    put_u32(to, (uint32_t)list.count + 1);
    for (size_t i = 0; i < list.count && !to->overflowed; i++)
        put_text(to, list.items[i]);
}

static void put_field(struct buffer *to, enum fact_type type, const void *at)
{
    switch (type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        put_text(to, *(const struct text *)at);
        break;
    case FACT_TYPE_LIST:
        put_list(to, *(const struct text_list *)at);
        break;
    case FACT_TYPE_INT: case FACT_TYPE_BOOL: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        put_i64(to, *(const int64_t *)at);
        break;
    case FACT_TYPE_REAL: {
        int64_t bits;
        memcpy(&bits, at, sizeof bits);
        put_i64(to, bits);
        break;
    }
    }
}

bool wire_encode(struct buffer *to, enum fact_kind kind, const void *row, int64_t number)
{
    const struct fact_table *table = &fact_tables[kind];
    const struct fact_origin *origin = &((const struct fact_head *)row)->origin;
    const size_t start = to->len;

    put_u32(to, 0);
    buffer_add_u8(to, (uint8_t)kind);
    put_i64(to, number);
    put_i64(to, origin->offset);
    put_i64(to, origin->length);
    put_i64(to, origin->packet_first);
    put_i64(to, origin->packet_last);
    put_list(to, origin->steps);
    for (size_t i = 0; i < table->field_count; i++)
        put_field(to, table->fields[i].type, (const char *)row + table->fields[i].offset);

    const size_t length = to->len - start - 4;
    if (to->overflowed || length > WIRE_ROW_MAX) {
        to->len = start;
        to->overflowed = false;
        return false;
    }
    for (int i = 0; i < 4; i++)
        to->at[start + (size_t)i] = (uint8_t)(length >> (8 * i));
    return true;
}

static struct text take_text(struct cursor *c)
{
    const uint32_t n = cursor_u32le(c);

    if (n == 0)
        return TEXT_UNKNOWN;
    return text_of_bytes(cursor_take(c, n - 1));
}

static struct text_list take_list(struct cursor *c, struct arena *arena)
{
    const uint32_t n = cursor_u32le(c);
    struct text_list none = { NULL, 0 };

    /* Every text takes four bytes at least: a larger count is a lie. */
    if (n == 0 || n - 1 > c->rest.len / 4) {
        c->failed |= n != 0;
        return none;
    }
    struct text *items = arena_alloc(arena, n, sizeof *items);
    if (!items) {
        c->failed = true;
        return none;
    }
    for (uint32_t i = 0; i < n - 1; i++)
        items[i] = take_text(c);
    return (struct text_list){ .items = items, .count = n - 1 };
}

static void take_field(struct cursor *c, struct arena *arena, enum fact_type type, void *at)
{
    switch (type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        *(struct text *)at = take_text(c);
        break;
    case FACT_TYPE_LIST:
        *(struct text_list *)at = take_list(c, arena);
        break;
    case FACT_TYPE_BOOL: {
        const int64_t value = cursor_i64le(c);
        *(int64_t *)at = fact_known_int(value) ? value != 0 : value;
        break;
    }
    case FACT_TYPE_INT: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        *(int64_t *)at = cursor_i64le(c);
        break;
    case FACT_TYPE_REAL:
        *(double *)at = cursor_f64le(c);
        break;
    }
}

enum parse_status wire_decode(struct cursor *c, struct arena *arena, enum fact_kind *ret_kind, void **ret_row)
{
    const uint32_t length = cursor_u32le(c);
    struct cursor in = cursor_over(cursor_take(c, length));

    if (c->failed)
        return PARSE_TRUNCATED;
    if (length > WIRE_ROW_MAX)
        return PARSE_INVALID;
    const uint8_t kind = cursor_u8(&in);
    if (in.failed || kind >= FACT_KIND_COUNT)
        return PARSE_INVALID;

    const struct fact_table *table = &fact_tables[kind];
    void *row = arena_alloc(arena, 1, table->row_bytes);
    if (!row)
        return PARSE_INVALID;
    struct fact_head *head = row;
    head->number = cursor_i64le(&in);
    head->origin.offset = cursor_i64le(&in);
    head->origin.length = cursor_i64le(&in);
    head->origin.packet_first = cursor_i64le(&in);
    head->origin.packet_last = cursor_i64le(&in);
    head->origin.steps = take_list(&in, arena);
    for (size_t i = 0; i < table->field_count; i++)
        take_field(&in, arena, table->fields[i].type, (char *)row + table->fields[i].offset);
    if (in.failed || in.rest.len != 0 || head->number <= 0)
        return PARSE_INVALID;
    *ret_kind = (enum fact_kind)kind;
    *ret_row = row;
    return PARSE_OK;
}
