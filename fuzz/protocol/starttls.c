#include "conversation.h"
#include "protocol/starttls.h"

/* The first byte chooses the protocol. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct { const struct protocol *p; int64_t port; } choices[] = {
        { &xmpp_protocol, 5222 }, { &ldap_protocol, 389 }, { &postgresql_protocol, 5432 }, { &mysql_protocol, 3306 },
    };

    if (size > 0) {
        const size_t i = data[0] % (sizeof choices / sizeof *choices);
        fuzz_conversation(choices[i].p, true, choices[i].port, data + 1, size - 1);
    }
    return 0;
}
