#ifndef LEASH_PROTOCOL_SSDP_H
#define LEASH_PROTOCOL_SSDP_H

#include "packet/conversation.h"

/* SSDP (UPnP Device Architecture 2.0, section 1): devices offer services (NOTIFY, and answers to M-SEARCH) and
 * look for them.  SERVER and USER-AGENT become device rows, USN's uuid an identifier. */
extern const struct protocol ssdp_protocol;

#endif
