#include "packet/pcapng_block.h"

#include <stdio.h>

static uint16_t u16(const struct pcapng_block *b, struct cursor *c)
{
    return b->big_endian ? cursor_u16be(c) : cursor_u16le(c);
}

static uint32_t u32(const struct pcapng_block *b, struct cursor *c)
{
    return b->big_endian ? cursor_u32be(c) : cursor_u32le(c);
}

static uint64_t u64(bool big_endian, struct bytes value)
{
    struct cursor c = cursor_over(value);

    return big_endian ? cursor_u64be(&c) : cursor_u64le(&c);
}

bool pcapng_option(struct cursor *c, bool big_endian, uint16_t *code, struct bytes *value)
{
    if (c->rest.len < 4)
        return false;
    *code = big_endian ? cursor_u16be(c) : cursor_u16le(c);
    const uint16_t len = big_endian ? cursor_u16be(c) : cursor_u16le(c);
    *value = cursor_take(c, len);
    if (c->failed || *code == OPTION_END)
        return false;
    const size_t padding = (4 - len % 4) % 4;
    cursor_skip(c, padding < c->rest.len ? padding : c->rest.len);
    return true;
}

bool pcapng_interface_parse(const struct pcapng_block *b, struct pcapng_interface *ret)
{
    struct pcapng_interface i = { .resolution = 6 };
    struct cursor c = cursor_over(b->body);
    struct bytes value;
    uint16_t code;

    i.link_type = u16(b, &c);
    cursor_skip(&c, 2);
    i.snap_len = u32(b, &c);
    if (c.failed)
        return false;
    while (pcapng_option(&c, b->big_endian, &code, &value)) {
        if (code == OPTION_INTERFACE_RESOLUTION && value.len == 1)
            i.resolution = value.at[0];
        else if (code == OPTION_INTERFACE_OFFSET && value.len == 8)
            i.offset_s = (int64_t)u64(b->big_endian, value);
        else if (code == OPTION_INTERFACE_NAME && value.len > 0)
            snprintf(i.name, sizeof i.name, "%.*s", (int)value.len, (const char *)value.at);
    }
    *ret = i;
    return true;
}

/* epb_dropcount; the others of a packet are not asked for here. */
static uint32_t dropped_before(const struct pcapng_block *b, struct bytes options)
{
    struct cursor c = cursor_over(options);
    struct bytes value;
    uint16_t code;

    while (pcapng_option(&c, b->big_endian, &code, &value)) {
        if (code == OPTION_PACKET_DROPPED && value.len == 8) {
            const uint64_t n = u64(b->big_endian, value);
            return n < UINT32_MAX ? (uint32_t)n : 0; /* all ones: not known */
        }
    }
    return 0;
}

static struct bytes behind(struct cursor c, uint32_t captured_len)
{
    return bytes_part(c.rest, ((uint64_t)captured_len + 3) / 4 * 4, UINT64_MAX);
}

bool pcapng_packet_parse(const struct pcapng_block *b, uint32_t snap_len, struct pcapng_packet *ret)
{
    struct pcapng_packet x = { .has_ticks = b->type != BLOCK_SIMPLE };
    struct cursor c = cursor_over(b->body);

    if (b->type == BLOCK_SIMPLE) {
        x.original_len = x.captured_len = u32(b, &c);
        if (snap_len && x.captured_len > snap_len)
            x.captured_len = snap_len;
    } else {
        if (b->type == BLOCK_ENHANCED) {
            x.interface = u32(b, &c);
        } else {
            x.interface = u16(b, &c);
            const uint16_t dropped = u16(b, &c);
            x.dropped = dropped < UINT16_MAX ? dropped : 0; /* all ones: not known */
        }
        x.ticks = (uint64_t)u32(b, &c) << 32;
        x.ticks |= u32(b, &c);
        x.captured_len = u32(b, &c);
        x.original_len = u32(b, &c);
    }
    if (c.failed)
        return false;
    x.data = bytes_part(c.rest, 0, x.captured_len);
    if (x.has_ticks)
        x.options = behind(c, x.captured_len);
    if (b->type == BLOCK_ENHANCED && x.options.len > 0)
        x.dropped = dropped_before(b, x.options);
    *ret = x;
    return true;
}

void pcapng_statistics(const struct pcapng_block *b, struct pcapng_interface *interfaces, uint32_t count)
{
    struct cursor c = cursor_over(b->body);
    const uint32_t number = u32(b, &c);
    uint64_t dropped = 0;
    struct bytes value;
    uint16_t code;

    cursor_skip(&c, 8); /* when they were taken */
    if (c.failed || number >= count)
        return;
    while (pcapng_option(&c, b->big_endian, &code, &value)) {
        const bool drops = code == OPTION_STATISTICS_INTERFACE_DROPPED || code == OPTION_STATISTICS_SYSTEM_DROPPED;
        if (!drops || value.len != 8)
            continue;
        const uint64_t n = u64(b->big_endian, value);
        if (n < INT64_MAX / 2) /* all ones: not known */
            dropped += n;
    }
    struct pcapng_interface *i = &interfaces[number];
    if (dropped > 0 && i->dropped_stated == 0 && i->dropped_counted == 0)
        i->drops_offset = b->offset;
    if (dropped > i->dropped_stated) /* the counters go up, and the last of them says all */
        i->dropped_stated = dropped;
}
