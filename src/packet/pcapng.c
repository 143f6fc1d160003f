#include "packet/capture.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "packet/wire.h"

/* draft-ietf-opsawg-pcapng: blocks in section 4, options in 3.5, times in 4.3. */
#define BLOCK_SECTION    0x0a0d0d0au
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
enum {
    BLOCK_INTERFACE = 1, BLOCK_PACKET_OLD = 2, BLOCK_SIMPLE = 3, BLOCK_NAMES = 4, BLOCK_STATISTICS = 5,
    BLOCK_ENHANCED = 6, BLOCK_SECRETS = 10,
    BLOCK_HEAD = 8, BLOCK_MIN = 12, SECTION_MIN = 28, INTERFACES_MAX = 65536,
    OPTION_END = 0, OPTION_TSRESOL = 9, OPTION_TSOFFSET = 14,
};

struct interface {
    uint32_t link_type, snap_len;
    uint8_t resolution;    /* if_tsresol */
    int64_t offset_s;      /* if_tsoffset */
};

struct pcapng {
    struct capture *capture;
    struct bytes whole;
    bool big_endian;
    struct interface *interfaces;
    uint32_t interface_count, interface_room;
    uint64_t packets_without_interface, first_without_interface;
};

struct block {
    uint32_t type;
    uint64_t offset;
    uint32_t total_len;
    struct bytes body;     /* as much as is there */
};

static uint16_t u16(const struct pcapng *p, struct cursor *c)
{
    return p->big_endian ? cursor_u16be(c) : cursor_u16le(c);
}

static uint32_t u32(const struct pcapng *p, struct cursor *c)
{
    return p->big_endian ? cursor_u32be(c) : cursor_u32le(c);
}

bool pcapng_recognise(struct bytes whole)
{
    struct cursor c = cursor_over(whole);
    const uint32_t type = cursor_u32le(&c);

    cursor_skip(&c, 4);
    const uint32_t magic = cursor_u32le(&c);
    return !c.failed && whole.len >= SECTION_MIN && type == BLOCK_SECTION &&
           (magic == BYTE_ORDER_MAGIC || magic == __builtin_bswap32(BYTE_ORDER_MAGIC));
}

/* A section header brings its own byte order. */
static bool section_big_endian(struct bytes whole, uint64_t offset, bool *ret)
{
    struct cursor c = cursor_over(bytes_part(whole, offset, BLOCK_HEAD + 4));

    const uint32_t type = cursor_u32le(&c);
    cursor_skip(&c, 4);
    const uint32_t magic = cursor_u32le(&c);
    if (c.failed || type != BLOCK_SECTION ||
        (magic != BYTE_ORDER_MAGIC && magic != __builtin_bswap32(BYTE_ORDER_MAGIC)))
        return false;
    *ret = magic != BYTE_ORDER_MAGIC;
    return true;
}

/* Reads a block's head; `whole_block` says that it lies within the file and that both its
 * lengths agree.  False: not even the head is there. */
static bool block_at(const struct pcapng *p, uint64_t offset, struct block *ret, bool *whole_block)
{
    struct cursor c = cursor_over(bytes_part(p->whole, offset, UINT64_MAX));
    const struct bytes head = cursor_take(&c, BLOCK_HEAD);
    bool big_endian = p->big_endian;

    *ret = (struct block){ .offset = offset };
    if (c.failed)
        return false;
    if (wire_u32le(head.at) == BLOCK_SECTION)
        section_big_endian(p->whole, offset, &big_endian);
    ret->type = big_endian ? wire_u32be(head.at) : wire_u32le(head.at);
    ret->total_len = big_endian ? wire_u32be(head.at + 4) : wire_u32le(head.at + 4);
    const bool sound = ret->total_len >= BLOCK_MIN && ret->total_len % 4 == 0;
    ret->body = bytes_part(c.rest, 0, sound ? ret->total_len - BLOCK_MIN : 0);
    cursor_skip(&c, sound ? ret->total_len - BLOCK_MIN : 0);
    /* Both lengths are in the same order: as bytes they must be equal. */
    const struct bytes again = cursor_take(&c, 4);
    *whole_block = sound && !c.failed && bytes_equal(again, head.at + 4, 4);
    return true;
}

