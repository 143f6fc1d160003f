#include "support.h"

#include <stdlib.h>

#include "app/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(16u << 20);
    struct elf elf;
    struct text name;
    size_t at = 0;
    const enum parse_status status = elf_parse((struct bytes){ .at = data, .len = size }, arena, &elf);

    if (status == PARSE_OK)
        while (elf_next_java_name(elf.names, &at, &name))
            if ((const uint8_t *)name.at < data || (size_t)((const uint8_t *)name.at - data) + name.len > size)
                abort();
    if (status != PARSE_INVALID)
        for (uint32_t i = 0; i < elf.symbol_count; i++) {
            struct elf_symbol s;
            if (elf_symbol(&elf, i, &s) && ((const uint8_t *)s.name.at < data ||
                                            (size_t)((const uint8_t *)s.name.at - data) + s.name.len > size))
                abort();
        }
    arena_free(arena);
    return 0;
}
