#include "support.h"

#include "document/bill_of_materials.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reader(spdx_read, data, size);
    return 0;
}
