#include "support.h"

#include <stdlib.h>

#include "fact/wire.h"

/* What decodes must encode again, and decode to the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(64 << 20);
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });
    struct buffer again;
    enum fact_kind kind;
    void *row;

    buffer_init(&again, 4 << 20);
    while (c.rest.len > 0 && wire_decode(&c, arena, &kind, &row) == PARSE_OK) {
        buffer_clear(&again);
        const struct fact_head *head = row;
        if (!wire_encode(&again, kind, row, head->number))
            abort();
        struct cursor back = cursor_over((struct bytes){ .at = again.at, .len = again.len });
        if (wire_decode(&back, arena, &kind, &row) != PARSE_OK || back.rest.len != 0)
            abort();
    }
    buffer_done(&again);
    arena_free(arena);
    return 0;
}
