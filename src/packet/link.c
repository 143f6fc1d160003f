#include "packet/link.h"

#include "packet/link_rare.h"
#include "packet/wire.h"

enum {
    LINKTYPE_NULL = 0, LINKTYPE_PPP = 9, LINKTYPE_RAW_BSD = 12, LINKTYPE_RAW_OPENBSD = 14, LINKTYPE_PPP_HDLC = 50,
    LINKTYPE_PPP_ETHER = 51, LINKTYPE_RAW = 101, LINKTYPE_C_HDLC = 104, LINKTYPE_LOOP = 108, LINKTYPE_ENC = 109,
    LINKTYPE_LINUX_SLL = 113, LINKTYPE_PFLOG = 117, LINKTYPE_USER2 = 149, LINKTYPE_PPP_PPPD = 166,
    LINKTYPE_PPP_WITH_DIR = 204, LINKTYPE_C_HDLC_WITH_DIR = 205, LINKTYPE_IPV4 = 228, LINKTYPE_IPV6 = 229,
    LINKTYPE_NFLOG = 239, LINKTYPE_PKTAP = 258, LINKTYPE_LINUX_SLL2 = 276,
};

enum {
    ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd, ETHERTYPE_VLAN = 0x8100, ETHERTYPE_QINQ = 0x88a8,
    ETHERTYPE_QINQ_9100 = 0x9100, ETHERTYPE_QINQ_9200 = 0x9200, ETHERTYPE_QINQ_9300 = 0x9300, /* of makers, before 802.1ad */
    ETHERTYPE_MPLS = 0x8847, ETHERTYPE_MPLS_UPSTREAM = 0x8848, ETHERTYPE_PPPOE_SESSION = 0x8864,
    ETHERTYPE_MACSEC = 0x88e5, ETHERTYPE_BACKBONE = 0x88e7, ETHERTYPE_TRILL = 0x22f3, ETHERTYPE_BRIDGING = 0x6558,
    ETHERTYPE_FABRIC_PATH = 0x8903,
    ETHERTYPE_CISCO_META = 0x8909, ETHERTYPE_VN_TAG = 0x8926, ETHERTYPE_HSR = 0x892f, ETHERTYPE_E_TAG = 0x893f,
    ETHERTYPE_NSH = 0x894f, ETHERTYPE_ARISTA = 0xd28b,
    LENGTH_NOT_TYPE_MAX = 1500, /* IEEE 802.3: below 0x0600 the field is a length */
    TAGS_MAX = 8, MPLS_LABELS_MAX = 16, ETHERNET_IN_LINKS_MAX = 3,
};

/* PPP protocols of IANA's registry.  The last are compressed or encrypted content. */
enum {
    PPP_MPLS = 0x0281, PPP_VJ_COMPRESSED = 0x002d, PPP_VJ_UNCOMPRESSED = 0x002f, PPP_ENCRYPTED = 0x0053,
    PPP_ENCRYPTED_LINK = 0x0055, PPP_COMPRESSED_LINK = 0x00fb, PPP_COMPRESSED = 0x00fd,
};

static enum link_result ip_by_version(struct cursor c, struct link_layer *layer)
{
    if (c.failed || c.rest.len == 0)
        return LINK_CUT;
    const int version = c.rest.at[0] >> 4;
    if (version != 4 && version != 6)
        return LINK_NOT_IP;
    layer->ip = c.rest;
    return LINK_IP;
}

static enum link_result ethernet(struct cursor c, int depth, struct link_layer *layer);

/* Behind the bottom of the stack nothing is named (RFC 3032, 2.2).  A first half-byte of 4 or 6 is IP; 0 is
 * the control word of a pseudowire (RFC 4385, 3), nearly always of Ethernet; a pseudowire without one begins with
 * an address, and is believed when IP is found where that says. */
static enum link_result behind_labels(struct cursor c, int depth, struct link_layer *layer)
{
    enum { CONTROL_WORD = 0, ASSOCIATED_CHANNEL = 1 };

    if (c.rest.len == 0)
        return LINK_CUT;
    const int first = c.rest.at[0] >> 4;
    if (first == 4 || first == 6)
        return ip_by_version(c, layer);
    if (first == ASSOCIATED_CHANNEL)
        return LINK_NOT_IP;
    if (first == CONTROL_WORD) { /* or an address that begins so */
        struct cursor behind = c;
        cursor_skip(&behind, 4);
        const enum link_result result = ethernet(behind, depth + 1, layer);
        if (result == LINK_IP)
            return result;
    }
    return ethernet(c, depth + 1, layer);
}

