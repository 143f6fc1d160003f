#include "evidence/format.h"

#include "app/apk.h"
#include "app/dex.h"
#include "evidence/archive.h"
#include "evidence/text_front.h"
#include "document/bill_of_materials.h"
#include "document/inventory.h"
#include "flightlog/blackbox.h"
#include "flightlog/csv_log.h"
#include "flightlog/dataflash.h"
#include "flightlog/dji_dat.h"
#include "flightlog/dji_index.h"
#include "flightlog/dji_srt.h"
#include "flightlog/dji_txt.h"
#include "flightlog/json_log.h"
#include "flightlog/tlog.h"
#include "flightlog/track_xml.h"
#include "flightlog/ulog.h"
#include "host/host.h"
#include "media/jpeg.h"
#include "media/movie.h"
#include "media/png.h"
#include "media/tiff.h"
#include "packet/capture.h"
#include "radio/recording.h"
#include "radio/sigmf.h"

#include <stdio.h>

/* Formats that are known by their first bytes and not read in this version.  Naming them
 * keeps "unreadable" from looking like "nothing there". */

static bool starts_with(struct bytes whole, size_t offset, const char *mark, size_t len)
{
    return bytes_start_with(bytes_part(whole, offset, UINT64_MAX), mark, len);
}

static bool elf_recognise(struct bytes whole)        { return starts_with(whole, 0, "\x7f" "ELF", 4); }
/* Firmware and images of file systems, by their marks: DJI's signed modules and packages (o-gs/dji-firmware-tools:
 * dji_imah_fwsig.py, dji_xv4_fwcon.py), Android's boot image, update (payload.bin) and sparse image, squashfs, UBI,
 * U-Boot's image, cpio, ext2 to ext4. */
static bool dji_firmware_recognise(struct bytes whole)
{
    enum { XV4_HEADER_BYTES = 64, XV4_HEADER_END = 6, XV4_COUNT = 44 };

    if (starts_with(whole, 0, "IM*H", 4))
        return true;
    struct cursor c = cursor_over(bytes_part(whole, XV4_HEADER_END, UINT64_MAX));
    const uint16_t header_end = cursor_u16le(&c); /* the table of modules, 52 bytes each, ends there */
    struct cursor counted = cursor_over(bytes_part(whole, XV4_COUNT, UINT64_MAX));
    const uint16_t modules = cursor_u16le(&counted);
    return starts_with(whole, 0, "\x78\x56\x34\x12", 4) && modules > 0 &&
        header_end >= XV4_HEADER_BYTES + 52u * modules;
}

