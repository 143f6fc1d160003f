#include "support.h"

#include <stdlib.h>

#include "fact/wire.h"

/* Puts the rows that travelled with `row` again; gives how many there were. */
static size_t take_more(struct wire_run *run, struct wire_more *more, void *row)
{
    size_t count = 0;

    for (; wire_has_more(more) && wire_more(more, row) == PARSE_OK; count++)
        if (!wire_put(run, more->kind, row, ((const struct fact_head *)row)->number))
            abort();
    return count;
}

static size_t count_rows(struct bytes encoded, struct arena *arena)
{
    struct cursor c = cursor_over(encoded);
    struct wire_more more;
    enum fact_kind kind;
    size_t count = 0;
    void *row;

    for (; c.rest.len > 0; count++) {
        if (wire_decode(&c, arena, &kind, &row, &more) != PARSE_OK)
            abort();
        for (; wire_has_more(&more); count++)
            if (wire_more(&more, row) != PARSE_OK)
                abort();
    }
    return count;
}

/* What decodes must encode again, and decode to as many rows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(64 << 20);
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });
    struct wire_more more;
    struct buffer again;
    struct wire_run run;
    enum fact_kind kind;
    void *row;

    buffer_init(&again, 8 << 20);
    wire_run_init(&run, &again);
    while (c.rest.len > 0 && wire_decode(&c, arena, &kind, &row, &more) == PARSE_OK) {
        buffer_clear(&again);
        wire_run_end(&run);
        if (!wire_put(&run, kind, row, ((const struct fact_head *)row)->number))
            abort();
        const size_t expected = 1 + take_more(&run, &more, row);
        if (count_rows((struct bytes){ .at = again.at, .len = again.len }, arena) != expected)
            abort();
    }
    buffer_done(&again);
    arena_free(arena);
    return 0;
}
