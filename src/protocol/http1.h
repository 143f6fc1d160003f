#ifndef LEASH_PROTOCOL_HTTP1_H
#define LEASH_PROTOCOL_HTTP1_H

#include "packet/conversation.h"

/* HTTP/1.0 and 1.1 on any port (RFC 9110, RFC 9112): one `request` row per request, in
 * their order, put when its response is complete or the conversation ends.  Bodies
 * stream through; what goes out is searched: heads, bodies (decompressed), and as it is
 * whatever cannot be understood.  A tunnel made by CONNECT, and what follows an upgrade, are
 * looked into for TLS, whose facts become those of the conversation, and for HTTP. */
extern const struct protocol http1_protocol;

#endif
