/* What a picture looks like: decoded by libjpeg-turbo within limits; the hash reads back as it was written. */
#include "support.h"

#include <stdlib.h>

#include "media/picture_hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct picture_hash h, again;
    char hex[PICTURE_HASH_HEX];

    if (!picture_hash_of((struct bytes){ .at = data, .len = size }, &h))
        return 0;
    picture_hash_write(h, hex);
    if (!picture_hash_read((struct text){ hex, sizeof hex }, &again) || picture_hash_distance(h, again) != 0)
        abort();
    return 0;
}
