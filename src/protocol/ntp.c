#include "protocol/ntp.h"

#include "protocol/rows.h"

static enum recognition ntp_recognise(const struct conversation *c, enum direction d, struct bytes b)
{
    enum { PORT_NTP = 123, HEADER = 48, CONTROL = 6, CONTROL_HEADER = 12, PRIVATE = 7, PRIVATE_HEADER = 8,
           VERSION_MAX = 4 };

    (void)d;
    if (!on_port(c, PORT_NTP) || b.len < PRIVATE_HEADER)
        return RECOGNISED_NO;
    const int version = b.at[0] >> 3 & 7, mode = b.at[0] & 7;
    if (version == 0 || version > VERSION_MAX || mode == 0)
        return RECOGNISED_NO;
    const size_t needed = mode == CONTROL ? CONTROL_HEADER : mode == PRIVATE ? PRIVATE_HEADER : HEADER;
    return b.len >= needed && b.len % 4 == 0 ? RECOGNISED_YES : RECOGNISED_NO;
}

static void ntp_datagram(struct conversation *c, enum direction d, struct bytes b)
{
    if (ntp_recognise(c, d, b) == RECOGNISED_YES)
        conversation_readable(c, d, b.len);
}

const struct protocol ntp_protocol = { .service = "ntp", .recognise_datagram = ntp_recognise,
                                       .datagram = ntp_datagram };