static enum link_result mpls(struct cursor c, int depth, struct link_layer *layer)
{
    for (int i = 0; i < MPLS_LABELS_MAX; i++) {
        const uint32_t label = cursor_u32be(&c);
        if (c.failed)
            return LINK_CUT;
        if (label >> 8 & 1) /* the bottom of the stack */
            return behind_labels(c, depth, layer);
    }
    return LINK_NOT_IP;
}

/* RFC 1661 with the short forms of its options 7 and 8: no address and control, one byte for a protocol that fits. */
static enum link_result ppp(struct cursor c, int depth, struct link_layer *layer)
{
    static const uint8_t address_and_control[2] = { 0xff, 0x03 };

    if (bytes_start_with(c.rest, address_and_control, 2))
        cursor_skip(&c, 2);
    uint16_t protocol = cursor_u8(&c);
    if (!(protocol & 1))
        protocol = (uint16_t)(protocol << 8 | cursor_u8(&c));
    if (c.failed)
        return LINK_CUT;
    switch (protocol) {
    case PPP_IPV4: case PPP_IPV6:
        return ip_by_version(c, layer);
    case PPP_MPLS:
        return mpls(c, depth, layer);
    case PPP_VJ_COMPRESSED: case PPP_VJ_UNCOMPRESSED: case PPP_ENCRYPTED: case PPP_ENCRYPTED_LINK:
    case PPP_COMPRESSED_LINK: case PPP_COMPRESSED:
        return LINK_OPAQUE;
    default:
        return LINK_NOT_IP;
    }
}

enum link_result link_ppp(struct bytes frame, struct link_layer *ret)
{
    struct link_layer layer = { .src_mac = NULL };
    const enum link_result result = ppp(cursor_over(frame), 0, &layer);

    if (result == LINK_IP)
        *ret = layer;
    return result;
}

/* RFC 2516, 4: version and type, code 0 of a session, which session, length. */
static enum link_result pppoe(struct cursor c, int depth, struct link_layer *layer)
{
    const uint16_t version_and_code = cursor_u16be(&c);

    cursor_skip(&c, 2);
    const size_t len = cursor_u16be(&c);
    if (c.failed)
        return LINK_CUT;
    if (version_and_code != 0x1100)
        return LINK_NOT_IP;
    layer->ends = len <= c.rest.len;
    c.rest = bytes_part(c.rest, 0, len);
    return ppp(c, depth, layer);
}

/* RFC 8300, 2: version, length in words of 4 bytes, what follows; where it goes. */
static enum link_result service_header(struct cursor c, int depth, struct link_layer *layer)
{
    enum { LENGTH = 0x3f, WORDS_MIN = 2, NEXT_IPV4 = 1, NEXT_IPV6 = 2, NEXT_ETHERNET = 3, NEXT_MPLS = 5 };
    const struct cursor whole = c;
    const size_t words = cursor_u16be(&c) & LENGTH;

    cursor_skip(&c, 1);
    const uint8_t next = cursor_u8(&c);
    if (c.failed)
        return LINK_CUT;
    if (words < WORDS_MIN)
        return LINK_NOT_IP;
    c = whole;
    cursor_skip(&c, words * 4);
    if (next == NEXT_IPV4 || next == NEXT_IPV6)
        return ip_by_version(c, layer);
    return next == NEXT_ETHERNET ? ethernet(c, depth + 1, layer) : next == NEXT_MPLS
        ? mpls(c, depth, layer) : LINK_NOT_IP;
}

/* RFC 6325, 3: length of the options, hops; where it leaves and where it came in. */
static enum link_result trill(struct cursor c, int depth, struct link_layer *layer)
{
    const uint16_t fields = cursor_u16be(&c);

    cursor_skip(&c, 4 + (size_t)(fields >> 6 & 0x1f) * 4);
    return ethernet(c, depth + 1, layer);
}

/* When a switch of Arista's saw it: subtype, timescale, format; a time of 64 or 48 bits; then the type that was there
 * (the-tcpdump-group/tcpdump:print-arista.c). */
static bool skip_arista_time(struct cursor *c)
{
    enum { SUBTYPE_TIME = 1, OF_64_BITS = 1, OF_48_BITS = 2 };
    const uint16_t subtype = cursor_u16be(c);

    cursor_skip(c, 1);
    const int format = cursor_u8(c) >> 4;
    cursor_skip(c, format == OF_64_BITS ? 8 : 6);
    return subtype == SUBTYPE_TIME && (format == OF_64_BITS || format == OF_48_BITS);
}

