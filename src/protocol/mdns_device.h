#ifndef LEASH_PROTOCOL_MDNS_DEVICE_H
#define LEASH_PROTOCOL_MDNS_DEVICE_H

#include "packet/conversation.h"

/* What the sender of a multicast DNS (RFC 6762) or LLMNR (RFC 4795) response says about itself: the name of its own
 * address, and in TXT records (RFC 6763, 6) the model that printers, speakers, phones and cameras put there. */
void mdns_device_met(struct conversation *c, enum direction d, struct bytes message);

/* The name that a device registers for itself with the name service of NetBIOS (RFC 1002). */
void nbns_device_met(struct conversation *c, enum direction d, struct bytes message);

#endif
