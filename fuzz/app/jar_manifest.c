#include "support.h"

#include <stdlib.h>

#include "app/jar_manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(64u << 20);
    struct jar_manifest m;
    struct jar_digest digests[2];

    if (jar_manifest_parse((struct bytes){ .at = data, .len = size }, arena, &m)) {
        for (size_t i = 0; i < m.count; i++) {
            (void)jar_digests(&m.sections[i], "-Digest", i & 1 ? 17 : 24, arena, digests);
            if (text_known(m.sections[i].name) && !jar_section_find(&m, m.sections[i].name))
                abort();
        }
        (void)jar_digests(&m.main, "-Digest-Manifest", 1, arena, digests);
    }
    arena_free(arena);
    return 0;
}