static bool is_known_type(uint32_t type)
{
    return type == BLOCK_SECTION || (type >= BLOCK_INTERFACE && type <= BLOCK_SECRETS);
}

/* The next place at or behind `offset` where a whole block of a known type lies. */
static uint64_t resynchronise(const struct pcapng *p, uint64_t offset)
{
    struct block b;
    bool whole_block;

    for (offset = (offset + 3) & ~UINT64_C(3); offset + BLOCK_MIN <= p->whole.len; offset += 4)
        if (block_at(p, offset, &b, &whole_block) && whole_block && is_known_type(b.type))
            return offset;
    return p->whole.len;
}

static void interface_options(const struct pcapng *p, struct cursor c, struct interface *i)
{
    while (c.rest.len >= 4) {
        const uint16_t code = u16(p, &c), len = u16(p, &c);
        struct cursor value = cursor_over(cursor_take(&c, len));
        cursor_skip(&c, (4 - len % 4) % 4);
        if (code == OPTION_END || value.rest.len < len)
            return;
        if (code == OPTION_TSRESOL && len == 1)
            i->resolution = cursor_u8(&value);
        else if (code == OPTION_TSOFFSET && len == 8)
            i->offset_s = (int64_t)(p->big_endian ? cursor_u64be(&value) : cursor_u64le(&value));
    }
}

static void interface_block(struct pcapng *p, const struct block *b)
{
    struct cursor c = cursor_over(b->body);
    struct interface i = { .resolution = 6 };

    i.link_type = u16(p, &c);
    cursor_skip(&c, 2);
    i.snap_len = u32(p, &c);
    if (c.failed || p->interface_count == INTERFACES_MAX) {
        reading_damage(p->capture->reading, b->offset, (int64_t)b->total_len, 1, "an interface's description is cut");
        return;
    }
    interface_options(p, c, &i);
    if (p->interface_count == p->interface_room) {
        p->interface_room = p->interface_room ? p->interface_room * 2 : 4;
        p->interfaces = memory_resize_array(p->interfaces, p->interface_room, sizeof *p->interfaces);
    }
    p->interfaces[p->interface_count++] = i;
}

__extension__ typedef unsigned __int128 uint128;

static int64_t time_of(const struct interface *i, uint64_t ticks)
{
    static const uint64_t power_of_ten[] = {
        1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
    };
    const unsigned exponent = i->resolution & 0x7f;
    uint128 ns;

    if (i->resolution & 0x80) {
        if (exponent > 63)
            return FACT_UNKNOWN_INT;
        ns = (uint128)ticks * (uint64_t)NS_PER_S >> exponent;
    } else if (exponent <= 9) {
        ns = (uint128)ticks * power_of_ten[9 - exponent];
    } else {
        ns = ticks;
        for (unsigned n = exponent; n > 9 && ns > 0; n--)
            ns /= 10;
    }
    int64_t offset_ns, sum;
    if (ns > INT64_MAX || __builtin_mul_overflow(i->offset_s, NS_PER_S, &offset_ns) ||
        __builtin_add_overflow((int64_t)ns, offset_ns, &sum))
        return FACT_UNKNOWN_INT;
    return sum;
}

static void take(struct pcapng *p, const struct block *b, uint32_t interface, uint64_t ticks, bool has_time,
                 struct bytes data, uint64_t original_len)
{
    struct frame frame = {
        .data = data, .original_len = original_len, .record_offset = b->offset,
        .at_utc_ns = FACT_UNKNOWN_INT, .link_type = UINT32_MAX,
    };

    if (interface >= p->interface_count) {
        if (p->packets_without_interface++ == 0)
            p->first_without_interface = b->offset;
        p->capture->packets++;
        return;
    }
    frame.link_type = p->interfaces[interface].link_type;
    if (has_time)
        frame.at_utc_ns = time_of(&p->interfaces[interface], ticks);
    capture_expect(bytes_part(p->whole, b->offset + b->total_len, UINT64_MAX));
    capture_frame(p->capture, &frame);
}

