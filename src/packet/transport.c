#include "packet/transport.h"

enum { UDP_HEADER = 8, TCP_HEADER_MIN = 20 };

/* Of a header that the snap length cut, what its sender wrote behind it is missing; how long it was may not be
 * known. */
static void cut_header(struct transport *x, size_t header_len)
{
    if (x->payload.len < header_len && x->payload_len >= header_len) {
        x->payload = bytes_part(x->payload, x->payload.len, 0);
        x->payload_len -= header_len;
    }
}

void transport_read(const struct ip_packet *ip, struct transport *x)
{
    struct cursor c = cursor_over(ip->payload);

    x->ports = x->whole = false;
    x->src_port = x->dst_port = 0;
    x->payload = ip->payload;
    x->payload_len = ip->payload_len;
    if ((ip->protocol != IP_TCP && ip->protocol != IP_UDP) || ip->fragment)
        return;
    const uint16_t src_port = cursor_u16be(&c), dst_port = cursor_u16be(&c);
    if (c.failed) {
        cut_header(x, ip->protocol == IP_TCP ? TCP_HEADER_MIN : UDP_HEADER);
        return;
    }
    x->ports = true;
    x->src_port = src_port;
    x->dst_port = dst_port;
    if (ip->protocol == IP_TCP) {
        x->whole = tcp_parse(ip->payload, ip->payload_len, &x->tcp) == PARSE_OK;
        if (!x->whole)
            cut_header(x, TCP_HEADER_MIN);
        return;
    }
    uint64_t len = cursor_u16be(&c);
    cursor_skip(&c, 2);
    if (len < UDP_HEADER || len > ip->payload_len)
        len = ip->payload_len; /* 0 with offload or in a jumbogram; anything else is a broken header */
    x->whole = !c.failed && len >= UDP_HEADER;
    if (x->whole) {
        x->payload = bytes_part(ip->payload, UDP_HEADER, len - UDP_HEADER);
        x->payload_len = len - UDP_HEADER;
    } else {
        cut_header(x, UDP_HEADER);
    }
}
