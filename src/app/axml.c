#include "app/axml.h"

#include "app/protobuf_xml.h"

#define NO_STRING UINT32_C(0xffffffff)

bool axml_recognise(struct bytes whole)
{
    /* Packers put other types into the first field; Android looks at the size of the header only. */
    const bool typed = whole.len >= 2 && (whole.at[0] == CHUNK_XML || whole.at[0] == 0) && whole.at[1] == 0;

    return whole.len >= 16 && whole.at[2] == 8 && whole.at[3] == 0 &&
        (typed || (whole.at[8] == CHUNK_STRING_POOL && whole.at[9] == 0));
}

enum parse_status axml_open(struct axml *x, struct bytes whole, struct arena *arena)
{
    struct cursor c = cursor_over(whole);
    struct chunk all;

    if (!axml_recognise(whole) && protobuf_xml_recognise(whole)) {
        protobuf_xml_open(x, whole, arena);
        return PARSE_OK;
    }
    *x = (struct axml){ .arena = arena };
    if (!axml_recognise(whole) || !chunk_next(&c, &all))
        return PARSE_INVALID;
    x->broken = all.false_size;
    x->odd_chunks = all.type != CHUNK_XML;
    x->c = cursor_over(all.body);
    return PARSE_OK;
}

static uint32_t resource_of(const struct axml *x, uint32_t name)
{
    struct cursor c = cursor_over(bytes_part(x->resource_ids, (uint64_t)name * 4, 4));

    return c.rest.len == 4 ? cursor_u32le(&c) : 0;
}

static void read_attribute(struct axml *x, struct bytes record)
{
    struct cursor c = cursor_over(record);
    struct axml_attribute *a = &x->attributes[x->attribute_count];

    cursor_skip(&c, 4); /* namespace */
    const uint32_t name = cursor_u32le(&c), raw = cursor_u32le(&c);
    cursor_skip(&c, 3); /* size of the value, zero */
    a->type = cursor_u8(&c);
    a->data = cursor_u32le(&c);
    if (c.failed)
        return;
    a->resource_id = name == NO_STRING ? 0 : resource_of(x, name);
    a->name = string_pool_get(&x->pool, name, x->arena);
    a->text = a->type == VALUE_STRING ? string_pool_get(&x->pool, a->data, x->arena) : TEXT_UNKNOWN;
    if (!text_known(a->text) && raw != NO_STRING)
        a->text = string_pool_get(&x->pool, raw, x->arena);
    x->attribute_count++;
}

static bool start_element(struct axml *x, const struct chunk *chunk)
{
    enum { ATTRIBUTE_BYTES = 20 };
    struct cursor c = cursor_over(chunk->body);

    cursor_skip(&c, 4); /* namespace */
    const uint32_t name = cursor_u32le(&c);
    const uint16_t start = cursor_u16le(&c), size = cursor_u16le(&c), count = cursor_u16le(&c);
    if (c.failed)
        return false;
    x->element = string_pool_get(&x->pool, name, x->arena);
    x->attribute_count = 0;
    for (size_t i = 0; i < count && x->attribute_count < AXML_ATTRIBUTES_MAX; i++) {
        const struct bytes record = bytes_part(chunk->body, start + (uint64_t)i * size, size);
        if (size < ATTRIBUTE_BYTES || record.len < ATTRIBUTE_BYTES) {
            x->broken = true;
            break;
        }
        read_attribute(x, record);
    }
    return true;
}

enum axml_event axml_next(struct axml *x)
{
    struct chunk chunk;

    if (x->protobuf)
        return protobuf_xml_next(x);
    while (chunk_next(&x->c, &chunk)) {
        x->broken |= chunk.false_size;
        switch (chunk.type) {
        case CHUNK_STRING_POOL:
            if (x->pool.count == 0)
                string_pool_parse(&chunk, &x->pool);
            break;
        case CHUNK_XML_RESOURCE_MAP:
            if (x->resource_ids.len == 0)
                x->resource_ids = chunk.body;
            break;
        case CHUNK_XML_START_ELEMENT:
            if (x->depth == AXML_DEPTH_MAX || !start_element(x, &chunk)) {
                x->broken = true;
                return AXML_DONE;
            }
            x->depth++;
            x->begun = true;
            return AXML_START;
        case CHUNK_XML_END_ELEMENT:
            if (x->depth > 0) {
                x->depth--;
                return AXML_END;
            }
            break;
        case CHUNK_XML_CDATA: {
            struct cursor c = cursor_over(chunk.body);
            x->characters = string_pool_get(&x->pool, cursor_u32le(&c), x->arena);
            if (text_known(x->characters))
                return AXML_TEXT;
            break;
        }
        case CHUNK_XML_START_NAMESPACE: case CHUNK_XML_END_NAMESPACE:
            break;
        default:
            x->odd_chunks++;
        }
    }
    if (x->depth > 0 || !x->begun)
        x->broken = true;
    return AXML_DONE;
}

const struct axml_attribute *axml_attribute(const struct axml *x, uint32_t resource_id, struct text name)
{
    for (size_t i = 0; i < x->attribute_count; i++) {
        const struct axml_attribute *a = &x->attributes[i];
        if (resource_id ? a->resource_id == resource_id : text_equal(a->name, name))
            return a;
    }
    /* A document without a table of resource ids has names only. */
    for (size_t i = 0; resource_id && i < x->attribute_count; i++)
        if (x->attributes[i].resource_id == 0 && text_known(name) && text_equal(x->attributes[i].name, name))
            return &x->attributes[i];
    return NULL;
}
