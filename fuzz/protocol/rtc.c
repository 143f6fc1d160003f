#include "conversation.h"
#include "protocol/rtc.h"

/* The first byte chooses which of them meets the conversation first, and the transport. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct protocol *const first[] = { &stun_protocol, &dtls_protocol, &rtp_protocol };

    if (size > 0 && data[0] == 3)
        fuzz_conversation(&stun_protocol, true, 3478, data + 1, size - 1);
    else if (size > 0)
        fuzz_conversation(first[data[0] % 3], false, 3478, data + 1, size - 1);
    return 0;
}
