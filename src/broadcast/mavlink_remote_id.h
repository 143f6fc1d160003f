#ifndef LEASH_BROADCAST_MAVLINK_REMOTE_ID_H
#define LEASH_BROADCAST_MAVLINK_REMOTE_ID_H

#include "protocol/mavlink_frame.h"

/* The messages OPEN_DRONE_ID of MAVLink (12900 to 12905, 12915, 12919), with which an autopilot feeds its transmitter,
 * as that sends them.  Fields: mavlink/mavlink:message_definitions/v1.0/common.xml@de1e078. */

/* Writes the message behind a counter and gives the length of both; 0 when it is none of Remote ID.  `last_system` is
 * the last SYSTEM message of the same sender (25 bytes, as it was written here), which 12919 changes; or NULL. */
size_t mavlink_remote_id(const struct mavlink_frame *f, const struct mavlink_payload *p, const uint8_t *last_system,
                         uint8_t into[1 + MAVLINK_PAYLOAD_MAX]);

#endif
