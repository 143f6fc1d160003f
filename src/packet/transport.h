#ifndef LEASH_PACKET_TRANSPORT_H
#define LEASH_PACKET_TRANSPORT_H

#include "packet/ip.h"
#include "packet/tcp.h"

/* What one packet says about the transport; `ports` only where they could be read. */
struct transport {
    bool ports;
    bool whole;               /* the header was read */
    struct tcp_header tcp;    /* of TCP, when whole */
    uint16_t src_port, dst_port;
    struct bytes payload;
    uint64_t payload_len;
};

/* Of a fragment, and of what is neither TCP nor UDP, all of the packet's content is payload.  Sets every field of `x`
 * but `tcp`. */
void transport_read(const struct ip_packet *ip, struct transport *x);

#endif
