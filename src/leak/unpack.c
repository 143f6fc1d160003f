#include "leak/unpack.h"

#include <brotli/decode.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/inflate.h"
#include "base/memory.h"

enum { PIECE_BYTES = 16 * 1024, ZSTD_WINDOW_LOG_MAX = 23 };

struct unpack {
    enum unpack_kind kind;
    struct inflate *inflate;
    ZSTD_DStream *zstd;
    BrotliDecoderState *brotli;
    bool (*out)(void *user, struct bytes piece);
    void *user;
    bool refused;
};

const char *unpack_name(enum unpack_kind kind)
{
    static const char *const names[UNPACK_KINDS] = {
        [UNPACK_GZIP] = "gzip", [UNPACK_ZLIB] = "zlib", [UNPACK_DEFLATE] = "deflate", [UNPACK_ZSTD] = "zstd",
        [UNPACK_BROTLI] = "brotli",
    };

    return names[kind];
}

struct unpack *unpack_new(enum unpack_kind kind)
{
    static const enum inflate_kind inflate_kinds[] = {
        [UNPACK_GZIP] = INFLATE_GZIP, [UNPACK_ZLIB] = INFLATE_ZLIB, [UNPACK_DEFLATE] = INFLATE_RAW,
    };
    struct unpack *u = memory_alloc_array(1, sizeof *u);

    u->kind = kind;
    if (kind == UNPACK_ZSTD) {
        u->zstd = ZSTD_createDStream();
        if (u->zstd)
            ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
    } else if (kind == UNPACK_BROTLI) {
        u->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    } else {
        u->inflate = inflate_new(inflate_kinds[kind], (struct inflate_limit){ 0 });
    }
    return u;
}

void unpack_free(struct unpack *u)
{
    if (!u)
        return;
    inflate_free(u->inflate);
    ZSTD_freeDStream(u->zstd);
    if (u->brotli)
        BrotliDecoderDestroyInstance(u->brotli);
    free(u);
}

static void inflated(void *user, struct bytes piece)
{
    struct unpack *u = user;

    if (!u->refused && !u->out(u->user, piece))
        u->refused = true;
}

static enum unpack_status feed_inflate(struct unpack *u, struct bytes in, size_t *unused)
{
    enum inflate_status status = INFLATE_OK;

    /* In small pieces, so that a refusal stops a bomb soon: each may become a thousand times as much. */
    while (in.len > 0 && status == INFLATE_OK && !u->refused) {
        const size_t n = in.len < 256 ? in.len : 256;
        status = inflate_feed(u->inflate, (struct bytes){ .at = in.at, .len = n }, inflated, u);
        in = bytes_part(in, n - inflate_unused(u->inflate), in.len);
    }
    *unused = in.len;
    return u->refused || (status != INFLATE_OK && status != INFLATE_END) ? UNPACK_ERROR :
           status == INFLATE_END ? UNPACK_END : UNPACK_OK;
}

static enum unpack_status feed_zstd(struct unpack *u, struct bytes in, size_t *unused)
{
    uint8_t piece[PIECE_BYTES];
    ZSTD_inBuffer from = { in.at, in.len, 0 };

    for (;;) {
        ZSTD_outBuffer to = { piece, sizeof piece, 0 };
        const size_t result = ZSTD_decompressStream(u->zstd, &to, &from);
        const bool error = ZSTD_isError(result);
        *unused = in.len - from.pos;
        if (to.pos > 0 && !u->out(u->user, (struct bytes){ .at = piece, .len = to.pos }))
            return UNPACK_ERROR;
        if (error)
            return UNPACK_ERROR;
        if (result == 0)
            return UNPACK_END;
        if (from.pos == from.size && to.pos < to.size)
            return UNPACK_OK;
    }
}

static enum unpack_status feed_brotli(struct unpack *u, struct bytes in, size_t *unused)
{
    uint8_t piece[PIECE_BYTES];
    const uint8_t *next = in.at;
    size_t left = in.len;

    for (;;) {
        uint8_t *to = piece;
        size_t room = sizeof piece;
        const BrotliDecoderResult result = BrotliDecoderDecompressStream(u->brotli, &left, &next, &room, &to, NULL);
        *unused = left;
        if (room < sizeof piece && !u->out(u->user, (struct bytes){ .at = piece, .len = sizeof piece - room }))
            return UNPACK_ERROR;
        if (result == BROTLI_DECODER_RESULT_ERROR)
            return UNPACK_ERROR;
        if (result == BROTLI_DECODER_RESULT_SUCCESS)
            return UNPACK_END;
        if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
            return UNPACK_OK;
    }
}

enum unpack_status unpack_feed(struct unpack *u, struct bytes in, bool (*out)(void *user, struct bytes piece),
                               void *user,
                               size_t *ret_unused)
{
    u->out = out;
    u->user = user;
    *ret_unused = in.len;
    if (u->inflate)
        return feed_inflate(u, in, ret_unused);
    if (u->zstd)
        return feed_zstd(u, in, ret_unused);
    return u->brotli ? feed_brotli(u, in, ret_unused) : UNPACK_ERROR;
}

static bool count_out(void *user, struct bytes piece)
{
    size_t *total = user;

    *total += piece.len;
    return true;
}

bool unpack_fits(enum unpack_kind kind, struct bytes b, bool whole)
{
    enum { OUT_MIN = 16, HEADER_MAX = 100 }; /* the code lengths of a block alone may take so many bytes */
    struct unpack *u = unpack_new(kind);
    size_t total = 0, unused;
    const enum unpack_status status = unpack_feed(u, b, count_out, &total, &unused);

    unpack_free(u);
    return status == UNPACK_END ? total >= OUT_MIN && unused * 2 < b.len : status == UNPACK_OK && !whole &&
        (total >= OUT_MIN || b.len < HEADER_MAX);
}
