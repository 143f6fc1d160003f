#include "media/build.h"

#include <math.h>
#include <string.h>

#include "media/tiff.h"
#include "media/tiff_directory.h"

static const struct tiff_value dng_ifd0[] = {
    TIFF_TEXT(0x010f, "Maker"), TIFF_TEXT(0x0110, "Maker One"), TIFF_BYTES(0xc612, 1, "\1\4\0\0"),
    TIFF_TEXT(0xc614, "Unique One"), TIFF_TEXT(0xc62f, "DNGSERIAL1"),
    TIFF_BYTES(0xc634, 1, "Adobe\0MakN\0\0\0\x14II\0\0\0\0[sensor_id:AB]"), TIFF_BYTES(0xc65d, 1, "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\x10"),
    TIFF_TEXT(0xc68b, "IMG_1.CR2"), TIFF_BYTES(0x02bc, 1, "<a aux:SerialNumber='XMPSERIAL1'/>"), TIFF_END,
};
static const struct tiff_value sub[] = { TIFF_TEXT(0xa435, "LENS-9"), TIFF_TEXT(0x013b, "Someone"), TIFF_END };

static struct bytes view(const struct buffer *b)
{
    return (struct bytes){ .at = b->at, .len = b->len };
}

static void build(struct buffer *b, const struct tiff_input *input)
{
    buffer_init(b, 1 << 20);
    tiff_build(b, input);
}

static void reads_a_dng_in_both_byte_orders(void **state)
{
    (void)state;
    for (int big_endian = 0; big_endian < 2; big_endian++) {
        const struct tiff_input input = { .big_endian = big_endian, .ifd0 = dng_ifd0, .gps = example_gps, .sub = sub };
        struct photo_result x;
        struct buffer b;

        build(&b, &input);
        assert_true(tiff_recognise(view(&b)));
        photo_result_init(&x, tiff_read, view(&b));
        assert_int_equal(x.status, PARSE_OK);
        assert_int_equal(x.reading.damage_count, 0);
        assert_text_equal(photo_media(&x)->format, "dng");
        assert_text_equal(photo_media(&x)->model, "Maker One");
        assert_true(photo_has_serial(&x, "DNGSERIAL1") && photo_has_serial(&x, "XMPSERIAL1") &&
                    photo_has_serial(&x, "AB") && photo_has_serial(&x, "LENS-9"));
        assert_non_null(photo_identifier(&x, "uuid", "0102030405060708090a0b0c0d0e0f10"));
        assert_non_null(photo_identifier(&x, "file_name", "IMG_1.CR2"));
        assert_non_null(photo_identifier(&x, "name", "Someone"));
        assert_true(photo_media(&x)->latitude_deg > 52);
        photo_result_done(&x);
        buffer_done(&b);
    }
}

static void survives_cuts_and_flips(void **state)
{
    const struct tiff_input input = { .ifd0 = dng_ifd0, .gps = example_gps, .sub = sub };
    struct buffer b;

    (void)state;
    build(&b, &input);
    sweep(tiff_read, view(&b), false);
    buffer_done(&b);
}

/* A header, one directory at 8, and what a test puts there. */
static void raw(struct buffer *b, const void *directory, size_t n)
{
    buffer_init(b, 1 << 20);
    buffer_add(b, "II*\0\x8\0\0\0", 8);
    buffer_add(b, directory, n);
}

#define ENTRY(tag_low, tag_high, type, c0, c1, c2, c3, v0, v1, v2, v3) \
    (uint8_t)(tag_low), (uint8_t)(tag_high), (type), 0, (uint8_t)(c0), (uint8_t)(c1), (uint8_t)(c2), (uint8_t)(c3), \
    (uint8_t)(v0), (uint8_t)(v1), (uint8_t)(v2), (uint8_t)(v3)

