#ifndef LEASH_PROTOCOL_SOCKS_H
#define LEASH_PROTOCOL_SOCKS_H

#include "packet/conversation.h"

/* SOCKS proxies, versions 4, 4a and 5 (RFC 1928, RFC 1929): the target of a CONNECT is the real peer
 * and becomes the host when it is a name (source "http_host" is for HTTP only: here it
 * counts as "dns", the name the client asked for).  TLS in the tunnel is read as if there
 * were no proxy; anything else in it is opaque and searched as it is. */
extern const struct protocol socks_protocol;

#endif
