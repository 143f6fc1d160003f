#include "packet/link_rare.h"

/* Source: tcpdump.org/linktypes, and what is named there. */
enum {
    LINKTYPE_TOKEN_RING = 6, LINKTYPE_SLIP = 8, LINKTYPE_FDDI = 10, LINKTYPE_ATM_RFC1483 = 100, LINKTYPE_FRELAY = 107,
    LINKTYPE_SUNATM = 123, LINKTYPE_IPNET = 226, LINKTYPE_NETANALYZER = 240, LINKTYPE_NETANALYZER_TRANSPARENT = 241,
    LINKTYPE_IPOIB = 242, LINKTYPE_DSA_BRCM = 281, LINKTYPE_DSA_BRCM_PREPEND = 282, LINKTYPE_DSA = 284, LINKTYPE_EDSA =
        285,
};
enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd };

static enum link_result by_type(uint16_t type, struct cursor c, struct link_layer *layer)
{
    return c.failed ? LINK_CUT : link_by_ethertype(type, c.rest, layer);
}

static enum link_result ip_at(struct cursor c, struct link_layer *layer)
{
    if (c.failed || c.rest.len == 0)
        return LINK_CUT;
    return by_type(c.rest.at[0] >> 4 == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4, c, layer);
}

static enum link_result ethernet_at(struct cursor c, struct link_layer *layer)
{
    return c.failed ? LINK_CUT : link_parse(LINKTYPE_ETHERNET, c.rest, layer);
}

/* RFC 2427: what protocols are called where there is no EtherType. */
static enum link_result by_nlpid(struct cursor c, struct link_layer *layer)
{
    enum { PADDING = 0, NLPID_IPV4 = 0xcc, NLPID_IPV6 = 0x8e, NLPID_SNAP = 0x80, OUI_ETHERTYPE = 0,
           OUI_BRIDGED = 0x0080c2,
           BRIDGED_ETHERNET_FCS = 1, BRIDGED_ETHERNET = 7 };
    uint8_t name = cursor_u8(&c);

    if (name == PADDING)
        name = cursor_u8(&c);
    if (name == NLPID_IPV4 || name == NLPID_IPV6)
        return ip_at(c, layer);
    if (name != NLPID_SNAP)
        return c.failed ? LINK_CUT : LINK_NOT_IP;
    const uint32_t oui = cursor_u24be(&c);
    const uint16_t type = cursor_u16be(&c);
    if (oui == OUI_ETHERTYPE)
        return by_type(type, c, layer);
    return oui == OUI_BRIDGED && (type == BRIDGED_ETHERNET || type == BRIDGED_ETHERNET_FCS)
        ? ethernet_at(c, layer) : LINK_NOT_IP;
}

/* IEEE 802.2, as RFC 1042 and RFC 2684 (5.1, 5.2) use it. */
static enum link_result llc(struct cursor c, struct link_layer *layer)
{
    enum { ANY_802_3_LENGTH = 0 };
    static const uint8_t routed[3] = { 0xfe, 0xfe, 0x03 }, bridged[6] = { 0xaa, 0xaa, 0x03, 0x00, 0x80, 0xc2 };

    if (bytes_start_with(c.rest, routed, sizeof routed)) {
        cursor_skip(&c, sizeof routed);
        return by_nlpid(c, layer);
    }
    if (bytes_start_with(c.rest, bridged, sizeof bridged)) {
        cursor_skip(&c, sizeof bridged + 2 + 2); /* of what, padding */
        return ethernet_at(c, layer);
    }
    return by_type(ANY_802_3_LENGTH, c, layer);
}

/* Frame control, both addresses (in an order of bits that depends on the machine); what carries LLC. */
static enum link_result fddi(struct cursor c, struct link_layer *layer)
{
    enum { KIND = 0x70, KIND_LLC = 0x50 };
    const uint8_t control = cursor_u8(&c);

    cursor_skip(&c, 12);
    if (c.failed)
        return LINK_CUT;
    return (control & KIND) == KIND_LLC ? llc(c, layer) : LINK_NOT_IP;
}

/* IEEE 802.5: access and frame control, both addresses, maybe a route, which the first bit of the source announces. */
static enum link_result token_ring(struct cursor c, struct link_layer *layer)
{
    enum { KIND = 0xc0, KIND_LLC = 0x40, ROUTED = 0x80, ROUTE_LENGTH = 0x1f };

    cursor_skip(&c, 1);
    const uint8_t control = cursor_u8(&c);
    cursor_skip(&c, 6);
    const uint8_t source = cursor_u8(&c);
    cursor_skip(&c, 5);
    if (source & ROUTED) {
        struct cursor route = c;
        cursor_skip(&c, cursor_u8(&route) & ROUTE_LENGTH);
    }
    if (c.failed)
        return LINK_CUT;
    return (control & KIND) == KIND_LLC ? llc(c, layer) : LINK_NOT_IP;
}

/* An address of 2 to 4 bytes whose last has its lowest bit set; then RFC 2427, or an EtherType as Cisco has it. */
static enum link_result frame_relay(struct cursor c, struct link_layer *layer)
{
    enum { ADDRESS_MAX = 4, ADDRESS_END = 1, UNNUMBERED = 3 };
    uint8_t last = 0;

