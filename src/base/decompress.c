#include "base/decompress.h"

#include <bzlib.h>
#include <limits.h>
#include <lzma.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/memory.h"

enum { PIECE_BYTES = 64 * 1024, ZSTD_WINDOW_LOG_MAX = 27 /* 128 MiB */, MAGIC_BYTES = 6 };

struct decompress {
    enum decompress_kind kind;
    struct inflate_limit limit;
    struct inflate *inflate;
    ZSTD_DStream *zstd;
    size_t zstd_wants;            /* bytes up to the end of the block; 0 at the beginning of a frame */
    lzma_stream lzma;
    bz_stream bzip2;
    bool bzip2_begun;
    bool between;                 /* a stream ended; whether another begins is not known yet */
    uint8_t magic[MAGIC_BYTES];   /* of what comes behind it, as far as it came */
    size_t magic_len;
    uint64_t padding;             /* zeros behind a stream of xz: a multiple of 4 */
    bool over;                    /* something else stands behind the streams */
    enum inflate_status status;
    uint64_t unused;
    uint64_t bytes_in, bytes_out;
    uint8_t piece[PIECE_BYTES];
};

static const uint8_t zstd_magic[4] = { 0x28, 0xb5, 0x2f, 0xfd };
static const uint8_t xz_magic[MAGIC_BYTES] = { 0xfd, '7', 'z', 'X', 'Z', 0 };

/* "BZh", size of the blocks, then the mark of the first block or of the end. */
static const uint8_t bzip2_magic[3] = { 'B', 'Z', 'h' };

static bool is_bzip2(struct bytes head)
{
    enum { SIZE_AT = 3, MARK_AT = 4 };
    const struct bytes mark = bytes_part(head, MARK_AT, UINT64_MAX);

    return bytes_start_with(head, bzip2_magic, sizeof bzip2_magic) && head.len > MARK_AT && head.at[SIZE_AT] >= '1' &&
           head.at[SIZE_AT] <= '9' &&
           (bytes_start_with(mark, "\x31\x41\x59\x26\x53\x59", 6) ||
            bytes_start_with(mark, "\x17\x72\x45\x38\x50\x90", 6));
}

/* RFC 8878, 3.1.2: 0x184D2A50 to 0x184D2A5F. */
static bool is_skippable(const uint8_t *at)
{
    return (at[0] & 0xf0) == 0x50 && at[1] == 0x2a && at[2] == 0x4d && at[3] == 0x18;
}

enum decompress_kind decompress_kind_of(struct bytes head)
{
    if (bytes_start_with(head, "\x1f\x8b\x08", 3) && head.len >= DECOMPRESS_HEAD_BYTES && (head.at[3] & 0xe0) == 0)
        return DECOMPRESS_GZIP;
    if (bytes_start_with(head, zstd_magic, sizeof zstd_magic))
        return DECOMPRESS_ZSTD;
    if (is_bzip2(head))
        return DECOMPRESS_BZIP2;
    return bytes_start_with(head, xz_magic, sizeof xz_magic) ? DECOMPRESS_XZ : DECOMPRESS_NONE;
}

static bool xz_begin(struct decompress *u)
{
    lzma_end(&u->lzma);
    u->lzma = (lzma_stream)LZMA_STREAM_INIT;
    return lzma_stream_decoder(&u->lzma, DECOMPRESS_MEMORY_MAX, 0) == LZMA_OK;
}

static void bzip2_end(struct decompress *u)
{
    if (u->bzip2_begun)
        BZ2_bzDecompressEnd(&u->bzip2);
    u->bzip2_begun = false;
}

static bool bzip2_begin(struct decompress *u)
{
    bzip2_end(u);
    u->bzip2 = (bz_stream){ .next_in = NULL };
    u->bzip2_begun = BZ2_bzDecompressInit(&u->bzip2, 0, 0) == BZ_OK;
    return u->bzip2_begun;
}

struct decompress *decompress_new(enum decompress_kind kind, struct inflate_limit limit)
{
    struct decompress *u = memory_alloc(sizeof *u);
    bool ok = true;

