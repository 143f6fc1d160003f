#include "scrub/repack.h"

#include <zlib.h>

#include "base/buffer.h"
#include "base/inflate.h"

enum { HEAD_BYTES = 2, SUM_BYTES = 4, EMPTY_BYTES = 5 };

static void add(void *user, struct bytes out)
{
    (void)buffer_add(user, out.at, out.len);
}

bool repack_open(struct arena *arena, struct bytes packed, uint8_t **ret_plain, size_t *ret_plain_bytes,
                 size_t *ret_packed_bytes)
{
    struct inflate *f = inflate_new(INFLATE_ZLIB, (struct inflate_limit){ REPACK_PLAIN_MAX, INFLATE_RATIO_POSSIBLE });
    struct buffer whole;

    buffer_init(&whole, REPACK_PLAIN_MAX);
    const bool ended = inflate_feed(f, packed, add, &whole) == INFLATE_END;
    *ret_packed_bytes = packed.len - inflate_unused(f);
    *ret_plain_bytes = whole.len;
    *ret_plain = ended ? arena_alloc(arena, whole.len + 1, 1) : NULL;
    if (*ret_plain && whole.len > 0)
        memcpy(*ret_plain, whole.at, whole.len);
    buffer_done(&whole);
    inflate_free(f);
    return *ret_plain != NULL;
}

/* RFC 1951, 3.2.3: a block of no bytes takes ten bits with fixed codes, and stored three, what is missing to a
 * whole byte, and four bytes.  By these the stream ends, the last of them being its last: 0 to 4 bytes
 * longer than it must. */
static const struct {
    uint8_t bytes[6], len;
} ends[EMPTY_BYTES] = {
    { { 0x03, 0x00 }, 2 },                         /* fixed */
    { { 0x02, 0x0c, 0x00 }, 3 },                   /* two of them */
    { { 0x02, 0x08, 0x30, 0x00 }, 4 },             /* three */
    { { 0x02, 0x08, 0x20, 0xc0, 0x00 }, 5 },       /* four */
    { { 0x02, 0x04, 0x00, 0x00, 0xff, 0xff }, 6 }, /* a fixed one and a stored one */
};

static const uint8_t empty[EMPTY_BYTES] = { 0x00, 0x00, 0x00, 0xff, 0xff };

/* Head and blocks, up to a whole byte and without an end; 0: they take more than `room`. */
static size_t pack(struct bytes plain, uint8_t *to, size_t room)
{
    enum { WINDOW_BITS = 15, MEMORY_MOST = 9 };
    z_stream z = { .next_in = (uint8_t *)plain.at, .avail_in = (uInt)plain.len, .next_out = to,
                   .avail_out = (uInt)room };
    size_t packed = 0;

    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW_BITS, MEMORY_MOST, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    if (deflate(&z, Z_SYNC_FLUSH) == Z_OK && z.avail_in == 0 && z.avail_out > 0)
        packed = room - z.avail_out;
    (void)deflateEnd(&z);
    return packed;
}

static void put_end(uint8_t *to, size_t n, size_t room, struct bytes plain)
{
    const size_t spare = room - SUM_BYTES - ends[0].len - n;

    for (size_t i = 0; i < spare / EMPTY_BYTES; i++, n += EMPTY_BYTES)
        memcpy(to + n, empty, EMPTY_BYTES);
    memcpy(to + n, ends[spare % EMPTY_BYTES].bytes, ends[spare % EMPTY_BYTES].len);
    const uint32_t sum = (uint32_t)adler32(adler32(0, NULL, 0), plain.at, (uInt)plain.len);
    for (int i = 0; i < SUM_BYTES; i++)
        to[room - SUM_BYTES + i] = (uint8_t)(sum >> 8 * (SUM_BYTES - 1 - i));
}

/* The block of no bytes with which a flush ends can be spared where room is scarce, if all five bytes are its own. */
static bool is_spared(struct arena *arena, uint8_t *to, size_t n, size_t room, struct bytes plain)
{
    uint8_t *again = arena_alloc(arena, plain.len + 1, 1);

    if (!again || memcmp(to + n, empty, EMPTY_BYTES) != 0)
        return false;
    put_end(to, n, room, plain);
    return inflate_whole((struct bytes){ .at = to + HEAD_BYTES, .len = room - HEAD_BYTES - SUM_BYTES }, again,
                         plain.len) && memcmp(again, plain.at, plain.len) == 0;
}

uint8_t *repack_close(struct arena *arena, struct bytes plain, size_t room)
{
    enum { END_BYTES = 2 + SUM_BYTES }; /* the shortest of `ends` */
    /* What comes out may be longer than what can be kept of it. */
    uint8_t *const to = room <= REPACK_PLAIN_MAX && plain.len <= REPACK_PLAIN_MAX
        ? arena_alloc(arena, room + EMPTY_BYTES, 1) : NULL;
    const size_t n = to ? pack(plain, to, room + EMPTY_BYTES) : 0;

    if (n == 0)
        return NULL;
    if (n + END_BYTES <= room)
        put_end(to, n, room, plain);
    else if (n < HEAD_BYTES + EMPTY_BYTES || n - EMPTY_BYTES + END_BYTES > room ||
             !is_spared(arena, to, n - EMPTY_BYTES, room, plain))
        return NULL;
    return to;
}
