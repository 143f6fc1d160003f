#include "packet/tunnel_open.h"

#include <string.h>

#include "packet/wire.h"

/* IANA protocol numbers and ports. */
enum { IP_IPV4 = 4, IP_IPV6 = 41, IP_GRE = 47, IPV6_NO_NEXT_HEADER = 59, IP_ETHERIP = 97, IP_MPLS = 137 };
enum {
    PORT_L2TP = 1701, PORT_GTP_U = 2152, PORT_TEREDO = 3544, PORT_LISP = 4341, PORT_GRE = 4754, PORT_VXLAN = 4789,
    PORT_VXLAN_GPE = 4790, PORT_AYIYA = 5072, PORT_CAPWAP = 5247, PORT_GUE = 6080, PORT_GENEVE = 6081,
    PORT_MPLS = 6635, PORT_VXLAN_LINUX = 8472 /* of Linux by default, from before there was a number */,
    PORT_TZSP = 37008,
};
enum { ETHERTYPE_MIN = 0x0600, TYPE_ETHERNET_BRIDGING = 0x6558, TYPE_PPP = 0x880b, TYPE_MPLS = 0x8847 };

bool tunnel_ip_inside(struct bytes ip, uint64_t wire_len, int version, struct tunnel_inside *ret)
{
    ret->has_macs = false;
    if (ip.len == 0 || (version != 0 && ip.at[0] >> 4 != version))
        return false;
    return ip_parse(&ip, wire_len, &ret->ip) == PARSE_OK;
}

bool tunnel_layer_inside(const struct link_layer *layer, struct bytes frame, uint64_t wire_len,
                         struct tunnel_inside *ret)
{
    if (!tunnel_ip_inside(layer->ip, wire_len - (layer->ip.origin - frame.origin), 0, ret))
        return false;
    if (layer->src_mac && layer->dst_mac) {
        /* Copied: the frame may lie in a datagram put together, which fragments inside replace. */
        memcpy(ret->src_mac, layer->src_mac, 6);
        memcpy(ret->dst_mac, layer->dst_mac, 6);
        ret->has_macs = true;
    }
    return true;
}

bool tunnel_ethernet_inside(struct bytes frame, uint64_t wire_len, struct tunnel_inside *ret)
{
    struct link_layer layer;

    return link_parse(LINKTYPE_ETHERNET, frame, &layer) == LINK_IP && tunnel_layer_inside(&layer, frame, wire_len, ret);
}

/* RFC 2003, RFC 2473 */
static bool ipv4_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    return tunnel_ip_inside(content, len, 4, ret);
}

/* RFC 4213; 6to4, 6rd and ISATAP look the same */
static bool ipv6_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    return tunnel_ip_inside(content, len, 6, ret);
}

static bool ppp_inside(struct bytes frame, uint64_t wire_len, struct tunnel_inside *ret)
{
    struct link_layer layer;

    return link_ppp(frame, &layer) == LINK_IP && tunnel_layer_inside(&layer, frame, wire_len, ret);
}

static bool by_type(uint16_t type, struct bytes content, uint64_t wire_len, struct tunnel_inside *ret)
{
    struct link_layer layer = { .src_mac = NULL };

    if (type == TYPE_ETHERNET_BRIDGING)
        return tunnel_ethernet_inside(content, wire_len, ret);
    if (type == TYPE_PPP)
        return ppp_inside(content, wire_len, ret);
    return type >= ETHERTYPE_MIN && link_by_ethertype(type, content, &layer) == LINK_IP &&
           tunnel_layer_inside(&layer, content, wire_len, ret);
}

/* RFC 1701: what stands in a source route, up to its end. */
static bool skip_routes(struct cursor *c)
{
    enum { ROUTES_MAX = 32 };

    for (int i = 0; i < ROUTES_MAX; i++) {
        const uint16_t family = cursor_u16be(c);
        cursor_skip(c, 1); /* how far it has been followed */
        const size_t len = cursor_u8(c);
        cursor_skip(c, len);
        if (c->failed || (family == 0 && len == 0))
            return !c->failed;
    }
    return false;
}

/* Copies that switches send of what passes them: draft-foschiano-erspan.  Type I has no header of its own
 * and no sequence number in GRE; II has 8 bytes, III 12 and maybe 8 more. */
