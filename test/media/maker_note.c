#include "media/build.h"

#include <string.h>

#include "media/tiff.h"

/* Maker notes of cameras, each in its own layout.  That such notes are what the makers mean was seen with exiftool, on
 * the same notes (test/corpus/media/make.py) and on its own pictures. */

enum layout { FROM_TIFF, FROM_NOTE, FROM_HEADER /* a TIFF header behind the head */ };

static const struct note {
    const char *make, *head;
    uint8_t head_bytes, layout;
    uint16_t tag, type;
    const char *value;
    uint8_t value_bytes;
    const char *kind, *told;
} notes[] = {
    { "Canon", "", 0, FROM_TIFF, 0x0009, 2, "The Owner", 10, "owner_name", "The Owner" },
    { "Canon", "", 0, FROM_TIFF, 0x0096, 2, "TESTINT001\xff\xff", 12, "serial", "TESTINT001" },
    { "Canon", "", 0, FROM_TIFF, 0x4019, 7, "\0\x12\x34\x56\x78\0\0\0\0", 9, "serial", "0012345678" },
    { "Canon", "", 0, FROM_TIFF, 0x0028, 1, "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\x10", 16, "uuid", "0102030405060708090a0b0c0d0e0f10" },
    { "NIKON CORPORATION", "Nikon\0\2\x10\0\0", 10, FROM_HEADER, 0x001d, 2, "NO= 20000001", 13, "serial", "20000001" },
    { "NIKON", "", 0, FROM_TIFF, 0x00a0, 2, "TESTNIKON2", 11, "serial", "TESTNIKON2" },
    { "OLYMPUS CORPORATION", "OLYMP\0\2\0", 8, FROM_TIFF, 0x0404, 2, "TESTOLY001", 11, "serial", "TESTOLY001" },
    { "OLYMPUS IMAGING CORP.", "OLYMPUS\0II\3\0", 12, FROM_NOTE, 0x101a, 2, "TESTOLY002", 11, "serial", "TESTOLY002" },
    { "OM Digital Solutions", "OM SYSTEM\0\0\0II\4\0", 16, FROM_NOTE, 0x0404, 2, "TESTOLY003", 11, "serial", "TESTOLY003" },
    { "Panasonic", "Panasonic\0\0\0", 12, FROM_TIFF, 0x0025, 7, "TST010101001\0\0\0\0", 16, "serial", "TST010101001" },
    { "Panasonic", "Panasonic\0\0\0", 12, FROM_TIFF, 0x0066, 7, "The Child\0\0\0", 12, "name", "The Child" },
    { "Panasonic", "Panasonic\0\0\0", 12, FROM_TIFF, 0x006d, 7, "Springfield\0", 12, "place", "Springfield" },
    { "PENTAX Corporation", "AOC\0MM", 6, FROM_TIFF, 0x0229, 2, "TESTPTX001", 11, "serial", "TESTPTX001" },
    { "PENTAX", "PENTAX \0MM", 10, FROM_NOTE, 0x022e, 2, "The Artist", 11, "name", "The Artist" },
    { "SONY", "SONY DSC \0\0\0", 12, FROM_TIFF, 0x2031, 2, "TESTSNY1", 9, "serial", "TESTSNY1" },
    { "SONY", "", 0, FROM_TIFF, 0x2031, 2, "TESTSNY2", 9, "serial", "TESTSNY2" },
    { "FUJIFILM", "FUJIFILM\x0c\0\0\0", 12, FROM_NOTE, 0x0010, 2, "FPX TEST00001", 14, "serial", "FPX TEST00001" },
    { "Apple", "Apple iOS\0\0\1MM", 14, FROM_NOTE, 0x000b, 2, "TEST-BURST-0001", 16, "uuid", "TEST-BURST-0001" },
    { "RICOH", "RICOH\0\0\0", 8, FROM_TIFF, 0x0005, 7, "(TEST)RICOH00001", 16, "serial", "(TEST)RICOH00001" },
    { "Motorola", "MOT\0\1\1\1\1", 8, FROM_NOTE, 0x5501, 2, "TESTMOT001", 11, "serial", "TESTMOT001" },
    { "samsung", "", 0, FROM_NOTE, 0xa002, 2, "TESTSAM001", 11, "serial", "TESTSAM001" },
    { "SAMSUNG", "", 0, FROM_NOTE, 0x0031, 2, "Springfield", 12, "place", "Springfield" },
    { "FLIR Systems AB", "", 0, FROM_TIFF, 0x0007, 2, "TESTIMAGE0000001", 17, "uuid", "TESTIMAGE0000001" },
};

static void put(struct buffer *b, bool big, uint32_t value, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        const uint8_t byte = (uint8_t)(value >> 8 * (big ? width - 1 - i : i));
        assert_true(buffer_add(b, &byte, 1));
    }
}

