#include <stdlib.h>

#include "base/timestamp.h"
#include "broadcast/broadcast.h"
#include "broadcast/bluetooth_frame.h"
#include "broadcast/wifi_header.h"
#include "support.h"

/* The first byte picks the link type; then frames, each behind its length in two bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t link_types[] = {
        LINKTYPE_IEEE802_11, LINKTYPE_RADIOTAP, LINKTYPE_PRISM, LINKTYPE_AVS, LINKTYPE_PPI,
        LINKTYPE_BLE_LL, LINKTYPE_BLE_LL_PHDR, LINKTYPE_NORDIC_BLE,
    };
    static const struct reading_options no_options;
    struct reading r = { .facts = fuzz_sink(size), .arena = arena_new(64u << 20), .options = &no_options };
    struct broadcasts *b = broadcasts_new(&r);
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });
    const uint32_t link_type = link_types[cursor_u8(&c) % (sizeof link_types / sizeof *link_types)];
    struct frame frame = { .link_type = link_type, .at_utc_ns = 1750000000 * NS_PER_S };

    while (c.rest.len > 0) {
        const size_t len = cursor_u16le(&c);
        struct link_layer link;
        frame.record_offset = c.rest.origin;
        frame.data = cursor_take(&c, len < c.rest.len ? len : c.rest.len);
        frame.original_len = len > frame.data.len ? len : frame.data.len;
        frame.at_utc_ns += NS_PER_S / 2;
        frame.number++;
        if (broadcasts_frame(b, &frame, &link) == LINK_IP && link.ip.len > 0 &&
            (link.ip.at < frame.data.at || link.ip.at + link.ip.len > frame.data.at + frame.data.len))
            abort();
    }
    broadcasts_end(b);
    arena_free(r.arena);
    return 0;
}