static bool erspan_inside(bool third, bool sequence, struct bytes content, uint64_t wire_len, struct tunnel_inside *ret)
{
    enum { SUBHEADER = 0x01, FRAME_TYPE_SHIFT = 10, FRAME_ETHERNET = 0, FRAME_IP = 2 };
    struct cursor c = cursor_over(content);

    if (!third && !sequence)
        return tunnel_ethernet_inside(content, wire_len, ret);
    const unsigned version = cursor_u8(&c) >> 4;
    if (version != (third ? 2u : 1u))
        return false;
    cursor_skip(&c, third ? 9 : 7);
    unsigned frame_type = FRAME_ETHERNET;
    if (third) {
        const uint16_t kinds = cursor_u16be(&c);
        frame_type = kinds >> FRAME_TYPE_SHIFT & 0x1f;
        if (kinds & SUBHEADER)
            cursor_skip(&c, 8);
    }
    if (c.failed)
        return false;
    if (frame_type == FRAME_IP)
        return tunnel_ip_inside(c.rest, tunnel_wire_left(&c, content, wire_len), 0, ret);
    return frame_type == FRAME_ETHERNET && tunnel_ethernet_inside(c.rest, tunnel_wire_left(&c, content, wire_len), ret);
}

/* RFC 2784 with key and sequence number of RFC 2890, and the source routes of RFC 1701; version 1, which
 * carries PPP and an acknowledgement, is PPTP's (RFC 2637, 4.1). */
bool tunnel_gre_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum {
        CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, ACKNOWLEDGEMENT = 0x0080, VERSION =
            0x0007,
        TYPE_ERSPAN = 0x88be, TYPE_ERSPAN_III = 0x22eb,
        TYPE_ARUBA_FIRST = 0x8200, TYPE_ARUBA_LAST = 0x82ff, TYPE_ARUBA_PLAIN = 0x9000, /* 802.11 of access points */
    };
    struct cursor c = cursor_over(content);
    const uint16_t flags = cursor_u16be(&c), type = cursor_u16be(&c);
    const unsigned version = flags & VERSION;

    if (c.failed || version > 1 || (version == 1 && (flags & (CHECKSUM | ROUTING))))
        return false;
    if (flags & (CHECKSUM | ROUTING)) /* the one stands there with the other */
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
    if ((flags & ROUTING) && !skip_routes(&c))
        return false;
    if (c.failed)
        return false;

    const uint64_t left = tunnel_wire_left(&c, content, len);
    if (payload_len > left)
        payload_len = left;
    const struct bytes payload = bytes_part(c.rest, 0, payload_len);
    if (type == TYPE_ERSPAN || type == TYPE_ERSPAN_III)
        return erspan_inside(type == TYPE_ERSPAN_III, (flags & SEQUENCE) != 0, payload, payload_len, ret);
    if ((type >= TYPE_ARUBA_FIRST && type <= TYPE_ARUBA_LAST) || type == TYPE_ARUBA_PLAIN)
        return tunnel_wifi_inside(payload, payload_len, ret);
    return by_type(type, payload, payload_len, ret);
}

/* draft-ietf-nvo3-vxlan-gpe, 3: the last reserved byte of the first four names what is inside. */
static bool vxlan_gpe_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { VERSION = 0x30, IDENTIFIER_VALID = 0x08, NEXT_PROTOCOL = 0x04, NEXT_IPV4 = 1, NEXT_IPV6 = 2,
           NEXT_ETHERNET = 3, NEXT_MPLS = 5 };
    struct cursor c = cursor_over(content);
    const uint8_t flags = cursor_u8(&c);

    cursor_skip(&c, 2);
    const uint8_t next = cursor_u8(&c);
    cursor_skip(&c, 4);
    if (c.failed || (flags & (VERSION | IDENTIFIER_VALID | NEXT_PROTOCOL)) != (IDENTIFIER_VALID | NEXT_PROTOCOL))
        return false;
    const uint64_t left = tunnel_wire_left(&c, content, len);
    if (next == NEXT_IPV4 || next == NEXT_IPV6)
        return tunnel_ip_inside(c.rest, left, next == NEXT_IPV4 ? 4 : 6, ret);
    return next == NEXT_ETHERNET ? tunnel_ethernet_inside(c.rest, left, ret) : next == NEXT_MPLS &&
        by_type(TYPE_MPLS, c.rest, left, ret);
}

/* RFC 7348, 5.  Of the flags only that of a valid network identifier must be set, and what is reserved may be anything;
 * with the one that names the content it is the generic extension, on the port of the plain one, if it names what that
 * knows. */
