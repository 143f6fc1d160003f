#include <stdlib.h>

#include "radio/sigmf.h"
#include "support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes whole = { .at = data, .len = size };
    struct sigmf s;

    (void)sigmf_meta_recognise(whole);
    (void)sigmf_parse(whole, &s);
    if (s.type < IQ_UNKNOWN || s.type >= IQ_TYPES || s.trailing < 0 || s.header < 0 || s.channels < 1)
        abort();
    fuzz_reader(sigmf_meta_read, data, size);
    return 0;
}
