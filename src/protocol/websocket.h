#ifndef LEASH_PROTOCOL_WEBSOCKET_H
#define LEASH_PROTOCOL_WEBSOCKET_H

#include "packet/conversation.h"

/* WebSocket (RFC 6455, 5) behind its HTTP upgrade; not in the table of protocols, http1 begins it.  What the
 * side under test sends is unmasked, put together from fragments, decompressed (permessage-deflate, RFC 7692)
 * and searched; with the subprotocol "mqtt" it is read as MQTT.  Text is readable, binary messages are where
 * their first bytes are of a known form. */
extern const struct protocol websocket_protocol;

/* `extensions` and `subprotocol` are what the server agreed to, or unknown. */
void websocket_begin(void *state, struct text extensions, struct text subprotocol, enum direction client);

#endif
