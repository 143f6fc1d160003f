#ifndef LEASH_PROTOCOL_RTMP_H
#define LEASH_PROTOCOL_RTMP_H

#include "packet/conversation.h"

/* RTMP, by which live video goes to platforms: "Adobe's Real Time Messaging Protocol" 1.0 (2012), sections 5
 * and 7; commands in AMF 0 (Adobe, "Action Message Format -- AMF 0").  connect, publish and play become
 * request rows.  The name that publish gives is mostly a key with which anyone can send in the owner's
 * name: all but its first characters is left out. */
extern const struct protocol rtmp_protocol;

#endif
