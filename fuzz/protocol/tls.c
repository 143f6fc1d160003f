#include "conversation.h"
#include "protocol/tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&tls_protocol, true, 443, data, size);
    return 0;
}