static enum link_result snap(struct cursor c, uint16_t *type_ret, struct cursor *rest_ret)
{
    static const uint8_t snap_header[6] = { 0xaa, 0xaa, 0x03, 0, 0, 0 };
    const struct bytes header = cursor_take(&c, sizeof snap_header);
    const uint16_t type = cursor_u16be(&c);

    if (c.failed || !bytes_equal(header, snap_header, sizeof snap_header))
        return LINK_NOT_IP;
    *type_ret = type;
    *rest_ret = c;
    return LINK_IP;
}

static enum link_result by_ethertype(uint16_t type, struct cursor c, int depth, struct link_layer *layer)
{
    for (int tags = 0; tags <= TAGS_MAX; tags++) {
        if (c.failed)
            return LINK_CUT;
        switch (type) {
        case ETHERTYPE_IPV4: case ETHERTYPE_IPV6:
            return ip_by_version(c, layer);
        case ETHERTYPE_VLAN: case ETHERTYPE_QINQ: case ETHERTYPE_QINQ_9100: case ETHERTYPE_QINQ_9200: case ETHERTYPE_QINQ_9300:
            cursor_skip(&c, 2);
            type = cursor_u16be(&c);
            continue;
        case ETHERTYPE_VN_TAG: case ETHERTYPE_HSR: /* IEEE 802.1Qbh as Cisco has it; IEC 62439-3 */
            cursor_skip(&c, 4);
            type = cursor_u16be(&c);
            continue;
        case ETHERTYPE_E_TAG: case ETHERTYPE_CISCO_META: /* IEEE 802.1BR; a security group */
            cursor_skip(&c, 6);
            type = cursor_u16be(&c);
            continue;
        case ETHERTYPE_ARISTA:
            if (!skip_arista_time(&c))
                return c.failed ? LINK_CUT : LINK_NOT_IP;
            type = cursor_u16be(&c);
            continue;
        case ETHERTYPE_FABRIC_PATH: /* Cisco's tag: tree and hops */
            cursor_skip(&c, 2);
            return ethernet(c, depth + 1, layer);
        case ETHERTYPE_BRIDGING:
            return ethernet(c, depth + 1, layer);
        case ETHERTYPE_TRILL:
            return trill(c, depth, layer);
        case ETHERTYPE_NSH:
            return service_header(c, depth, layer);
        case ETHERTYPE_MPLS: case ETHERTYPE_MPLS_UPSTREAM:
            return mpls(c, depth, layer);
        case ETHERTYPE_BACKBONE: /* IEEE 802.1ah: a service tag, then a customer's frame */
            cursor_skip(&c, 4);
            return ethernet(c, depth + 1, layer);
        case ETHERTYPE_MACSEC:
            return LINK_OPAQUE;
        case ETHERTYPE_PPPOE_SESSION:
            return pppoe(c, depth, layer);
        default:
            if (type > LENGTH_NOT_TYPE_MAX || snap(c, &type, &c) != LINK_IP)
                return LINK_NOT_IP;
        }
    }
    return LINK_NOT_IP;
}

enum link_result link_by_ethertype(uint16_t type, struct bytes content, struct link_layer *ret)
{
    struct link_layer layer = { .src_mac = NULL };
    const enum link_result result = by_ethertype(type, cursor_over(content), 0, &layer);

    if (result == LINK_IP)
        *ret = layer;
    return result;
}

static enum link_result ethernet(struct cursor c, int depth, struct link_layer *layer)
{
    const struct bytes header = cursor_take(&c, 14);

    if (c.failed)
        return LINK_CUT;
    if (depth > ETHERNET_IN_LINKS_MAX)
        return LINK_NOT_IP;
    layer->dst_mac = header.at;
    layer->src_mac = header.at + 6;
    const uint16_t type = wire_u16be(header.at + 12);
    return by_ethertype(type, c, depth, layer);
}

enum { ARPHRD_ETHER_NUMBER = 1 };

static enum link_result linux_cooked_1(struct cursor c, struct link_layer *layer)
{
    cursor_skip(&c, 2); /* packet type */
    const uint16_t arphrd = cursor_u16be(&c), address_len = cursor_u16be(&c);
    const struct bytes address = cursor_take(&c, 8);
    const uint16_t type = cursor_u16be(&c);

    if (c.failed)
        return LINK_CUT;
    if (arphrd == ARPHRD_ETHER_NUMBER && address_len == 6)
        layer->src_mac = address.at;
    return by_ethertype(type, c, 0, layer);
}

