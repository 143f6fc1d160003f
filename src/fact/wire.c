#include "fact/wire_inside.h"

/* A row is: u32 length of the rest | u8 kind | i64 number | origin | fields in table order.
 * Integers are little-endian; REAL travels as its 64 bits; TEXT and JSON as u32 length + 1
 * (0: unknown) and bytes; LIST as u32 count + 1 (0: unknown) and texts.
 * Behind the fields others may follow, see wire_run.c. */

static uint8_t *put_list(uint8_t *to, struct text_list list)
{
    if (!list.items)
        return put_u32(to, 0);
    to = put_u32(to, (uint32_t)list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        to = put_text(to, list.items[i]);
    return to;
}

static inline uint8_t *put_field(uint8_t *to, enum fact_type type, const void *at)
{
    switch (type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        return put_text(to, *(const struct text *)at);
    case FACT_TYPE_LIST:
        return put_list(to, *(const struct text_list *)at);
    case FACT_TYPE_INT: case FACT_TYPE_BOOL: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        return put_i64(to, *(const int64_t *)at);
    case FACT_TYPE_REAL: {
        int64_t bits;
        memcpy(&bits, at, sizeof bits);
        return put_i64(to, bits);
    }
    }
    return to;
}

static size_t list_bytes(struct text_list list)
{
    size_t total = 4;

    for (size_t i = 0; list.items && i < list.count && total <= WIRE_ROW_MAX; i++)
        total += text_bytes(list.items[i]);
    return total;
}

/* Sizes are added up first, so that a row is written in one go, without asking for room at every value. */
static size_t row_bytes(const struct fact_table *table, const void *row)
{
    enum { HEAD = 1 + 8 + 4 * 8 }; /* kind, number, origin without its steps */
    size_t total = HEAD + list_bytes(((const struct fact_head *)row)->origin.steps);

    for (size_t i = 0; i < table->field_count && total <= WIRE_ROW_MAX; i++) {
        const void *at = (const char *)row + table->fields[i].offset;
        const enum fact_type type = table->fields[i].type;
        if (type == FACT_TYPE_TEXT || type == FACT_TYPE_JSON)
            total += text_bytes(*(const struct text *)at);
        else if (type == FACT_TYPE_LIST)
            total += list_bytes(*(const struct text_list *)at);
        else
            total += 8;
    }
    return total;
}

bool wire_encode(struct buffer *to, enum fact_kind kind, const void *row, int64_t number)
{
    const struct fact_table *table = &fact_tables[kind];
    const struct fact_origin *origin = &((const struct fact_head *)row)->origin;
    const size_t length = row_bytes(table, row);
    const bool overflowed = to->overflowed;
    uint8_t *at = length > WIRE_ROW_MAX ? NULL : buffer_extend(to, 4 + length);

    to->overflowed = overflowed;
    if (!at)
        return false;
    at = put_u32(at, (uint32_t)length);
    *at++ = (uint8_t)kind;
    at = put_i64(at, number);
    at = put_i64(at, origin->offset);
    at = put_i64(at, origin->length);
    at = put_i64(at, origin->packet_first);
    at = put_i64(at, origin->packet_last);
    at = put_list(at, origin->steps);
    for (size_t i = 0; i < table->field_count; i++)
        at = put_field(at, table->fields[i].type, (const char *)row + table->fields[i].offset);
    return true;
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

enum parse_status wire_decode(struct cursor *c, struct arena *arena, enum fact_kind *ret_kind, void **ret_row,
                              struct wire_more *ret_more)
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
    if (in.failed || (in.rest.len != 0 && kind != FACT_POSITION && kind != FACT_EDIT) || head->number <= 0)
        return PARSE_INVALID;
    *ret_kind = (enum fact_kind)kind;
    *ret_row = row;
    wire_more_begin(ret_more, (enum fact_kind)kind, row, in);
    return PARSE_OK;
}
