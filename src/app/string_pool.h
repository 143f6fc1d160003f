#ifndef LEASH_APP_STRING_POOL_H
#define LEASH_APP_STRING_POOL_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* The chunks that Android's binary XML and resource tables are made of, and their pools of
 * strings.  Source: the public headers of Android's androidfw (ResourceTypes.h: ResChunk_header,
 * ResStringPool_header, Res_value). */

enum chunk_type {
    CHUNK_STRING_POOL = 0x0001, CHUNK_TABLE = 0x0002, CHUNK_XML = 0x0003,
    CHUNK_XML_START_NAMESPACE = 0x0100, CHUNK_XML_END_NAMESPACE = 0x0101, CHUNK_XML_START_ELEMENT = 0x0102,
    CHUNK_XML_END_ELEMENT = 0x0103, CHUNK_XML_CDATA = 0x0104, CHUNK_XML_RESOURCE_MAP = 0x0180,
    CHUNK_TABLE_PACKAGE = 0x0200, CHUNK_TABLE_TYPE = 0x0201, CHUNK_TABLE_TYPE_SPEC = 0x0202,
};

enum value_type {
    VALUE_NULL = 0x00, VALUE_REFERENCE = 0x01, VALUE_STRING = 0x03, VALUE_FLOAT = 0x04, VALUE_DYNAMIC_REFERENCE = 0x07,
    VALUE_DECIMAL = 0x10, VALUE_HEX = 0x11, VALUE_BOOLEAN = 0x12,
};

struct chunk {
    uint16_t type;
    struct bytes header;  /* behind the common eight bytes, as far as the header size says */
    struct bytes body;    /* behind the header */
    struct bytes whole;
    bool false_size;      /* it said more than there is, or less than its header */
};

/* The next chunk.  One with a false size takes all the rest; false when fewer than eight bytes are left. */
bool chunk_next(struct cursor *c, struct chunk *ret);

struct string_pool {
    struct bytes offsets;  /* u32 each */
    struct bytes strings;
    uint32_t count;
    bool utf8;
};

/* False, and an empty pool, when the chunk is none. */
bool string_pool_parse(const struct chunk *chunk, struct string_pool *ret);

/* The string as UTF-8: a view of the pool, or converted in `arena`.  Unknown when there is none
 * or it lies outside. */
struct text string_pool_get(const struct string_pool *pool, uint32_t index, struct arena *arena);

#endif
