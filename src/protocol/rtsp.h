#ifndef LEASH_PROTOCOL_RTSP_H
#define LEASH_PROTOCOL_RTSP_H

#include "packet/conversation.h"

/* RTSP 1.0 (RFC 2326) and 2.0 (RFC 7826): who asks for a live stream, or offers one, and where.
 * Methods become request rows with the status of their answer; the host of the URL names the flow.
 * Media that is interleaved with it (RFC 2326, 10.12) is readable, unless a secure transport was agreed on. */
extern const struct protocol rtsp_protocol;

#endif
