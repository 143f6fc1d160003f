#include "leak/structure.h"

#include <string.h>

#include "base/cursor.h"

const char *structure_name(enum structure_kind kind)
{
    static const char *const names[STRUCTURE_KINDS] = {
        [STRUCTURE_NONE] = "", [STRUCTURE_PROTOBUF] = "protobuf", [STRUCTURE_MSGPACK] = "msgpack", [STRUCTURE_CBOR] = "CBOR",
        [STRUCTURE_PLIST] = "binary plist", [STRUCTURE_MULTIPART] = "multipart",
    };

    return names[kind];
}

/* Base 128, little end first: at most ten bytes. */
static bool varint(struct cursor *c, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        const uint8_t byte = cursor_u8(c);
        if (c->failed)
            return false;
        if (shift < 64)
            *value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

static bool protobuf_item(struct cursor *c, struct structure_item *item)
{
    enum { FIELD_MAX = 4096, LENGTH_MAX = 1 << 28 };
    uint64_t tag, value;

    if (!varint(c, &tag) || tag >> 3 == 0 || tag >> 3 > FIELD_MAX)
        return false;
    switch (tag & 7) {
    case 0: return varint(c, &value);
    case 1: (void)cursor_take(c, 8); return !c->failed;
    case 5: (void)cursor_take(c, 4); return !c->failed;
    case 2:
        if (!varint(c, &value) || value > LENGTH_MAX)
            return false;
        item->content = value;
        item->opaque = true;
        return true;
    default: return false;
    }
}

static void strings(struct structure_item *item, uint64_t len, bool opaque)
{
    item->content = len;
    item->opaque = opaque;
}

static bool msgpack_item(struct cursor *c, struct structure_item *item)
{
    static const uint8_t fixed[] = { 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17 }; /* behind 0xca to 0xd8 */
    const uint8_t type = cursor_u8(c);

    if (c->failed || type == 0xc1)
        return false;
    if (type >= 0xa0 && type <= 0xbf)
        strings(item, type & 31, false);
    else if (type >= 0xc4 && type <= 0xc6)
        strings(item, cursor_uint_be(c, 1u << (type - 0xc4)), true);
    else if (type >= 0xc7 && type <= 0xc9) {
        strings(item, cursor_uint_be(c, 1u << (type - 0xc7)), true);
        (void)cursor_u8(c);
    } else if (type >= 0xd9 && type <= 0xdb)
        strings(item, cursor_uint_be(c, 1u << (type - 0xd9)), false);
    else if (type >= 0xca && type <= 0xd8)
        (void)cursor_take(c, fixed[type - 0xca]);
    else if (type == 0xdc || type == 0xde)
        (void)cursor_take(c, 2);
    else if (type == 0xdd || type == 0xdf)
        (void)cursor_take(c, 4);
    return !c->failed;
}

static bool cbor_item(struct cursor *c, struct structure_item *item)
{
    enum { BYTES = 2, TEXT = 3, SIMPLE = 7, INDEFINITE = 31 };
    const uint8_t first = cursor_u8(c), major = first >> 5, info = first & 31;
    uint64_t value = info;

    if (c->failed || (info >= 28 && info < INDEFINITE) || (info == INDEFINITE && (major < BYTES || major == 6)))
        return false;
    if (info >= 24 && info < 28)
        value = cursor_uint_be(c, 1u << (info - 24));
    if ((major == BYTES || major == TEXT) && info != INDEFINITE)
        strings(item, value, major == BYTES);
    return !c->failed;
}

static bool plist_item(struct cursor *c, struct structure_item *item)
{
    const uint8_t marker = cursor_u8(c), type = marker >> 4;
    uint64_t count = marker & 15;

    if (c->failed)
        return false;
    if ((type == 4 || type == 5 || type == 6) && count == 15) {
        const uint8_t size = cursor_u8(c);
        if (size >> 4 != 1 || (size & 15) > 3)
            return false;
        count = cursor_uint_be(c, 1u << (size & 15));
    }
    switch (type) {
    case 0: return !c->failed;
    case 1: case 2: (void)cursor_take(c, UINT64_C(1) << count); return !c->failed && count <= 4;
    case 3: (void)cursor_take(c, 8); return !c->failed && count == 3;
    case 4: strings(item, count, true); return !c->failed;
    case 5: strings(item, count, false); return !c->failed;
    case 6: strings(item, count * 2, false); return !c->failed && count < UINT32_MAX;
    default: return false; /* lists: how wide their references are is only said at the end */
    }
}

bool structure_item(enum structure_kind kind, const uint8_t *at, size_t len, struct structure_item *ret)
{
    static bool (*const readers[STRUCTURE_KINDS])(struct cursor *c, struct structure_item *item) = {
        [STRUCTURE_PROTOBUF] = protobuf_item, [STRUCTURE_MSGPACK] = msgpack_item, [STRUCTURE_CBOR] = cbor_item,
        [STRUCTURE_PLIST] = plist_item,
    };
    struct cursor c = cursor_over((struct bytes){ .at = at, .len = len });
    struct structure_item item = { 0 };

    if (!readers[kind] || len == 0 || !readers[kind](&c, &item))
        return false;
    item.header = len - c.rest.len;
    *ret = item;
    return true;
}

/* How far the items go on without a fault, and how many of them are strings of printable text. */
static bool items_fit(enum structure_kind kind, const uint8_t *at, size_t len, bool whole, size_t items_min,
                      size_t texts_min)
{
    size_t i = 0, items = 0, texts = 0;

    while (i < len) {
        struct structure_item item;
        if (!structure_item(kind, at + i, len - i, &item))
            /* cut by the end of what is looked at, not wrong */
            return !whole && len - i < STRUCTURE_HEADER_MAX && items >= items_min && texts >= texts_min;
        i += item.header;
        items++;
        size_t printable = 0;
        const size_t seen = item.content < len - i ? (size_t)item.content : len - i;
        while (printable < seen && at[i + printable] >= 0x20 && at[i + printable] < 0x7f)
            printable++;
        texts += printable >= 2 && printable == seen;
        if (item.content > len - i)
            return !whole && items >= items_min && texts >= texts_min;
        i += (size_t)item.content;
    }
    return items >= items_min && texts >= texts_min;
}

static bool is_text(const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((at[i] < 0x20 && at[i] != '\n' && at[i] != '\r' && at[i] != '\t') || at[i] == 0x7f)
            return false;
    return true;
}

/* Serializers write the fields of a message in rising order; random bytes seldom look so for long. */
static bool protobuf_fits(const uint8_t *at, size_t len, bool whole, bool nested)
{
    enum { FIELD_MAX = 128, FIELDS_MIN = 3, FIELDS_SURE = 5, TEXT_MIN = 3 };
    size_t i = 0, fields = 0, texts = nested;
    uint64_t before = 1;

    while (i < len) {
        struct structure_item item;
        struct cursor c = cursor_over((struct bytes){ .at = at + i, .len = len - i });
        uint64_t tag;
        if (!structure_item(STRUCTURE_PROTOBUF, at + i, len - i, &item))
            return !whole && len - i < STRUCTURE_HEADER_MAX && fields >= FIELDS_MIN;
        if (!varint(&c, &tag) || tag >> 3 < before || tag >> 3 > FIELD_MAX)
            return false;
        before = tag >> 3;
        fields++;
        i += item.header;
        if (item.content > len - i)
            return !whole && fields >= (texts ? FIELDS_MIN : FIELDS_SURE);
        texts += item.content >= TEXT_MIN && is_text(at + i, (size_t)item.content);
        i += (size_t)item.content;
    }
    return fields >= FIELDS_MIN;
}

enum structure_kind structure_of(const uint8_t *at, size_t len, bool whole, size_t *first)
{
    enum { GRPC_BYTES = 5, ITEMS_MIN = 4, SHORTEST = 8 };

    *first = 0;
    if (len > STRUCTURE_SNIFF_BYTES) {
        len = STRUCTURE_SNIFF_BYTES;
        whole = false;
    }
    if (len < SHORTEST)
        return STRUCTURE_NONE;
    if (memcmp(at, "bplist00", 8) == 0) {
        *first = 8;
        return STRUCTURE_PLIST;
    }
    if (at[0] == '-' && at[1] == '-' && memmem(at, len, "\r\nContent-", 10))
        return STRUCTURE_MULTIPART;
    if (is_text(at, len < 32 ? len : 32))
        return STRUCTURE_NONE;
    /* A map or an array first, and names in it. */
    const bool msgpack_list = (at[0] >= 0x80 && at[0] <= 0x9f) || (at[0] >= 0xdc && at[0] <= 0xdf);
    const bool cbor_list = (at[0] >= 0x80 && at[0] <= 0xbf) || (at[0] >= 0xc0 && at[0] <= 0xdb);
    if (msgpack_list && items_fit(STRUCTURE_MSGPACK, at, len, whole, ITEMS_MIN, 1))
        return STRUCTURE_MSGPACK;
    if (cbor_list && items_fit(STRUCTURE_CBOR, at, len, whole, ITEMS_MIN, 1))
        return STRUCTURE_CBOR;
    if (protobuf_fits(at, len, whole, false))
        return STRUCTURE_PROTOBUF;
    if (at[0] <= 1 && len > GRPC_BYTES && protobuf_fits(at + GRPC_BYTES, len - GRPC_BYTES, whole, false)) {
        *first = GRPC_BYTES;
        return STRUCTURE_PROTOBUF;
    }
    return STRUCTURE_NONE;
}

bool structure_nested(const uint8_t *at, size_t len, bool whole)
{
    return len > 1 && protobuf_fits(at, len, whole, true);
}
