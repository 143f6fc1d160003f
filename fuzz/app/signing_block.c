#include "support.h"

#include <stdlib.h>

#include "app/signing_block.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes value = { .at = data, .len = size };

    for (int scheme = 0; scheme < 2; scheme++) {
        struct arena *arena = arena_new(16u << 20);
        struct block_signers s;
        block_signers_verify((enum block_scheme)scheme, value, NULL, arena, &s);
        for (size_t i = 0; i < s.count; i++) {
            const struct bytes c = s.signers[i].certificate;
            if (c.len && (c.at < data || (size_t)(c.at - data) + c.len > size))
                abort();
            if (s.signers[i].valid)
                abort(); /* there is no content that could match */
        }
        arena_free(arena);
    }
    return 0;
}
