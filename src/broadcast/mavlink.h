#ifndef LEASH_BROADCAST_MAVLINK_H
#define LEASH_BROADCAST_MAVLINK_H

#include "packet/conversation.h"

/* MAVLink 1 and 2 over UDP, and in it what an autopilot hands to its Remote ID transmitter: the
 * messages OPEN_DRONE_ID_*.  Sources: mavlink.io/en/guide/serialization.html; fields of
 * mavlink/mavlink:message_definitions/v1.0/common.xml@de1e078; the CRC_EXTRA of each message
 * follows from its fields.
 *
 * Recognised by check sequences that are right.  Only frames whose message is in the table of
 * mavlink.c count as readable; other content is not looked into. */
extern const struct protocol mavlink_protocol;

#endif
