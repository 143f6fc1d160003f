#include "support.h"

#include <stdlib.h>

#include "app/manifest.h"

static uint64_t sum(struct text t)
{
    uint64_t s = 0;

    for (size_t i = 0; i < t.len; i++)
        s += (unsigned char)t.at[i];
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(64u << 20);
    struct manifest m;
    uint64_t all = 0;

    if (manifest_parse((struct bytes){ .at = data, .len = size }, NULL, arena, &m) != PARSE_INVALID) {
        for (size_t i = 0; i < m.part_count; i++)
            all += sum(m.parts[i].name) + sum(m.parts[i].permission) + manifest_exported(&m, &m.parts[i]);
        for (size_t i = 0; i < m.permission_count; i++)
            all += sum(m.permissions[i].name);
        all += sum(m.package) + sum(m.version_name);
    }
    if (all == UINT64_MAX)
        abort();
    arena_free(arena);
    return 0;
}
