/* Videos and HEIF: boxes, tracks, items, the formats of timed metadata. */
#include "support.h"

#include <stdlib.h>

#include "media/movie.h"
#include "media/movie_slices.h"

/* Each lies in the file, behind the one before it, and is as long as was asked for. */
static void slices(struct bytes file)
{
    enum { BYTES_MIN = 16 };
    struct movie_slices s;
    struct bytes slice;
    uint64_t behind = 0;

    if (!movie_slices_begin(&s, file))
        return;
    while (movie_slices_next(&s, behind, BYTES_MIN, &slice)) {
        if (slice.origin < behind || slice.len < BYTES_MIN || slice.origin + slice.len > file.len)
            abort();
        behind = slice.origin + slice.len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct reading_options no_options;
    struct reading r = { .facts = fuzz_sink(size), .arena = arena_new(64u << 20), .options = &no_options };
    const struct bytes item = { .at = data, .len = size };

    if (movie_read(&r, item) == PARSE_INVALID && (movie_recognise(item) || heif_recognise(item)))
        abort();
    slices(item);
    arena_free(r.arena);
    return 0;
}
