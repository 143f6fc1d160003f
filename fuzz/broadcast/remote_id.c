#include <stdlib.h>

#include "broadcast/announce_remote_id.h"
#include "broadcast/authentication.h"
#include "support.h"

/* The content of any carrier, from the counter on. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct announcement a;
    struct authentication pages = { 0 };
    struct remote_id r;

    announcement_init(&a, ANNOUNCE_REMOTE_ID, CARRIER_WIFI_BEACON);
    if (!announce_remote_id(&a, (struct bytes){ .at = data, .len = size }, &r))
        return 0;
    if (r.messages > size / REMOTE_ID_MESSAGE || r.basic_count > REMOTE_ID_IDS_MAX)
        abort();
    for (unsigned i = 0; i < r.basic_count; i++)
        if (r.basic[i].id.len != 20 || r.basic[i].id.at < data || r.basic[i].id.at + 20 > data + size)
            abort();
    if (authentication_add(&pages, &r) == AUTHENTICATION_WHOLE)
        authentication_details(&pages, NULL, &a.details);
    const struct text details = details_text(&a.details);
    if (!text_known(details)) /* 255 bytes of content never fill it */
        abort();
    return 0;
}
