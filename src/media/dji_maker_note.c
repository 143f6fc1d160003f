#include "media/dji_maker_note.h"

/* Nothing here is published.  certainty: M = measured on real files, R = read in another
 * reader (exiftool/exiftool lib/Image/ExifTool/DJI.pm), G = guess.
 *
 * Maker note, directory style (Phantom 3, 4).  A bare TIFF directory, no header.  Its byte
 * order may differ from the file's after an editor has rewritten the file (M).
 *   1  ASCII   maker, "DJI"                         M
 *   2  BYTE4   "1 0 0 0"                            M, meaning unknown
 *   3-5   FLOAT  speed x, y, z                      R
 *   6-8   FLOAT  pitch, yaw, roll of the aircraft   R
 *   9-11  FLOAT  pitch, yaw, roll of the camera     R
 *
 * Text style (H20T and later), also APP7 behind "DJI-DBG\0".
 *   "[" key ":" value "]" ...; values may be binary and then hold any byte, so a "]" ends a
 *   value only before "[" or the end (R); values are padded with NULs (M)
 *   sensor_id                serial number of the camera     M (equals EXIF's BodySerialNumber on H20T)
 *   *_dbg_info, *histogram*  debug records of exposure, focus, white balance   R
 *   GimbalDegree(Y,P,R), FlightDegree(Y,P,R), FlightSpeed(X,Y,Z)               R
 *
 * APP4 thermal parameters.
 *   H20T: 0x000 AA 55 12 06; 0x024-0x058 temperature coefficients R; 0x500 55 AA 12 06;
 *         0x504 serial of the thermal core, 14 characters, NUL padded to 32  M;
 *         0x544 version text  M; the rest unknown
 *   M3T, H20N, M2EA: five floats, 0x2c 01 20 00 at 0x20 or 0x40; 0x65 id text, 16 characters  R, not
 *         confirmed that it is a serial, so it is reported as "device_id" */

enum { THERMAL_DEVICE = 0x500, THERMAL_SERIAL = 0x504, THERMAL_SERIAL_BYTES = 32,
       THERMAL2_ID = 0x65, THERMAL2_ID_BYTES = 16, NOTE_TAG_LAST = 11 };

static bool is_printable(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] < 0x20 || t.at[i] > 0x7e)
            return false;
    return t.len > 0;
}

static bool has_key_word(struct text key, struct text word)
{
    for (size_t i = 0; i + word.len <= key.len; i++)
        if (text_equal_ignoring_case((struct text){ key.at + i, word.len }, word))
            return true;
    return false;
}

static bool key_is_harmless(struct text key)
{
    return text_ends_with(key, TEXT("_dbg_info")) || has_key_word(key, TEXT("histogram")) ||
           text_ends_with(key, TEXT("Degree(Y,P,R)")) || text_equal(key, TEXT("FlightSpeed(X,Y,Z)")) ||
           text_equal(key, TEXT("hiso")) || text_equal(key, TEXT("xidiri"));
}

static void take_pair(struct photo *p, struct text key, struct bytes value, const char *block_name)
{
    const struct photo_where where = photo_where(p, value, block_name, "DJI text", key);
    const struct text text = text_of_padded(value);

    if (text_equal(key, TEXT("sensor_id")) || has_key_word(key, TEXT("serial")))
        photo_name(p, "serial", value, has_key_word(key, TEXT("drone")) ? PHOTO_DEVICE_AIRCRAFT : PHOTO_DEVICE_CAMERA,
                   PHOTO_RANK_VENDOR, where);
    else if (has_key_word(key, TEXT("uuid")))
        photo_name(p, "uuid", value, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR, where);
    else if (!key_is_harmless(key) && text_known(text))
        photo_unread(p, value.origin, value.len, "key \"%.*s\" of DJI's debug text in %s",
                     is_printable(key) && key.len < 64 ? (int)key.len : 0, key.at, block_name);
}

/* The "]" that ends the value which begins `b`; b.len when none does. */
static size_t value_end(struct bytes b)
{
    for (size_t i = 0; i < b.len; i++) {
        const uint8_t *bracket = memchr(b.at + i, ']', b.len - i);
        if (!bracket)
            return b.len;
        i = (size_t)(bracket - b.at);
        if (i + 1 == b.len || b.at[i + 1] == '[' || b.at[i + 1] == 0)
            return i;
    }
    return b.len;
}

