/* What Samsung's phones write behind a picture. */
#include "media/boxes.h"
#include "media/build.h"

#include "media/jpeg.h"
#include "media/movie.h"
#include "media/samsung_sef.h"

static void put_le(struct buffer *b, uint64_t bits, size_t width)
{
    for (size_t i = 0; i < width; i++)
        put_be(b, bits >> 8 * i & 0xff, 1);
}

static const struct block {
    uint16_t kind;
    const char *name, *data;
    size_t len;
} blocks[] = {
    { 0x0a01, "Image_UTC_Data", "1714555800250", 13 },
    { 0x0aa1, "MCC_Data", "901", 3 },
    { 0x0c61, "Camera_Capture_Mode_Info", "1", 1 },
    { 0x0a30, "MotionPhoto_Data", "\0\0\0\x10" "ftypisom\0\0\0\0" "\0\0\0\x8moov", 24 },
    { 0x0100, "Of_Nobody_Known", "who knows what", 14 },
};
enum { BLOCKS = sizeof blocks / sizeof *blocks };

/* `wrong`: the number of the block whose place in the directory is a lie; BLOCKS: none. */
static void sef_add(struct buffer *b, size_t wrong)
{
    size_t at[BLOCKS], size[BLOCKS];

    for (size_t i = 0; i < BLOCKS; i++) {
        at[i] = b->len;
        put_le(b, 0, 2);
        put_le(b, blocks[i].kind, 2);
        put_le(b, strlen(blocks[i].name), 4);
        assert_true(buffer_add(b, blocks[i].name, strlen(blocks[i].name)) &&
                    buffer_add(b, blocks[i].data, blocks[i].len));
        size[i] = b->len - at[i];
    }
    const size_t directory = b->len;
    assert_true(buffer_add(b, "SEFH", 4));
    put_le(b, 107, 4);
    put_le(b, BLOCKS, 4);
    for (size_t i = 0; i < BLOCKS; i++) {
        put_le(b, 0, 2);
        put_le(b, blocks[i].kind, 2);
        put_le(b, i == wrong ? UINT32_MAX : directory - at[i], 4);
        put_le(b, size[i], 4);
    }
    put_le(b, b->len - directory, 4);
    assert_true(buffer_add(b, "SEFT", 4));
}

static struct bytes view(const struct buffer *b) { return (struct bytes){ .at = b->at, .len = b->len }; }

static void check(const struct photo_result *x, unsigned damage)
{
    assert_int_equal(x->status, PARSE_OK);
    assert_int_equal(photo_media(x)->taken, INT64_C(1714555800250) * 1000000);
    assert_non_null(photo_identifier(x, "place", "901"));
    assert_non_null(photo_damage(x, "block Of_Nobody_Known of Samsung SEF"));
    assert_int_equal(x->reading.damage_count, damage);
    assert_int_equal(x->member_count, 1);
    assert_int_equal(x->members[0].length, 24);
}

static void behind_a_photo(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    jpeg_small(&b);
    sef_add(&b, BLOCKS);
    photo_result_init(&x, jpeg_read, view(&b));
    check(&x, 1);
    assert_memory_equal(x.copy.at + x.members[0].offset, "\0\0\0\x10" "ftyp", 8);
    photo_result_done(&x);
    sweep(jpeg_read, view(&b), false);
    buffer_done(&b);
}

static void in_a_box(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    const size_t type = box_begin(&b, "ftyp");
    assert_true(buffer_add(&b, "heic\0\0\0\0mif1", 12));
    box_end(&b, type);
    const size_t sefd = box_begin(&b, "sefd");
    sef_add(&b, BLOCKS);
    box_end(&b, sefd);
    photo_result_init(&x, movie_read, view(&b));
    assert_non_null(photo_identifier(&x, "place", "901"));
    assert_non_null(photo_damage(&x, "block Of_Nobody_Known of Samsung SEF"));
    photo_result_done(&x);
    buffer_done(&b);
}

/* A block that lies nowhere is lost and said to be; the others are read. */
static void a_directory_that_lies(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    jpeg_small(&b);
    sef_add(&b, 2);
    photo_result_init(&x, jpeg_read, view(&b));
    check(&x, 2);
    assert_non_null(photo_damage(&x, "1 blocks of Samsung SEF are not where"));
    photo_result_done(&x);
    buffer_done(&b);
}

/* Without its end, or with a length that is none, it is no such trailer. */
static void other_ends(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    sef_add(&b, BLOCKS);
    assert_int_equal(samsung_sef(view(&b)).len, b.len);
    for (size_t cut = 1; cut < b.len; cut++)
        assert_int_equal(samsung_sef(bytes_part(view(&b), 0, b.len - cut)).len, 0);
    b.at[b.len - 5] = 0x7f;
    assert_int_equal(samsung_sef(view(&b)).len, 0);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_photo),
        cmocka_unit_test(in_a_box),
        cmocka_unit_test(a_directory_that_lies),
        cmocka_unit_test(other_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
