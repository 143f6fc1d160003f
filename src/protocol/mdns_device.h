#ifndef LEASH_PROTOCOL_MDNS_DEVICE_H
#define LEASH_PROTOCOL_MDNS_DEVICE_H

#include "packet/conversation.h"

/* What the sender of a multicast DNS response (RFC 6762) says about itself: the name of its own address, and in
 * TXT records (RFC 6763, 6) the model that printers, speakers, phones and cameras put there. */
void mdns_device_met(struct conversation *c, enum direction d, struct bytes message);

#endif
