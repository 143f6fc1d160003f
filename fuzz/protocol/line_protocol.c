#include "conversation.h"
#include "protocol/ftp_data.h"
#include "protocol/line_protocol.h"

/* The first byte chooses the protocol. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct { const struct protocol *p; int64_t port; } choices[] = {
        { &smtp_protocol, 25 }, { &ftp_protocol, 21 }, { &imap_protocol, 143 }, { &pop3_protocol, 110 }, { &ssh_protocol, 22 },
        { &ftp_data_protocol, 51201 },
    };

    if (size > 0) {
        const size_t i = data[0] % (sizeof choices / sizeof *choices);
        fuzz_conversation(choices[i].p, true, choices[i].port, data + 1, size - 1);
    }
    return 0;
}
