#include "media/png_pixels.h"

#include "base/inflate.h"
#include "media/png_walk.h"

/* More than any camera has, and some seconds of work. */
static const uint64_t UNPACKED_MAX = UINT64_C(4) << 30;

struct header {
    uint64_t width, height;
    unsigned bits_per_pixel; /* 0: none that the format allows */
    bool interlaced;
};

struct stream {
    struct inflate *inflate; /* NULL: none is open */
    uint64_t expected;       /* bytes of all rows */
    bool ended, failed;
};

static bool take_header(struct bytes body, struct header *ret)
{
    static const uint8_t channels[7] = { [0] = 1, [2] = 3, [3] = 1, [4] = 2, [6] = 4 };
    struct cursor c = cursor_over(body);

    ret->width = cursor_u32be(&c);
    ret->height = cursor_u32be(&c);
    const uint8_t depth = cursor_u8(&c), colour = cursor_u8(&c);
    cursor_skip(&c, 2);
    const uint8_t interlace = cursor_u8(&c);
    if (c.failed || depth == 0 || depth > 16 || (depth & (depth - 1)) || colour > 6 || interlace > 1)
        return false;
    ret->bits_per_pixel = depth * channels[colour];
    ret->interlaced = interlace == 1;
    return ret->bits_per_pixel > 0;
}

/* Each row has a byte for its filter; a picture without a pixel has no rows. */
static uint64_t bytes_of_rows(const struct header *h, uint64_t width, uint64_t height)
{
    uint64_t bytes;

    if (width == 0 || height == 0)
        return 0;
    return __builtin_mul_overflow(1 + (width * h->bits_per_pixel + 7) / 8, height, &bytes) ? UINT64_MAX : bytes;
}

/* The seven pictures of Adam7 (section 8.1): where each begins, and its steps. */
static uint64_t bytes_of_picture(const struct header *h, uint64_t width, uint64_t height)
{
    static const struct {
        uint8_t x, y, step_x, step_y;
    } passes[] = { { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 }, { 0, 2, 2, 4 }, { 1, 0, 2, 2 },
                   { 0, 1, 1, 2 } };
    uint64_t sum = 0;

    if (!h->interlaced)
        return bytes_of_rows(h, width, height);
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        const uint64_t columns = width > passes[i].x
            ? (width - passes[i].x + passes[i].step_x - 1) / passes[i].step_x : 0;
        const uint64_t rows = height > passes[i].y
            ? (height - passes[i].y + passes[i].step_y - 1) / passes[i].step_y : 0;
        if (__builtin_add_overflow(sum, bytes_of_rows(h, columns, rows), &sum))
            return UINT64_MAX;
    }
    return sum;
}

static void end_stream(struct png_pixels *px, struct stream *s)
{
    if (!s->inflate)
        return;
    const uint64_t out = inflate_bytes_out(s->inflate);
    if (out > s->expected)
        px->surplus += out - s->expected;
    else if (out < s->expected || !s->ended)
        px->missing += out < s->expected ? s->expected - out : 1; /* its check sum is not there or wrong */
    inflate_free(s->inflate);
    *s = (struct stream){ 0 };
}

static void begin_stream(struct png_pixels *px, struct stream *s, uint64_t expected)
{
    end_stream(px, s);
    px->there = true;
    px->too_large |= expected >= UNPACKED_MAX;
    s->expected = expected;
    s->inflate = inflate_new(INFLATE_ZLIB, (struct inflate_limit){ .out_bytes_max = (expected < UNPACKED_MAX ? expected : UNPACKED_MAX) + 1 });
}

static void pass_over(void *user, struct bytes out)
{
    (void)user;
    (void)out;
}

static void feed_stream(struct png_pixels *px, struct stream *s, struct bytes body)
{
    if (!s->ended && !s->failed) {
        const enum inflate_status status = inflate_feed(s->inflate, body, pass_over, NULL);
        s->ended = status == INFLATE_END;
        s->failed = status != INFLATE_END && status != INFLATE_OK;
        body = s->ended ? bytes_part(body, body.len - inflate_unused(s->inflate), UINT64_MAX) : (struct bytes){ 0 };
    }
    if (!s->ended || body.len == 0)
        return;
    if (px->behind_all == 0)
        px->behind = body;
    px->behind_all += body.len;
}

/* A chunk of image data; a stream that begins with it has `expected` bytes. */
static void take_data(struct png_pixels *px, struct stream *s, const struct png_chunk *chunk, struct bytes body,
                      uint64_t expected)
{
    if (!s->inflate)
        begin_stream(px, s, expected);
    if (px->until == 0)
        px->from = chunk->whole.origin;
    px->until = chunk->whole.origin + chunk->whole.len;
    feed_stream(px, s, body);
}

struct png_pixels png_pixels(struct bytes file)
{
    enum { SEQUENCE_BYTES = 4 }; /* before the content of fcTL and fdAT */
    struct png_pixels px = { 0 };
    struct header header = { 0 };
    struct stream stream = { 0 };
    struct png_chunk chunk;
    struct png_walk w;
    uint64_t frame = 0;
    bool between = false, mixed = false; /* something else since the first image data; and image data behind it */

    if (png_walk_init(&w, file) != PARSE_OK)
        return px;
    while (png_walk_next(&w, &chunk) && chunk.missing == 0 && !chunk.type_wrong) {
        switch (chunk.type) {
        case PNG_TYPE('I', 'H', 'D', 'R'):
            if (!take_header(chunk.body, &header))
                return px;
            break;
        case PNG_TYPE('f', 'c', 'T', 'L'): {
            struct cursor c = cursor_over(bytes_part(chunk.body, SEQUENCE_BYTES, 8));
            end_stream(&px, &stream);
            const uint64_t width = cursor_u32be(&c);
            frame = bytes_of_picture(&header, width, cursor_u32be(&c));
            break;
        }
        case PNG_TYPE('I', 'D', 'A', 'T'):
            mixed |= between;
            take_data(&px, &stream, &chunk, chunk.body, bytes_of_picture(&header, header.width, header.height));
            break;
        case PNG_TYPE('f', 'd', 'A', 'T'):
            mixed |= between;
            take_data(&px, &stream, &chunk, bytes_part(chunk.body, SEQUENCE_BYTES, UINT64_MAX), frame);
            break;
        default:
            between |= px.there;
        }
    }
    end_stream(&px, &stream);
    px.whole = px.there && !px.too_large && !mixed && px.missing == 0 && px.surplus == 0 && px.behind_all == 0;
    return px;
}
