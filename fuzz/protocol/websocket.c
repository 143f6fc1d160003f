#include "conversation.h"
#include "protocol/http1.h"

/* From the upgrade on, so that what the server agrees to is in the fuzzer's reach as well. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&http1_protocol, true, 80, data, size);
    return 0;
}
