#include "packet/tunnel.h"

#include <string.h>

#include "packet/wire.h"

enum { IP_IPV4 = 4, IP_IPV6 = 41, IP_GRE = 47, IPV6_NO_NEXT_HEADER = 59 }; /* IANA protocol numbers */

enum { PORT_GTP_U = 2152, PORT_TEREDO = 3544, PORT_VXLAN = 4789 };

/* What stands behind the cursor, with its length on the wire: `all_len` is that of what the
 * cursor began with at `from`. */
static uint64_t wire_left(const struct cursor *c, struct bytes from, uint64_t all_len)
{
    return all_len - (c->rest.origin - from.origin);
}

/* `version` 0: either. */
static bool ip_inside(struct bytes ip, uint64_t wire_len, int version, struct tunnel_inside *ret)
{
    ret->has_macs = false;
    if (ip.len == 0 || (version != 0 && ip.at[0] >> 4 != version))
        return false;
    return ip_parse(ip, wire_len, &ret->ip) == PARSE_OK;
}

static bool layer_inside(const struct link_layer *layer, struct bytes frame, uint64_t wire_len,
                         struct tunnel_inside *ret)
{
    if (!ip_inside(layer->ip, wire_len - (layer->ip.origin - frame.origin), 0, ret))
        return false;
    if (layer->src_mac && layer->dst_mac) {
        /* Copied: the frame may lie in a datagram put together, which fragments inside replace. */
        memcpy(ret->src_mac, layer->src_mac, 6);
        memcpy(ret->dst_mac, layer->dst_mac, 6);
        ret->has_macs = true;
    }
    return true;
}

static bool ethernet_inside(struct bytes frame, uint64_t wire_len, struct tunnel_inside *ret)
{
    struct link_layer layer;

    return link_parse(LINKTYPE_ETHERNET, frame, &layer) == LINK_IP && layer_inside(&layer, frame, wire_len, ret);
}

/* RFC 2003, RFC 2473 */
static bool ipv4_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    return ip_inside(content, len, 4, ret);
}

/* RFC 4213; 6to4, 6rd and ISATAP look the same */
static bool ipv6_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    return ip_inside(content, len, 6, ret);
}

/* RFC 1661 with the short forms of its options 7 and 8: no address and control, one byte for
 * a protocol that fits.  Compressed or encrypted content has other protocol numbers. */
static bool ppp_inside(struct bytes frame, uint64_t wire_len, struct tunnel_inside *ret)
{
    static const uint8_t address_and_control[2] = { 0xff, 0x03 };
    struct cursor c = cursor_over(frame);

    if (bytes_start_with(frame, address_and_control, 2))
        cursor_skip(&c, 2);
    uint16_t protocol = cursor_u8(&c);
    if (!(protocol & 1))
        protocol = (uint16_t)(protocol << 8 | cursor_u8(&c));
    if (c.failed || (protocol != PPP_IPV4 && protocol != PPP_IPV6))
        return false;
    return ip_inside(c.rest, wire_left(&c, frame, wire_len), protocol == PPP_IPV4 ? 4 : 6, ret);
}

/* RFC 2784 with key and sequence number of RFC 2890; version 1, which carries PPP and an
 * acknowledgement, is PPTP's (RFC 2637, 4.1). */
static bool gre_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum {
        CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, STRICT = 0x0800, RECURSION = 0x0400,
        ACKNOWLEDGEMENT = 0x0080, VERSION = 0x0007,
        ETHERTYPE_MIN = 0x0600, TYPE_ETHERNET_BRIDGING = 0x6558, TYPE_PPP = 0x880b,
    };
    struct cursor c = cursor_over(content);
    const uint16_t flags = cursor_u16be(&c), type = cursor_u16be(&c);
    const unsigned version = flags & VERSION;
    struct link_layer layer = { .src_mac = NULL };

    /* RFC 2784, 2.3: who does not know source routes discards what has these */
    if (c.failed || version > 1 || (flags & (ROUTING | STRICT | RECURSION)))
        return false;
    if (flags & CHECKSUM)
        cursor_skip(&c, 4);
    uint64_t payload_len = UINT64_MAX;
    if (version == 1) {
        if (!(flags & KEY) || !(flags & SEQUENCE) || type != TYPE_PPP)
            return false; /* without a sequence number it only acknowledges */
        payload_len = cursor_u16be(&c);
        cursor_skip(&c, 2); /* call */
    } else if (flags & KEY) {
        cursor_skip(&c, 4);
    }
    if (flags & SEQUENCE)
        cursor_skip(&c, 4);
    if (version == 1 && (flags & ACKNOWLEDGEMENT))
        cursor_skip(&c, 4);
    if (c.failed)
        return false;

    const uint64_t left = wire_left(&c, content, len);
    if (payload_len > left)
        payload_len = left;
    const struct bytes payload = bytes_part(c.rest, 0, payload_len);
    switch (type) {
    case TYPE_ETHERNET_BRIDGING:
        return ethernet_inside(payload, payload_len, ret);
    case TYPE_PPP:
        return ppp_inside(payload, payload_len, ret);
    default:
        return type >= ETHERTYPE_MIN && link_by_ethertype(type, payload, &layer) == LINK_IP &&
               layer_inside(&layer, payload, payload_len, ret);
    }
}

