#include "radio/lanes.h"

#include <stdlib.h>
#include <string.h>

void *lanes_alloc(size_t bytes)
{
    enum { ALIGNMENT = 64 };
    void *at = NULL;

    if (posix_memalign(&at, ALIGNMENT, bytes ? bytes : ALIGNMENT))
        abort(); /* as memory_alloc does */
    memset(at, 0, bytes);
    return at;
}
