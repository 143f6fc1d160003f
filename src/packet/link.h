#ifndef LEASH_PACKET_LINK_H
#define LEASH_PACKET_LINK_H

#include "base/cursor.h"

/* One record of a capture. */
struct frame {
    struct bytes data;       /* as much as was captured */
    uint64_t original_len;   /* on the wire; at least data.len */
    uint64_t record_offset;  /* of the record in the item */
    int64_t number;          /* from 1 */
    int64_t at_utc_ns;       /* or unknown */
    uint32_t link_type;      /* LINKTYPE_ number of the tcpdump.org registry */
};

enum { LINKTYPE_ETHERNET = 1, LINKTYPE_USER0 = 147, LINKTYPE_USER15 = 162 };

/* Types that have no meaning of their own: what a record is its content must tell. */
static inline bool link_type_is_free(uint32_t link_type)
{
    return link_type >= LINKTYPE_USER0 && link_type <= LINKTYPE_USER15;
}
enum { PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057 }; /* RFC 1332, RFC 5072 */

enum link_result {
    LINK_IP,
    LINK_NOT_IP,        /* ARP, spanning tree and the like: nothing that leaves a network */
    LINK_OPAQUE,        /* encrypted or compressed on the link (MACsec, PPP): something went by, and cannot be seen */
    LINK_CUT,           /* the headers are not all there */
    LINK_TYPE_UNKNOWN,
};

struct link_layer {
    struct bytes ip;          /* from the IP header on, padding and trailers included */
    const uint8_t *src_mac;   /* 6 bytes in the frame, or NULL */
    const uint8_t *dst_mac;
    bool ends;                /* the link says where the packet ends, and all up to there was captured */
};

/* Finds the IP packet in a frame: Ethernet with VLAN tags (802.1Q, QinQ, 802.1ah) and those of makers, MPLS with
 * pseudowires, PPPoE, TRILL, NSH or LLC/SNAP; PPP and Cisco's HDLC; Linux cooked captures 1 and 2, netfilter's log,
 * pflog and enc of the BSDs; raw IP; BSD loopback; Apple's packet tap; the types of packet/link_rare.h.
 * Touches `ret` only for LINK_IP.  Sources: tcpdump.org/linktypes, IEEE 802.1Q, RFC 1042, 1661, 2516, 3032, 4385, 6325,
 * 8300. */
enum link_result link_parse(uint32_t link_type, struct bytes frame, struct link_layer *ret);

/* True for an Ethernet frame with IP right behind its header, as nearly all are: then `ret` is what link_parse gives,
 * by a short way.  False says nothing of the frame, and leaves `ret` alone. */
static inline bool link_plain(uint32_t link_type, const struct bytes *frame, struct link_layer *ret)
{
    enum { HEADER = 14, TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };

    if (link_type != LINKTYPE_ETHERNET || frame->len <= HEADER)
        return false;
    const unsigned type = (unsigned)frame->at[12] << 8 | frame->at[13], version = frame->at[HEADER] >> 4;
    if ((type != TYPE_IPV4 && type != TYPE_IPV6) || (version != 4 && version != 6))
        return false;
    ret->ip.at = frame->at + HEADER;
    ret->ip.len = frame->len - HEADER;
    ret->ip.origin = frame->origin + HEADER;
    ret->dst_mac = frame->at;
    ret->src_mac = frame->at + 6;
    ret->ends = false;
    return true;
}

/* The same for a frame of PPP. */
enum link_result link_ppp(struct bytes frame, struct link_layer *ret);

/* The same for what stands behind an EtherType; sets no hardware addresses. */
enum link_result link_by_ethertype(uint16_t type, struct bytes content, struct link_layer *ret);

#endif
