#include "packet/capture.h"
#include "support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reader(capture_read, data, size);
    return 0;
}
