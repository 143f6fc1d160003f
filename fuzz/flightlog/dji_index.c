#include "support.h"

#include "flightlog/dji_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reader(dji_index_read, data, size);
    return 0;
}
