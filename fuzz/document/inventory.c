#include "support.h"

#include "document/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reader(inventory_read, data, size);
    return 0;
}
