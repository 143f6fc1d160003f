#include "support.h"

#include <stdlib.h>

#include "fact/chain_row.h"

/* A geometry is read whole or taken as bytes: what comes out is never longer than what doc/case.md says for it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD_G = 13, HEAD_B = 5 };
    struct buffer row;

    buffer_init(&row, 4 << 20);
    canonical_blob(&row, (struct bytes){ .at = data, .len = size }, true);
    if (row.overflowed || row.len == 0 || (row.at[0] == 'B' ? row.len != size + HEAD_B : row.at[0] != 'G' ||
                                           row.len > size + HEAD_G))
        abort();
    buffer_done(&row);
    return 0;
}
