#include "conversation.h"
#include "protocol/http1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&http1_protocol, true, 80, data, size);
    return 0;
}
