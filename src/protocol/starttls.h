#ifndef LEASH_PROTOCOL_STARTTLS_H
#define LEASH_PROTOCOL_STARTTLS_H

#include "packet/conversation.h"

/* Protocols that begin in the clear and may agree to go on as TLS, whose names and fingerprints are then in the same
 * flow: XMPP (RFC 6120, 5), LDAP (RFC 4511, 4.14), PostgreSQL (its manual, "Message Flow", SSL Session Encryption),
 * MySQL (its internals manual, "Connection Phase").  What they say in the clear is followed as far as that takes: it is
 * readable where it is text (XMPP) and opaque otherwise, and searched as it is. */
extern const struct protocol xmpp_protocol, ldap_protocol, postgresql_protocol, mysql_protocol;

#endif