static const struct trap {
    const char *name;
    uint8_t bytes[64];
    size_t length;
    const char *damage; /* NULL: none expected */
} traps[] = {
    { "a directory that is its own successor", { 1, 0, ENTRY(0x0f, 1, 2, 4, 0, 0, 0, 'D', 'J', 'I', 0), 8, 0, 0, 0 }, 18,
      "loop" },
    { "an Exif directory that is IFD0", { 1, 0, ENTRY(0x69, 0x87, 4, 1, 0, 0, 0, 8, 0, 0, 0), 0, 0, 0, 0 }, 18, "loop" },
    { "a successor behind the end", { 1, 0, ENTRY(0x0f, 1, 2, 4, 0, 0, 0, 'D', 'J', 'I', 0), 0xff, 0xff, 0xff, 0x7f }, 18,
      "lies outside" },
    { "a value behind the end", { 1, 0, ENTRY(0x0f, 1, 2, 9, 0, 0, 0, 0xff, 0xff, 0xff, 0xff), 0, 0, 0, 0 }, 18,
      "1 of 1 values" },
    { "a count whose size overflows 32 bits", { 1, 0, ENTRY(0x0f, 1, 5, 0, 0, 0, 0x20, 8, 0, 0, 0), 0, 0, 0, 0 }, 18,
      "1 of 1 values" },
    { "the largest count", { 1, 0, ENTRY(0x0f, 1, 12, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0), 0, 0, 0, 0 }, 18,
      "1 of 1 values" },
    { "a type that does not exist", { 1, 0, ENTRY(0x0f, 1, 99, 1, 0, 0, 0, 0, 0, 0, 0), 0, 0, 0, 0 }, 18, "1 of 1 values" },
    { "more entries than there is room for", { 0xff, 0xff, ENTRY(0x0f, 1, 2, 4, 0, 0, 0, 'D', 'J', 'I', 0) }, 14,
      "65534 of 65535 entries" },
    { "a last directory without its link", { 1, 0, ENTRY(0x0f, 1, 2, 4, 0, 0, 0, 'D', 'J', 'I', 0) }, 14, NULL },
    { "a maker note of another maker", { 1, 0, ENTRY(0x7c, 0x92, 7, 4, 0, 0, 0, 'N', 'i', 'k', 'o'), 0, 0, 0, 0 }, 18,
      "maker note" },
};

static void falls_into_no_trap(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof traps[0]; i++) {
        struct photo_result x;
        struct buffer b;

        raw(&b, traps[i].bytes, traps[i].length);
        photo_result_init(&x, tiff_read, view(&b));
        if (x.status != PARSE_OK)
            fail_msg("%s: status %d", traps[i].name, x.status);
        if (traps[i].damage ? !photo_damage(&x, traps[i].damage) : x.reading.damage_count != 0)
            fail_msg("%s: damage", traps[i].name);
        photo_result_done(&x);
        buffer_done(&b);
    }
}

static void a_chain_of_directories_ends(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    buffer_add(&b, "II*\0\x8\0\0\0", 8);
    for (uint32_t i = 0; i < 2000; i++) {
        const uint32_t next = 8 + 6 * (i + 1);
        const uint8_t empty[6] = { 0, 0, (uint8_t)next, (uint8_t)(next >> 8), (uint8_t)(next >> 16), 0 };
        buffer_add(&b, empty, sizeof empty);
    }
    photo_result_init(&x, tiff_read, view(&b));
    assert_int_equal(x.status, PARSE_OK);
    assert_true(x.reading.damage_count > 0 && x.reading.damage_count < 10);
    photo_result_done(&x);
    buffer_done(&b);
}

/* 3,000 entries that share one value of 100 kB must not cost 300 MB of reading. */
static void shared_values_are_bounded(void **state)
{
    enum { ENTRIES = 3000, VALUE = 100000, AT = 8 + 2 + 12 * ENTRIES + 4 };
    struct photo_result x;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    buffer_add(&b, "II*\0\x8\0\0\0", 8);
    buffer_add(&b, (uint8_t[]){ ENTRIES & 0xff, ENTRIES >> 8 }, 2);
    for (int i = 0; i < ENTRIES; i++) /* 02BC, the XMP packet */
        buffer_add(&b, (uint8_t[]){ 0xbc, 2, 1, 0, VALUE & 0xff, VALUE >> 8 & 0xff, VALUE >> 16, 0,
                                    AT & 0xff, AT >> 8 & 0xff, AT >> 16, 0 }, 12);
    buffer_add(&b, "\0\0\0\0", 4);
    memset(buffer_extend(&b, VALUE), ' ', VALUE);
    photo_result_init(&x, tiff_read, view(&b));
    assert_true(photo_damage(&x, "overlap others")->records_lost > ENTRIES - 10);
    photo_result_done(&x);
    buffer_done(&b);
}

