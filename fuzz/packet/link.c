#include "packet/link.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static void check_inside(struct bytes frame, const uint8_t *at, size_t len)
{
    if (at < frame.at || len > frame.len || (size_t)(at - frame.at) > frame.len - len)
        abort();
}

/* The short way for the usual frame gives what the long way gives. */
static void check_plain(uint32_t link_type, struct bytes frame, enum link_result result, const struct link_layer *link)
{
    struct link_layer plain;

    if (!link_plain(link_type, &frame, &plain))
        return;
    if (result != LINK_IP || plain.ip.at != link->ip.at || plain.ip.len != link->ip.len ||
        plain.ip.origin != link->ip.origin || plain.src_mac != link->src_mac || plain.dst_mac != link->dst_mac)
        abort();
}

/* The link type in two bytes, then a frame: the packet and the addresses are views of it, and where there is no
 * packet, nothing is touched. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });
    const uint16_t link_type = cursor_u16le(&c);
    struct link_layer link, untouched;

    if (c.failed)
        return 0;
    memset(&link, 0x5a, sizeof link);
    memset(&untouched, 0x5a, sizeof untouched);
    const enum link_result result = link_parse(link_type, c.rest, &link);
    check_plain(link_type, c.rest, result, &link);
    if (result != LINK_IP) {
        if (memcmp(&link, &untouched, sizeof link) != 0)
            abort();
        return 0;
    }
    if (link.ip.len) {
        check_inside(c.rest, link.ip.at, link.ip.len);
        if ((uint64_t)(link.ip.at - c.rest.at) != link.ip.origin - c.rest.origin)
            abort(); /* it would be pointed at in the wrong place */
    }
    if (link.ip.origin < c.rest.origin || link.ip.origin - c.rest.origin > c.rest.len)
        abort();
    if (link.src_mac)
        check_inside(c.rest, link.src_mac, 6);
    if (link.dst_mac)
        check_inside(c.rest, link.dst_mac, 6);
    return 0;
}
