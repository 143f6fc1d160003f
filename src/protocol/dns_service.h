#ifndef LEASH_PROTOCOL_DNS_SERVICE_H
#define LEASH_PROTOCOL_DNS_SERVICE_H

#include "protocol/dns_message.h"

/* Service bindings, the data of SVCB and HTTPS records (RFC 9460, 2): "1 . alpn=h2,h3 ipv4hint=203.0.113.5".
 * False when the data is none; what was added stays. */
bool dns_add_service(struct buffer *into, struct cursor *c, struct bytes message);

/* Parts that dns_record.c adds, for its relatives.  Bytes that are not printable ASCII become \DDD as in names. */
void dns_add_printable(struct buffer *into, struct bytes b);
void dns_add_base64(struct buffer *into, struct bytes b);
/* 4 or 16 bytes, else false. */
bool dns_add_address(struct buffer *into, struct bytes address);
/* A name at the cursor, which runs over (a part of) `message`; false when it is none. */
bool dns_add_name(struct buffer *into, struct cursor *c, struct bytes message);

#endif
