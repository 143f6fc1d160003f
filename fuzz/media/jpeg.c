#include "support.h"

#include <stdlib.h>

#include "media/jpeg.h"

/* Members must lie inside the item. */
static struct bytes item;

static void check_member(struct reading *r, struct text name, struct bytes content)
{
    (void)r;
    if (name.len == 0 || content.len == 0 || content.at < item.at || content.len > item.len ||
        (size_t)(content.at - item.at) > item.len - content.len ||
        content.origin != (uint64_t)(content.at - item.at))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct reading_options no_options;
    struct reading r = { .facts = fuzz_sink(size), .arena = arena_new(64u << 20), .options = &no_options,
                         .member = check_member };

    item = (struct bytes){ .at = data, .len = size };
    if (jpeg_read(&r, item) == PARSE_INVALID && jpeg_recognise(item))
        abort(); /* what is recognised can at least be begun */
    arena_free(r.arena);
    return 0;
}
