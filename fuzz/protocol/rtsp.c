#include "conversation.h"
#include "protocol/rtsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&rtsp_protocol, true, 554, data, size);
    return 0;
}
