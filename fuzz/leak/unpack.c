/* Decompression in pieces, by the method that the first byte says: what comes out does not depend on the pieces, and
 * stops when it is refused. */
#include "support.h"

#include <stdlib.h>

#include "base/hash.h"
#include "leak/unpack.h"

enum { OUT_MAX = 1 << 20 };

struct out {
    uint64_t bytes, hash;
    enum unpack_status status;
};

static bool take(void *user, struct bytes piece)
{
    struct out *o = user;

    if (piece.len == 0 || piece.len > 16 * 1024 || o->bytes > OUT_MAX)
        abort();
    for (size_t i = 0; i < piece.len; i++)
        o->hash = o->hash * 31 + piece.at[i];
    o->bytes += piece.len;
    return o->bytes < OUT_MAX;
}

static struct out unpack(enum unpack_kind kind, struct bytes in, size_t step)
{
    struct unpack *u = unpack_new(kind);
    struct out o = { 0 };
    enum unpack_status status = UNPACK_OK;

    while (in.len > 0 && status == UNPACK_OK) {
        size_t unused;
        const size_t n = in.len < step ? in.len : step;
        status = unpack_feed(u, (struct bytes){ .at = in.at, .len = n }, take, &o, &unused);
        if (unused > n)
            abort();
        in = bytes_part(in, n, UINT64_MAX);
    }
    unpack_free(u);
    o.status = status;
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const enum unpack_kind kind = (enum unpack_kind)(data[0] % UNPACK_KINDS);
    const struct bytes in = { .at = data + 2, .len = size - 2 };
    const struct out whole = unpack(kind, in, size), pieces = unpack(kind, in, 1 + data[1]);
    /* A fault may be seen before or behind what came out last. */
    if (whole.status == UNPACK_END && pieces.status == UNPACK_END &&
        (whole.bytes != pieces.bytes || whole.hash != pieces.hash))
        abort();
    (void)unpack_fits(kind, in, data[1] & 1);
    return 0;
}
