#include "support.h"

#include <stdlib.h>

#include "media/png.h"
#include "media/png_pixels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct reading_options no_options;
    struct reading r = { .facts = fuzz_sink(size), .arena = arena_new(64u << 20), .options = &no_options };
    const struct bytes item = { .at = data, .len = size };

    if ((png_read(&r, item) == PARSE_INVALID) == png_recognise(item))
        abort();
    const struct png_pixels px = png_pixels(item);
    if (px.until > size || px.from > px.until || (px.whole && !px.there))
        abort();
    arena_free(r.arena);
    return 0;
}
