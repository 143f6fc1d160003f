#include "conversation.h"
#include "protocol/rtmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&rtmp_protocol, true, 1935, data, size);
    return 0;
}
