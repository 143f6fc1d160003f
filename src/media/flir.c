#include "media/flir.h"

/* Unpublished.  R = read in exiftool/exiftool lib/Image/ExifTool/FLIR.pm; M = measured (DJI XT2).
 *
 * Header, 64 bytes; byte order shows in the version (R, M: big-endian in JPEG)
 *   0x00 "FFF\0" or "AFF\0"   0x14 u32 version 100-199   0x18 u32 offset of the record directory
 *   0x1c u32 number of records
 * Directory entry, 32 bytes (R)
 *   0x00 u16 type   0x0c u32 offset   0x10 u32 length
 * Record 0x20, camera information, fixed texts padded with NULs (R; XT2 leaves them empty, M)
 *   0xd4 model[32]   0x104 serial[16]   0x1a0 lens serial[16]   0x21c filter serial[16]
 *   0x298 serial[16] of a third optical part, laid out as those of lens and filter are, 0x7c bytes apart (M, FLIR Vue Pro: the lens's)
 * Record 0x2b, GPS, always little-endian (R)
 *   0x00 u32 valid   0x08 "N\0" or "S\0"   0x0a "E\0" or "W\0"   0x10 f64 latitude   0x18 f64 longitude
 *   0x20 f32 altitude (reference unknown); south and west are negative in some files and told by the letter alone in others (M, FLIR One) */

enum { HEADER_BYTES = 0x40, ENTRY_BYTES = 0x20, RECORDS_MAX = 256, RECORD_CAMERA = 0x20, RECORD_GPS = 0x2b };

static const char block_name[] = "APP1 FLIR";

static struct photo_where where(struct photo *p, const struct pieces *fff, struct bytes value, const char *name)
{
    return photo_where(p, pieces_in_file(fff, value), block_name, NULL, text_of(name));
}

static void take_serial(struct photo *p, const struct pieces *fff, struct bytes field, const char *name)
{
    const struct photo_where at = where(p, fff, field, name);
    bool any = false;

    for (size_t i = 0; i < field.len; i++)
        any |= field.at[i] >= '0' && field.at[i] <= '9';
    if (!any)
        return; /* "No Lens" */
    field.origin = at.offset;
    photo_name(p, "serial", field, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR, at);
}

static void read_camera(struct photo *p, const struct pieces *fff, struct bytes record)
{
    take_serial(p, fff, bytes_part(record, 0x104, 16), "CameraSerialNumber");
    take_serial(p, fff, bytes_part(record, 0x1a0, 16), "LensSerialNumber");
    take_serial(p, fff, bytes_part(record, 0x21c, 16), "FilterSerialNumber");
    take_serial(p, fff, bytes_part(record, 0x298, 16), "PartSerialNumber");
}

static double on_side(double degrees, struct bytes letter, char negative)
{
    return letter.len > 0 && letter.at[0] == (uint8_t)negative && degrees > 0 ? -degrees : degrees;
}

static void read_gps(struct photo *p, const struct pieces *fff, struct bytes record)
{
    struct cursor c = cursor_over(record);
    struct photo_place place = { .subject = "camera", .source = "FLIR", .rank = PHOTO_RANK_VENDOR,
                                 .where = where(p, fff, bytes_part(record, 0x10, 0x14), "GPSInfo") };

    const uint32_t valid = cursor_u32le(&c);
    cursor_skip(&c, 4);
    const struct bytes north = cursor_take(&c, 2), east = cursor_take(&c, 2);
    cursor_skip(&c, 4);
    place.latitude_deg = on_side(cursor_f64le(&c), north, 'S');
    place.longitude_deg = on_side(cursor_f64le(&c), east, 'W');
    place.altitude_m = (double)cursor_f32le(&c);
    if (c.failed || valid != 1)
        return;
    if (place.altitude_m > -1e5 && place.altitude_m < 1e6)
        place.alt_ref = "unknown";
    else
        place.altitude_m = FACT_UNKNOWN_REAL;
    photo_locate(p, &place);
}

static bool is_blank(struct bytes record)
{
    return record.len == 0 || memcmp(record.at, record.at + 1, record.len - 1) == 0;
}

/* FLIR One writes its GPS record a second time, under a type of texts (M). */
bool flir_is_gps(struct bytes record)
{
    static const uint8_t head[] = { 1, 0, 0, 0, 0, 0, 0, 0 };
    struct cursor c = cursor_over(bytes_part(record, sizeof head, UINT64_MAX));
    const uint16_t north = cursor_u16le(&c), east = cursor_u16le(&c);

    return bytes_start_with(record, head, sizeof head) && !c.failed && (north == 'N' || north == 'S') &&
        (east == 'E' || east == 'W');
}

/* What the record types mean, as far as is known; the rest of them is measurement,
 * palette and picture. */
static bool is_known_record(uint32_t type)
{
    return type <= 0x07 || type == 0x0e || (type >= 0x20 && type <= 0x23) || type == 0x27 || type == 0x28 ||
           type == 0x2a || type == RECORD_GPS || type == 0x2c;
}

void flir_read(struct photo *p, const struct pieces *fff)
{
    const struct bytes file = fff->text;
    struct bytes head = bytes_part(file, 0, HEADER_BYTES);

    if (head.len < HEADER_BYTES || (!bytes_start_with(head, "FFF\0", 4) && !bytes_start_with(head, "AFF\0", 4))) {
        photo_unread(p, file.origin, file.len, "data in %s", block_name);
        return;
    }
    struct cursor c = cursor_over(bytes_part(head, 0x14, UINT64_MAX)), again = c;
    const uint32_t version = cursor_u32be(&again);
    const size_t big = version >= 100 && version < 200;
    uint64_t (*number)(struct cursor *, size_t) = big ? cursor_uint_be : cursor_uint_le;
    cursor_skip(&c, 4);
    const uint32_t directory = (uint32_t)number(&c, 4);
    uint32_t count = (uint32_t)number(&c, 4);

    struct bytes entries = bytes_part(file, directory, (uint64_t)count * ENTRY_BYTES);
    if (entries.len < (uint64_t)count * ENTRY_BYTES || count > RECORDS_MAX) {
        reading_damage(p->r, file.origin, FACT_UNKNOWN_INT, count, "the record directory of %s is cut off or too long",
                       block_name);
        count = (uint32_t)(entries.len / ENTRY_BYTES);
    }
    for (uint32_t i = 0; i < count && i < RECORDS_MAX; i++) {
        struct cursor e = cursor_over(bytes_part(entries, (uint64_t)i * ENTRY_BYTES, ENTRY_BYTES));
        const uint32_t type = (uint32_t)number(&e, 2);
        cursor_skip(&e, 10);
        const uint32_t offset = (uint32_t)number(&e, 4), length = (uint32_t)number(&e, 4);
        struct bytes record = bytes_part(file, offset, length);
        if (type != 0 && record.len != length)
            reading_damage(p->r, pieces_in_file(fff, record).origin, length - (int64_t)record.len, 1,
                           "a record of %s lies outside it", block_name);
        else if (type == RECORD_CAMERA)
            read_camera(p, fff, record);
        else if (type == RECORD_GPS || flir_is_gps(record))
            read_gps(p, fff, record);
        else if (!is_known_record(type) && !is_blank(record))
            photo_unread(p, pieces_in_file(fff, record).origin, length, "record of type %u in %s", type, block_name);
    }
}