static bool firmware_recognise(struct bytes whole)
{
    static const struct { size_t at; const char *mark; size_t len; } marks[] = {
        { 0, "ANDROID!", 8 }, { 0, "CrAU\0\0\0\0\0\0\0", 11 }, { 0, "\x3a\xff\x26\xed\1\0", 6 }, { 0, "hsqs", 4 }, { 0, "UBI#\1\0\0\0", 8 }, { 0, "\x27\x05\x19\x56", 4 },
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (starts_with(whole, marks[i].at, marks[i].mark, marks[i].len))
            return true;
    return false;
}

static bool file_system_recognise(struct bytes whole)
{
    enum { EXT_SUPER_BLOCK = 1024, EXT_MARK = 56, EXT_BLOCK_SIZE = 24, EXT_BLOCK_SIZE_MAX = 6 };
    const struct bytes super = bytes_part(whole, EXT_SUPER_BLOCK, 1024);
    struct cursor size = cursor_over(bytes_part(super, EXT_BLOCK_SIZE, 4));

    if (starts_with(whole, 0, "070701", 6) || starts_with(whole, 0, "070702", 6)) /* cpio, which is not text: it has NULs */
        return whole.len >= 110 && memchr(whole.at + 110, 0, whole.len - 110 < 4096 ? whole.len - 110 : 4096);
    return super.len == 1024 && starts_with(super, EXT_MARK, "\x53\xef", 2) &&
        cursor_u32le(&size) <= EXT_BLOCK_SIZE_MAX;
}

/* Captures as other programs write them: Solaris' snoop (RFC 1761), Microsoft's Network Monitor 1 and 2, the Sniffer of
 * Network General and of Network Associates, AIX's iptrace, Ixia's pcap.  Marks: Wireshark, wiretap/. */
static bool other_capture_recognise(struct bytes whole)
{
    static const struct { const char *mark; size_t len; } marks[] = {
        { "snoop\0\0\0", 8 }, { "RTSS\0\1", 6 }, { "GMBU\0\2", 6 }, { "TRSNIFF data    \x1a", 17 }, { "XCP\0", 4 },
        { "iptrace 1.0", 11 }, { "iptrace 2.0", 11 }, { "\xac\1\0\x1c\2\0\4\0", 8 }, { "\xab\1\0\x1c\2\0\4\0", 8 },
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (starts_with(whole, 0, marks[i].mark, marks[i].len))
            return true;
    return false;
}

static bool bluetooth_log_recognise(struct bytes whole) { return starts_with(whole, 0, "btsnoop\0\0\0\0\1", 12); }
static bool lz4_recognise(struct bytes whole)        { return starts_with(whole, 0, "\x04\x22\x4d\x18", 4); }
static bool pdf_recognise(struct bytes whole)        { return starts_with(whole, 0, "%PDF-", 5); }
static bool sqlite_recognise(struct bytes whole)     { return starts_with(whole, 0, "SQLite format 3\0", 16); }

/* Well-formed UTF-8 without control characters other than blanks, looked at to its end or
 * to the first megabyte. */
static bool text_recognise(struct bytes whole)
{
    enum { LOOK_BYTES = 1024 * 1024, CHARACTER_BYTES_MAX = 4 };
    struct text rest = text_of_bytes(bytes_part(whole, 0, LOOK_BYTES));

    if (whole.len == 0)
        return false;
    while (rest.len > 0) {
        const size_t n = text_utf8_length(rest);
        const unsigned char c = (unsigned char)rest.at[0];
        if (n == 0)
            return whole.len > LOOK_BYTES && rest.len < CHARACTER_BYTES_MAX;
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f)
            return false;
        rest.at += n;
        rest.len -= n;
    }
    return true;
}

/* Texts, in whatever form they were saved (evidence/text_front.h). */
#define TEXT_FORMAT(name) \
    static bool any_##name##_recognise(struct bytes whole) { return text_front_recognise(whole, name##_recognise); } \
    static enum parse_status any_##name##_read(struct reading *r, struct bytes whole) { return text_front_read(r, whole, name##_read); }

TEXT_FORMAT(dji_srt)
TEXT_FORMAT(dataflash_text)
TEXT_FORMAT(cyclonedx)
TEXT_FORMAT(spdx)
TEXT_FORMAT(gpx)
TEXT_FORMAT(kml)
TEXT_FORMAT(json_log)
TEXT_FORMAT(csv_log)
TEXT_FORMAT(inventory)
#undef TEXT_FORMAT

static bool any_text_recognise(struct bytes whole)   { return text_front_recognise(whole, text_recognise); }

/* Asked in this order; what is recognised by less comes later. */
const struct format formats[] = {
    { "pcap",            PASS_TRANSMITTED, pcap_recognise,      capture_read },
    { "pcapng",          PASS_TRANSMITTED, pcapng_recognise,    capture_read },
    { "jpeg",            PASS_STORED,      jpeg_recognise,      jpeg_read },
    { "tiff",            PASS_STORED,      tiff_recognise,      tiff_read },
    { "png",             PASS_STORED,      png_recognise,       png_read },
    { "heif",            PASS_STORED,      heif_recognise,      movie_read },
    { "mp4",             PASS_STORED,      movie_recognise,     movie_read },
    { "apk",             PASS_STORED,      apk_recognise,       apk_read },
    { "aab",             PASS_STORED,      aab_recognise,       aab_read },
    { "ipa",             PASS_STORED,      ipa_recognise,       ipa_read },
    { "zip",             PASS_STORED,      zip_recognise,       archive_read_members },
    { "tar",             PASS_STORED,      tar_recognise,       archive_read_members },
    { "gzip",            PASS_STORED,      gzip_recognise,      compressed_read },
    { "bzip2",           PASS_STORED,      bzip2_recognise,     compressed_read },
    { "xz",              PASS_STORED,      xz_recognise,        compressed_read },
    { "zstd",            PASS_STORED,      zstd_recognise,      compressed_read },
    { "ulog",            PASS_STORED,      ulog_recognise,      ulog_read },
    { "dataflash",       PASS_STORED,      dataflash_recognise, dataflash_read },
    { "dji-index",       PASS_STORED,      dji_index_recognise, dji_index_read },
    { "lz4",             PASS_STORED,      lz4_recognise,       NULL },
    { "other-capture",   PASS_TRANSMITTED, other_capture_recognise, NULL },
    { "bluetooth-log",   PASS_TRANSMITTED, bluetooth_log_recognise, NULL },
    { "sqlite",          PASS_STORED,      sqlite_recognise,    NULL },
    { "dex",             PASS_STORED,      dex_recognise,       dex_read },
    { "elf",             PASS_STORED,      elf_recognise,       NULL },
    { "pdf",             PASS_STORED,      pdf_recognise,       NULL },
    { "dji-firmware",    PASS_STORED,      dji_firmware_recognise, NULL },
    { "firmware",        PASS_STORED,      firmware_recognise,  NULL },
    { "file-system",     PASS_STORED,      file_system_recognise, NULL },
    /* marks that are weaker than those above */
    { "blackbox",        PASS_STORED,      blackbox_recognise,  blackbox_read },
    { "dji-dat",         PASS_STORED,      dji_dat_recognise,   dji_dat_read },
    { "dji-txt",         PASS_STORED,      dji_txt_recognise,   dji_txt_read },
    { "dji-srt",         PASS_STORED,      any_dji_srt_recognise, any_dji_srt_read },
    { "tlog",            PASS_STORED,      tlog_recognise,      tlog_read },
    { "dataflash-text",  PASS_STORED,      any_dataflash_text_recognise, any_dataflash_text_read },
    { "cyclonedx",       PASS_STORED,      any_cyclonedx_recognise, any_cyclonedx_read },
    { "spdx",            PASS_STORED,      any_spdx_recognise, any_spdx_read },
    { "gpx",             PASS_STORED,      any_gpx_recognise, any_gpx_read },
    { "kml",             PASS_STORED,      any_kml_recognise, any_kml_read },
    { "flight-json",     PASS_STORED,      any_json_log_recognise, any_json_log_read },
    { "flight-csv",      PASS_STORED,      any_csv_log_recognise, any_csv_log_read },
    { "host-config",     PASS_STORED,      host_recognise,      host_read },
    { "inventory",       PASS_STORED,      any_inventory_recognise, any_inventory_read },
    { "sigmf-meta",      PASS_STORED,      sigmf_meta_recognise, sigmf_meta_read },
    { "text",            PASS_STORED,      any_text_recognise,  NULL },
    { "radio",           PASS_TRANSMITTED, recording_recognise, recording_read },
};
const size_t format_count = sizeof formats / sizeof *formats;

const struct format *format_identify(struct bytes whole)
{
    for (size_t i = 0; i < format_count; i++)
        if (formats[i].recognise(whole))
            return &formats[i];
    return NULL;
}

const char *format_advice(const struct format *f)
{
    static const struct { bool (*recognise)(struct bytes whole); const char *advice; } advices[] = {
        { other_capture_recognise, "editcap, which comes with Wireshark, makes a capture of it that is read" },
        { lz4_recognise, "unpack it first" },
    };

    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (f->recognise == advices[i].recognise)
            return advices[i].advice;
    return NULL;
}

const struct format *format_identify_by_name(struct bytes whole, struct text name)
{
    return recording_recognise_named(whole, name) ? format_find("radio") : NULL;
}

bool format_companion(struct text path, char *into, size_t room)
{
    static const struct text data = TEXT_INIT(".sigmf-data");

    if (!text_ends_with(path, data) || path.len >= room)
        return false;
    snprintf(into, room, "%.*s.sigmf-meta", (int)(path.len - data.len), path.at);
    return true;
}

const struct format *format_find(const char *kind)
{
    for (size_t i = 0; i < format_count; i++)
        if (strcmp(formats[i].kind, kind) == 0)
            return &formats[i];
    return NULL;
}
