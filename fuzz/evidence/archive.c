#include "support.h"

#include <stdlib.h>

#include "evidence/archive.h"
#include "evidence/format.h"

/* Content is told, and what it is said to be stays the same; an archive's members come one at
 * a time, within the budget, and every damage row lies inside the item. */

static uint64_t given;
static bool open_now;

static bool open_member(struct reading *r, struct text name)
{
    (void)r;
    if (open_now || name.len == 0)
        abort();
    open_now = true;
    return true;
}

static bool add_to_member(struct reading *r, struct bytes piece)
{
    (void)r;
    if (!open_now || piece.len == 0)
        abort();
    given += piece.len;
    return given < (32u << 20); /* no room for more: keeps the fuzzer quick */
}

static void close_member(struct reading *r)
{
    (void)r;
    if (!open_now)
        abort();
    open_now = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct reading_options no_options;
    struct reading r = { .facts = fuzz_sink(size), .arena = arena_new(64u << 20), .options = &no_options,
                         .member_open = open_member, .member_add = add_to_member, .member_close = close_member };
    const struct bytes item = { .at = data, .len = size };
    const struct format *f = format_identify(item);

    given = 0;
    open_now = false;
    if (f && !f->recognise(item))
        abort();
    for (size_t i = 0; i < format_count; i++)
        if (formats[i].recognise(item) && (!f || &formats[i] < f))
            abort();
    if (gzip_recognise(item) || bzip2_recognise(item) || xz_recognise(item) || zstd_recognise(item)) {
        if (compressed_read(&r, item) != PARSE_OK)
            abort();
    } else if (archive_read_members(&r, item) == PARSE_INVALID && r.damage_count == 0) {
        abort(); /* nobody would know why */
    }
    if (open_now)
        abort();
    arena_free(r.arena);
    return 0;
}
