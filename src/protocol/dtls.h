#ifndef LEASH_PROTOCOL_DTLS_H
#define LEASH_PROTOCOL_DTLS_H

#include "protocol/pieces.h"
#include "protocol/tls_handshake.h"

/* DTLS 1.0 and 1.2 (RFC 6347), and of 1.3 (RFC 9147) what is not encrypted: records in a datagram,
 * handshake messages put together from fragments in any order. */

struct dtls_message {
    struct pieces pieces;     /* in the conversation's arena; without bytes before the first */
    size_t room, length;
    uint8_t type;
    uint16_t sequence;
    bool met;
};

struct dtls_state {
    struct tls_handshake handshake;
    struct dtls_message messages[2]; /* by direction */
};

/* Whether the datagram is made of whole records, the first of which is of DTLS. */
bool dtls_plausible(struct bytes datagram);

/* What came of messages that are not whole when the conversation ends. */
void dtls_end(struct dtls_state *s, struct conversation *c);

/* Gives how many of its bytes are in the clear and were understood. */
size_t dtls_datagram(struct dtls_state *s, struct conversation *c, enum direction d, struct bytes datagram);

#endif
