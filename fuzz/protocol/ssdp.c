#include "conversation.h"
#include "protocol/ssdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&ssdp_protocol, false, 1900, data, size);
    return 0;
}
