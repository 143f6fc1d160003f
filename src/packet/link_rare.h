#ifndef LEASH_PACKET_LINK_RARE_H
#define LEASH_PACKET_LINK_RARE_H

#include "packet/link.h"

/* Link types that few captures have: FDDI, token ring, frame relay, ATM, SLIP, IP over InfiniBand, the tags of switch
 * chips in routers, Hilscher's analyser.  Else LINK_TYPE_UNKNOWN.  Hardware addresses only where they are
 * Ethernet's. */
enum link_result link_rare_parse(uint32_t link_type, struct bytes frame, struct link_layer *layer);

/* What a link type that is not read is of, in a word or two; NULL when nothing is known of it. */
const char *link_type_name(uint32_t link_type);

#endif
