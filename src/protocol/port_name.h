#ifndef LEASH_PROTOCOL_PORT_NAME_H
#define LEASH_PROTOCOL_PORT_NAME_H

#include <stdint.h>

#include "base/text.h"

/* What a port is registered for (IANA, Service Name and Transport Protocol Port Number Registry), or is by its
 * makers' documents; unknown for all others.  It says what may be spoken there, never what is: a name from here must
 * not be mixed with those of protocols that were recognised. */
struct text port_name(int64_t port);

#endif
