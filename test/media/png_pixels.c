#include "media/boxes.h"

#include <zlib.h>

#include "media/png_pixels.h"

static void chunk(struct buffer *b, const char *type, const void *body, size_t len)
{
    put_be(b, len, 4);
    const size_t at = b->len;
    assert_true(buffer_add(b, type, 4) && buffer_add(b, body, len));
    put_be(b, crc32_z(0, b->at + at, len + 4), 4);
}

static void begin(struct buffer *b, uint8_t width, uint8_t height, uint8_t depth, uint8_t colour, uint8_t interlaced)
{
    const uint8_t header[13] = { 0, 0, 0, width, 0, 0, 0, height, depth, colour, 0, 0, interlaced };

    buffer_init(b, 1 << 16);
    assert_true(buffer_add(b, "\x89PNG\r\n\x1a\n", 8));
    chunk(b, "IHDR", header, sizeof header);
}

/* A zlib stream of so many zeros. */
static size_t pack(size_t zeros, uint8_t into[256])
{
    static const uint8_t nothing[4096];
    uLongf len = 256;

    assert_true(zeros <= sizeof nothing);
    assert_int_equal(compress(into, &len, nothing, zeros), Z_OK);
    return len;
}

static struct png_pixels of_rows(uint8_t width, uint8_t height, uint8_t depth, uint8_t colour, uint8_t interlaced,
                                 size_t bytes)
{
    uint8_t packed[256];
    struct buffer b;

    begin(&b, width, height, depth, colour, interlaced);
    const size_t len = pack(bytes, packed);
    chunk(&b, "IDAT", packed, 3);
    chunk(&b, "IDAT", packed + 3, len - 3);
    chunk(&b, "IEND", "", 0);
    const struct bytes exact = exact_copy(b.at, b.len);
    const struct png_pixels px = png_pixels(exact);
    assert_int_equal(px.from, 8 + 25);
    assert_int_equal(px.until, b.len - 12);
    exact_copy_free(exact);
    buffer_done(&b);
    return px;
}

/* Rows worked out by hand from sections 7.2 and 8.1. */
static void as_many_bytes_as_rows(void **state)
{
    static const struct {
        uint8_t width, height, depth, colour, interlaced;
        size_t bytes;
    } cases[] = {
        { 16, 16, 8, 2, 0, 16 * 49 }, { 9, 3, 1, 0, 0, 3 * 3 }, { 5, 2, 16, 6, 0, 2 * 41 }, { 7, 4, 4, 3, 0, 4 * 5 }, { 3, 3, 8, 4, 0, 3 * 7 },
        { 8, 8, 1, 0, 1, 15 * 2 },              /* all seven passes: 1, 1, 1, 2, 2, 4 and 4 rows of one byte */
        { 1, 1, 8, 2, 1, 4 }, { 3, 2, 8, 0, 1, 2 + 2 + 2 + 4 }, /* passes without a column or a row have nothing, not even a filter */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct png_pixels px = of_rows(cases[i].width, cases[i].height, cases[i].depth, cases[i].colour,
                                             cases[i].interlaced, cases[i].bytes);
        const struct png_pixels less = of_rows(cases[i].width, cases[i].height, cases[i].depth, cases[i].colour,
                                               cases[i].interlaced, cases[i].bytes - 1);
        const struct png_pixels more = of_rows(cases[i].width, cases[i].height, cases[i].depth, cases[i].colour,
                                               cases[i].interlaced, cases[i].bytes + 1);
        assert_true(px.there && px.whole && px.missing == 0 && px.surplus == 0);
        assert_true(less.there && !less.whole && less.missing == 1 && less.surplus == 0);
        assert_true(more.there && !more.whole && more.missing == 0 && more.surplus == 1);
    }
}