static enum link_result linux_cooked_2(struct cursor c, struct link_layer *layer)
{
    const uint16_t type = cursor_u16be(&c);

    cursor_skip(&c, 6); /* reserved, interface */
    const uint16_t arphrd = cursor_u16be(&c);
    cursor_skip(&c, 1); /* packet type */
    const uint8_t address_len = cursor_u8(&c);
    const struct bytes address = cursor_take(&c, 8);
    if (c.failed)
        return LINK_CUT;
    if (arphrd == ARPHRD_ETHER_NUMBER && address_len == 6)
        layer->src_mac = address.at;
    return by_ethertype(type, c, 0, layer);
}

static enum link_result ppp_or_cisco(struct cursor c, struct link_layer *layer);

/* The family is in the byte order of the machine that captured, which nobody recorded;
 * IPv6 has a number of its own on each system (24 NetBSD, 28 FreeBSD, 30 macOS, 10 Linux).  Some recorded serial lines
 * under this number: no family begins as they do. */
static enum link_result loopback(struct cursor c, struct link_layer *layer)
{
    enum { PPP_HEAD = 0xff03, CISCO_HEAD = 0x0f00, CISCO_MULTICAST_HEAD = 0x8f00 };
    const struct cursor whole = c;
    const uint32_t little = cursor_u32le(&c);

    if (c.failed)
        return LINK_CUT;
    const uint16_t head = wire_u16be(whole.rest.at);
    if (head == PPP_HEAD || head == CISCO_HEAD || head == CISCO_MULTICAST_HEAD)
        return ppp_or_cisco(whole, layer);
    const uint32_t family = little > 0xffff ? __builtin_bswap32(little) : little;
    if (family != 2 && family != 10 && family != 24 && family != 28 && family != 30)
        return LINK_NOT_IP;
    return ip_by_version(c, layer);
}

/* Cisco's HDLC: address (unicast or multicast), zero, EtherType. */
static enum link_result cisco_hdlc(struct cursor c, struct link_layer *layer)
{
    enum { CISCO_UNICAST = 0x0f, CISCO_MULTICAST = 0x8f };
    const uint8_t address = cursor_u8(&c);

    cursor_skip(&c, 1);
    const uint16_t type = cursor_u16be(&c);
    if (c.failed)
        return LINK_CUT;
    return address == CISCO_UNICAST || address == CISCO_MULTICAST ? by_ethertype(type, c, 0, layer) : LINK_NOT_IP;
}

/* LINKTYPE_PPP_HDLC: PPP or Cisco's HDLC, told by the first byte. */
static enum link_result ppp_or_cisco(struct cursor c, struct link_layer *layer)
{
    const bool cisco = c.rest.len > 0 && (c.rest.at[0] == 0x0f || c.rest.at[0] == 0x8f);

    return cisco ? cisco_hdlc(c, layer) : ppp(c, 0, layer);
}

/* The log of the packet filter of OpenBSD and FreeBSD: its own length, padded to 4, then the packet
 * (openbsd/src:sys/net/if_pflog.h). */
static enum link_result pflog(struct cursor c, struct link_layer *layer)
{
    enum { HEADER_MIN = 4, ALIGNMENT = 4 };
    const struct cursor whole = c;
    const size_t len = cursor_u8(&c);

