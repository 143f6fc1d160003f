#ifndef LEASH_PROTOCOL_DNS_H
#define LEASH_PROTOCOL_DNS_H

#include "packet/conversation.h"

/* The domain name system over UDP and TCP: one `dns` row per exchange, put when the
 * answer comes; for queries without one, when the conversation ends.  A repeated
 * query or the same answer again makes no row of its own; an answer that nobody asked
 * for does.  An answer too long for one row goes on in further rows of the same name.
 * Rows are kept for QUERY messages only, not for NOTIFY and UPDATE.
 * On ports other than 53 only messages that are beyond doubt are taken for it. */
extern const struct protocol dns_protocol;

/* Relatives with the same message form, which stay on the local network: named, no
 * rows.  RFC 6762 (port 5353), RFC 4795 (5355), RFC 1002 (137). */
extern const struct protocol mdns_protocol;
extern const struct protocol llmnr_protocol;
extern const struct protocol nbns_protocol;

#endif
