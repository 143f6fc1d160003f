#include "app/resources.h"

#include "app/protobuf_xml.h"
#include "base/protobuf.h"

enum {
    TYPE_SPARSE = 1, TYPE_SHORT_OFFSETS = 2, ENTRY_COMPLEX = 1, ENTRY_COMPACT = 8,
    NO_SHORT_ENTRY = 0xffff,
};
#define NO_ENTRY UINT32_C(0xffffffff)

/* Behind its size, a configuration of all zeros is the default one. */
static bool plain_configuration(struct bytes configuration)
{
    for (size_t i = 4; i < configuration.len; i++)
        if (configuration.at[i])
            return false;
    return true;
}

static bool parse_type(const struct chunk *chunk, uint8_t package, struct resource_type *ret)
{
    struct cursor c = cursor_over(chunk->header);

    *ret = (struct resource_type){ .package = package, .type = cursor_u8(&c) };
    const uint8_t flags = cursor_u8(&c);
    cursor_skip(&c, 2);
    ret->count = cursor_u32le(&c);
    const uint32_t entries_start = cursor_u32le(&c);
    if (c.failed || entries_start > chunk->whole.len)
        return false;
    ret->sparse = flags & TYPE_SPARSE;
    ret->short_offsets = flags & TYPE_SHORT_OFFSETS;
    ret->plain = plain_configuration(c.rest);
    ret->offsets = chunk->body;
    ret->entries = bytes_part(chunk->whole, entries_start, UINT64_MAX);
    return true;
}

struct filling {
    struct resource_table *table;
    struct arena *arena;
    size_t room;
    bool cut;
};

static void add_type(struct filling *f, const struct resource_type *type)
{
    struct resource_table *t = f->table;

    if (t->type_count == f->room) {
        const size_t room = f->room ? f->room * 2 : 64;
        struct resource_type *grown = room <= RESOURCE_TYPES_MAX ? arena_alloc(f->arena, room, sizeof *grown) : NULL;
        if (!grown) {
            f->cut = true;
            return;
        }
        if (t->type_count)
            memcpy(grown, t->types, t->type_count * sizeof *grown);
        t->types = grown;
        f->room = room;
    }
    t->types[t->type_count++] = *type;
}

static void parse_package(struct filling *f, const struct chunk *package)
{
    struct cursor head = cursor_over(package->header), c = cursor_over(package->body);
    const uint32_t id = cursor_u32le(&head);
    struct chunk chunk;

    while (chunk_next(&c, &chunk)) {
        struct resource_type type;
        f->cut |= chunk.false_size;
        if (chunk.type != CHUNK_TABLE_TYPE)
            continue;
        if (parse_type(&chunk, (uint8_t)id, &type))
            add_type(f, &type);
        else
            f->cut = true;
    }
    f->cut |= c.rest.len > 0;
}

enum parse_status resources_parse(struct bytes whole, struct arena *arena, struct resource_table *ret)
{
    struct cursor c = cursor_over(whole);
    struct chunk all, chunk;

    if (!chunk_next(&c, &all) || all.type != CHUNK_TABLE)
        return PARSE_INVALID;
    *ret = (struct resource_table){ 0 };
    struct filling f = { .table = ret, .arena = arena };
    f.cut = all.false_size;
    c = cursor_over(all.body);
    while (chunk_next(&c, &chunk)) {
        f.cut |= chunk.false_size;
        if (chunk.type == CHUNK_STRING_POOL && ret->strings.count == 0)
            string_pool_parse(&chunk, &ret->strings);
        else if (chunk.type == CHUNK_TABLE_PACKAGE)
            parse_package(&f, &chunk);
    }
    return f.cut || c.rest.len > 0 ? PARSE_TRUNCATED : PARSE_OK;
}

enum parse_status resources_parse_protobuf(struct bytes whole, struct resource_table *ret)
{
    struct cursor c = cursor_over(whole);
    struct protobuf_field f;

