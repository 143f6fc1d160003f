#include "media/boxes.h"
#include "media/build.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "media/png.h"

static const struct tiff_value ifd0[] = { TIFF_TEXT(0x010f, "DJI"), TIFF_TEXT(0x0110, "FC-TEST"), TIFF_END };
static const struct tiff_input tiff = { .ifd0 = ifd0, .gps = example_gps };
static const char xmp[] =
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    "<rdf:Description xmlns:d='http://www.dji.com/drone-dji/1.0/' d:GpsLatitude='52.5' d:GpsLongitude='-5.25' "
    "d:DroneSerialNumber='0TESTUAV000001'/></rdf:RDF></x:xmpmeta>";

static void chunk(struct buffer *b, const char *type, const void *body, size_t len)
{
    put_be(b, len, 4);
    const size_t at = b->len;
    assert_true(buffer_add(b, type, 4) && buffer_add(b, body, len));
    put_be(b, crc32_z(0, b->at + at, len + 4), 4);
}

static void begin(struct buffer *b)
{
    buffer_init(b, 1 << 20);
    assert_true(buffer_add(b, "\x89PNG\r\n\x1a\n", 8));
    chunk(b, "IHDR", "\0\0\0\1\0\0\0\1\10\0\0\0\0", 13);
}

static void end(struct buffer *b)
{
    chunk(b, "IDAT", "\x78\x9c\x63\x60\0\0\0\2\0\1", 10);
    chunk(b, "IEND", "", 0);
}

static void add_exif(struct buffer *b)
{
    struct buffer block;

    buffer_init(&block, 1 << 16);
    tiff_build(&block, &tiff);
    chunk(b, "eXIf", block.at, block.len);
    buffer_done(&block);
}

/* Keyword, a method of packing, the packed text. */
static void add_packed(struct buffer *b, const char *type, const char *head, size_t head_len, const void *text,
                       size_t len)
{
    uint8_t packed[8192];
    uLongf packed_len = sizeof packed;
    struct buffer body;

    assert_int_equal(compress(packed, &packed_len, text, len), Z_OK);
    buffer_init(&body, 1 << 16);
    assert_true(buffer_add(&body, head, head_len) && buffer_add(&body, packed, packed_len));
    chunk(b, type, body.at, body.len);
    buffer_done(&body);
}

static void read_and_free(struct photo_result *x, struct buffer *b)
{
    photo_result_init(x, png_read, buffer_view(b));
    buffer_done(b);
}

static void reads_exif_and_texts(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    add_exif(&b);
    chunk(&b, "tEXt", "Author\0A Person", 15);
    chunk(&b, "tEXt", "Creation Time\0002024-05-01T11:30:00+02:00", 39);
    add_packed(&b, "zTXt", "Comment\0\0", 9, "what it shows", 13);
    add_packed(&b, "iTXt", "XML:com.adobe.xmp\0\1\0\0\0", 22, xmp, sizeof xmp - 1);
    end(&b);
    assert_true(png_recognise(buffer_view(&b)));
    read_and_free(&x, &b);
    assert_int_equal(x.status, PARSE_OK);
    assert_int_equal(kept_facts_count(&x.facts, FACT_DAMAGE), 1); /* EXIF and XMP name two places: said */
    assert_non_null(photo_damage(&x, "both are recorded"));
    const struct fact_media *media = photo_media(&x);
    assert_text_equal(media->format, "png");
    assert_text_equal(media->model, "DJI FC-TEST");
    assert_true(fabs(media->latitude_deg - EXAMPLE_LATITUDE) < 1e-9);
    assert_int_equal(media->taken, INT64_C(1714555800000000000));
    assert_non_null(photo_identifier(&x, "name", "A Person"));
    assert_true(photo_has_serial(&x, "0TESTUAV000001"));
    /* What was packed points at the chunk's data. */
    const struct fact_identifier *comment = photo_identifier(&x, "comment", "what it shows");
    assert_non_null(comment);
    assert_memory_equal(x.copy.at + comment->head.origin.offset, "Comment", 8);
    assert_text_equal(comment->head.origin.steps.items[1], "Comment");
    photo_result_done(&x);
}

static void reads_profiles_in_texts(void **state)
{
    struct photo_result x;
    struct buffer b, block, text;

    (void)state;
    buffer_init(&block, 1 << 16);
    buffer_init(&text, 1 << 16);
    assert_true(buffer_add(&block, "Exif\0\0", 6));
    tiff_build(&block, &tiff);
    assert_true(buffer_printf(&text, "\nexif\n    %zu\n", block.len));
    for (size_t i = 0; i < block.len; i++)
        assert_true(buffer_printf(&text, "%02x%s", block.at[i], i % 36 == 35 ? "\n" : ""));
    begin(&b);
    add_packed(&b, "zTXt", "Raw profile type exif\0\0", 23, text.at, text.len);
    end(&b);
    read_and_free(&x, &b);
    assert_int_equal(x.reading.damage_count, 0);
    assert_true(fabs(photo_media(&x)->latitude_deg - EXAMPLE_LATITUDE) < 1e-9);
    const struct fact_position *place = kept_facts_row(&x.facts, FACT_POSITION, 0);
    assert_true(place->head.origin.offset + place->head.origin.length <= (int64_t)x.copy.len);
    assert_memory_equal(x.copy.at + place->head.origin.offset, "Raw profile", 11);
    photo_result_done(&x);
    buffer_done(&block);
    buffer_done(&text);
}

static void says_what_is_not_as_it_should(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    add_exif(&b);
    b.at[b.len - 1]++; /* its check sum */
    chunk(&b, "abCd", "who knows", 9);
    chunk(&b, "tEXt", "no end of the keyword", 21);
    add_packed(&b, "zTXt", "Comment\0\1", 9, "no such method", 14);
    chunk(&b, "zTXt", "Comment\0\0no deflate", 19);
    end(&b);
    assert_true(buffer_add(&b, "behind", 6));
    read_and_free(&x, &b);
    assert_int_equal(x.status, PARSE_OK);
    assert_non_null(photo_damage(&x, "check sum of chunk eXIf is wrong"));
    assert_true(fact_known_real(photo_media(&x)->latitude_deg)); /* and it was read all the same */
    assert_non_null(photo_damage(&x, "1 chunk of unknown kind, abCd"));
    assert_non_null(photo_damage(&x, "a text chunk without its head"));
    assert_non_null(photo_damage(&x, "cannot be unpacked to its end"));
    assert_non_null(photo_damage(&x, "data behind the end of the picture"));
    assert_int_equal(x.reading.damage_count, 6);
    photo_result_done(&x);
}

static void a_cut_picture_is_never_whole(void **state)
{
    struct buffer b;

    (void)state;
    begin(&b);
    add_exif(&b);
    add_packed(&b, "iTXt", "XML:com.adobe.xmp\0\1\0\0\0", 22, xmp, sizeof xmp - 1);
    chunk(&b, "tEXt", "Raw profile type exif\0\nexif\n  4\n49492a00", 40);
    end(&b);
    sweep(png_read, buffer_view(&b), true);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_exif_and_texts), cmocka_unit_test(reads_profiles_in_texts),
        cmocka_unit_test(says_what_is_not_as_it_should), cmocka_unit_test(a_cut_picture_is_never_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
