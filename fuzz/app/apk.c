#include "support.h"

#include <stdlib.h>

#include "app/apk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes whole = { .at = data, .len = size };
    const bool bundle = aab_recognise(whole);

    if (apk_recognise(whole) || bundle)
        (void)fuzz_reader(bundle ? aab_read : apk_read, data, size);
    return 0;
}