/* RFC 7348, 5.  Of the flags only that of a valid network identifier must be set; with the
 * one that names another content than Ethernet (draft-ietf-nvo3-vxlan-gpe) it is not read. */
static bool vxlan_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { IDENTIFIER_VALID = 0x08, NEXT_PROTOCOL = 0x04 };
    struct cursor c = cursor_over(content);
    const uint8_t flags = cursor_u8(&c);

    cursor_skip(&c, 7);
    if (c.failed || (flags & (IDENTIFIER_VALID | NEXT_PROTOCOL)) != IDENTIFIER_VALID)
        return false;
    return ethernet_inside(c.rest, wire_left(&c, content, len), ret);
}

static bool is_teredo(const struct address *a)
{
    static const uint8_t prefix[16] = { 0x20, 0x01, 0, 0 }; /* RFC 4380, 2.6: 2001:0::/32 */

    return address_in(a, prefix, 32);
}

/* RFC 4380, 5.1.1: maybe authentication, maybe the origin as the server saw it, then IPv6.
 * The port alone proves nothing, a Teredo address does.  Qualification (between link-local
 * addresses) and bubbles (no next header) are talk with the server: it stays visible. */
static bool teredo_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { AUTHENTICATION = 0x0001, ORIGIN = 0x0000, NONCE_AND_CONFIRMATION = 9, IPV6_HEADER = 40 };
    struct cursor c = cursor_over(content);

    if (c.rest.len >= 4 && wire_u16be(c.rest.at) == AUTHENTICATION) {
        cursor_skip(&c, 2);
        const size_t id_len = cursor_u8(&c), value_len = cursor_u8(&c);
        cursor_skip(&c, id_len + value_len + NONCE_AND_CONFIRMATION);
    }
    if (c.rest.len >= 2 && wire_u16be(c.rest.at) == ORIGIN)
        cursor_skip(&c, 8);
    const uint64_t left = wire_left(&c, content, len);
    if (c.failed || c.rest.len < IPV6_HEADER || (uint64_t)wire_u16be(c.rest.at + 4) + IPV6_HEADER > left)
        return false;
    return ip_inside(c.rest, left, 6, ret) && ret->ip.protocol != IPV6_NO_NEXT_HEADER &&
           (is_teredo(&ret->ip.src) || is_teredo(&ret->ip.dst));
}

/* 3GPP TS 29.281, 5.1 and 5.2.1.  Opened is a G-PDU with an IP packet that fills it as its
 * length says; echo requests and the like stay what they are. */
static bool gtp_u_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum {
        VERSION_AND_TYPE = 0xf0, VERSION_1_GTP = 0x30, EXTENSION = 4, SEQUENCE = 2, N_PDU = 1,
        G_PDU = 255, HEADER = 8, EXTENSIONS_MAX = 8,
    };
    struct cursor c = cursor_over(content);
    const uint8_t flags = cursor_u8(&c), message = cursor_u8(&c);
    const uint16_t rest_len = cursor_u16be(&c);

    cursor_skip(&c, 4); /* tunnel endpoint */
    if (c.failed || (flags & VERSION_AND_TYPE) != VERSION_1_GTP || message != G_PDU || rest_len != len - HEADER)
        return false;
    if (flags & (EXTENSION | SEQUENCE | N_PDU)) {
        cursor_skip(&c, 3);
        uint8_t next = cursor_u8(&c);
        for (int i = 0; (flags & EXTENSION) && next != 0; i++) {
            const size_t units = cursor_u8(&c);
            if (c.failed || units == 0 || i == EXTENSIONS_MAX)
                return false;
            cursor_skip(&c, units * 4 - 2);
            next = cursor_u8(&c);
        }
    }
    if (c.failed)
        return false;
    const uint64_t left = wire_left(&c, content, len);
    if (!ip_inside(c.rest, left, 0, ret))
        return false;
    const uint64_t header_len = ret->ip.payload.origin - c.rest.origin;
    return header_len + ret->ip.payload_len <= left;
}

struct tunnel {
    uint8_t ip_protocol;
    uint16_t port;       /* of UDP */
    bool from_port_too;  /* else only packets to the port are the tunnel's */
    bool (*open)(struct bytes content, uint64_t len, struct tunnel_inside *ret);
};

static const struct tunnel tunnels[] = {
    { IP_IPV4, 0, false, ipv4_open },
    { IP_IPV6, 0, false, ipv6_open },
    { IP_GRE, 0, false, gre_open },
    { IP_UDP, PORT_VXLAN, false, vxlan_open },
    { IP_UDP, PORT_GTP_U, false, gtp_u_open },
    { IP_UDP, PORT_TEREDO, true, teredo_open },
};

const struct tunnel *tunnel_find(uint8_t ip_protocol, uint16_t src_port, uint16_t dst_port)
{
    for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels; i++) {
        const struct tunnel *t = &tunnels[i];
        if (t->ip_protocol == ip_protocol &&
            (t->port == 0 || t->port == dst_port || (t->from_port_too && t->port == src_port)))
            return t;
    }
    return NULL;
}

bool tunnel_open(const struct tunnel *tunnel, struct bytes content, uint64_t content_len, struct tunnel_inside *ret)
{
    return tunnel->open(content, content_len, ret);
}
