#ifndef LEASH_BROADCAST_MAVLINK_H
#define LEASH_BROADCAST_MAVLINK_H

#include "packet/conversation.h"

/* MAVLink 1 and 2 over UDP and TCP: what aircraft and ground station say in the open (the first position of each kind
 * becomes a request row, the autopilot's number an identifier), and in it what an autopilot hands to its Remote ID
 * transmitter: the messages OPEN_DRONE_ID_*.  Frames and messages: protocol/mavlink_frame.h.
 *
 * Recognised by check sequences that are right.  Only frames whose message is in the table of
 * protocol/mavlink_messages.c count as readable; other content is not looked into.  A stream is followed from its first
 * frame on, as long as frame follows on frame. */
extern const struct protocol mavlink_protocol;

#endif
