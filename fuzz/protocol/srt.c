#include "conversation.h"
#include "protocol/srt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&srt_protocol, false, 9000, data, size);
    return 0;
}
