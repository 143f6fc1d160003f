#include "packet/conversation.h"
#include "protocol/dns.h"
#include "protocol/http1.h"
#include "protocol/quic.h"
#include "protocol/socks.h"
#include "protocol/tls.h"

/* By port where the port is part of the protocol's name, then by content: the surest first. */
const struct protocol *const protocols[] = {
    &mdns_protocol,
    &llmnr_protocol,
    &nbns_protocol,
    &tls_protocol,
    &http1_protocol,
    &socks_protocol,
    &quic_protocol,
    &dns_protocol,
};
const size_t protocol_count = sizeof protocols / sizeof *protocols;
