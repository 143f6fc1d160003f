#include "packet/tunnel_open.h"

#include <string.h>

#include "broadcast/wifi_frame.h"
#include "packet/wire.h"

/* Tunnels in UDP that hide a packet behind a short header of their own, or behind none. */

enum { IPV4_HEADER_MIN = 20, IPV6_HEADER = 40, IPV6_NO_NEXT_HEADER = 59 };

/* draft-ietf-intarea-gue-09, 3: version, control, length of the optional fields, protocol, flags.  Version 1 is an IP
 * packet, whose own first bits say so. */
bool tunnel_gue_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { VERSION_SHIFT = 6, CONTROL = 0x20, OPTION_UNITS = 0x1f };
    struct cursor c = cursor_over(content);
    const uint8_t first = cursor_u8(&c), protocol = cursor_u8(&c);

    if (!c.failed && first >> VERSION_SHIFT == 1)
        return tunnel_bare_open(content, len, ret);
    cursor_skip(&c, 2 + (size_t)(first & OPTION_UNITS) * 4);
    if (c.failed || first >> VERSION_SHIFT != 0 || (first & CONTROL))
        return false;
    return tunnel_by_protocol(protocol, c.rest, tunnel_wire_left(&c, content, len), ret);
}

/* RFC 9300, 5.3: flags, nonce or map versions, instance or locators; then the packet, which fills the rest. */
bool tunnel_lisp_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { HEADER = 8 };
    struct cursor c = cursor_over(content);

    cursor_skip(&c, HEADER);
    if (c.failed)
        return false;
    const uint64_t left = tunnel_wire_left(&c, content, len);
    return tunnel_ip_inside(c.rest, left, 0, ret) &&
        ret->ip.payload.origin - c.rest.origin + ret->ip.payload_len == left;
}

/* A frame of 802.11, whose first two bytes some makers send in the wrong order: believed is the order with which LLC
 * follows. */
bool tunnel_wifi_inside(struct bytes frame, uint64_t wire_len, struct tunnel_inside *ret)
{
    enum { HEADER_MAX = 24 + 6 + 2 + 4, ANY_802_3_LENGTH = 0 };
    uint8_t head[HEADER_MAX];
    struct bytes copy = { .at = head, .len = frame.len < sizeof head ? frame.len : sizeof head,
                          .origin = frame.origin };
    struct link_layer layer;
    struct wifi_frame f;

    if (copy.len < 2)
        return false;
    memcpy(head, frame.at, copy.len);
    for (int swapped = 0; swapped < 2; swapped++) {
        head[swapped] = frame.at[0];
        head[!swapped] = frame.at[1];
        if (wifi_frame_parse(copy, false, &f) != PARSE_OK || f.type != WIFI_DATA || f.no_data || f.protected_frame ||
            f.a_msdu || (f.sequence_control & 15))
            continue;
        const struct bytes body = bytes_part(frame, f.body.origin - frame.origin, UINT64_MAX);
        if (link_by_ethertype(ANY_802_3_LENGTH, body, &layer) != LINK_IP)
            continue;
        layer.src_mac = f.src;
        layer.dst_mac = f.dst;
        return tunnel_layer_inside(&layer, frame, wire_len, ret);
    }
    return false;
}

/* RFC 5415, 4.3: what access points and their controller send each other.  Fragments and keep-alives stay what they
 * are; type 1 of the preamble is DTLS. */
bool tunnel_capwap_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum {
        HEADER_MIN = 8, UNITS_SHIFT = 19, BINDING_SHIFT = 9, BINDING = 0x1f, BINDING_802_11 = 1,
        NATIVE = 0x000100, FRAGMENT = 0x000080, KEEP_ALIVE = 0x000008, RESERVED = 0x000007,
    };
    struct cursor c = cursor_over(content);
    const uint8_t preamble = cursor_u8(&c);
    const uint32_t fields = cursor_u24be(&c);
    const size_t header_len = (size_t)(fields >> UNITS_SHIFT) * 4;

    if (c.failed || preamble != 0 || header_len < HEADER_MIN || (fields & (FRAGMENT | KEEP_ALIVE | RESERVED)))
        return false;
    c = cursor_over(content);
    cursor_skip(&c, header_len);
    if (c.failed)
        return false;
    const uint64_t left = tunnel_wire_left(&c, content, len);
    if (!(fields & NATIVE))
        return tunnel_ethernet_inside(c.rest, left, ret);
    return (fields >> BINDING_SHIFT & BINDING) == BINDING_802_11 && tunnel_wifi_inside(c.rest, left, ret);
}