    if (!protobuf_next(&c, &f))
        return PARSE_INVALID;
    while (protobuf_next(&c, &f))
        ;
    *ret = (struct resource_table){ .protobuf = whole };
    return c.failed ? PARSE_TRUNCATED : PARSE_OK;
}

/* The offset of an entry behind entries, or NO_ENTRY. */
static uint32_t entry_offset(const struct resource_type *t, uint16_t entry, uint64_t *steps)
{
    if (t->sparse) { /* pairs of index and offset / 4, sorted; looked through as they lie */
        struct cursor c = cursor_over(bytes_part(t->offsets, 0, (uint64_t)t->count * 4));
        while (c.rest.len >= 4) {
            ++*steps;
            const uint16_t index = cursor_u16le(&c), offset = cursor_u16le(&c);
            if (index == entry)
                return (uint32_t)offset * 4;
        }
        return NO_ENTRY;
    }
    if (entry >= t->count)
        return NO_ENTRY;
    struct cursor c = cursor_over(bytes_part(t->offsets, (uint64_t)entry * (t->short_offsets ? 2 : 4), 4));
    if (t->short_offsets) {
        const uint16_t offset = cursor_u16le(&c);
        return c.failed || offset == NO_SHORT_ENTRY ? NO_ENTRY : (uint32_t)offset * 4;
    }
    const uint32_t offset = cursor_u32le(&c);
    return c.failed ? NO_ENTRY : offset;
}

static bool entry_value(struct resource_table *table, const struct resource_type *t, uint16_t entry,
                        struct arena *arena,
                        struct resource_value *ret)
{
    const uint32_t offset = entry_offset(t, entry, &table->steps);
    struct cursor c = cursor_over(bytes_part(t->entries, offset, UINT64_MAX));

    if (offset == NO_ENTRY)
        return false;
    const uint16_t size = cursor_u16le(&c), flags = cursor_u16le(&c);
    const uint32_t key_or_data = cursor_u32le(&c);
    if (flags & ENTRY_COMPACT) { /* the first field is the key, the high byte of flags the type */
        *ret = (struct resource_value){ .type = (uint8_t)(flags >> 8), .data = key_or_data };
    } else {
        if (flags & ENTRY_COMPLEX)
            return false;
        c = cursor_over(bytes_part(t->entries, (uint64_t)offset + size, 8));
        cursor_skip(&c, 3);
        *ret = (struct resource_value){ .type = cursor_u8(&c) };
        ret->data = cursor_u32le(&c);
    }
    if (c.failed)
        return false;
    ret->text = ret->type == VALUE_STRING ? string_pool_get(&table->strings, ret->data, arena) : TEXT_UNKNOWN;
    return ret->type != VALUE_NULL;
}

static bool find_once(struct resource_table *table, uint32_t id, struct arena *arena, struct resource_value *ret)
{
    bool found = false;

    if (table->protobuf.len > 0)
        return protobuf_resource_find(table->protobuf, id, &table->steps, ret);
    table->steps += table->type_count;
    for (size_t i = 0; i < table->type_count && table->steps < RESOURCE_LOOKS_MAX; i++) {
        const struct resource_type *t = &table->types[i];
        if (t->package != id >> 24 || t->type != (id >> 16 & 0xff) || (found && !t->plain))
            continue;
        if (entry_value(table, t, (uint16_t)id, arena, ret)) {
            found = true;
            if (t->plain)
                return true;
        }
    }
    return found;
}

bool resources_find(struct resource_table *table, uint32_t id, struct arena *arena, struct resource_value *ret)
{
    for (int step = 0; step < RESOURCE_STEPS_MAX; step++) {
        if (!find_once(table, id, arena, ret))
            return false;
        if (ret->type != VALUE_REFERENCE && ret->type != VALUE_DYNAMIC_REFERENCE)
            return true;
        id = ret->data;
    }
    return false;
}
