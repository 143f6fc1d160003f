#ifndef LEASH_PROTOCOL_MQTT_H
#define LEASH_PROTOCOL_MQTT_H

#include "packet/conversation.h"

/* MQTT 3.1, 3.1.1 and 5.0 (OASIS), by which apps and devices keep in touch with a maker's cloud.  Client id and
 * user name become identifiers, what the client publishes and subscribes to request rows; payloads are searched,
 * and readable where their first bytes are of a known form. */
extern const struct protocol mqtt_protocol;

#endif
