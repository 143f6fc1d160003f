#include "conversation.h"
#include "protocol/http2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&http2_protocol, true, 80, data, size);
    return 0;
}
