#include "report/pmtiles.h"

#include <stdlib.h>

#include "base/decompress.h"
#include "base/memory.h"
#include "base/protobuf.h"

enum { PACKED_NONE = 1, PACKED_GZIP = 2, PACKED_ZSTD = 4, UNPACKED_TIMES = 4 };

static struct pmtiles_part part(struct cursor *c)
{
    const uint64_t offset = cursor_u64le(c);

    return (struct pmtiles_part){ offset, cursor_u64le(c) };
}

static bool is_readable(uint8_t packed)
{
    return packed == PACKED_NONE || packed == PACKED_GZIP || packed == PACKED_ZSTD;
}

enum parse_status pmtiles_header(struct bytes head, struct pmtiles *ret)
{
    struct cursor c = cursor_over(head);
    struct pmtiles p = { .last_at = UINT64_MAX };

    if (!bytes_equal(cursor_take(&c, 7), "PMTiles", 7))
        return PARSE_INVALID;
    const uint8_t version = cursor_u8(&c);
    p.root = part(&c);
    p.metadata = part(&c);
    p.leaves = part(&c);
    p.tiles = part(&c);
    cursor_skip(&c, 3 * 8 + 1); /* how many tiles there are; whether they lie in order */
    p.packed_inside = cursor_u8(&c);
    p.packed_tiles = cursor_u8(&c);
    const uint8_t kind = cursor_u8(&c);
    p.min_zoom = cursor_u8(&c);
    p.max_zoom = cursor_u8(&c);
    cursor_skip(&c, 4 * 4 + 1 + 2 * 4); /* the area and its middle */
    if (c.failed)
        return PARSE_TRUNCATED;
    if (version != 3 || !is_readable(p.packed_inside) || !is_readable(p.packed_tiles))
        return PARSE_UNSUPPORTED;
    if (p.min_zoom > p.max_zoom || p.max_zoom > PMTILES_ZOOM_MAX)
        return PARSE_INVALID;
    p.kind = kind <= PMTILES_AVIF ? (enum pmtiles_kind)kind : PMTILES_UNKNOWN;
    buffer_init(&p.last, (size_t)PMTILES_DIRECTORY_MAX * UNPACKED_TIMES);
    *ret = p;
    return PARSE_OK;
}

void pmtiles_done(struct pmtiles *p)
{
    buffer_done(&p->last);
}

uint64_t pmtiles_id(unsigned zoom, uint32_t x, uint32_t y)
{
    uint64_t id = 0;

    for (unsigned z = 0; z < zoom; z++)
        id += (uint64_t)1 << 2 * z;
    for (uint32_t side = zoom ? (uint32_t)1 << (zoom - 1) : 0; side > 0; side /= 2) {
        const bool right = x & side, low = y & side;
        id += (uint64_t)side * side * ((right ? 3u : 0u) ^ (low ? 1u : 0u));
        x &= side - 1;
        y &= side - 1;
        if (low)
            continue;
        if (right) {
            x = side - 1 - x;
            y = side - 1 - y;
        }
        const uint32_t was = x;
        x = y;
        y = was;
    }
    return id;
}

static void keep(void *user, struct bytes out)
{
    (void)buffer_add(user, out.at, out.len);
}

/* Adds what is in a part of the file, unpacked.  `limit` is of the packed bytes. */
static enum parse_status unpack(struct pmtiles *p, uint64_t offset, uint64_t length, uint8_t packed, size_t limit,
                                struct buffer *into)
{
    if (length == 0 || length > limit)
        return PARSE_INVALID;
    uint8_t *raw = memory_alloc_array((size_t)length, 1);
    const struct bytes whole = { .at = raw, .len = (size_t)length };
    bool good = p->read(p->user, offset, raw, (size_t)length);

