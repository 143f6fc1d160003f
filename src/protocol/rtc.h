#ifndef LEASH_PROTOCOL_RTC_H
#define LEASH_PROTOCOL_RTC_H

#include "packet/conversation.h"

/* Real-time communication over UDP, as browsers and apps do it (WebRTC): STUN to find a way,
 * DTLS to agree on keys, RTP for the media, all between the same two ports, told apart by their first
 * byte (RFC 7983).  flow.service is the last of these that the conversation came to: stun, dtls, rtp.
 * STUN also goes over TCP, to TURN relays; a relay's peers become request rows. */
extern const struct protocol stun_protocol, dtls_protocol, rtp_protocol;

#endif
