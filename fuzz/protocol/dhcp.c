#include "conversation.h"
#include "protocol/dhcp.h"

/* The first byte chooses the version. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] & 1)
        fuzz_conversation(&dhcpv6_protocol, false, 547, data + 1, size - 1);
    else if (size > 0)
        fuzz_conversation(&dhcp_protocol, false, 67, data + 1, size - 1);
    return 0;
}
