#include "base/decompress.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* How many pieces; their sizes, a byte each; then gzip, zstd, xz or bzip2.  Fed in these pieces it gives what it gives
 * as a whole, and never more than the limits allow. */
enum { OUT_MAX = 1 << 20, PIECE_MAX = 64 * 1024 };

struct unpacked {
    enum inflate_status status;
    uint64_t unused;
    size_t len;
    uint8_t at[OUT_MAX];
};

static void keep(void *user, struct bytes out)
{
    struct unpacked *u = user;

    if (out.len == 0 || out.len > PIECE_MAX || out.len > OUT_MAX - u->len)
        abort();
    memcpy(u->at + u->len, out.at, out.len);
    u->len += out.len;
}

static void unpack(enum decompress_kind kind, struct bytes in, struct bytes sizes, struct unpacked *ret)
{
    struct decompress *u = decompress_new(kind, (struct inflate_limit){ .out_bytes_max = OUT_MAX });
    size_t from = 0;

    ret->len = 0;
    ret->status = INFLATE_OK;
    for (size_t i = 0; i <= sizes.len; i++) {
        const size_t size = i < sizes.len && sizes.at[i] < in.len - from ? sizes.at[i] : in.len - from;
        if (size == 0)
            continue;
        uint8_t *piece = malloc(size); /* exact, so that reading beyond it shows */
        memcpy(piece, in.at + from, size);
        ret->status = decompress_feed(u, (struct bytes){ .at = piece, .len = size, .origin = from }, keep, ret);
        free(piece);
        from += size;
    }
    ret->unused = decompress_unused(u);
    if (ret->unused > in.len)
        abort();
    decompress_free(u);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct unpacked as_whole, in_pieces;
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });
    const struct bytes sizes = cursor_take(&c, cursor_u8(&c));
    const enum decompress_kind kind = decompress_kind_of(c.rest);

    if (c.failed || kind == DECOMPRESS_NONE)
        return 0;
    const struct bytes in = { .at = c.rest.at, .len = c.rest.len };
    unpack(kind, in, (struct bytes){ .at = NULL }, &as_whole);
    unpack(kind, in, sizes, &in_pieces);
    if (as_whole.status != in_pieces.status || as_whole.len != in_pieces.len ||
        memcmp(as_whole.at, in_pieces.at, as_whole.len) != 0)
        abort();
    return 0;
}
