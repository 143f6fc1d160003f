#include "base/inflate.h"

#include <assert.h>
#include <libdeflate.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"

enum { PIECE_BYTES = 16 * 1024, PREFIX_BYTES = 2 };

struct inflate {
    z_stream z;
    enum inflate_kind kind;
    struct inflate_limit limit;
    enum inflate_status status;
    bool begun;                    /* z is initialised */
    bool later_member;             /* inside a gzip member behind the first, nothing out of it yet */
    uint8_t prefix[PREFIX_BYTES];  /* held until the kind can be told */
    size_t prefix_len, unused;
    uint64_t bytes_in, bytes_out;
};

struct inflate *inflate_new(enum inflate_kind kind, struct inflate_limit limit)
{
    struct inflate *f = memory_alloc_array(1, sizeof *f);

    f->kind = kind;
    f->limit = limit;
    return f;
}

void inflate_free(struct inflate *f)
{
    if (f && f->begun)
        inflateEnd(&f->z);
    free(f);
}

/* A zlib header (RFC 1950, 2.2) has method 8 in its low nibble and is a multiple of
 * 31.  A raw stream beginning so would start with a stored block whose padding bits
 * are not zero, which no encoder writes. */
static enum inflate_kind told_from(const uint8_t prefix[PREFIX_BYTES])
{
    if (prefix[0] == 0x1f && prefix[1] == 0x8b)
        return INFLATE_GZIP;
    if ((prefix[0] & 0x0f) == 8 && prefix[0] >> 4 <= 7 && (prefix[0] << 8 | prefix[1]) % 31 == 0)
        return INFLATE_ZLIB;
    return INFLATE_RAW;
}

static void *allocate(void *user, unsigned count, unsigned size)
{
    (void)user;
    return memory_alloc_array(count, size);
}

static void give_back(void *user, void *piece)
{
    (void)user;
    free(piece);
}

static void begin(struct inflate *f)
{
    const int window_bits = f->kind == INFLATE_GZIP ? 15 + 16 : f->kind == INFLATE_ZLIB ? 15 : -15;

    f->z.zalloc = allocate;
    f->z.zfree = give_back;
    const int result = inflateInit2(&f->z, window_bits);
    assert(result == Z_OK);
    (void)result;
    f->begun = true;
}

static bool limit_reached(const struct inflate *f)
{
    if (f->limit.out_bytes_max && f->bytes_out >= f->limit.out_bytes_max)
        return true;
    return f->limit.ratio_max && f->bytes_out > INFLATE_RATIO_FROM &&
           f->bytes_out / f->limit.ratio_max > f->bytes_in;
}

static size_t room_for_piece(const struct inflate *f)
{
    if (f->limit.out_bytes_max && f->limit.out_bytes_max - f->bytes_out < PIECE_BYTES)
        return (size_t)(f->limit.out_bytes_max - f->bytes_out);
    return PIECE_BYTES;
}

/* Decompresses all of `in`, or up to where the stream ends or fails; leaves in
 * f->unused what was not taken. */
static enum inflate_status decompress(struct inflate *f, struct bytes in, inflate_out *out, void *user)
{
    uint8_t piece[PIECE_BYTES];

    /* A full piece means that more may come out without further input. */
    do {
        const size_t offered = in.len < UINT32_MAX ? in.len : UINT32_MAX; /* avail_in is 32 bits wide */
        const size_t room = room_for_piece(f);
        f->z.next_in = (Bytef *)(uintptr_t)in.at;
        f->z.avail_in = (uInt)offered;
        f->z.next_out = piece;
        f->z.avail_out = (uInt)room;

        const int result = inflate(&f->z, Z_NO_FLUSH);
        const size_t taken = offered - f->z.avail_in, given = room - f->z.avail_out;
        f->bytes_in += taken;
        f->bytes_out += given;
        if (given > 0) {
            f->later_member = false;
            out(user, (struct bytes){ .at = piece, .len = given, .origin = in.origin });
        }
        in = bytes_part(in, taken, in.len);
        f->unused = in.len;

        if (result == Z_STREAM_END)
            return INFLATE_END;
        if (result == Z_BUF_ERROR && in.len == 0)
            return INFLATE_OK;
        if (result != Z_OK)
            return INFLATE_ERROR;
        if (limit_reached(f))
            return INFLATE_LIMIT;
    } while (in.len > 0 || f->z.avail_out == 0);
    return INFLATE_OK;
}

enum inflate_status inflate_feed(struct inflate *f, struct bytes in, inflate_out *out, void *user)
{
    f->unused = in.len;
    if (f->status == INFLATE_ERROR || f->status == INFLATE_LIMIT || in.len == 0)
        return f->status;

    if (!f->begun && f->kind == INFLATE_AUTO) {
        while (f->prefix_len < PREFIX_BYTES && in.len > 0) {
            f->prefix[f->prefix_len++] = in.at[0];
            in = bytes_part(in, 1, in.len);
        }
        f->unused = 0;
        if (f->prefix_len < PREFIX_BYTES)
            return INFLATE_OK;
        f->kind = told_from(f->prefix);
        begin(f);
        const struct bytes prefix = { .at = f->prefix, .len = PREFIX_BYTES, .origin = in.origin };
        f->status = decompress(f, prefix, out, user);
        f->unused = f->status == INFLATE_OK ? 0 : in.len;
        if (f->status == INFLATE_ERROR || f->status == INFLATE_LIMIT || in.len == 0)
            return f->status;
    } else if (!f->begun) {
        begin(f);
    }

    if (f->status == INFLATE_OK)
        f->status = decompress(f, in, out, user);
    /* RFC 1952, 2.2: members simply follow each other. */
    while (f->status == INFLATE_END && f->kind == INFLATE_GZIP && f->unused > 0) {
        in = bytes_part(in, in.len - f->unused, f->unused);
        if (in.at[0] != 0x1f || (in.len > 1 && in.at[1] != 0x8b))
            break;
        inflateReset(&f->z);
        f->later_member = true;
        f->status = decompress(f, in, out, user);
    }
    /* What only looked like another member is something behind the stream. */
    if (f->status == INFLATE_ERROR && f->later_member)
        f->status = INFLATE_END;
    return f->status;
}

size_t inflate_unused(const struct inflate *f)
{
    return f->unused;
}

uint64_t inflate_bytes_in(const struct inflate *f)
{
    return f->bytes_in;
}

uint64_t inflate_bytes_out(const struct inflate *f)
{
    return f->bytes_out;
}

bool inflate_whole(struct bytes in, uint8_t *out, size_t out_bytes)
{
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    size_t taken, given;

    const bool done = d && libdeflate_deflate_decompress_ex(d, in.at, in.len, out, out_bytes, &taken,
                                                            &given) == LIBDEFLATE_SUCCESS &&
                      given == out_bytes;
    libdeflate_free_decompressor(d);
    return done;
}

uint32_t inflate_crc32(struct bytes b)
{
    return libdeflate_crc32(0, b.at, b.len);
}