    if (good && packed == PACKED_NONE) {
        good = buffer_add(into, raw, (size_t)length);
    } else if (good) {
        const size_t before = into->len;
        struct decompress *u = decompress_new(packed == PACKED_GZIP ? DECOMPRESS_GZIP : DECOMPRESS_ZSTD,
                                              (struct inflate_limit){ .out_bytes_max = (uint64_t)limit * UNPACKED_TIMES });
        good = decompress_feed(u, whole, keep, into) == INFLATE_END && !into->overflowed && into->len >= before;
        decompress_free(u);
    }
    free(raw);
    return good ? PARSE_OK : PARSE_INVALID;
}

/* The columns one behind the other: how far each id lies behind the one before, runs, lengths, offsets.  An offset of 0
 * says "right behind the tile before", else it is one more than it says. */
enum parse_status pmtiles_find(struct bytes directory, uint64_t id, struct pmtiles_entry *ret)
{
    struct cursor c = cursor_over(directory);
    const uint64_t count = protobuf_take_varint(&c);
    struct pmtiles_entry found = { 0 };
    uint64_t nth = UINT64_MAX, at = 0, end = 0;

    if (c.failed || count == 0 || count > PMTILES_ENTRIES_MAX || count > c.rest.len / 4) /* four columns */
        return PARSE_INVALID;
    for (uint64_t i = 0; i < count; i++) {
        if (__builtin_add_overflow(at, protobuf_take_varint(&c), &at))
            return PARSE_INVALID;
        if (!c.failed && at <= id) {
            nth = i;
            found.id = at;
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t run = protobuf_take_varint(&c);
        if (i == nth)
            found.run = run;
    }
    uint64_t *lengths = memory_alloc_array((size_t)count, sizeof *lengths);
    for (uint64_t i = 0; i < count; i++)
        lengths[i] = protobuf_take_varint(&c);
    bool sound = true;
    for (uint64_t i = 0; i < count && sound; i++) {
        const uint64_t said = protobuf_take_varint(&c), offset = said ? said - 1 : end;
        sound = (said || i > 0) && !__builtin_add_overflow(offset, lengths[i], &end);
        if (i == nth) {
            found.offset = offset;
            found.length = lengths[i];
        }
    }
    free(lengths);
    if (c.failed || !sound)
        return PARSE_INVALID;
    if (nth == UINT64_MAX || (found.run > 0 && id - found.id >= found.run))
        return PARSE_TRUNCATED;
    *ret = found;
    return PARSE_OK;
}

static enum parse_status directory_at(struct pmtiles *p, uint64_t offset, uint64_t length)
{
    if (p->last_at == offset)
        return PARSE_OK;
    buffer_clear(&p->last);
    p->last_at = UINT64_MAX;
    const enum parse_status status = unpack(p, offset, length, p->packed_inside, PMTILES_DIRECTORY_MAX, &p->last);
    if (status == PARSE_OK)
        p->last_at = offset;
    return status;
}

enum parse_status pmtiles_tile(struct pmtiles *p, uint64_t id, struct buffer *into)
{
    struct pmtiles_part next = p->root;
    struct pmtiles_entry entry;

    for (int depth = 0; depth < PMTILES_DEPTH_MAX; depth++) {
        enum parse_status status = directory_at(p, next.offset, next.length);
        if (status == PARSE_OK)
            status = pmtiles_find((struct bytes){ .at = p->last.at, .len = p->last.len }, id, &entry);
        if (status != PARSE_OK)
            return status;
        const struct pmtiles_part *room = entry.run ? &p->tiles : &p->leaves;
        if (entry.offset > room->length || entry.length > room->length - entry.offset ||
            __builtin_add_overflow(room->offset, entry.offset, &next.offset))
            return PARSE_INVALID;
        next.length = entry.length;
        if (entry.run)
            return unpack(p, next.offset, next.length, p->packed_tiles, PMTILES_TILE_MAX, into);
    }
    return PARSE_INVALID;
}

enum parse_status pmtiles_metadata(struct pmtiles *p, struct buffer *into)
{
    return unpack(p, p->metadata.offset, p->metadata.length, p->packed_inside, PMTILES_METADATA_MAX, into);
}
