#include <stdlib.h>

#include "broadcast/announce_ocusync.h"
#include "support.h"

/* The 176 bytes of a frame whose check sequence was good. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { BLOCK = 176 };
    static const struct ocusync_reception reception = { .at_s = 1, .rate_hz = 15.36e6,
                                                        .frequency_hz = FACT_UNKNOWN_REAL, .symbols = 9 };
    static struct announcement a;

    if (size != BLOCK)
        return 0;
    announcement_init(&a, ANNOUNCE_DJI_OCUSYNC, CARRIER_OCUSYNC);
    announce_ocusync(&a, (struct bytes){ .at = data, .len = size }, &reception);
    if (text_known(a.uas_id) && a.uas_id.len && (a.uas_id.at < (const char *)data ||
                                                 a.uas_id.at + a.uas_id.len > (const char *)data + size))
        abort();
    if (fact_known_real(a.longitude_deg) && !(a.longitude_deg >= -180 && a.longitude_deg <= 180))
        abort();
    if (!text_known(details_text(&a.details)))
        abort();
    return 0;
}
