#include "support/support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/format.h"

/* What is told from content, and next to each the nearest content that must not be. */

#define BYTES(literal) { .at = (const uint8_t *)(literal), .len = sizeof(literal) - 1 }
#define GZIP_REST "\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0"

static const struct content {
    const char *name;
    struct bytes head;
    size_t total;       /* filled up with zeros to so many bytes; 0: the head alone */
    const char *kind;   /* NULL: unknown */
} contents[] = {
    { "pcap, microseconds, little endian", BYTES("\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0"), 0, "pcap" },
    { "pcap, microseconds, big endian", BYTES("\xa1\xb2\xc3\xd4\0\2\0\4\0\0\0\0\0\0\0\0\0\4\0\0\0\0\0\1"), 0, "pcap" },
    { "pcap, nanoseconds, little endian", BYTES("\x4d\x3c\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0"), 0, "pcap" },
    { "pcap, nanoseconds, big endian", BYTES("\xa1\xb2\x3c\x4d\0\2\0\4\0\0\0\0\0\0\0\0\0\4\0\0\0\0\0\1"), 0, "pcap" },
    { "pcap of a version never written", BYTES("\xd4\xc3\xb2\xa1\x50\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0"), 0, NULL },
    { "pcap's mark with one bit wrong", BYTES("\xd4\xc3\xb2\xa0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0"), 0, NULL },
    { "pcap cut in its header", BYTES("\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0"), 0, NULL },
    { "pcapng, little endian", BYTES("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0"), 0, "pcapng" },
    { "pcapng, big endian", BYTES("\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d\0\1\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x1c"), 0, "pcapng" },
    { "pcapng's block without its byte order", BYTES("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1b\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0"), 0, NULL },
    { "line breaks", BYTES("\x0a\x0d\x0d\x0a"), 0, "text" },
    { "jpeg", BYTES("\xff\xd8\xff\xe1\0\x10" "Exif\0\0"), 40, "jpeg" },
    { "jpeg without a segment", BYTES("\xff\xd8\0\0"), 40, NULL },
    { "tiff, little endian", BYTES("II*\0\x8\0\0\0\1\0\x0f\1\2\0\4\0\0\0" "abc\0\0\0\0\0"), 0, "tiff" },
    { "tiff, big endian", BYTES("MM\0*\0\0\0\x8\0\1\1\x0f\0\2\0\0\0\4" "abc\0\0\0\0\0"), 0, "tiff" },
    { "tiff, byte orders mixed", BYTES("II\0*\x8\0\0\0\1\0\x0f\1\2\0\4\0\0\0" "abc\0\0\0\0\0"), 0, NULL },
    { "zip", BYTES("PK\3\4\x14\0\0\0\0\0"), 60, "zip" },
    { "empty zip", BYTES("PK\5\6"), 22, "zip" },
    { "a zip's central directory alone", BYTES("PK\1\2\x14\0\0\0"), 60, NULL },
    { "gzip", BYTES("\x1f\x8b\x08" GZIP_REST), 0, "gzip" },
    { "gzip of an unknown method", BYTES("\x1f\x8b\x07" GZIP_REST), 0, NULL },
    { "gzip with reserved flags", BYTES("\x1f\x8b\x08\x80\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0"), 0, NULL },
    { "gzip shorter than any", BYTES("\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0"), 0, NULL },
    { "xz", BYTES("\xfd" "7zXZ\0\0\4"), 32, "xz" },
    { "xz without its zero", BYTES("\xfd" "7zXZ\1\0\4"), 32, NULL },
    { "zstd", BYTES("\x28\xb5\x2f\xfd\4\0"), 20, "zstd" },
    { "zstd's skippable frame", BYTES("\x50\x2a\x4d\x18\4\0"), 20, NULL },
    { "bzip2", BYTES("BZh9\x31\x41\x59\x26\x53\x59"), 32, "bzip2" },
    { "bzip2 of nothing", BYTES("BZh1\x17\x72\x45\x38\x50\x90\0\0\0\0"), 0, "bzip2" },
    { "bzip2 without a size", BYTES("BZh0\x31\x41\x59\x26\x53\x59"), 32, NULL },
    { "bzip2's mark alone", BYTES("BZh9\1"), 32, NULL },
    { "lz4", BYTES("\x04\x22\x4d\x18\x64\x40\xa7"), 20, "lz4" },
    { "snoop", BYTES("snoop\0\0\0\0\0\0\2\0\0\0\4"), 40, "other-capture" },
    { "Network Monitor 2", BYTES("GMBU\0\2\1\0"), 120, "other-capture" },
    { "Sniffer", BYTES("TRSNIFF data    \x1a\1\0"), 40, "other-capture" },
    { "pcap of Ixia", BYTES("\xac\1\0\x1c\2\0\4\0"), 20, "other-capture" },
    { "snoop's name alone", BYTES("snoop\0\1\0"), 40, NULL },
    { "log of a phone's Bluetooth", BYTES("btsnoop\0\0\0\0\1\0\0\3\xea"), 20, "bluetooth-log" },
    { "ulog", BYTES("ULog\x01\x12\x35\1"), 40, "ulog" },
    { "ulog's name alone", BYTES("ULog\x01\x12\x36\1"), 40, NULL },
    { "dataflash", BYTES("\xa3\x95\x80\x80\x59"), 90, "dataflash" },
    { "dataflash as text", BYTES("FMT, 128, 89, FMT, BBnNZ, Type,Length,Name,Format,Columns\r\n"), 0, "dataflash-text" },
    { "dataflash as text, behind a heading", BYTES("made by a program\nFMT, 128, 89, FMT, BBnNZ, Type,Length,Name,Format,Columns\n"), 0, "dataflash-text" },
    { "a line about FMT", BYTES("FMT, 129, 89, FMT\n"), 0, "text" },
    { "tlog", BYTES("\0\6\x18\x66\xa6\x90\x1e\0\xfe\x09\0\x01\x01\0\0\0\0\0\x02\x03\0\x04\x03\xd0\x14"), 0, "tlog" },
    { "tlog whose check is wrong", BYTES("\0\6\x18\x66\xa6\x90\x1e\0\xfe\x09\0\x01\x01\0\0\0\0\0\x02\x03\0\x04\x03\xd1\x14"), 0, NULL },
    { "mp4", BYTES("\0\0\0\x18" "ftypmp42"), 24, "mp4" },
    { "mp4's word in its first place", BYTES("ftyp\0\0\0\x18"), 24, NULL },
    { "png", BYTES("\x89PNG\r\n\x1a\n"), 40, "png" },
    { "png after a text transfer", BYTES("\x89PNG\n\x1a\n"), 40, NULL },
    { "sqlite", BYTES("SQLite format 3\0"), 100, "sqlite" },
    { "a line about sqlite", BYTES("SQLite format 3 is a file format\n"), 0, "text" },
    { "dex", BYTES("dex\n035\0"), 112, "dex" },
    { "dex that is shorter than its header", BYTES("dex\n035\0"), 100, NULL },
    { "elf", BYTES("\x7f" "ELF\2\1\1"), 64, "elf" },
    { "pdf", BYTES("%PDF-1.7\n"), 0, "pdf" },
    { "pdf further down", BYTES("x%PDF-1.7\n"), 0, "text" },
    { "DJI's signed module", BYTES("IM*H\2\0\0\0"), 256, "dji-firmware" },
    { "DJI's package of modules", BYTES("\x78\x56\x34\x12\1\0\x76\0\0\0\0\0................................\1\0"), 200, "dji-firmware" },
    { "DJI's package that ends before its modules", BYTES("\x78\x56\x34\x12\1\0\x20\0\0\0\0\0................................\1\0"), 200, NULL },
    { "Android's boot image", BYTES("ANDROID!"), 2048, "firmware" },
    { "Android's update", BYTES("CrAU\0\0\0\0\0\0\0\2"), 64, "firmware" },
    { "Android's sparse image", BYTES("\x3a\xff\x26\xed\1\0\0\0"), 64, "firmware" },
    { "squashfs", BYTES("hsqs"), 96, "firmware" },
    { "a word that begins like it", BYTES("hsq.\0"), 96, NULL },
    { "U-Boot's image", BYTES("\x27\x05\x19\x56"), 64, "firmware" },
    { "cpio", BYTES("070701000000010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000a\0"), 200, "file-system" },
    { "a number that begins like cpio", BYTES("070701\n"), 0, "text" },
    { "text", BYTES("a shopping list\r\n\tmilk \xc3\xa9\n"), 0, "text" },
    { "text that is not UTF-8", BYTES("caf\xe9\n"), 0, NULL },
    { "text with a control character", BYTES("a\x1b[31m\n"), 0, NULL },
    { "text with a NUL", BYTES("a\0b"), 0, NULL },
    { "zeros", BYTES("\0"), 4096, NULL },
    { "nothing", BYTES(""), 0, NULL },
};

