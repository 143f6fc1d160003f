#ifndef LEASH_PROTOCOL_NTP_H
#define LEASH_PROTOCOL_NTP_H

#include "packet/conversation.h"

/* NTP (RFC 5905, 7.3; control messages RFC 9327): whom a device asks for the time. */
extern const struct protocol ntp_protocol;

#endif
