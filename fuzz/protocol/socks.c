#include "conversation.h"
#include "protocol/socks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&socks_protocol, true, 1080, data, size);
    return 0;
}
