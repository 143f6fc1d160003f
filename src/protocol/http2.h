#ifndef LEASH_PROTOCOL_HTTP2_H
#define LEASH_PROTOCOL_HTTP2_H

#include "packet/conversation.h"

/* HTTP/2 in the clear (RFC 9113), from its preface or behind the upgrade "h2c".  Header compression (RFC 7541) leans on
 * all that was said before, so only conversations seen from their first byte are read, and after a gap
 * that hits more than the content of a DATA frame the rest is opaque.  Bodies are those of HTTP/1
 * (http1_body.h). */
extern const struct protocol http2_protocol;

#endif
