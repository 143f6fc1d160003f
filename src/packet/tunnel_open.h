#ifndef LEASH_PACKET_TUNNEL_OPEN_H
#define LEASH_PACKET_TUNNEL_OPEN_H

#include "packet/link.h"
#include "packet/tunnel.h"

/* Between tunnel.c, which has the table, and tunnel_udp.c.  All as tunnel_open: `content` is what was captured,
 * `wire_len` what there was of it on the wire; false leaves `ret` undefined. */

/* What stands behind the cursor, with its length on the wire: `all_len` is that of what the
 * cursor began with at `from`. */
static inline uint64_t tunnel_wire_left(const struct cursor *c, struct bytes from, uint64_t all_len)
{
    return all_len - (c->rest.origin - from.origin);
}

/* `version` 0: either. */
bool tunnel_ip_inside(struct bytes ip, uint64_t wire_len, int version, struct tunnel_inside *ret);
/* An IP packet that was found in `frame`. */
bool tunnel_layer_inside(const struct link_layer *layer, struct bytes frame, uint64_t wire_len,
                         struct tunnel_inside *ret);
bool tunnel_ethernet_inside(struct bytes frame, uint64_t wire_len, struct tunnel_inside *ret);
/* A data frame of 802.11 that is not encrypted, not a fragment and no aggregate. */
bool tunnel_wifi_inside(struct bytes frame, uint64_t wire_len, struct tunnel_inside *ret);
/* What stands behind an IP header that names this protocol, when that is a packet or a tunnel without ports. */
bool tunnel_by_protocol(uint8_t ip_protocol, struct bytes content, uint64_t wire_len, struct tunnel_inside *ret);
bool tunnel_is_teredo(const struct address *a);

bool tunnel_gre_open(struct bytes content, uint64_t len, struct tunnel_inside *ret);
bool tunnel_gue_open(struct bytes content, uint64_t len, struct tunnel_inside *ret);
bool tunnel_lisp_open(struct bytes content, uint64_t len, struct tunnel_inside *ret);
bool tunnel_capwap_open(struct bytes content, uint64_t len, struct tunnel_inside *ret);
bool tunnel_ayiya_open(struct bytes content, uint64_t len, struct tunnel_inside *ret);
bool tunnel_bare_open(struct bytes content, uint64_t len, struct tunnel_inside *ret);
/* GRE whose content is as tunnel_bare_open wants it; where that begins, 0 when the header alone tells that it is not
 * so. */
bool tunnel_bare_gre_open(struct bytes content, uint64_t len, struct tunnel_inside *ret);
size_t tunnel_bare_gre_header(struct bytes content);

#endif
