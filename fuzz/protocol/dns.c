#include "conversation.h"
#include "protocol/dns.h"

/* The first byte chooses the transport. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0)
        fuzz_conversation(&dns_protocol, data[0] & 1, 53, data + 1, size - 1);
    return 0;
}
