#include "support.h"

#include "flightlog/ulog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bool known = ulog_recognise((struct bytes){ .at = data, .len = size });
    const uint64_t rows = fuzz_reader(ulog_read, data, size);

    /* What is recognised is read at least that far that it gives a flight. */
    if (known && rows == 0)
        __builtin_trap();
    return 0;
}
