#include "packet/ip.h"

#include <string.h>

#include "packet/wire.h"

enum {
    IPV4_HEADER_MIN = 20, IPV6_HEADER = 40, EXTENSION_HEADERS_MAX = 16,
    EXT_HOP_BY_HOP = 0, EXT_ROUTING = 43, EXT_FRAGMENT = 44, EXT_AUTHENTICATION = 51, EXT_DESTINATION = 60,
    EXT_MOBILITY = 135, EXT_HIP = 139, EXT_SHIM6 = 140,
};

/* Sets every field of `ret`, and none before the header is known to be good.  So does ipv6_parse: this is the path of
 * every packet, and to make a packet elsewhere and copy it takes longer than to read it. */
static enum parse_status ipv4_parse(const struct bytes *ip, uint64_t wire_len, struct ip_packet *ret)
{
    struct cursor c = cursor_over(*ip);
    const struct bytes header = cursor_take(&c, IPV4_HEADER_MIN);

    if (c.failed)
        return PARSE_TRUNCATED;
    const size_t header_len = (size_t)(header.at[0] & 15) * 4;
    uint64_t total_len = wire_u16be(header.at + 2);
    const uint16_t fragment = wire_u16be(header.at + 6);
    const uint32_t fragment_offset = (uint32_t)(fragment & 0x1fff) * 8;
    const bool more_fragments = fragment >> 13 & 1, is_fragment = fragment_offset != 0 || more_fragments;
    if (total_len == 0)
        total_len = wire_len;
    if (header_len < IPV4_HEADER_MIN || total_len < header_len)
        return PARSE_INVALID;

    ret->version = 4;
    address_set_ipv4(&ret->src, header.at + 12);
    address_set_ipv4(&ret->dst, header.at + 16);
    ret->protocol = header.at[9];
    ret->repeated = false;
    ret->payload_len = total_len - header_len;
    ret->payload = bytes_part(*ip, header_len, ret->payload_len);
    ret->identification = wire_u16be(header.at + 4);
    ret->fragment_offset = fragment_offset;
    ret->more_fragments = more_fragments;
    ret->fragment = is_fragment; /* asked of what was read, not of these two: the processor would wait for them */
    if (!is_fragment)
        ip_extension_headers(ret);
    return PARSE_OK;
}

static bool is_extension(int version, uint8_t header)
{
    if (version == 4)
        return header == EXT_AUTHENTICATION; /* the others are IPv6's alone */
    return header == EXT_HOP_BY_HOP || header == EXT_ROUTING || header == EXT_FRAGMENT || header == EXT_DESTINATION ||
           header == EXT_AUTHENTICATION || header == EXT_MOBILITY || header == EXT_HIP || header == EXT_SHIM6;
}

void ip_extension_headers(struct ip_packet *p)
{
    for (int i = 0; i < EXTENSION_HEADERS_MAX && is_extension(p->version, p->protocol); i++) {
        struct cursor c = cursor_over(p->payload);
        const uint8_t next = cursor_u8(&c);
        const size_t units = cursor_u8(&c);
        size_t len = (units + 1) * 8;
        if (p->protocol == EXT_AUTHENTICATION)
            len = (units + 2) * 4; /* RFC 4302, 2.2 */
        else if (p->protocol == EXT_FRAGMENT)
            len = 8;
        if (p->protocol == EXT_FRAGMENT) {
            const uint16_t offset = cursor_u16be(&c);
            const uint32_t identification = cursor_u32be(&c);
            if (c.failed)
                return;
            p->fragment_offset = offset & 0xfff8u;
            p->more_fragments = offset & 1;
            p->fragment = p->fragment_offset != 0 || p->more_fragments;
            p->identification = identification;
        }
        if (c.failed || len > p->payload_len || len > p->payload.len)
            return;
        p->payload = bytes_part(p->payload, len, UINT64_MAX);
        p->payload_len -= len;
        p->protocol = next;
        if (p->fragment)
            return; /* what follows is split too: read when the datagram is whole */
    }
}

static enum parse_status ipv6_parse(const struct bytes *ip, uint64_t wire_len, struct ip_packet *ret)
{
    struct cursor c = cursor_over(*ip);

    cursor_skip(&c, 4);
    uint64_t payload_len = cursor_u16be(&c);
    const uint8_t next = cursor_u8(&c);
    cursor_skip(&c, 1);
    const struct bytes src = cursor_take(&c, 16), dst = cursor_take(&c, 16);
    if (c.failed)
        return PARSE_TRUNCATED;
    if (payload_len == 0 && wire_len > IPV6_HEADER)
        payload_len = wire_len - IPV6_HEADER; /* offload, or a jumbogram (RFC 2675) */

    ret->version = 6;
    ret->fragment = ret->repeated = ret->more_fragments = false;
    ret->fragment_offset = ret->identification = 0;
    memcpy(ret->src.at, src.at, 16);
    memcpy(ret->dst.at, dst.at, 16);
    ret->protocol = next;
    ret->payload_len = payload_len;
    ret->payload = bytes_part(*ip, IPV6_HEADER, payload_len);
    ip_extension_headers(ret);
    return PARSE_OK;
}

enum parse_status ip_parse(const struct bytes *ip, uint64_t wire_len, struct ip_packet *ret)
{
    if (ip->len == 0)
        return PARSE_TRUNCATED;
    if (ip->at[0] >> 4 == 4)
        return ipv4_parse(ip, wire_len, ret);
    if (ip->at[0] >> 4 == 6)
        return ipv6_parse(ip, wire_len, ret);
    return PARSE_INVALID;
}