static struct bytes filled(const struct content *c)
{
    const size_t len = c->total > c->head.len ? c->total : c->head.len;
    uint8_t *at = calloc(len + 1, 1);

    assert_non_null(at);
    memcpy(at, c->head.at, c->head.len);
    const struct bytes copy = exact_copy(at, len);
    free(at);
    return copy;
}

static void content_decides(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        const struct bytes b = filled(&contents[i]);
        const struct format *f = format_identify(b);
        const char *kind = f ? f->kind : NULL;
        if ((kind == NULL) != (contents[i].kind == NULL) || (kind && strcmp(kind, contents[i].kind) != 0))
            fail_msg("%s: told as %s", contents[i].name, kind ? kind : "unknown");
        exact_copy_free(b);
    }
}

static void file_systems_are_told_by_their_super_block(void **state)
{
    uint8_t image[4096] = { 0 };

    (void)state;
    image[1024 + 56] = 0x53;
    image[1024 + 57] = 0xef;
    image[1024 + 24] = 2;
    assert_string_equal(format_identify((struct bytes){ .at = image, .len = sizeof image })->kind, "file-system");
    assert_null(format_identify((struct bytes){ .at = image, .len = 1500 })); /* cut in it */
    image[1024 + 24] = 9; /* blocks of half a megabyte: there are none */
    assert_null(format_identify((struct bytes){ .at = image, .len = sizeof image }));
}