/* draft-massar-v6ops-ayiya-02, 4: lengths of identity and signature, operation, next header, time; then both. */
bool tunnel_ayiya_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { OPERATION_FORWARD = 1, LENGTH_SHIFT_MAX = 15 };
    struct cursor c = cursor_over(content);
    const uint8_t identity = cursor_u8(&c), signature = cursor_u8(&c), operation = cursor_u8(&c), next = cursor_u8(&c);

    cursor_skip(&c, 4 + ((size_t)1 << (identity >> 4)) + (size_t)(signature >> 4) * 4);
    if (c.failed || (operation & 15) != OPERATION_FORWARD)
        return false;
    return tunnel_by_protocol(next, c.rest, tunnel_wire_left(&c, content, len), ret);
}

/* RFC 1071.  What is odd counts as if a zero followed. */
static uint32_t sum_of(struct bytes b, uint32_t sum)
{
    size_t i = 0;

    for (; i + 1 < b.len; i += 2)
        sum += wire_u16be(b.at + i);
    return i < b.len ? sum + ((uint32_t)b.at[i] << 8) : sum;
}

static bool is_right(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}

/* RFC 8200, 8.1: over both addresses, the length, the protocol and all that follows.  `content` is below 64 KiB, and
 * so is the sum below 32 bits. */
static bool transport_sum_is_right(struct bytes ipv6)
{
    enum { NEXT_HEADER = 6, ADDRESSES = 8 };
    const uint8_t next = ipv6.at[NEXT_HEADER];
    const struct bytes behind = bytes_part(ipv6, IPV6_HEADER, UINT64_MAX);

    return is_right(sum_of(behind, sum_of(bytes_part(ipv6, ADDRESSES, 32), (uint32_t)behind.len + next)));
}

static bool has_checked_transport(uint8_t protocol)
{
    enum { TCP = 6, UDP = 17, ICMPV6 = 58 };

    return protocol == TCP || protocol == UDP || protocol == ICMPV6;
}

bool tunnel_bare_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { LEN_MAX = 0xffff, NEXT_HEADER = 6 };

    if (content.len < IPV4_HEADER_MIN || len > LEN_MAX)
        return false;
    if (content.at[0] >> 4 == 4) {
        const size_t header_len = (size_t)(content.at[0] & 15) * 4;
        if (wire_u16be(content.at + 2) != len || header_len < IPV4_HEADER_MIN || header_len > content.len ||
            !is_right(sum_of(bytes_part(content, 0, header_len), 0)))
            return false;
        return tunnel_ip_inside(content, len, 4, ret);
    }
    if (content.at[0] >> 4 != 6 || content.len < IPV6_HEADER ||
        (uint64_t)wire_u16be(content.at + 4) + IPV6_HEADER != len ||
        !tunnel_ip_inside(content, len, 6, ret))
        return false;
    if (tunnel_is_teredo(&ret->ip.src) || tunnel_is_teredo(&ret->ip.dst))
        return ret->ip.protocol != IPV6_NO_NEXT_HEADER;
    return content.len == len && has_checked_transport(content.at[NEXT_HEADER]) && transport_sum_is_right(content);
}

/* RFC 2784 and RFC 2890: flags, type, and 4 bytes for each flag; behind it the packet that the type names.  Gives where
 * that begins, 0 for anything else. */
size_t tunnel_bare_gre_header(struct bytes content)
{
    enum { CHECKSUM = 0x80, KEY = 0x20, SEQUENCE = 0x10, TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd, HEADER = 4,
           FIELD = 4 };

    if (content.len <= HEADER || (content.at[0] & ~(CHECKSUM | KEY | SEQUENCE)) || content.at[1] != 0)
        return 0;
    const uint16_t type = wire_u16be(content.at + 2);
    const size_t len = HEADER + FIELD * (size_t)__builtin_popcount(content.at[0]);
    const uint8_t version = len < content.len ? content.at[len] >> 4 : 0;
    return (type == TYPE_IPV4 && version == 4) || (type == TYPE_IPV6 && version == 6) ? len : 0;
}

bool tunnel_bare_gre_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    const size_t header_len = tunnel_bare_gre_header(content);

    return header_len > 0 && tunnel_bare_open(bytes_part(content, header_len, UINT64_MAX), len - header_len, ret);
}
