#include "support.h"

#include "flightlog/dataflash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes whole = { .at = data, .len = size };
    const bool binary = dataflash_recognise(whole), text = dataflash_text_recognise(whole);
    const uint64_t rows = fuzz_reader(dataflash_read, data, size),
        text_rows = fuzz_reader(dataflash_text_read, data, size);

    /* What is recognised is read at least that far that it gives a flight. */
    if ((binary && rows == 0) || (text && text_rows == 0))
        __builtin_trap();
    return 0;
}
