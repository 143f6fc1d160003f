#include "packet/link.h"

#include "packet/wire.h"

enum {
    LINKTYPE_NULL = 0, LINKTYPE_RAW_BSD = 12, LINKTYPE_RAW_OPENBSD = 14, LINKTYPE_RAW = 101,
    LINKTYPE_LOOP = 108, LINKTYPE_LINUX_SLL = 113, LINKTYPE_IPV4 = 228, LINKTYPE_IPV6 = 229, LINKTYPE_LINUX_SLL2 = 276,
};

enum {
    ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd, ETHERTYPE_VLAN = 0x8100, ETHERTYPE_QINQ = 0x88a8,
    ETHERTYPE_QINQ_OLD = 0x9100, ETHERTYPE_MPLS = 0x8847, ETHERTYPE_PPPOE_SESSION = 0x8864,
    LENGTH_NOT_TYPE_MAX = 1500, /* IEEE 802.3: below 0x0600 the field is a length */
    TAGS_MAX = 8, MPLS_LABELS_MAX = 16,
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

static enum link_result mpls(struct cursor c, struct link_layer *layer)
{
    for (int i = 0; i < MPLS_LABELS_MAX; i++) {
        const uint32_t label = cursor_u32be(&c);
        if (c.failed)
            return LINK_CUT;
        if (label >> 8 & 1) /* bottom of the stack; what follows is not named (RFC 3032, 2.2) */
            return ip_by_version(c, layer);
    }
    return LINK_NOT_IP;
}

static enum link_result pppoe(struct cursor c, struct link_layer *layer)
{
    cursor_skip(&c, 6);
    const uint16_t ppp = cursor_u16be(&c);
    if (c.failed)
        return LINK_CUT;
    return ppp == PPP_IPV4 || ppp == PPP_IPV6 ? ip_by_version(c, layer) : LINK_NOT_IP;
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

static enum link_result by_ethertype(uint16_t type, struct cursor c, struct link_layer *layer)
{
    for (int tags = 0; tags <= TAGS_MAX; tags++) {
        if (c.failed)
            return LINK_CUT;
        switch (type) {
        case ETHERTYPE_IPV4: case ETHERTYPE_IPV6:
            return ip_by_version(c, layer);
        case ETHERTYPE_VLAN: case ETHERTYPE_QINQ: case ETHERTYPE_QINQ_OLD:
            cursor_skip(&c, 2);
            type = cursor_u16be(&c);
            continue;
        case ETHERTYPE_MPLS:
            return mpls(c, layer);
        case ETHERTYPE_PPPOE_SESSION:
            return pppoe(c, layer);
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
    const enum link_result result = by_ethertype(type, cursor_over(content), &layer);

    if (result == LINK_IP)
        *ret = layer;
    return result;
}

static enum link_result ethernet(struct cursor c, struct link_layer *layer)
{
    const struct bytes header = cursor_take(&c, 14);

    if (c.failed)
        return LINK_CUT;
    layer->dst_mac = header.at;
    layer->src_mac = header.at + 6;
    const uint16_t type = wire_u16be(header.at + 12);
    return by_ethertype(type, c, layer);
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
    return by_ethertype(type, c, layer);
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
    return by_ethertype(type, c, layer);
}

/* The family is in the byte order of the machine that captured, which nobody recorded;
 * IPv6 has a number of its own on each system (24 NetBSD, 28 FreeBSD, 30 macOS, 10 Linux). */
static enum link_result loopback(struct cursor c, struct link_layer *layer)
{
    const uint32_t little = cursor_u32le(&c);

    if (c.failed)
        return LINK_CUT;
    const uint32_t family = little > 0xffff ? __builtin_bswap32(little) : little;
    if (family != 2 && family != 10 && family != 24 && family != 28 && family != 30)
        return LINK_NOT_IP;
    return ip_by_version(c, layer);
}

enum link_result link_parse(uint32_t link_type, struct bytes frame, struct link_layer *ret)
{
    struct link_layer layer = { .src_mac = NULL };
    struct cursor c = cursor_over(frame);
    enum link_result result;

    switch (link_type) {
    case LINKTYPE_ETHERNET:
        result = ethernet(c, &layer);
        break;
    case LINKTYPE_LINUX_SLL:
        result = linux_cooked_1(c, &layer);
        break;
    case LINKTYPE_LINUX_SLL2:
        result = linux_cooked_2(c, &layer);
        break;
    case LINKTYPE_RAW: case LINKTYPE_RAW_BSD: case LINKTYPE_RAW_OPENBSD: case LINKTYPE_IPV4: case LINKTYPE_IPV6:
        result = ip_by_version(c, &layer);
        break;
    case LINKTYPE_NULL: case LINKTYPE_LOOP:
        result = loopback(c, &layer);
        break;
    default:
        return LINK_TYPE_UNKNOWN;
    }
    if (result == LINK_IP)
        *ret = layer;
    return result;
}
