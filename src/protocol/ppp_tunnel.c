/* L2TP (RFC 2661, 3.1; version 3: RFC 3931, 4.1.2), the control connection of PPTP (RFC 2637, 1.4 and 2), and what is
 * left to the outer flow of Teredo (RFC 4380, 5.1.1): packet/tunnel.c opens its packets. */
#include "protocol/rows.h"
#include "protocol/vpn.h"

enum { PORT_L2TP = 1701, PORT_PPTP = 1723, PORT_TEREDO = 3544 };

static enum recognition l2tp_recognise(const struct conversation *c, enum direction d, struct bytes b)
{
    enum { CONTROL = 0x8000, LENGTH = 0x4000, RESERVED = 0x34f0, VERSION = 0x000f };
    struct cursor at = cursor_over(b);
    const uint16_t flags = cursor_u16be(&at), length = cursor_u16be(&at);

    (void)d;
    if (!on_port(c, PORT_L2TP) || at.failed)
        return RECOGNISED_NO;
    if ((flags & RESERVED) != 0 || ((flags & VERSION) != 2 && (flags & VERSION) != 3))
        return RECOGNISED_NO;
    if ((flags & CONTROL) && !(flags & LENGTH))
        return RECOGNISED_NO;
    return !(flags & LENGTH) || length >= b.len ? RECOGNISED_YES : RECOGNISED_NO;
}

static enum recognition pptp_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    enum { LENGTH_MIN = 12, LENGTH_MAX = 256, MAGIC = 0x1a2b3c4d, CONTROL = 1 };
    struct cursor at = cursor_over(head);
    const uint16_t length = cursor_u16be(&at), type = cursor_u16be(&at);
    const uint32_t magic = cursor_u32be(&at);

    (void)d;
    if (!on_port(c, PORT_PPTP))
        return RECOGNISED_NO;
    if (at.failed)
        return RECOGNISED_MAYBE;
    return magic == MAGIC && type == CONTROL && length >= LENGTH_MIN &&
        length <= LENGTH_MAX ? RECOGNISED_YES : RECOGNISED_NO;
}

static size_t pptp_stream(struct conversation *c, enum direction d, struct bytes data)
{
    (void)c;
    (void)d;
    return data.len;
}

const struct protocol l2tp_protocol = { .service = "l2tp", .recognise_datagram = l2tp_recognise };
const struct protocol pptp_protocol = { .service = "pptp", .recognise_stream = pptp_recognise, .stream = pptp_stream };

/* An IPv6 packet, or the indications in front of one. */
static enum recognition teredo_recognise(const struct conversation *c, enum direction d, struct bytes b)
{
    enum { IPV6_HEADER = 40 };

    (void)d;
    if (!on_port(c, PORT_TEREDO) || b.len < IPV6_HEADER)
        return RECOGNISED_NO;
    return b.at[0] >> 4 == 6 || (b.at[0] == 0 && b.at[1] <= 1) ? RECOGNISED_YES : RECOGNISED_NO;
}

const struct protocol teredo_protocol = { .service = "teredo", .recognise_datagram = teredo_recognise };