/* A note of one entry, for a note that stands `at` bytes into its TIFF block. */
static void make_note(struct buffer *b, const struct note *n, bool big, size_t at, uint16_t tag)
{
    uint32_t value_at = 2 + 12 + 4;

    assert_true(buffer_add(b, n->head, n->head_bytes));
    if (n->layout == FROM_HEADER)
        assert_true(buffer_add(b, big ? "MM\0*\0\0\0\x8" : "II*\0\x8\0\0\0", 8));
    value_at += n->layout == FROM_TIFF ? (uint32_t)(at + n->head_bytes) : n->layout == FROM_NOTE ? n->head_bytes : 8;
    put(b, big, 1, 2);
    put(b, big, tag, 2);
    put(b, big, n->type, 2);
    put(b, big, n->value_bytes, 4);
    put(b, big, value_at, 4);
    put(b, big, 0, 4);
    assert_true(buffer_add(b, n->value, n->value_bytes));
}

/* The whole: the note's place is found by making it twice. */
static void build(struct buffer *b, const struct note *n, bool big, uint16_t tag)
{
    size_t at = 0;

    for (int round = 0; round < 2; round++) {
        struct buffer note;
        buffer_init(&note, 4096);
        make_note(&note, n, big, at, tag);
        const struct tiff_value ifd0[] = { { 0x010f, 2, (uint32_t)strlen(n->make) + 1, n->make, { 0 } }, TIFF_END };
        const struct tiff_value exif[] = { { 0x927c, 7, (uint32_t)note.len, (const char *)note.at, { 0 } }, TIFF_END };
        const struct tiff_input input = { .big_endian = big, .ifd0 = ifd0, .exif = exif };
        if (round)
            buffer_done(b);
        buffer_init(b, 1 << 16);
        tiff_build(b, &input);
        const uint8_t *found = memmem(b->at, b->len, note.at, note.len);
        assert_non_null(found);
        at = (size_t)(found - b->at);
        buffer_done(&note);
    }
}

static struct bytes view(const struct buffer *b)
{
    return (struct bytes){ .at = b->at, .len = b->len };
}

static void tells_what_each_maker_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * sizeof notes / sizeof *notes; i++) {
        const struct note *n = &notes[i / 2];
        struct photo_result x;
        struct buffer b;

        build(&b, n, i % 2, n->tag);
        photo_result_init(&x, tiff_read, view(&b));
        const struct fact_identifier *id = photo_identifier(&x, n->kind, n->told);
        if (!id || x.reading.damage_count > 0)
            print_error("%s, tag %04x, %s\n", n->make, n->tag, i % 2 ? "big-endian" : "little-endian");
        assert_non_null(id);
        assert_int_equal(x.reading.damage_count, 0);
        const uint8_t *value = memmem(b.at, b.len, n->value, n->value_bytes);
        assert_int_equal(id->head.origin.offset, value - b.at);
        photo_result_done(&x);
        buffer_done(&b);
    }
}

/* The same values under another tag: nothing is told, and that is said. */
static void says_what_it_does_not_know(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        const struct note *n = &notes[i];
        struct photo_result x;
        struct buffer b;

        build(&b, n, false, 0x7ff7);
        photo_result_init(&x, tiff_read, view(&b));
        assert_null(photo_identifier(&x, n->kind, n->told));
        assert_non_null(photo_damage(&x, "1 values of"));
        assert_non_null(photo_damage(&x, "not understood"));
        photo_result_done(&x);
        buffer_done(&b);
    }
}

/* A head of one maker with nothing behind it that is a directory. */
static void a_head_alone_is_no_note(void **state)
{
    static const char note[] = "Apple iOS\0\0\1MM\xff\xff\xff\xff\xff\xff\xff\xff";
    const struct tiff_value exif[] = { { 0x927c, 7, sizeof note, note, { 0 } }, TIFF_END };
    const struct tiff_input input = { .exif = exif };
    struct photo_result x;
    struct buffer b;

    (void)state;
    buffer_init(&b, 4096);
    tiff_build(&b, &input);
    photo_result_init(&x, tiff_read, view(&b));
    assert_int_equal(photo_damage(&x, "maker note in TIFF: not understood")->bytes_lost, sizeof note);
    photo_result_done(&x);
    buffer_done(&b);
}

static void survives_cuts_and_flips(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i += 3) {
        struct buffer b;
        build(&b, &notes[i], i % 2, notes[i].tag);
        sweep(tiff_read, view(&b), false);
        buffer_done(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_each_maker_writes),
        cmocka_unit_test(says_what_it_does_not_know),
        cmocka_unit_test(a_head_alone_is_no_note),
        cmocka_unit_test(survives_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