    *u = (struct decompress){ .kind = kind, .limit = limit, .lzma = LZMA_STREAM_INIT };
    if (kind == DECOMPRESS_GZIP) {
        u->inflate = inflate_new(INFLATE_GZIP, limit);
    } else if (kind == DECOMPRESS_ZSTD) {
        u->zstd = ZSTD_createDStream();
        ok = u->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX));
    } else {
        ok = kind == DECOMPRESS_XZ ? xz_begin(u) : bzip2_begin(u);
    }
    if (!ok)
        u->status = INFLATE_ERROR;
    return u;
}

void decompress_free(struct decompress *u)
{
    if (!u)
        return;
    inflate_free(u->inflate);
    ZSTD_freeDStream(u->zstd);
    lzma_end(&u->lzma);
    bzip2_end(u);
    free(u);
}

uint64_t decompress_unused(const struct decompress *u)
{
    return u->unused + u->magic_len;
}

static bool limit_reached(const struct decompress *u)
{
    if (u->limit.out_bytes_max && u->bytes_out >= u->limit.out_bytes_max)
        return true;
    return u->limit.ratio_max && u->bytes_out > INFLATE_RATIO_FROM && u->bytes_out / u->limit.ratio_max > u->bytes_in;
}

enum step { STEP_MORE, STEP_STREAM_END, STEP_ERROR };

/* One call of the library: how much it took of `in` and gave into u->piece.  Where a call fails, zstd does not say
 * what it gave before: each call gets one block at most, and none as long as more of the last one comes out. */
static enum step zstd_step(struct decompress *u, struct bytes in, size_t room, size_t *taken, size_t *given)
{
    const size_t wanted = u->zstd_wants ? u->zstd_wants : sizeof zstd_magic;
    ZSTD_inBuffer from = { .src = in.at, .size = in.len < wanted ? in.len : wanted };
    ZSTD_outBuffer to = { .dst = u->piece, .size = room };
    const size_t result = ZSTD_decompressStream(u->zstd, &to, &from);

    *taken = from.pos;
    *given = to.pos;
    u->zstd_wants = ZSTD_isError(result) ? 0 : result;
    return ZSTD_isError(result) ? STEP_ERROR : result == 0 ? STEP_STREAM_END : STEP_MORE;
}

static enum step xz_step(struct decompress *u, struct bytes in, size_t room, size_t *taken, size_t *given)
{
    u->lzma.next_in = in.at;
    u->lzma.avail_in = in.len;
    u->lzma.next_out = u->piece;
    u->lzma.avail_out = room;
    const lzma_ret result = lzma_code(&u->lzma, LZMA_RUN);
    *taken = in.len - u->lzma.avail_in;
    *given = room - u->lzma.avail_out;
    if (result == LZMA_STREAM_END)
        return STEP_STREAM_END;
    return result == LZMA_OK || result == LZMA_BUF_ERROR ? STEP_MORE : STEP_ERROR;
}

static enum step bzip2_step(struct decompress *u, struct bytes in, size_t room, size_t *taken, size_t *given)
{
    const unsigned there = in.len > UINT_MAX ? UINT_MAX : (unsigned)in.len;

    u->bzip2.next_in = (char *)(uintptr_t)in.at; /* which it does not write to */
    u->bzip2.avail_in = there;
    u->bzip2.next_out = (char *)u->piece;
    u->bzip2.avail_out = (unsigned)room;
    const int result = BZ2_bzDecompress(&u->bzip2);
    *taken = there - u->bzip2.avail_in;
    *given = room - u->bzip2.avail_out;
    return result == BZ_STREAM_END ? STEP_STREAM_END : result == BZ_OK ? STEP_MORE : STEP_ERROR;
}

static size_t room_for_piece(const struct decompress *u)
{
    const uint64_t left = u->limit.out_bytes_max - u->bytes_out;

    return u->limit.out_bytes_max && left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
}

/* Decompresses up to the end of `in` or of the stream; `in` becomes what was not taken. */
static enum inflate_status run(struct decompress *u, struct bytes *in, inflate_out *out, void *user)
{
    bool full = false;

