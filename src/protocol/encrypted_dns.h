#ifndef LEASH_PROTOCOL_ENCRYPTED_DNS_H
#define LEASH_PROTOCOL_ENCRYPTED_DNS_H

#include "packet/conversation.h"

/* Name service inside TLS or QUIC, told from the ClientHello: DNS over TLS (RFC 7858) and over QUIC (RFC 9250) by
 * port 853 or the application protocol; DNS over HTTPS (RFC 8484), which looks like any HTTPS, by the names of
 * the public resolvers that offer it.  flow.service becomes dot, doq or doh. */
void encrypted_dns_met(struct conversation *c, bool over_quic);

#endif