static void packet_block(struct pcapng *p, const struct block *b)
{
    struct cursor c = cursor_over(b->body);
    uint32_t interface = 0, captured_len, original_len;
    uint64_t ticks = 0;

    if (b->type == BLOCK_SIMPLE) {
        original_len = captured_len = u32(p, &c);
        if (p->interface_count > 0 && p->interfaces[0].snap_len && captured_len > p->interfaces[0].snap_len)
            captured_len = p->interfaces[0].snap_len;
    } else {
        if (b->type == BLOCK_ENHANCED) {
            interface = u32(p, &c);
        } else {
            interface = u16(p, &c);
            cursor_skip(&c, 2); /* drops */
        }
        ticks = (uint64_t)u32(p, &c) << 32;
        ticks |= u32(p, &c);
        captured_len = u32(p, &c);
        original_len = u32(p, &c);
    }
    if (c.failed) {
        reading_damage(p->capture->reading, b->offset, (int64_t)b->total_len, 1, "a packet's block is too short");
        return;
    }
    const bool cut = b->body.len < b->total_len - BLOCK_MIN;
    if (captured_len > c.rest.len && !cut && b->type != BLOCK_SIMPLE)
        reading_damage(p->capture->reading, b->offset, (int64_t)(captured_len - c.rest.len), 0,
                       "a packet is longer than its block");
    if (original_len > 1u << 30)
        original_len = captured_len; /* no network has such frames */
    take(p, b, interface, ticks, b->type != BLOCK_SIMPLE, bytes_part(c.rest, 0, captured_len), original_len);
}

static void block_read(struct pcapng *p, const struct block *b)
{
    switch (b->type) {
    case BLOCK_SECTION:
        section_big_endian(p->whole, b->offset, &p->big_endian);
        p->interface_count = 0;
        break;
    case BLOCK_INTERFACE:
        interface_block(p, b);
        break;
    case BLOCK_PACKET_OLD: case BLOCK_SIMPLE: case BLOCK_ENHANCED:
        packet_block(p, b);
        break;
    default:
        break; /* skipped by its length */
    }
}

static bool at_block(const struct pcapng *p, uint64_t offset)
{
    struct block b;
    bool whole_block;

    return offset == p->whole.len || (block_at(p, offset, &b, &whole_block) && whole_block);
}

static enum parse_status blocks_read(struct pcapng *p)
{
    struct reading *r = p->capture->reading;
    struct block b;
    bool whole_block;

    for (uint64_t offset = 0; offset < p->whole.len; ) {
        if (!block_at(p, offset, &b, &whole_block)) {
            reading_damage(r, offset, (int64_t)(p->whole.len - offset), 1, "the capture ends within a block's head");
            return PARSE_TRUNCATED;
        }
        const uint64_t next = offset + b.total_len;
        if (whole_block || (b.total_len >= BLOCK_MIN && b.total_len % 4 == 0 && at_block(p, next))) {
            if (!whole_block)
                reading_damage(r, offset, 4, 0, "a block's two lengths differ");
            block_read(p, &b);
            offset = next;
            continue;
        }
        const uint64_t again = resynchronise(p, offset + 4);
        if (again == p->whole.len && b.total_len >= BLOCK_MIN && is_known_type(b.type) && next > p->whole.len &&
            b.total_len <= 1u << 24) {
            block_read(p, &b);
            reading_damage(r, offset, (int64_t)(next - p->whole.len), 0, "the capture ends within a block");
            return PARSE_TRUNCATED;
        }
        reading_damage(r, offset, (int64_t)(again - offset), FACT_UNKNOWN_INT,
                       "a block makes no sense; reading %s", again < p->whole.len ? "goes on behind it" : "stops");
        if (again == p->whole.len)
            return PARSE_INVALID;
        offset = again;
    }
    return PARSE_OK;
}

enum parse_status pcapng_read(struct capture *c, struct bytes whole)
{
    struct pcapng p = { .capture = c, .whole = whole };
    const enum parse_status status = blocks_read(&p);

    if (p.packets_without_interface)
        reading_damage(c->reading, p.first_without_interface, FACT_UNKNOWN_INT, (int64_t)p.packets_without_interface,
                       "%llu packets name an interface that the capture does not describe",
                       (unsigned long long)p.packets_without_interface);
    free(p.interfaces);
    return status;
}
