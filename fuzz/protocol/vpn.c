#include "conversation.h"
#include "protocol/ntp.h"
#include "protocol/vpn.h"

/* The first byte chooses the protocol, the port and, where it has both, the transport. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct { const struct protocol *p; bool over_tcp; int64_t port; } choices[] = {
        { &wireguard_protocol, false, 40000 }, { &wireguard_protocol, false, 51820 }, { &openvpn_protocol, false, 40000 },
        { &openvpn_protocol, false, 1194 },    { &openvpn_protocol, true, 1194 },     { &ipsec_protocol, false, 500 },
        { &ipsec_protocol, false, 4500 },      { &l2tp_protocol, false, 1701 },       { &pptp_protocol, true, 1723 },
        { &ntp_protocol, false, 123 },         { &teredo_protocol, false, 3544 },
    };

    if (size > 0) {
        const size_t i = data[0] % (sizeof choices / sizeof *choices);
        fuzz_conversation(choices[i].p, choices[i].over_tcp, choices[i].port, data + 1, size - 1);
    }
    return 0;
}
