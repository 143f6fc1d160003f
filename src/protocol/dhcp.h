#ifndef LEASH_PROTOCOL_DHCP_H
#define LEASH_PROTOCOL_DHCP_H

#include "packet/conversation.h"

/* DHCP (RFC 2131, RFC 2132) and DHCPv6 (RFC 8415): devices name themselves when they ask for an address.
 * What a client says becomes a device row, and identifier rows for its vendor class and the options that it
 * asks for, which together tell its system. */
extern const struct protocol dhcp_protocol, dhcpv6_protocol;

#endif
