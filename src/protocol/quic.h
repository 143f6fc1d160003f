#ifndef LEASH_PROTOCOL_QUIC_H
#define LEASH_PROTOCOL_QUIC_H

#include "packet/conversation.h"

/* QUIC: version, and from the client's Initial packets its ClientHello, in however many
 * packets and frames, in whatever order: name, ALPN, JA3, JA4.  All else is opaque.
 * Google's own versions (Q043 and so on) are named; the name in their CHLO is read where
 * it is in the clear (up to Q046). */
extern const struct protocol quic_protocol;

#endif
