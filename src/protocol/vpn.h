#ifndef LEASH_PROTOCOL_VPN_H
#define LEASH_PROTOCOL_VPN_H

#include "packet/conversation.h"

/* Tunnels that encrypt, or that are not opened: named, and opaque to the last byte.  What goes through them
 * goes to somebody whom the capture does not show. */
extern const struct protocol wireguard_protocol; /* wireguard.c */
extern const struct protocol openvpn_protocol;   /* openvpn.c */
extern const struct protocol ipsec_protocol;     /* ipsec.c: IKE and ESP in UDP */
extern const struct protocol l2tp_protocol, pptp_protocol, teredo_protocol; /* ppp_tunnel.c */

#endif
