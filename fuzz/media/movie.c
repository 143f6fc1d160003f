/* Videos and HEIF: boxes, tracks, items, the formats of timed metadata. */
#include "support.h"

#include <stdlib.h>

#include "media/movie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct reading_options no_options;
    struct reading r = { .facts = fuzz_sink(size), .arena = arena_new(64u << 20), .options = &no_options };
    const struct bytes item = { .at = data, .len = size };

    if (movie_read(&r, item) == PARSE_INVALID && (movie_recognise(item) || heif_recognise(item)))
        abort();
    arena_free(r.arena);
    return 0;
}
