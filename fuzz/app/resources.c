#include "support.h"

#include "app/resources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(64u << 20);
    struct resource_table table;
    struct resource_value v;

    const struct bytes whole = { .at = data, .len = size };
    if (resources_parse(whole, arena, &table) != PARSE_INVALID ||
        resources_parse_protobuf(whole, &table) != PARSE_INVALID)
        for (uint32_t i = 0; i < 64; i++)
            (void)resources_find(&table, 0x7f000000 | (i & 7) << 16 | i >> 3, arena, &v);
    arena_free(arena);
    return 0;
}