static void tar_is_told_by_its_mark(void **state)
{
    uint8_t block[1024] = "name";
    struct bytes b = { .at = block, .len = sizeof block };

    (void)state;
    assert_null(format_identify(b));
    memcpy(block + 257, "ustar\0" "00", 8);
    assert_string_equal(format_identify(b)->kind, "tar");
    memcpy(block + 257, "ustar  ", 8); /* GNU */
    assert_string_equal(format_identify(b)->kind, "tar");
    b.len = 511;
    assert_null(format_identify(b));
    memcpy(block + 258, "ustar", 5);
    b.len = sizeof block;
    assert_null(format_identify(b));
}

/* No recogniser looks behind the end, wherever that is. */
static void every_length_of_every_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        const struct bytes whole = filled(&contents[i]);
        for (size_t n = 0; n < whole.len && n < 600; n++) {
            const struct bytes cut = exact_copy(whole.at, n);
            for (size_t k = 0; k < format_count; k++)
                (void)formats[k].recognise(cut);
            exact_copy_free(cut);
        }
        exact_copy_free(whole);
    }
}

static void formats_are_found_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < format_count; i++) {
        assert_ptr_equal(format_find(formats[i].kind), &formats[i]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(formats[k].kind, formats[i].kind);
    }
    assert_null(format_find("papyrus"));
}

/* Formats that are told by words rather than by marks take nothing of one another's, or of the other formats'. */

static const struct { const char *kind, *folder; } wordy[] = {
    { "dji-srt", "/flightlog/dji_srt/" }, { "flight-csv", "/flightlog/csv_log/" }, { "blackbox", "/flightlog/blackbox/" }, { "dji-index", "/flightlog/dji_index/" },
    { "flight-json", "/flightlog/json_log/" }, { "gpx", "/flightlog/gpx/" },
    { "kml", "/flightlog/kml/" },
};
static size_t corpus_files;

static int look_at_corpus(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    if (type != FTW_F || strstr(path, "/scrub/plan/") || strstr(path, "/evidence/text_front/")) /* of every format */
        return 0;
    const struct bytes b = file_bytes(path);
    const struct format *f = format_identify(b);
    for (size_t i = 0; i < sizeof wordy / sizeof *wordy; i++) {
        const bool told = f && strcmp(f->kind, wordy[i].kind) == 0, own = strstr(path, wordy[i].folder) != NULL;
        if (told != own)
            fail_msg("%s is told as %s", path, f ? f->kind : "unknown");
    }
    corpus_files++;
    exact_copy_free(b);
    return 0;
}

static void wordy_formats_take_only_their_own(void **state)
{
    char corpus[4096];

    (void)state;
    snprintf(corpus, sizeof corpus, "%s", source_path("test/corpus"));
    assert_int_equal(nftw(corpus, look_at_corpus, 16, FTW_PHYS), 0);
    assert_true(corpus_files > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_decides),
        cmocka_unit_test(file_systems_are_told_by_their_super_block), cmocka_unit_test(tar_is_told_by_its_mark),
        cmocka_unit_test(every_length_of_every_content),
        cmocka_unit_test(formats_are_found_by_name),
        cmocka_unit_test(wordy_formats_take_only_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