/* Some programs write degrees as texts.  What cannot be told apart for certain is no position, and that is said. */
static void positions_written_as_texts(void **state)
{
    static const struct { const char *latitude; double degrees; } texts[] = {
        { "52 50 34.5", 52 + 50 / 60.0 + 34.5 / 3600 }, { "52.8427", 52.8427 }, { "52;30", 52.5 },
        { "52,00000,50,00000,34,01180", FACT_UNKNOWN_REAL }, { "north", FACT_UNKNOWN_REAL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct tiff_value gps[] = {
            TIFF_TEXT(1, "N"), { 2, 2, (uint32_t)strlen(texts[i].latitude) + 1, texts[i].latitude, { 0 } },
            TIFF_TEXT(3, "E"), TIFF_TEXT(4, "11 30 0"), TIFF_END,
        };
        const struct tiff_input input = { .gps = gps };
        const bool known = fact_known_real(texts[i].degrees);
        struct photo_result x;
        struct buffer b;

        build(&b, &input);
        photo_result_init(&x, tiff_read, view(&b));
        assert_int_equal(fact_known_real(photo_media(&x)->latitude_deg), known);
        if (known)
            assert_true(fabs(photo_media(&x)->latitude_deg - texts[i].degrees) < 1e-9 &&
                        photo_media(&x)->longitude_deg == 11.5);
        else
            assert_non_null(photo_damage(&x, "is no number"));
        assert_int_equal(x.reading.damage_count, !known);
        photo_result_done(&x);
        buffer_done(&b);
    }
}

static void comments_say_their_character_code(void **state)
{
    static const struct tiff_value ascii[] = { TIFF_BYTES(0x9286, 7, "ASCII\0\0\0a note  "), TIFF_END };
    static const struct tiff_value blank[] = { TIFF_BYTES(0x9286, 7, "\0\0\0\0\0\0\0\0      "), TIFF_END };
    static const struct tiff_value jis[] = { TIFF_BYTES(0x9286, 7, "JIS\0\0\0\0\0xyz"), TIFF_END };
    static const struct tiff_value *values[] = { ascii, blank, jis };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct tiff_input input = { .exif = values[i] };
        struct photo_result x;
        struct buffer b;

        build(&b, &input);
        photo_result_init(&x, tiff_read, view(&b));
        assert_int_equal(kept_facts_count(&x.facts, FACT_IDENTIFIER), i == 0);
        assert_int_equal(x.reading.damage_count, i == 2);
        if (i == 0)
            assert_non_null(photo_identifier(&x, "comment", "a note"));
        photo_result_done(&x);
        buffer_done(&b);
    }
}

static void dji_maker_note_in_either_byte_order(void **state)
{
    static const char note[] = "\2\0" "\1\0\2\0\4\0\0\0DJI\0" "\6\0\13\0\1\0\0\0\0\0\x80?" "\0\0\0";
    const struct tiff_value exif[] = { { 0x927c, 7, sizeof note, note, { 0 } }, TIFF_END };

    (void)state;
    for (int big_endian = 0; big_endian < 2; big_endian++) {
        const struct tiff_input input = { .big_endian = big_endian, .exif = exif };
        struct photo_result x;
        struct buffer b;

        build(&b, &input);
        photo_result_init(&x, tiff_read, view(&b));
        assert_int_equal(x.reading.damage_count, 0);
        photo_result_done(&x);
        buffer_done(&b);
    }
}