static bool vxlan_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { IDENTIFIER_VALID = 0x08, NEXT_PROTOCOL = 0x04 };
    struct cursor c = cursor_over(content);
    const uint8_t flags = cursor_u8(&c);

    cursor_skip(&c, 7);
    if (c.failed || !(flags & IDENTIFIER_VALID))
        return false;
    if ((flags & NEXT_PROTOCOL) && vxlan_gpe_open(content, len, ret))
        return true;
    return tunnel_ethernet_inside(c.rest, tunnel_wire_left(&c, content, len), ret);
}

/* As Linux speaks it on its own port: all that is reserved is zero, since the number is not assigned. */
static bool vxlan_linux_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    static const uint8_t head[4] = { 0x08, 0, 0, 0 };

    return bytes_start_with(content, head, sizeof head) && content.len > 8 && content.at[7] == 0 &&
           vxlan_open(content, len, ret);
}

/* RFC 8926, 3.4: version and length of the options, flags, EtherType, network, options. */
static bool geneve_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { CONTROL = 0x80, OPTION_UNITS = 0x3f };
    struct cursor c = cursor_over(content);
    const uint8_t version_and_options = cursor_u8(&c), flags = cursor_u8(&c);
    const uint16_t type = cursor_u16be(&c);

    cursor_skip(&c, 4);
    cursor_skip(&c, (size_t)(version_and_options & OPTION_UNITS) * 4);
    if (c.failed || version_and_options > OPTION_UNITS || (flags & CONTROL))
        return false;
    return by_type(type, c.rest, tunnel_wire_left(&c, content, len), ret);
}

/* RFC 7510, RFC 4023 */
static bool mpls_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    return by_type(TYPE_MPLS, content, len, ret);
}

/* RFC 3378: version 3 and twelve zero bits. */
static bool etherip_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    struct cursor c = cursor_over(content);

    if (cursor_u16be(&c) != 0x3000 || c.failed)
        return false;
    return tunnel_ethernet_inside(c.rest, tunnel_wire_left(&c, content, len), ret);
}

/* RFC 2661, 3.1: a data message of version 2, and the PPP frame in it.  Control messages stay what they are. */
static bool l2tp_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { CONTROL = 0x8000, LENGTH = 0x4000, SEQUENCE = 0x0800, OFFSET = 0x0200, RESERVED = 0x34f0, VERSION = 0x000f };
    struct cursor c = cursor_over(content);
    const uint16_t flags = cursor_u16be(&c);

    if (c.failed || (flags & (CONTROL | RESERVED)) || (flags & VERSION) != 2)
        return false;
    if ((flags & LENGTH) && cursor_u16be(&c) > len)
        return false;
    cursor_skip(&c, 4); /* tunnel, session */
    if (flags & SEQUENCE)
        cursor_skip(&c, 4);
    if (flags & OFFSET) {
        const size_t padding = cursor_u16be(&c);
        cursor_skip(&c, padding);
    }
    return !c.failed && ppp_inside(c.rest, tunnel_wire_left(&c, content, len), ret);
}

/* TaZmen Sniffer Protocol, by which routers send what they capture: version 1, a received packet (0) of Ethernet (1),
 * tagged fields up to an end.  Source: the dissector of Wireshark, epan/dissectors/packet-tzsp.c. */
static bool tzsp_open(struct bytes content, uint64_t len, struct tunnel_inside *ret)
{
    enum { TAG_PADDING = 0, TAG_END = 1, TAGS_MAX = 32 };
    static const uint8_t head[4] = { 1, 0, 0, 1 };
    struct cursor c = cursor_over(content);

    if (!bytes_start_with(content, head, sizeof head))
        return false;
    cursor_skip(&c, sizeof head);
    for (int i = 0; i < TAGS_MAX; i++) {
        const uint8_t tag = cursor_u8(&c);
        if (tag == TAG_END && !c.failed)
            return tunnel_ethernet_inside(c.rest, tunnel_wire_left(&c, content, len), ret);
        if (tag != TAG_PADDING) {
            const size_t n = cursor_u8(&c);
            cursor_skip(&c, n);
        }
        if (c.failed)
            return false;
    }
    return false;
}

bool tunnel_is_teredo(const struct address *a)
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
    const uint64_t left = tunnel_wire_left(&c, content, len);
    if (c.failed || c.rest.len < IPV6_HEADER || (uint64_t)wire_u16be(c.rest.at + 4) + IPV6_HEADER > left)
        return false;
    return tunnel_ip_inside(c.rest, left, 6, ret) && ret->ip.protocol != IPV6_NO_NEXT_HEADER &&
           (tunnel_is_teredo(&ret->ip.src) || tunnel_is_teredo(&ret->ip.dst));
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
    const uint64_t left = tunnel_wire_left(&c, content, len);
    if (!tunnel_ip_inside(c.rest, left, 0, ret))
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

