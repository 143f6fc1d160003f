#include "media/picture_hash.h"

#include <stdlib.h>
#include <turbojpeg.h>

#include "base/hash.h"
#include "base/memory.h"

enum {
    SIDE_MIN = 32, GRID = 8, FINE = 128,
    PIXELS_MAX = 400 * 1000 * 1000,
    PROGRESSIVE_PIXELS_MAX = 24 * 1000 * 1000, /* its coefficients take three bytes a pixel or more */
    TELLING_DIFFERENCE = 3,                    /* in grey levels of 256, which a new encoding hardly turns round */
    TELLING_MIN = PICTURE_HASH_BITS * 5 / 8,
};

/* A frame header that says "progressive" (ITU-T T.81, B.2.2), before the first scan. */
static bool is_progressive(struct bytes jpeg)
{
    struct cursor c = cursor_over(bytes_part(jpeg, 2, UINT64_MAX));

    while (!c.failed && c.rest.len > 0) {
        if (cursor_u8(&c) != 0xff)
            continue;
        const uint8_t marker = cursor_u8(&c);
        if (marker == 0xc2 || marker == 0xc6 || marker == 0xca || marker == 0xce)
            return true;
        if (marker == 0xda)
            return false;
        if (marker == 0xff || marker == 0 || (marker >= 0xd0 && marker <= 0xd8) || marker == 0x01)
            continue;
        const uint16_t length = cursor_u16be(&c);
        if (length < 2)
            return true; /* damaged: be careful */
        (void)cursor_take(&c, length - 2u);
    }
    return true;
}

/* The smallest size that still has FINE points each way; as it is when none has. */
static tjscalingfactor scale_for(int width, int height)
{
    tjscalingfactor best = { 1, 1 };
    int count = 0;
    const tjscalingfactor *factors = tjGetScalingFactors(&count);

    for (int i = 0; factors && i < count; i++)
        if (factors[i].num < factors[i].denom && TJSCALED(width, factors[i]) >= FINE &&
            TJSCALED(height, factors[i]) >= FINE &&
            factors[i].num * best.denom < best.num * factors[i].denom)
            best = factors[i];
    return best;
}

/* Mean brightness of the cell (x, y) of a grid, times 256. */
static int mean_of(const uint8_t *grey, int width, int height, int columns, int rows, int x, int y)
{
    const int left = width * x / columns, right = width * (x + 1) / columns, top = height * y / rows,
        bottom = height * (y + 1) / rows;
    uint64_t sum = 0;

    for (int row = top; row < bottom; row++)
        for (int column = left; column < right; column++)
            sum += grey[(size_t)row * (size_t)width + (size_t)column];
    const uint64_t points = (uint64_t)(right - left) * (uint64_t)(bottom - top);
    return points ? (int)(sum * 256 / points) : 0;
}

static bool hash_grey(const uint8_t *grey, int width, int height, struct picture_hash *ret)
{
    struct picture_hash h = { 0, 0 };
    int telling = 0;

    for (int i = 0; i < GRID * GRID; i++) {
        const int x = i % GRID, y = i / GRID;
        const int right = mean_of(grey, width, height, GRID + 1, GRID, x, y) - mean_of(grey, width, height, GRID + 1,
                                                                                       GRID, x + 1, y);
        const int below = mean_of(grey, width, height, GRID, GRID + 1, x, y) - mean_of(grey, width, height, GRID,
                                                                                       GRID + 1, x, y + 1);
        h.across |= (uint64_t)(right > 0) << i;
        h.down |= (uint64_t)(below > 0) << i;
        telling += (abs(right) >= TELLING_DIFFERENCE * 256) + (abs(below) >= TELLING_DIFFERENCE * 256);
    }
    *ret = h;
    return telling >= TELLING_MIN;
}

bool picture_hash_of(struct bytes jpeg, struct picture_hash *ret)
{
    int width = 0, height = 0, sampling = 0, colours = 0;
    bool ok = false;

    if (jpeg.len < 64 || jpeg.len > UINT32_MAX)
        return false;
    tjhandle decoder = tjInitDecompress();
    if (decoder && tjDecompressHeader3(decoder, jpeg.at, (unsigned long)jpeg.len, &width, &height, &sampling,
                                       &colours) == 0 &&
        width >= SIDE_MIN && height >= SIDE_MIN &&
        (int64_t)width * height <= (is_progressive(jpeg) ? PROGRESSIVE_PIXELS_MAX : PIXELS_MAX)) {
        const tjscalingfactor scale = scale_for(width, height);
        const int w = TJSCALED(width, scale), h = TJSCALED(height, scale);
        uint8_t *grey = memory_alloc_array((size_t)w, (size_t)h);
        /* Warnings are about damage to a part; what came out is looked at all the same. */
        if (tjDecompress2(decoder, jpeg.at, (unsigned long)jpeg.len, grey, w, 0, h, TJPF_GRAY,
                          TJFLAG_FASTDCT | TJFLAG_LIMITSCANS) == 0 ||
            tjGetErrorCode(decoder) == TJERR_WARNING)
            ok = hash_grey(grey, w, h, ret);
        free(grey);
    }
    if (decoder)
        tjDestroy(decoder);
    return ok;
}

unsigned picture_hash_distance(struct picture_hash a, struct picture_hash b)
{
    return (unsigned)(__builtin_popcountll(a.across ^ b.across) + __builtin_popcountll(a.down ^ b.down));
}

static void put64(uint8_t into[8], uint64_t v)
{
    for (int i = 0; i < 8; i++)
        into[i] = (uint8_t)(v >> (56 - 8 * i));
}

void picture_hash_write(struct picture_hash h, char into[PICTURE_HASH_HEX])
{
    uint8_t bytes[16];

    put64(bytes, h.across);
    put64(bytes + 8, h.down);
    hash_hex(bytes, sizeof bytes, into);
}

bool picture_hash_read(struct text hex, struct picture_hash *ret)
{
    uint8_t bytes[16];

    if (!text_known(hex) || hex.len != PICTURE_HASH_HEX || !hash_from_hex(hex.at, sizeof bytes, bytes))
        return false;
    struct cursor c = cursor_over((struct bytes){ .at = bytes, .len = sizeof bytes });
    ret->across = cursor_u64be(&c);
    ret->down = cursor_u64be(&c);
    return true;
}
