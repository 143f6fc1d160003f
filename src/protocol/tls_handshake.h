#ifndef LEASH_PROTOCOL_TLS_HANDSHAKE_H
#define LEASH_PROTOCOL_TLS_HANDSHAKE_H

#include "packet/conversation.h"
#include "protocol/tls_client_hello.h"

/* What handshake messages of TLS (RFC 8446, 4; RFC 5246, 7.4) and DTLS say about a
 * conversation, in its row: names, versions, fingerprints, the server's certificate; and
 * the certificates that both sides showed, as rows of their own. */
struct tls_handshake {
    bool client_hello_seen, server_hello_seen;
    bool certificate_seen[2];  /* by direction */
    bool retry;                /* the server asked for a second ClientHello */
    bool tls13;
    enum direction server;     /* once server_hello_seen */
    uint8_t session_id_len;    /* that the client asked to go on with */
    uint8_t session_id[TLS_SESSION_ID_MAX];
};

enum tls_message_type { TLS_CLIENT_HELLO = 1, TLS_SERVER_HELLO = 2, TLS_HELLO_RETRY_REQUEST = 6, TLS_CERTIFICATE = 11 };

/* Whether a message of this type is looked at at all. */
bool tls_handshake_wanted(uint8_t type);

/* One message, behind its header.  `whole` is false for what a gap or the end of the capture
 * cut off.  `transport` as in ja4_of. */
void tls_handshake_message(struct tls_handshake *h, struct conversation *c, enum direction d, char transport,
                           uint8_t type, struct bytes body, bool whole);

/* An alert in the clear (RFC 8446, 6; RFC 5246, 7.2): its two bytes.  The first fatal one counts. */
void tls_alert_met(struct conversation *c, enum direction d, struct bytes alert);

#endif
