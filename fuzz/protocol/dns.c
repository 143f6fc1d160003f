#include "conversation.h"
#include "protocol/dns.h"

/* The first byte chooses the protocol and the transport. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct { const struct protocol *p; bool over_tcp; int64_t port; } choices[] = {
        { &dns_protocol, false, 53 },     { &dns_protocol, true, 53 },     { &mdns_protocol, false, 5353 },
        { &llmnr_protocol, false, 5355 }, { &nbns_protocol, false, 137 },  { &dns_protocol, false, 5300 },
    };

    if (size > 0) {
        const size_t i = data[0] % (sizeof choices / sizeof *choices);
        fuzz_conversation(choices[i].p, choices[i].over_tcp, choices[i].port, data + 1, size - 1);
    }
    return 0;
}
