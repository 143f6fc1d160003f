#ifndef LEASH_PROTOCOL_QUIC_H
#define LEASH_PROTOCOL_QUIC_H

#include "packet/conversation.h"

/* QUIC: version, and from the client's Initial packets its ClientHello, in however many
 * packets and frames, in whatever order: name, ALPN, JA4 (JA3 is a fingerprint of TLS over
 * TCP: QUIC clients shuffle their extensions, and no other tool gives one).  All else is opaque.
 * Google's own versions (Q043 and so on) are named; the name in their CHLO is read where
 * it is in the clear (up to Q046). */
extern const struct protocol quic_protocol;

#endif