void dji_text_read(struct photo *p, struct bytes blob, const char *block_name)
{
    while (blob.len > 0 && blob.at[0] == '[') {
        struct bytes pair = bytes_part(blob, 1, UINT64_MAX);
        const size_t end = value_end(pair);
        if (end == pair.len)
            reading_damage(p->r, blob.origin, (int64_t)blob.len, FACT_UNKNOWN_INT, "DJI's debug text in %s is cut off",
                           block_name);
        blob = bytes_part(pair, (uint64_t)end + 1, UINT64_MAX);
        pair.len = end;
        const uint8_t *colon = pair.len ? memchr(pair.at, ':', pair.len) : NULL;
        if (colon) {
            const size_t n = (size_t)(colon - pair.at);
            take_pair(p, text_of_bytes(bytes_part(pair, 0, n)), bytes_part(pair, n + 1, UINT64_MAX), block_name);
        }
    }
    if (text_known(text_of_padded(blob)))
        photo_unread(p, blob.origin, blob.len, "bytes behind DJI's debug text in %s", block_name);
}

static bool directory_style(struct photo *p, struct tiff_block note, const char *block_name)
{
    struct tiff_directory d;
    uint32_t unknown = 0;

    note.opened_count = 0;
    if (tiff_directory_open(&note, 0, &d) != PARSE_OK || d.entry_count == 0 || d.entries_lost)
        return false;
    const struct tiff_entry first = tiff_entry_at(&note, &d, 0);
    if (first.tag != 1 || first.type != TIFF_ASCII || !bytes_start_with(first.value, "DJI", 3))
        return false;
    for (uint32_t i = 0; i < d.entry_count; i++)
        unknown += tiff_entry_at(&note, &d, i).tag > NOTE_TAG_LAST;
    if (unknown)
        reading_damage(p->r, d.entries.origin, FACT_UNKNOWN_INT, unknown,
                       "%u of %u tags of the DJI maker note in %s are not known", unknown, d.entry_count, block_name);
    return true;
}

void maker_note_read(struct photo *p, const struct tiff_block *t, struct bytes note, const char *block_name)
{
    struct tiff_block as_directory = *t;

    if (note.len == 0)
        return;
    if (note.at[0] == '[' && memchr(note.at, ':', note.len)) {
        dji_text_read(p, note, block_name);
        return;
    }
    as_directory.bytes = note;
    as_directory.big_endian = false;
    if (directory_style(p, as_directory, block_name))
        return;
    as_directory.big_endian = true;
    if (directory_style(p, as_directory, block_name))
        return;
    const int make_len = p->make.len < 64 && is_printable(p->make) ? (int)p->make.len : 0;
    photo_unread(p, note.origin, note.len, "maker note in %s%s%.*s", block_name, make_len ? " by " : "", make_len,
                 make_len ? p->make.at : "");
}

bool dji_thermal_read(struct photo *p, struct bytes body)
{
    if (bytes_start_with(body, "\xaa\x55\x12\x06", 4)) {
        struct bytes device = bytes_part(body, THERMAL_DEVICE, UINT64_MAX);
        struct bytes serial = bytes_part(body, THERMAL_SERIAL, THERMAL_SERIAL_BYTES);
        const struct text text = text_of_padded(serial);
        if (!bytes_start_with(device, "\x55\xaa\x12\x06", 4))
            return false;
        serial.len = text.len;
        if (is_printable(text))
            photo_name(p, "serial", serial, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR,
                       photo_where(p, serial, "APP4 DJI thermal", NULL, TEXT("thermal core serial")));
        return true;
    }
    if (!bytes_equal(bytes_part(body, 0x20, 4), "\x2c\x01\x20\0", 4) &&
        !bytes_equal(bytes_part(body, 0x40, 4), "\x2c\x01\x20\0", 4))
        return false;
    struct bytes id = bytes_part(body, THERMAL2_ID, THERMAL2_ID_BYTES);
    const struct text text = text_of_padded(id);
    id.len = text.len;
    if (is_printable(text))
        photo_name(p, "device_id", id, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR,
                   photo_where(p, id, "APP4 DJI thermal", NULL, TEXT("id text")));
    return true;
}
