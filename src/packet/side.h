#ifndef LEASH_PACKET_SIDE_H
#define LEASH_PACKET_SIDE_H

#include "evidence/reading.h"
#include "packet/address.h"

/* Which end of a flow is the device under test.  In this order:
 *   1. --local addresses and hardware addresses;
 *   2. a private or local address against a public one; groups and broadcasts are
 *      never the device;
 *   3. an address that DHCP gave to a client in this capture, against one that it did not;
 *   4. who opened the flow: the sender of the SYN, else the client by port number when
 *      exactly one port is a well-known server's, else the sender of the first packet. */
enum { DHCP_CLIENTS_MAX = 256 };

struct sides {
    const struct reading_options *options;
    struct address dhcp_clients[DHCP_CLIENTS_MAX];
    int dhcp_client_count;
};

/* The first packet of a flow. */
struct first_packet {
    struct address src, dst;
    uint16_t src_port, dst_port;       /* 0 where there are none */
    const uint8_t *src_mac, *dst_mac;  /* or NULL */
    enum { OPENING_UNKNOWN, OPENING_BY_SENDER /* SYN */, OPENING_BY_RECEIVER /* SYN, ACK */ } opening;
};

struct orientation {
    bool sender_is_out;     /* the sender of the first packet is the device under test */
    bool sender_is_client;  /* and it opened the flow */
    bool local;             /* both ends are local */
};

void sides_init(struct sides *s, const struct reading_options *options);
/* Learns from a datagram between the DHCP ports (RFC 2131). */
void sides_see_dhcp(struct sides *s, const struct address *src, uint16_t src_port, uint16_t dst_port,
                    struct bytes datagram);
struct orientation sides_orient(const struct sides *s, const struct first_packet *p);

#endif