static void nothing_else_stands_in_them(void **state)
{
    static const char secret[] = "SERIAL0001";
    uint8_t packed[256];
    const size_t len = pack(16 * 49, packed);
    struct png_pixels px;
    struct buffer b;

    (void)state;
    begin(&b, 16, 16, 8, 2, 0);
    memcpy(packed + len, secret, sizeof secret);
    chunk(&b, "IDAT", packed, len + sizeof secret);
    chunk(&b, "IDAT", "more", 4);
    px = png_pixels(buffer_view(&b));
    assert_true(px.there && !px.whole && px.behind_all == sizeof secret + 4 &&
                bytes_equal(px.behind, secret, sizeof secret));
    buffer_done(&b);

    begin(&b, 16, 16, 8, 2, 0); /* between two chunks of image data */
    chunk(&b, "IDAT", packed, 5);
    chunk(&b, "tEXt", secret, sizeof secret);
    chunk(&b, "IDAT", packed + 5, len - 5);
    px = png_pixels(buffer_view(&b));
    assert_true(px.there && !px.whole && px.missing == 0);
    buffer_done(&b);

    begin(&b, 16, 16, 8, 2, 0); /* the stream's check sum is wrong */
    packed[len - 1]++;
    chunk(&b, "IDAT", packed, len);
    px = png_pixels(buffer_view(&b));
    assert_true(px.there && !px.whole && px.missing > 0);
    buffer_done(&b);
}

static void pictures_of_an_animation(void **state)
{
    static const uint8_t control[26] = { [7] = 4, [11] = 4 };
    uint8_t packed[256];
    struct png_pixels px;
    struct buffer b;

    (void)state;
    for (size_t rows = 3; rows <= 5; rows++) {
        begin(&b, 16, 16, 8, 2, 0);
        chunk(&b, "IDAT", packed, pack(16 * 49, packed));
        chunk(&b, "fcTL", control, sizeof control);
        struct buffer numbered;
        buffer_init(&numbered, 1 << 10);
        put_be(&numbered, 0, 4);
        assert_true(buffer_add(&numbered, packed, pack(rows * 13, packed)));
        chunk(&b, "fdAT", numbered.at, numbered.len);
        buffer_done(&numbered);
        px = png_pixels(buffer_view(&b));
        assert_true(px.there && px.whole == (rows == 4) && (px.missing > 0) == (rows < 4) &&
                    (px.surplus > 0) == (rows > 4));
        buffer_done(&b);
    }
}

/* Sizes that no picture has: nothing is unpacked beyond its limit, and nothing overflows. */
static void false_headers(void **state)
{
    static const char *const headers[] = {
        "\x7f\xff\xff\xff\x7f\xff\xff\xff\20\6\0\0\0", "\x7f\xff\xff\xff\x7f\xff\xff\xff\20\6\0\0\1", "\0\0\0\0\0\0\0\0\10\2\0\0\0", "\0\0\0\1\0\0\0\1\3\2\0\0\0",
        "\0\0\0\1\0\0\0\1\10\7\0\0\0", "\0\0\0\1\0\0\0\1\0\2\0\0\0", "\0\0\0\1\0\0\0\1\10\1\0\0\0",
    };
    uint8_t packed[256];
    const size_t len = pack(100, packed);

    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct buffer b;
        buffer_init(&b, 1 << 16);
        assert_true(buffer_add(&b, "\x89PNG\r\n\x1a\n", 8));
        chunk(&b, "IHDR", headers[i], 13);
        chunk(&b, "IDAT", packed, len);
        const struct png_pixels px = png_pixels(buffer_view(&b));
        assert_false(px.whole);
        assert_true(px.too_large == (i < 2));
        buffer_done(&b);
    }
}

static void a_cut_is_never_whole(void **state)
{
    uint8_t packed[256];
    struct buffer b;

    (void)state;
    begin(&b, 16, 16, 8, 2, 0);
    chunk(&b, "IDAT", packed, pack(16 * 49, packed));
    for (size_t len = 0; len < b.len; len++) {
        const struct bytes cut = exact_copy(b.at, len);
        assert_false(png_pixels(cut).whole);
        exact_copy_free(cut);
    }
    assert_true(png_pixels(buffer_view(&b)).whole);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_bytes_as_rows), cmocka_unit_test(nothing_else_stands_in_them), cmocka_unit_test(pictures_of_an_animation),
        cmocka_unit_test(false_headers), cmocka_unit_test(a_cut_is_never_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
