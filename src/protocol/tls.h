#ifndef LEASH_PROTOCOL_TLS_H
#define LEASH_PROTOCOL_TLS_H

#include "packet/conversation.h"

/* TLS over TCP on any port (RFC 8446, RFC 5246): fills in the conversation's tls_*
 * fields and its host.  The first ClientHello counts, whole, however it is split over
 * records and segments; tls_version is what the server chose and unknown without its
 * answer; issuer and subject are the server's, in the clear up to TLS 1.2.
 * Readable are the records of the handshake until encryption begins; all others are
 * opaque.  Of the SSL 2.0 form of the hello (RFC 5246, E.2) only the version is said. */
extern const struct protocol tls_protocol;

#endif
