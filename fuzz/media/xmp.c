#include "support.h"

#include <stdlib.h>

#include "media/photo_xmp.h"
#include "media/xmp.h"

/* Every view lies inside the packet, and no value grows by being decoded. */
static void check_scan(struct bytes packet)
{
    struct arena *a = arena_new(16u << 20);
    struct xmp_property p;
    struct xmp_scan s;

    for (xmp_scan_init(&s, packet); xmp_next(&s, &p); ) {
        if (p.value.len == 0 || p.value.at < packet.at || p.value.at + p.value.len > packet.at + packet.len ||
            p.value.origin != (uint64_t)(p.value.at - packet.at) || !text_known(p.name.local))
            abort();
        if (xml_text(a, p.value).len > p.value.len)
            abort();
    }
    if (s.xml.rest.len > 0 && s.status != PARSE_UNSUPPORTED)
        abort();
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct reading_options no_options;
    struct reading r = { .facts = fuzz_sink(size), .arena = arena_new(64u << 20), .options = &no_options };
    struct photo p;

    check_scan((struct bytes){ .at = data, .len = size });
    photo_init(&p, &r, "xmp", size);
    photo_read_xmp(&p, pieces_one((struct bytes){ .at = data, .len = size }), "XMP");
    photo_put(&p);
    arena_free(r.arena);
    return 0;
}
