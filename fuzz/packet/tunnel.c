#include "packet/tunnel.h"
#include "support.h"

#include <stdlib.h>

static void check(const struct tunnel_inside *inside, struct bytes content, uint64_t len)
{
    const struct bytes payload = inside->ip.payload;

    if (payload.len > inside->ip.payload_len)
        abort();
    if (payload.len && (payload.at < content.at || payload.len > content.len ||
                        (size_t)(payload.at - content.at) > content.len - payload.len))
        abort();
    if (payload.origin - content.origin > len)
        abort();
    if (payload.len && payload.at - content.at != (ptrdiff_t)(payload.origin - content.origin))
        abort(); /* it would be pointed at in the wrong place */
}

/* Protocol, ports, how much the capture cut; then what a tunnel carries, tunnels in it too. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });
    uint8_t protocol = cursor_u8(&c);
    uint16_t src_port = cursor_u16be(&c), dst_port = cursor_u16be(&c);
    uint64_t len = cursor_u16be(&c);
    struct tunnel_inside inside;
    const struct tunnel *tunnel;

    if (c.failed)
        return 0;
    struct bytes content = c.rest;
    len += content.len;
    for (int depth = 0; depth < TUNNEL_DEPTH_MAX; depth++) {
        tunnel = tunnel_find(protocol, src_port, dst_port);
        if (!tunnel && protocol == IP_UDP)
            tunnel = tunnel_find_bare(content, len);
        if (!tunnel || !tunnel_open(tunnel, content, len, &inside))
            return 0;
        check(&inside, content, len);
        protocol = inside.ip.protocol;
        content = inside.ip.payload;
        len = inside.ip.payload_len;
        src_port = dst_port = 0;
        if (protocol == IP_UDP) {
            struct cursor header = cursor_over(content);
            src_port = cursor_u16be(&header);
            dst_port = cursor_u16be(&header);
            cursor_skip(&header, 4);
            if (header.failed)
                return 0;
            content = header.rest;
            len -= 8;
        }
    }
    return 0;
}