    if (c.failed)
        return LINK_CUT;
    if (len < HEADER_MIN)
        return LINK_NOT_IP;
    c = whole;
    cursor_skip(&c, (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    return ip_by_version(c, layer);
}

/* What OpenBSD's IPsec has opened: family, security index, flags (openbsd/src:sys/net/if_enc.h). */
static enum link_result enc(struct cursor c, struct link_layer *layer)
{
    cursor_skip(&c, 12);
    return ip_by_version(c, layer);
}

/* Linux netfilter's log: family, version, resource, then attributes in the order of the machine that
 * captured, each padded to 4; one is the packet.  The length tells the order: none is longer than the frame. */
static enum link_result nflog(struct cursor c, struct link_layer *layer)
{
    enum { ATTRIBUTE_HEAD = 4, ATTRIBUTE_PAYLOAD = 9, ATTRIBUTES_MAX = 64 };

    cursor_skip(&c, 4);
    for (int i = 0; i < ATTRIBUTES_MAX && c.rest.len > 0; i++) {
        const struct bytes head = cursor_take(&c, ATTRIBUTE_HEAD);
        if (c.failed)
            return LINK_CUT;
        const bool little = (head.at[3] & 0x7f) == 0; /* no attribute has a number above 255 */
        const size_t len = little ? (size_t)(head.at[0] | head.at[1] << 8) : (size_t)wire_u16be(head.at);
        const unsigned type = little ? head.at[2] : head.at[3];
        if (len < ATTRIBUTE_HEAD)
            return LINK_NOT_IP;
        if (type == ATTRIBUTE_PAYLOAD) {
            c.rest = bytes_part(c.rest, 0, len - ATTRIBUTE_HEAD);
            return ip_by_version(c, layer);
        }
        const size_t padded = (len - ATTRIBUTE_HEAD + 3) / 4 * 4;
        cursor_skip(&c, padded < c.rest.len ? padded : c.rest.len);
    }
    return LINK_NOT_IP;
}

static enum link_result parse(uint32_t link_type, struct cursor c, int depth, struct link_layer *layer);

/* Apple's packet tap, which iPhones give by their remote interface: its length, what follows (1: a packet), and
 * the link type of it, little-endian (apple-oss-distributions/xnu:bsd/net/pktap.h). */
enum { PKTAP_PACKET = 1, PKTAP_HEADER_MIN = 108 };

static enum link_result pktap(struct cursor c, int depth, struct link_layer *layer)
{
    enum { LINKS_IN_LINKS_MAX = 2 };
    const struct cursor whole = c;
    const uint32_t len = cursor_u32le(&c), next = cursor_u32le(&c), link_type = cursor_u32le(&c);

    if (c.failed || len > whole.rest.len)
        return LINK_CUT;
    if (next != PKTAP_PACKET || len < PKTAP_HEADER_MIN || depth > LINKS_IN_LINKS_MAX)
        return LINK_NOT_IP;
    return parse(link_type, cursor_over(bytes_part(whole.rest, len, UINT64_MAX)), depth + 1, layer);
}

/* A number that everybody may use.  Apple's programs wrote their packet tap under it before that had one of its own. */
static enum link_result user2(struct cursor c, int depth, struct link_layer *layer)
{
    enum { HEADER_MAX = 1024 };
    struct cursor head = c;
    const uint32_t len = cursor_u32le(&head), next = cursor_u32le(&head);

    if (head.failed || next != PKTAP_PACKET || len < PKTAP_HEADER_MIN || len > HEADER_MAX)
        return LINK_TYPE_UNKNOWN;
    return pktap(c, depth, layer);
}

static enum link_result parse(uint32_t link_type, struct cursor c, int depth, struct link_layer *layer)
{
    switch (link_type) {
    case LINKTYPE_ETHERNET:
        return ethernet(c, 0, layer);
    case LINKTYPE_LINUX_SLL:
        return linux_cooked_1(c, layer);
    case LINKTYPE_LINUX_SLL2:
        return linux_cooked_2(c, layer);
    case LINKTYPE_RAW: case LINKTYPE_RAW_BSD: case LINKTYPE_RAW_OPENBSD: case LINKTYPE_IPV4: case LINKTYPE_IPV6:
        return ip_by_version(c, layer);
    case LINKTYPE_NULL: case LINKTYPE_LOOP:
        return loopback(c, layer);
    case LINKTYPE_PPP:
        return ppp(c, 0, layer);
    case LINKTYPE_PPP_HDLC:
        return ppp_or_cisco(c, layer);
    case LINKTYPE_PPP_PPPD: case LINKTYPE_PPP_WITH_DIR:
        cursor_skip(&c, 1); /* which way it went */
        return ppp(c, 0, layer);
    case LINKTYPE_C_HDLC:
        return cisco_hdlc(c, layer);
    case LINKTYPE_C_HDLC_WITH_DIR:
        cursor_skip(&c, 1);
        return cisco_hdlc(c, layer);
    case LINKTYPE_PPP_ETHER:
        return pppoe(c, 0, layer);
    case LINKTYPE_PFLOG:
        return pflog(c, layer);
    case LINKTYPE_ENC:
        return enc(c, layer);
    case LINKTYPE_NFLOG:
        return nflog(c, layer);
    case LINKTYPE_PKTAP:
        return pktap(c, depth, layer);
    case LINKTYPE_USER2:
        return user2(c, depth, layer);
    default:
        return link_rare_parse(link_type, c.rest, layer);
    }
}

enum link_result link_parse(uint32_t link_type, struct bytes frame, struct link_layer *ret)
{
    struct link_layer layer = { .src_mac = NULL };
    const enum link_result result = parse(link_type, cursor_over(frame), 0, &layer);

    if (result == LINK_IP)
        *ret = layer;
    return result;
}