static void a_preview_with_metadata_is_a_member(void **state)
{
    static const char preview[] = "\xff\xd8\xff\xe1\0\4ab\xff\xd9";
    struct tiff_value ifd0[] = { TIFF_NUMBER(0x0201, 4, 0), TIFF_NUMBER(0x0202, 4, sizeof preview - 1), TIFF_END };
    const struct tiff_input input = { .ifd0 = ifd0 };
    struct photo_result x;
    struct buffer b;

    (void)state;
    ifd0[0].numbers[0] = 8 + 2 + 24 + 4;
    build(&b, &input);
    buffer_add(&b, preview, sizeof preview - 1);
    photo_result_init(&x, tiff_read, view(&b));
    assert_int_equal(x.member_count, 1);
    assert_string_equal(x.members[0].name, "preview-1.jpg");
    assert_int_equal(x.members[0].length, sizeof preview - 1);
    photo_result_done(&x);
    buffer_done(&b);
}

static void recognises_by_content(void **state)
{
    (void)state;
    assert_false(tiff_recognise((struct bytes){ (const uint8_t *)"II*\0\0\0\0\x7f", 8, 0 }));
    assert_false(tiff_recognise((struct bytes){ (const uint8_t *)"II", 2, 0 }));
    assert_false(tiff_recognise((struct bytes){ (const uint8_t *)"IInfinite", 9, 0 }));
    assert_false(tiff_recognise((struct bytes){ (const uint8_t *)"II+\0\x8\0\0\0\x10\0\0\0\0\0\0\0", 16, 0 }));
}

/* One directory of BigTIFF at 16: a maker in its entry, a serial number behind the directory. */
static size_t big_tiff(uint8_t to[128], uint8_t offset_bytes, uint8_t next, uint8_t count_high)
{
    static const char serial[] = "BIGSERIAL1";
    const uint8_t whole[] = {
        'I', 'I', 43, 0, offset_bytes, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0,
        2, 0, 0, 0, 0, 0, 0, 0,
        0x0f, 1, 2, 0, 6, 0, 0, 0, 0, 0, 0, 0, 'M', 'a', 'k', 'e', 'r', 0, 0, 0,
        0x2f, 0xc6, 2, 0, sizeof serial, 0, 0, 0, 0, 0, 0, count_high, 72, 0, 0, 0, 0, 0, 0, 0,
        next, 0, 0, 0, 0, 0, 0, 0,
    };

    memcpy(to, whole, sizeof whole);
    memcpy(to + sizeof whole, serial, sizeof serial);
    return sizeof whole + sizeof serial;
}

static void reads_big_tiff(void **state)
{
    static const struct { uint8_t offset_bytes, next, count_high; bool serial; const char *damage; } cases[] = {
        { 8, 0, 0, true, NULL },
        { 8, 16, 0, true, "loop" },
        { 8, 0, 0x80, false, "1 of 2 values" },
    };
    uint8_t whole[128];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bytes in = { whole, big_tiff(whole, cases[i].offset_bytes, cases[i].next, cases[i].count_high),
                                  0 };
        struct photo_result x;
        assert_true(tiff_recognise(in));
        photo_result_init(&x, tiff_read, in);
        assert_int_equal(x.status, PARSE_OK);
        assert_int_equal(photo_has_serial(&x, "BIGSERIAL1"), cases[i].serial);
        assert_int_equal(x.reading.damage_count, cases[i].damage != NULL);
        if (cases[i].damage)
            assert_non_null(photo_damage(&x, cases[i].damage));
        photo_result_done(&x);
        sweep(tiff_read, in, false);
    }
    assert_false(tiff_recognise((struct bytes){ whole, big_tiff(whole, 4, 0, 0), 0 }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_dng_in_both_byte_orders),
        cmocka_unit_test(survives_cuts_and_flips),
        cmocka_unit_test(falls_into_no_trap),
        cmocka_unit_test(a_chain_of_directories_ends),
        cmocka_unit_test(shared_values_are_bounded),
        cmocka_unit_test(positions_written_as_texts),
        cmocka_unit_test(comments_say_their_character_code),
        cmocka_unit_test(dji_maker_note_in_either_byte_order),
        cmocka_unit_test(a_preview_with_metadata_is_a_member),
        cmocka_unit_test(recognises_by_content),
        cmocka_unit_test(reads_big_tiff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