    do {
        const size_t room = room_for_piece(u);
        const bool was_full = full;
        size_t taken, given;
        const enum step step = u->kind == DECOMPRESS_ZSTD
                                   ? zstd_step(u, bytes_part(*in, 0, full ? 0 : in->len), room, &taken, &given)
                               : u->kind == DECOMPRESS_XZ ? xz_step(u, *in, room, &taken, &given)
                                                          : bzip2_step(u, *in, room, &taken, &given);
        u->bytes_in += taken;
        u->bytes_out += given;
        if (given > 0)
            out(user, (struct bytes){ .at = u->piece, .len = given, .origin = in->origin });
        *in = bytes_part(*in, taken, UINT64_MAX);
        if (step == STEP_ERROR)
            return INFLATE_ERROR;
        if (step == STEP_STREAM_END)
            return INFLATE_END;
        if (limit_reached(u))
            return INFLATE_LIMIT;
        full = given == room; /* more may come out without further input */
        if (taken == 0 && given == 0 && in->len > 0 && !was_full)
            return INFLATE_ERROR; /* the library does not go on */
    } while (in->len > 0 || full);
    return INFLATE_OK;
}

static size_t magic_bytes(const struct decompress *u)
{
    return u->kind == DECOMPRESS_ZSTD ? sizeof zstd_magic : u->kind == DECOMPRESS_XZ
        ? sizeof xz_magic : sizeof bzip2_magic + 1;
}

static bool may_be_magic(const struct decompress *u)
{
    if (u->kind == DECOMPRESS_XZ)
        return memcmp(u->magic, xz_magic, u->magic_len) == 0 && u->padding % 4 == 0;
    if (u->kind == DECOMPRESS_BZIP2)
        return u->magic_len <= sizeof bzip2_magic ? memcmp(u->magic, bzip2_magic, u->magic_len) == 0
                                                  : u->magic[3] >= '1' && u->magic[3] <= '9';
    return memcmp(u->magic, zstd_magic, u->magic_len) == 0 ||
        (u->magic_len < 4 ? (u->magic[0] & 0xf0) == 0x50 : is_skippable(u->magic));
}

/* Between two streams: takes the magic of another, as far as it is there. */
static void look_behind(struct decompress *u, struct bytes *in)
{
    while (in->len > 0 && !u->over && u->magic_len < magic_bytes(u)) {
        if (u->kind == DECOMPRESS_XZ && u->magic_len == 0 && in->at[0] == 0) {
            u->padding++;
        } else {
            u->magic[u->magic_len++] = in->at[0];
            u->over = !may_be_magic(u);
        }
        *in = bytes_part(*in, 1, UINT64_MAX);
    }
}

/* The magic was taken already: the library gets it first. */
static enum inflate_status begin_another(struct decompress *u, inflate_out *out, void *user)
{
    struct bytes magic = { .at = u->magic, .len = u->magic_len };

    u->between = false;
    u->magic_len = 0;
    u->padding = 0;
    if (u->kind == DECOMPRESS_XZ      ? !xz_begin(u)
        : u->kind == DECOMPRESS_BZIP2 ? !bzip2_begin(u)
                                      : ZSTD_isError(ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only)))
        return INFLATE_ERROR;
    return run(u, &magic, out, user);
}

static enum inflate_status feed(struct decompress *u, struct bytes *in, inflate_out *out, void *user)
{
    enum inflate_status status = u->between ? INFLATE_END : INFLATE_OK;

    while (in->len > 0 && !u->over) {
        if (u->between) {
            look_behind(u, in);
            if (u->over || u->magic_len < magic_bytes(u))
                return INFLATE_END;
            status = begin_another(u, out, user);
        } else {
            status = run(u, in, out, user);
            u->between = status == INFLATE_END;
        }
        if (status == INFLATE_ERROR || status == INFLATE_LIMIT)
            return status;
    }
    return status;
}

static enum inflate_status feed_gzip(struct decompress *u, struct bytes *in, inflate_out *out, void *user)
{
    const enum inflate_status status = inflate_feed(u->inflate, *in, out, user);

    *in = bytes_part(*in, in->len - inflate_unused(u->inflate), UINT64_MAX);
    u->over = status == INFLATE_END && in->len > 0;
    return status;
}

enum inflate_status decompress_feed(struct decompress *u, struct bytes in, inflate_out *out, void *user)
{
    if (u->status != INFLATE_ERROR && u->status != INFLATE_LIMIT && !u->over)
        u->status = u->inflate ? feed_gzip(u, &in, out, user) : feed(u, &in, out, user);
    u->unused += in.len;
    return u->status;
}
