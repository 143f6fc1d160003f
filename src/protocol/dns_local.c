#include "protocol/dns.h"
#include "protocol/dns_exchange.h"
#include "protocol/mdns_device.h"
#include "protocol/rows.h"

enum { PORT_DNS = 53, PORT_NBNS = 137, PORT_MDNS = 5353, PORT_LLMNR = 5355 };

static enum recognition local_recognise(const struct conversation *c, int64_t port, struct bytes datagram)
{
    const uint8_t opcode_max = port == PORT_NBNS ? NBNS_OPCODE_MAX : DNS_OPCODE_MAX;

    /* A resolver may ask a server from any port. */
    return on_port(c, port) && !on_port(c, PORT_DNS) &&
        dns_plausible(datagram, opcode_max) ? RECOGNISED_YES : RECOGNISED_NO;
}

static enum recognition mdns_recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)d;
    return local_recognise(c, PORT_MDNS, datagram);
}

static enum recognition llmnr_recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)d;
    return local_recognise(c, PORT_LLMNR, datagram);
}

static enum recognition nbns_recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)d;
    return local_recognise(c, PORT_NBNS, datagram);
}

static void local_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    conversation_readable(c, d, dns_message_met(NULL, c, d, datagram));
}

static void mdns_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    local_datagram(c, d, datagram);
    mdns_device_met(c, d, datagram);
}

static void nbns_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    local_datagram(c, d, datagram);
    nbns_device_met(c, d, datagram);
}

const struct protocol mdns_protocol = {
    .service = "mdns", .recognise_datagram = mdns_recognise, .datagram = mdns_datagram,
};
const struct protocol llmnr_protocol = {
    .service = "llmnr", .recognise_datagram = llmnr_recognise, .datagram = mdns_datagram,
};
const struct protocol nbns_protocol = {
    .service = "nbns", .recognise_datagram = nbns_recognise, .datagram = nbns_datagram,
};
