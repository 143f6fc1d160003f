#include "media/dji_blocks.h"

/* Certainty: M = measured on real files, R = read in another reader (exiftool/exiftool lib/Image/ExifTool/DJI.pm), G =
 * guess.
 *
 * Maker note, directory style (Phantom 3, 4).  A bare TIFF directory, no header, offsets from its own first byte.  Its
 * byte order may differ from the file's after an editor has rewritten the file (M).
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

enum { NOTE_TAG_BYTES = 2, NOTE_TAG_LAST = 11, THERMAL_DEVICE = 0x500, THERMAL_SERIAL = 0x504,
       THERMAL_SERIAL_BYTES = 32, THERMAL2_ID = 0x65,
       THERMAL2_ID_BYTES = 16 };

static bool has_word(struct text key, struct text word)
{
    for (size_t i = 0; i + word.len <= key.len; i++)
        if (text_equal_ignoring_case((struct text){ key.at + i, word.len }, word))
            return true;
    return false;
}

static enum dji_key meaning_of(struct text key)
{
    static const char *const harmless_ends[] = { "_dbg_info", "Degree(Y,P,R)", "FlightSpeed(X,Y,Z)" };

    if (text_equal(key, TEXT("sensor_id")) || has_word(key, TEXT("serial")))
        return has_word(key, TEXT("drone")) ? DJI_KEY_AIRCRAFT_SERIAL : DJI_KEY_CAMERA_SERIAL;
    if (has_word(key, TEXT("uuid")))
        return DJI_KEY_UUID;
    if (has_word(key, TEXT("histogram")) || text_equal(key, TEXT("hiso")) || text_equal(key, TEXT("xidiri")))
        return DJI_KEY_HARMLESS;
    for (size_t i = 0; i < sizeof harmless_ends / sizeof *harmless_ends; i++)
        if (text_ends_with(key, text_of(harmless_ends[i])))
            return DJI_KEY_HARMLESS;
    return DJI_KEY_UNKNOWN;
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

bool dji_text_begins(struct bytes blob)
{
    return blob.len > 0 && blob.at[0] == '[' && memchr(blob.at, ':', blob.len);
}

bool dji_text_next(struct bytes *rest, struct dji_pair *ret)
{
    while (rest->len > 0 && rest->at[0] == '[') {
        struct bytes pair = bytes_part(*rest, 1, UINT64_MAX);
        const size_t end = value_end(pair);
        const bool cut = end == pair.len;
        *rest = bytes_part(pair, (uint64_t)end + 1, UINT64_MAX);
        pair.len = end;
        const uint8_t *colon = pair.len ? memchr(pair.at, ':', pair.len) : NULL;
        if (!colon && !cut)
            continue;
        const size_t n = colon ? (size_t)(colon - pair.at) : 0;
        ret->cut = cut;
        ret->key = text_of_bytes(bytes_part(pair, 0, n));
        ret->value = colon ? bytes_part(pair, n + 1, UINT64_MAX) : pair;
        ret->meaning = meaning_of(ret->key);
        return true;
    }
    return false;
}

static bool open_in_order(struct tiff_block note, bool big_endian, struct tiff_directory *ret, uint32_t *unknown)
{
    struct tiff_directory d;

    note.big_endian = big_endian;
    note.opened_count = 0;
    if (tiff_directory_open(&note, 0, &d) != PARSE_OK || d.entry_count == 0 || d.entries_lost)
        return false;
    const struct tiff_entry first = tiff_entry_at(&note, &d, 0);
    if (first.tag != 1 || first.type != TIFF_ASCII || !bytes_start_with(first.value, "DJI", 3))
        return false;
    *unknown = 0;
    for (uint32_t i = 0; i < d.entry_count; i++) {
        const struct tiff_entry e = tiff_entry_at(&note, &d, i);
        *unknown += e.tag > NOTE_TAG_LAST || e.outside || e.value.len > tiff_offset_bytes(&note) ||
                    (e.tag > NOTE_TAG_BYTES && e.type != TIFF_FLOAT);
    }
    *ret = d;
    return true;
}

bool dji_directory_open(const struct tiff_block *t, struct bytes note, struct tiff_directory *ret, uint32_t *unknown)
{
    struct tiff_block block = *t;

    block.bytes = note;
    return open_in_order(block, false, ret, unknown) || open_in_order(block, true, ret, unknown);
}

uint64_t dji_directory_rest(struct bytes note, const struct tiff_directory *d)
{
    enum { LINK_BYTES = 4 };
    const struct bytes rest = bytes_part(note, d->entries.origin - note.origin + d->entries.len + LINK_BYTES,
                                         UINT64_MAX);
    uint64_t n = 0;

    for (size_t i = 0; i < rest.len; i++)
        n += rest.at[i] != 0;
    return n;
}

bool dji_thermal_find(struct bytes body, struct dji_thermal *ret)
{
    if (bytes_start_with(body, "\xaa\x55\x12\x06", 4)) {
        if (!bytes_start_with(bytes_part(body, THERMAL_DEVICE, UINT64_MAX), "\x55\xaa\x12\x06", 4))
            return false;
        *ret = (struct dji_thermal){ "serial", "thermal core serial",
                                     bytes_part(body, THERMAL_SERIAL, THERMAL_SERIAL_BYTES) };
        return true;
    }
    if (!bytes_equal(bytes_part(body, 0x20, 4), "\x2c\x01\x20\0", 4) &&
        !bytes_equal(bytes_part(body, 0x40, 4), "\x2c\x01\x20\0", 4))
        return false;
    *ret = (struct dji_thermal){ "device_id", "id text", bytes_part(body, THERMAL2_ID, THERMAL2_ID_BYTES) };
    return true;
}