#define TUNNELS_OF_UDP(T) \
    T(PORT_VXLAN, false, vxlan_open) \
    T(PORT_VXLAN_GPE, false, vxlan_gpe_open) \
    T(PORT_VXLAN_LINUX, false, vxlan_linux_open) \
    T(PORT_GENEVE, false, geneve_open) \
    T(PORT_L2TP, true, l2tp_open) \
    T(PORT_MPLS, false, mpls_open) \
    T(PORT_TZSP, false, tzsp_open) \
    T(PORT_GTP_U, true, gtp_u_open) \
    T(PORT_TEREDO, true, teredo_open) \
    T(PORT_GRE, false, tunnel_gre_open) \
    T(PORT_GUE, false, tunnel_gue_open) \
    T(PORT_LISP, false, tunnel_lisp_open) \
    T(PORT_CAPWAP, true, tunnel_capwap_open) \
    T(PORT_AYIYA, true, tunnel_ayiya_open)

#define TUNNEL(port, from_port_too, open) { IP_UDP, port, from_port_too, open },
static const struct tunnel tunnels[] = {
    { IP_IPV4, 0, false, ipv4_open },
    { IP_IPV6, 0, false, ipv6_open },
    { IP_GRE, 0, false, tunnel_gre_open },
    { IP_ETHERIP, 0, false, etherip_open },
    { IP_MPLS, 0, false, mpls_open },
    TUNNELS_OF_UDP(TUNNEL)
};
#undef TUNNEL

/* Every datagram is asked, and few are a tunnel's. */
static bool is_port_of_tunnel(uint16_t port)
{
#define TUNNEL(port, from_port_too, open) case port:
    switch (port) {
    TUNNELS_OF_UDP(TUNNEL)
        return true;
    default:
        return false;
    }
#undef TUNNEL
}

bool tunnel_by_protocol(uint8_t ip_protocol, struct bytes content, uint64_t wire_len, struct tunnel_inside *ret)
{
    const struct tunnel *t = ip_protocol == IP_UDP ? NULL : tunnel_find(ip_protocol, 0, 0);

    return t && t->open(content, wire_len, ret);
}

/* Whatever the port: what a datagram holds is a packet and nothing else, or GRE and such a packet. */
static const struct tunnel bare = { IP_UDP, 0, false, tunnel_bare_open },
    bare_gre = { IP_UDP, 0, false, tunnel_bare_gre_open };

const struct tunnel *tunnel_find(uint8_t ip_protocol, uint16_t src_port, uint16_t dst_port)
{
    if (ip_protocol == IP_UDP && !is_port_of_tunnel(dst_port) && !is_port_of_tunnel(src_port))
        return NULL;
    for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels; i++) {
        const struct tunnel *t = &tunnels[i];
        if (t->ip_protocol == ip_protocol &&
            (t->port == 0 || t->port == dst_port || (t->from_port_too && t->port == src_port)))
            return t;
    }
    return NULL;
}

/* Most datagrams that begin as a packet does are none: what says no at once is asked here. */
static bool has_length_of_packet(struct bytes content, uint64_t content_len)
{
    enum { IPV4_LENGTH = 2, IPV6_LENGTH = 4, IPV6_HEADER = 40 };

    if (content.len < IPV6_LENGTH + 2)
        return false;
    const uint8_t version = content.at[0] >> 4;
    return (version == 4 && wire_u16be(content.at + IPV4_LENGTH) == content_len) ||
           (version == 6 && (uint64_t)wire_u16be(content.at + IPV6_LENGTH) + IPV6_HEADER == content_len);
}

const struct tunnel *tunnel_find_bare(struct bytes content, uint64_t content_len)
{
    if (has_length_of_packet(content, content_len))
        return &bare;
    const size_t behind_gre = tunnel_bare_gre_header(content);
    return behind_gre > 0 && has_length_of_packet(bytes_part(content, behind_gre, UINT64_MAX), content_len - behind_gre)
        ? &bare_gre : NULL;
}

bool tunnel_open(const struct tunnel *tunnel, struct bytes content, uint64_t content_len, struct tunnel_inside *ret)
{
    return tunnel->open(content, content_len, ret);
}
