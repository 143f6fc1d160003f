#ifndef LEASH_PACKET_TUNNEL_H
#define LEASH_PACKET_TUNNEL_H

#include "packet/ip.h"

/* Packets that carry packets.  What a tunnel carries is what an audit asks for, so the
 * inner packet is the one that is followed; what cannot be opened, because it is encrypted,
 * unknown or the tunnel's own signalling, is left to the outer flow. */
struct tunnel;

enum {
    TUNNEL_DEPTH_MAX = 4, /* tunnels within each other that are opened; real ones are at most 3 deep */
};

struct tunnel_inside {
    struct ip_packet ip;  /* may be a fragment; its payload is a view of the outer content */
    bool has_macs;        /* it was in an Ethernet frame of its own */
    uint8_t dst_mac[6], src_mac[6];
};

/* The tunnel that this protocol, or this UDP port, is assigned to; NULL for all else.  Ports
 * are 0 where there are none. */
const struct tunnel *tunnel_find(uint8_t ip_protocol, uint16_t src_port, uint16_t dst_port);

/* For a UDP datagram of no port of those: a tunnel to try when what it holds, also behind GRE, begins as a packet of
 * this length does.  Opened is what is one without doubt: with sums that are right or an address of Teredo.  So speak
 * Teredo between its clients, Linux's foo-over-UDP, and makers of their own. */
const struct tunnel *tunnel_find_bare(struct bytes content, uint64_t content_len);

/* Opens one layer.  `content` is what was captured behind the IP or, for tunnels in UDP, the
 * UDP header, `content_len` what there was of it on the wire (at least content.len).  False
 * leaves `ret` undefined: not what its number says, cut within a header, or nothing to open. */
__attribute__((warn_unused_result))
bool tunnel_open(const struct tunnel *tunnel, struct bytes content, uint64_t content_len, struct tunnel_inside *ret);

#endif
