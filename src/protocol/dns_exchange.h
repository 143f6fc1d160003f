#ifndef LEASH_PROTOCOL_DNS_EXCHANGE_H
#define LEASH_PROTOCOL_DNS_EXCHANGE_H

#include "packet/conversation.h"
#include "protocol/dns_message.h"

/* Queries and their answers: of one conversation's messages the `dns` rows, as dns.h says. */

struct dns_exchange;

/* Zeroed at first; memory is the conversation's. */
struct dns_exchanges {
    struct dns_exchange *oldest;
    size_t count;
};

/* Takes in one message and gives how many of its bytes were understood.  Without `s` (relatives that stay on the local
 * network) no rows come of it. */
size_t dns_message_met(struct dns_exchanges *s, struct conversation *c, enum direction d, struct bytes whole);

/* The conversation is over: rows of queries without an answer. */
void dns_exchanges_end(const struct dns_exchanges *s, struct conversation *c);

/* Whether it may be a message; as little as a cut datagram allows.  Operations: RFC 1035, 4.1.1 to RFC 8490; NetBIOS
 * has more (RFC 1002, 4.2.1.1). */
enum { DNS_OPCODE_MAX = 6, NBNS_OPCODE_MAX = 9 };
bool dns_plausible(struct bytes b, uint8_t opcode_max);

#endif
