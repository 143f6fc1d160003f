#ifndef LEASH_PROTOCOL_SEEN_H
#define LEASH_PROTOCOL_SEEN_H

#include "packet/conversation.h"

/* The places in conversation.seen, for protocols that one datagram alone does not tell.  Each has one per
 * direction: SEEN_X + d. */
enum { SEEN_RTP = 0, SEEN_TUNNEL = 2, SEEN_ESP = 4, SEEN_RTCP = 6 };

#endif