    for (int i = 0; i < ADDRESS_MAX && !(last & ADDRESS_END); i++)
        last = cursor_u8(&c);
    if (c.failed)
        return LINK_CUT;
    if (c.rest.len > 0 && c.rest.at[0] != UNNUMBERED) {
        const uint16_t type = cursor_u16be(&c);
        return by_type(type, c, layer);
    }
    cursor_skip(&c, 1);
    return c.failed ? LINK_CUT : by_nlpid(c, layer);
}

/* Direction and kind of traffic, path, circuit. */
static enum link_result sun_atm(struct cursor c, struct link_layer *layer)
{
    enum { KIND = 0x0f, LAN_EMULATION = 1, LLC = 2 };
    const uint8_t kind = cursor_u8(&c) & KIND;

    cursor_skip(&c, 3);
    if (c.failed)
        return LINK_CUT;
    if (kind == LAN_EMULATION)
        cursor_skip(&c, 2); /* who sent it */
    return kind == LLC ? llc(c, layer) : kind == LAN_EMULATION ? ethernet_at(c, layer) : LINK_NOT_IP;
}

/* An Ethernet frame in which a switch chip has put `tag` bytes between addresses and type. */
static enum link_result switch_tag(struct cursor c, size_t tag, struct link_layer *layer)
{
    const struct bytes macs = cursor_take(&c, 12);

    cursor_skip(&c, tag);
    const uint16_t type = cursor_u16be(&c);
    const enum link_result result = by_type(type, c, layer);
    if (result == LINK_IP) {
        layer->dst_mac = macs.at;
        layer->src_mac = macs.at + 6;
    }
    return result;
}

/* What stands before the packet, and tells nothing of it. */
enum { SLIP_HEADER = 16, IPNET_HEADER = 24, NETANALYZER_HEADER = 4, PREAMBLE = 8, INFINIBAND_ADDRESSES = 40 };

enum link_result link_rare_parse(uint32_t link_type, struct bytes frame, struct link_layer *layer)
{
    struct cursor c = cursor_over(frame);

    switch (link_type) {
    case LINKTYPE_TOKEN_RING:
        return token_ring(c, layer);
    case LINKTYPE_FDDI:
        return fddi(c, layer);
    case LINKTYPE_FRELAY:
        return frame_relay(c, layer);
    case LINKTYPE_ATM_RFC1483:
        return llc(c, layer);
    case LINKTYPE_SUNATM:
        return sun_atm(c, layer);
    case LINKTYPE_SLIP:
        cursor_skip(&c, SLIP_HEADER);
        return ip_at(c, layer);
    case LINKTYPE_IPNET:
        cursor_skip(&c, IPNET_HEADER);
        return ip_at(c, layer);
    case LINKTYPE_NETANALYZER: case LINKTYPE_NETANALYZER_TRANSPARENT:
        cursor_skip(&c, NETANALYZER_HEADER + (link_type == LINKTYPE_NETANALYZER_TRANSPARENT ? PREAMBLE : 0));
        return ethernet_at(c, layer);
    case LINKTYPE_IPOIB: {
        cursor_skip(&c, INFINIBAND_ADDRESSES);
        const uint16_t type = cursor_u16be(&c);
        cursor_skip(&c, 2);
        return by_type(type, c, layer);
    }
    case LINKTYPE_DSA_BRCM: case LINKTYPE_DSA:
        return switch_tag(c, 4, layer);
    case LINKTYPE_EDSA:
        return switch_tag(c, 8, layer);
    case LINKTYPE_DSA_BRCM_PREPEND:
        cursor_skip(&c, 4);
        return ethernet_at(c, layer);
    default:
        return LINK_TYPE_UNKNOWN;
    }
}

const char *link_type_name(uint32_t link_type)
{
    static const struct { uint32_t first, last; const char *name; } names[] = {
        { 7, 7, "ARCNET" }, { 129, 129, "ARCNET" }, { 122, 122, "Fibre Channel" }, { 130, 138, "Juniper" },
        { 139, 142, "SS7" }, { 143, 143, "DOCSIS" }, { 144, 144, "IrDA" }, { 164, 164, "Juniper" }, { 165, 165, "BACnet" },
        { 178, 183, "Juniper" }, { 186, 186, "USB" }, { 187, 187, "Bluetooth" }, { 189, 189, "USB" }, { 190, 190, "CAN" },
        { 194, 194, "Juniper" }, { 195, 195, "802.15.4" }, { 196, 196, "SITA" }, { 200, 200, "Juniper" }, { 201, 201, "Bluetooth" },
        { 209, 209, "I2C" }, { 212, 212, "LIN" }, { 215, 215, "802.15.4" }, { 220, 220, "USB" }, { 227, 227, "CAN" },
        { 230, 230, "802.15.4" }, { 231, 231, "D-Bus" }, { 235, 235, "DVB-CI" }, { 236, 236, "MUX27010" }, { 243, 243, "MPEG-TS" },
        { 247, 247, "InfiniBand" }, { 248, 248, "SCTP" }, { 249, 249, "USB" }, { 252, 252, "exported by Wireshark, without packets" },
        { 253, 253, "netlink" }, { 254, 255, "Bluetooth" }, { 259, 259, "Ethernet PON" }, { 266, 266, "USB" }, { 270, 270, "LoRaTap" },
        { 271, 271, "vsock" }, { 274, 274, "Ethernet, preempted" }, { 283, 283, "802.15.4" }, { 288, 288, "USB" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (link_type >= names[i].first && link_type <= names[i].last)
            return names[i].name;
    return NULL;
}
