#include "media/exif.h"

#include <inttypes.h>
#include <math.h>

#include "base/timestamp.h"
#include "media/maker_note.h"
#include "media/dng_private.h"
#include "media/exif_gps.h"
#include "media/photo_form.h"
#include "media/photo_xmp.h"
#include "media/photoshop.h"
#include "media/tiff_directory.h"

/* Bits, because a tag may be at home in several kinds of directory. */
enum place { IN_IFD = 1, IN_SUB = 2, IN_EXIF = 4, IN_GPS = 8, IN_INTEROP = 16, IN_PICTURE = IN_IFD | IN_SUB,
             ANYWHERE = IN_IFD | IN_SUB | IN_EXIF };

enum meaning {
    MAKE, MODEL, UNIQUE_MODEL, CAMERA_SERIAL, LENS_SERIAL, PERSON, PERSON_UTF16, OWNER, HOST, UNIQUE_ID, UNIQUE_ID_HEX,
    FILE_NAME, DESCRIPTION, COMMENT, TIME_EXPOSURE, TIME_DIGITIZED, TIME_ZONE, TIME_FRACTION, DNG_VERSION,
    EXIF_DIRECTORY, GPS_DIRECTORY, INTEROP_DIRECTORY, SUB_DIRECTORIES,
    FIRMWARE, MAKER_NOTE, DNG_PRIVATE, XMP_PACKET, IPTC_RECORDS, PHOTOSHOP_RESOURCES, STRIP_OFFSETS, STRIP_BYTES,
};

static const struct tag {
    uint16_t tag;
    uint8_t places;
    uint8_t meaning;
    const char *name;
} tags[] = {
    { 0x010e, IN_PICTURE, DESCRIPTION, "ImageDescription" },
    { 0x010f, IN_PICTURE, MAKE, "Make" },
    { 0x0110, IN_PICTURE, MODEL, "Model" },
    { 0x0111, IN_PICTURE, STRIP_OFFSETS, "StripOffsets" },
    { 0x0117, IN_PICTURE, STRIP_BYTES, "StripByteCounts" },
    { 0x0131, IN_PICTURE, FIRMWARE, "Software" },
    { 0x013b, IN_PICTURE, PERSON, "Artist" },
    { 0x013c, IN_PICTURE, HOST, "HostComputer" },
    { 0x014a, IN_PICTURE, SUB_DIRECTORIES, "SubIFDs" },
    { 0x0201, IN_PICTURE, STRIP_OFFSETS, "JPEGInterchangeFormat" },
    { 0x0202, IN_PICTURE, STRIP_BYTES, "JPEGInterchangeFormatLength" },
    { 0x02bc, ANYWHERE, XMP_PACKET, "XMP" },
    { 0x8298, IN_PICTURE, PERSON, "Copyright" },
    { 0x83bb, IN_PICTURE, IPTC_RECORDS, "IPTC" },
    { 0x8649, IN_PICTURE, PHOTOSHOP_RESOURCES, "Photoshop" },
    { 0x8769, IN_PICTURE, EXIF_DIRECTORY, "ExifIFD" },
    { 0x8825, ANYWHERE, GPS_DIRECTORY, "GPSInfo" },
    { 0x9003, ANYWHERE, TIME_EXPOSURE, "DateTimeOriginal" },
    { 0x9004, ANYWHERE, TIME_DIGITIZED, "DateTimeDigitized" },
    { 0x9011, ANYWHERE, TIME_ZONE, "OffsetTimeOriginal" },
    { 0x9291, ANYWHERE, TIME_FRACTION, "SubSecTimeOriginal" },
    { 0x9286, ANYWHERE, COMMENT, "UserComment" },
    { 0x927c, ANYWHERE, MAKER_NOTE, "MakerNote" },
    { 0x9c9d, IN_PICTURE, PERSON_UTF16, "XPAuthor" },
    { 0xa005, ANYWHERE, INTEROP_DIRECTORY, "InteroperabilityIFD" },
    { 0xa420, ANYWHERE, UNIQUE_ID, "ImageUniqueID" },
    { 0xa430, ANYWHERE, OWNER, "CameraOwnerName" },
    { 0xa431, ANYWHERE, CAMERA_SERIAL, "BodySerialNumber" },
    { 0xa435, ANYWHERE, LENS_SERIAL, "LensSerialNumber" },
    { 0xa437, ANYWHERE, PERSON, "Photographer" },
    { 0xa438, ANYWHERE, PERSON, "ImageEditor" },
    { 0xa43a, ANYWHERE, FIRMWARE, "CameraFirmware" },
    { 0xc612, IN_IFD, DNG_VERSION, "DNGVersion" },
    { 0xc614, IN_PICTURE, UNIQUE_MODEL, "UniqueCameraModel" },
    { 0xc62f, IN_PICTURE, CAMERA_SERIAL, "CameraSerialNumber" },
    { 0xc634, IN_PICTURE, DNG_PRIVATE, "DNGPrivateData" },
    { 0xc65d, IN_PICTURE, UNIQUE_ID_HEX, "RawDataUniqueID" },
    { 0xc68b, IN_PICTURE, FILE_NAME, "OriginalRawFileName" },
    { 0xfde8, ANYWHERE, OWNER, "OwnerName" },
    { 0xfde9, ANYWHERE, CAMERA_SERIAL, "SerialNumber" },
};

enum { BUDGET_SPARE = 4096 };

struct walk {
    struct photo *photo;
    struct tiff_block tiff;
    const char *block_name;
    bool is_dng;
    struct tiff_queue pending;
    struct exif_gps gps;
    struct tiff_entry maker_note, dng_private; /* read last, when the make is known */
    struct text zone, fraction;
    uint64_t strip_offset, strip_bytes;
    uint32_t previews; /* of the directory being read */
    /* Bytes of values still to be looked at.  The values of an honest block do not overlap,
     * so together they are no longer than it; thousands of entries that share one long value
     * would otherwise cost its length each time. */
    uint64_t budget_bytes;
};

static const char *place_name(enum place place)
{
    switch (place) {
    case IN_SUB: return "SubIFD";
    case IN_EXIF: return "Exif IFD";
    case IN_GPS: return "GPS IFD";
    case IN_INTEROP: return "Interop IFD";
    default: return "IFD";
    }
}

static void keep_first(struct text *field, struct bytes value)
{
    const struct text t = text_of_padded(value);

    if (!text_known(*field) && text_known(t))
        *field = t;
}

static void keep_time(struct photo *p, struct bytes value)
{
    if (!p->exif_clock.known)
        (void)photo_parse_clock(text_of_padded(value), &p->exif_clock);
}

/* Cameras on a card write the path of the file there, such as DCIM\100MEDIA\DJI_0018.JPG. */
static bool is_path(struct text t)
{
    return text_known(t) && (memchr(t.at, '\\', t.len) || memchr(t.at, '/', t.len)) &&
           memchr(t.at, '.', t.len) && !memchr(t.at, ' ', t.len);
}

static struct bytes utf16le_as_utf8(struct arena *a, struct bytes value)
{
    char *to = arena_alloc(a, value.len / 2 + 1, 3);
    struct cursor c = cursor_over(value);
    struct bytes utf8 = { .at = (const uint8_t *)to, .len = 0, .origin = value.origin };

    while (to && c.rest.len >= 2) {
        const uint16_t unit = cursor_u16le(&c);
        if (unit == 0)
            break;
        if (unit < 0x80) {
            to[utf8.len++] = (char)unit;
        } else if (unit < 0x800) {
            to[utf8.len++] = (char)(0xc0 | unit >> 6);
            to[utf8.len++] = (char)(0x80 | (unit & 0x3f));
        } else if (unit >= 0xd800 && unit <= 0xdfff) {
            to[utf8.len++] = '?'; /* halves of a pair: beyond what names need */
        } else {
            to[utf8.len++] = (char)(0xe0 | unit >> 12);
            to[utf8.len++] = (char)(0x80 | (unit >> 6 & 0x3f));
            to[utf8.len++] = (char)(0x80 | (unit & 0x3f));
        }
    }
    return utf8;
}

/* Software is the camera's firmware or the name of a program that wrote the file: one word with digits and points is a
 * version, and programs name themselves. */
static bool is_version(struct text t)
{
    size_t digits = 0, points = 0;

    for (size_t i = 0; i < t.len; i++) {
        const char c = t.at[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        digits += c >= '0' && c <= '9';
        points += c == '.';
        if (!letter && c != '.' && c != '-' && c != '_' && !(c >= '0' && c <= '9'))
            return false;
    }
    return digits >= 2 && points > 0 && 2 * digits + points >= t.len;
}

static void take_name(struct walk *w, const struct tag *tag, struct bytes value, struct photo_where where)
{
    struct photo *p = w->photo;
    const int rank = PHOTO_RANK_EXIF;

    switch ((enum meaning)tag->meaning) {
    case CAMERA_SERIAL: photo_name(p, "serial", value, PHOTO_DEVICE_CAMERA, rank, where); break;
    case LENS_SERIAL: photo_name(p, "serial", value, PHOTO_DEVICE_NONE, rank, where); break;
    case PERSON: photo_name(p, "name", value, PHOTO_DEVICE_NONE, rank, where); break;
    case PERSON_UTF16:
        photo_name(p, "name", utf16le_as_utf8(p->r->arena, value), PHOTO_DEVICE_NONE, rank, where);
        break;
    case OWNER: photo_name(p, "owner_name", value, PHOTO_DEVICE_NONE, rank, where); break;
    case HOST: photo_name(p, "host_name", value, PHOTO_DEVICE_NONE, rank, where); break;
    case UNIQUE_ID: photo_name(p, "uuid", value, PHOTO_DEVICE_NONE, rank, where); break;
    case UNIQUE_ID_HEX:
        photo_name(p, "uuid", photo_hex(p, bytes_part(value, 0, 16)), PHOTO_DEVICE_NONE, rank, where);
        break;
    case FIRMWARE:
        if (tag->tag != 0x0131 || is_version(text_of_padded(value)))
            photo_firmware(p, value, PHOTO_DEVICE_CAMERA, where);
        break;
    case FILE_NAME: photo_name(p, "file_name", value, PHOTO_DEVICE_NONE, rank, where); break;
    case DESCRIPTION:
        photo_name(p, is_path(text_of_padded(value)) ? "card_path" : "comment", value, PHOTO_DEVICE_NONE, rank, where);
        break;
    case COMMENT: exif_comment(p, "comment", value, where); break;
    default: break;
    }
}

static void take_camera(struct walk *w, const struct tag *tag, struct bytes value, struct photo_where where)
{
    struct photo *p = w->photo;

    if (!text_known(p->make) && !text_known(p->model))
        p->camera_where = where;
    keep_first(tag->meaning == MAKE ? &p->make : tag->meaning == MODEL ? &p->model : &p->unique_model, value);
}

static void take_block(struct walk *w, const struct tag *tag, const struct tiff_entry *e)
{
    struct photo *p = w->photo;

    if (tag->meaning == XMP_PACKET)
        photo_read_xmp(p, pieces_one(e->value), w->block_name);
    else if (tag->meaning == IPTC_RECORDS)
        iptc_read(p, e->value, w->block_name);
    else if (tag->meaning == PHOTOSHOP_RESOURCES)
        photoshop_read(p, e->value, w->block_name);
    else if (tag->meaning == MAKER_NOTE && w->maker_note.tag == 0)
        w->maker_note = *e;
    else if (tag->meaning == DNG_PRIVATE && w->dng_private.tag == 0)
        w->dng_private = *e;
}

static void take_tag(struct walk *w, const struct tag *tag, const struct tiff_entry *e, enum place place)
{
    const struct photo_where where =
        photo_where(w->photo, e->value, w->block_name, place_name(place), text_of(tag->name));

    switch ((enum meaning)tag->meaning) {
    case MAKE: case MODEL: case UNIQUE_MODEL:
        take_camera(w, tag, e->value, where);
        break;
    case TIME_EXPOSURE: keep_time(w->photo, e->value); break;
    case TIME_DIGITIZED: break; /* taken in a second round: DateTimeOriginal comes first */
    case TIME_ZONE: keep_first(&w->zone, e->value); break;
    case TIME_FRACTION: keep_first(&w->fraction, e->value); break;
    case DNG_VERSION: w->is_dng = true; break;
    case EXIF_DIRECTORY: tiff_follow_all(&w->pending, &w->tiff, e, IN_EXIF); break;
    case GPS_DIRECTORY: tiff_follow_all(&w->pending, &w->tiff, e, IN_GPS); break;
    case INTEROP_DIRECTORY: tiff_follow_all(&w->pending, &w->tiff, e, IN_INTEROP); break;
    case SUB_DIRECTORIES: tiff_follow_all(&w->pending, &w->tiff, e, IN_SUB); break;
    case STRIP_OFFSETS:
        if (e->count == 1)
            (void)tiff_uint(&w->tiff, e, 0, &w->strip_offset);
        break;
    case STRIP_BYTES:
        if (e->count == 1)
            (void)tiff_uint(&w->tiff, e, 0, &w->strip_bytes);
        break;
    case MAKER_NOTE: case DNG_PRIVATE: case XMP_PACKET: case IPTC_RECORDS: case PHOTOSHOP_RESOURCES:
        take_block(w, tag, e);
        break;
    default:
        take_name(w, tag, e->value, where);
    }
}

static const struct tag *tag_find(uint16_t number, enum place place)
{
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tags[i].tag == number && (tags[i].places & place))
            return &tags[i];
    return NULL;
}

/* A preview is a picture of its own when it carries metadata of its own: FF D8, then
 * an APPn segment other than JFIF. */
static void hand_over_preview(struct walk *w)
{
    struct photo *p = w->photo;
    struct bytes preview = bytes_part(w->tiff.bytes, w->strip_offset, w->strip_bytes);

    if (w->strip_offset == 0 || preview.len != w->strip_bytes || !bytes_start_with(preview, "\xff\xd8\xff", 3) ||
        preview.len < 4 || preview.at[3] < 0xe1 || preview.at[3] > 0xef || !p->r->member)
        return;
    p->r->member(p->r, arena_printf(p->r->arena, "preview-%u.jpg", ++w->previews), preview);
}

static void read_entries(struct walk *w, const struct tiff_directory *d, enum place place)
{
    uint32_t outside = 0, overlapping = 0;

    w->strip_offset = w->strip_bytes = 0;
    for (uint32_t i = 0; i < d->entry_count; i++) {
        const struct tiff_entry e = tiff_entry_at(&w->tiff, d, i);
        if (e.outside) {
            outside++;
            continue;
        }
        const struct tag *tag = tag_find(e.tag, place);
        if (!tag && place != IN_GPS)
            continue;
        if (e.value.len > w->budget_bytes) {
            overlapping++;
            continue;
        }
        w->budget_bytes -= e.value.len;
        if (place == IN_GPS)
            exif_gps_take(&w->gps, &w->tiff, &e);
        else
            take_tag(w, tag, &e, place);
        if (tag && tag->meaning == TIME_DIGITIZED && !w->photo->exif_clock.known)
            keep_time(w->photo, e.value);
    }
    hand_over_preview(w);
    if (outside)
        reading_damage(w->photo->r, d->entries.origin, FACT_UNKNOWN_INT, outside,
                       "%u of %u values of the %s in %s lie outside it or have no known type", outside,
                       d->entry_count, place_name(place), w->block_name);
    if (overlapping)
        reading_damage(w->photo->r, d->entries.origin, FACT_UNKNOWN_INT, overlapping,
                       "%u values of the %s in %s overlap others and were not read", overlapping, place_name(place),
                       w->block_name);
}

static void read_directory(struct walk *w, uint64_t offset, enum place place)
{
    struct reading *r = w->photo->r;
    const uint64_t origin = w->tiff.bytes.origin + (offset < w->tiff.bytes.len ? offset : w->tiff.bytes.len);
    struct tiff_directory d;

    switch (tiff_directory_open(&w->tiff, offset, &d)) {
    case PARSE_OK:
        break;
    case PARSE_INVALID:
        reading_damage(r, origin, 0, 0, "the directories of %s loop or are too many: %s at %" PRIu64 " not read again",
                       w->block_name, place_name(place), offset);
        return;
    default:
        reading_damage(r, origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the %s of %s at %" PRIu64 " lies outside it",
                       place_name(place), w->block_name, offset);
        return;
    }
    if (d.entries_lost)
        reading_damage(r, d.entries.origin, FACT_UNKNOWN_INT, (int64_t)(d.entries_lost & INT64_MAX),
                       "the %s of %s is cut off: %" PRIu64 " of %" PRIu64 " entries are missing", place_name(place), w->block_name,
                       d.entries_lost, d.entry_count + d.entries_lost);
    read_entries(w, &d, place);
    if (place == IN_IFD)
        tiff_follow(&w->pending, d.next, place);
}

/* The fraction and the zone stand in tags of their own, in any order. */
static void finish_time(struct walk *w)
{
    struct photo_clock *clock = &w->photo->exif_clock;
    char text[TIMESTAMP_TEXT_MAX + 16];
    struct photo_clock with_zone;
    double fraction;

    if (!clock->known || clock->zone_known)
        return;
    if (text_known(w->fraction) && w->fraction.len <= 9) {
        text[0] = '.';
        memcpy(text + 1, w->fraction.at, w->fraction.len);
        if (text_to_real((struct text){ text, w->fraction.len + 1 }, &fraction) && fraction < 1 &&
            clock->as_if_utc_ns % NS_PER_S == 0)
            clock->as_if_utc_ns += (int64_t)llround(fraction * 1e9);
    }
    if (!text_known(w->zone) || w->zone.len > 8)
        return;
    struct text t = timestamp_text(clock->as_if_utc_ns, text);
    t.len--; /* the Z */
    memcpy(text + t.len, w->zone.at, w->zone.len);
    t.len += w->zone.len;
    if (photo_parse_clock(t, &with_zone) && with_zone.zone_known)
        *clock = with_zone;
}

static void read_dng_private(struct walk *w, const struct tiff_entry *e)
{
    struct dng_private_block block;
    struct cursor c;

    if (!dng_private_open(e->value, &c)) {
        photo_unread(w->photo, e->value.origin, e->value.len, "DNGPrivateData in %s", w->block_name);
        return;
    }
    while (dng_private_next(&c, &block)) {
        if (block.is_note)
            maker_note_read(w->photo, &block.origin, block.note, w->block_name);
        else
            photo_unread(w->photo, block.body.origin, block.body.len, "DNGPrivateData block in %s", w->block_name);
    }
}

enum parse_status exif_read(struct photo *p, struct bytes block, const char *block_name, bool *is_dng)
{
    struct walk w = { .photo = p, .block_name = block_name, .budget_bytes = 2 * (uint64_t)block.len + BUDGET_SPARE };
    const enum parse_status status = tiff_block_init(&w.tiff, block);
    int place;

    if (status != PARSE_OK)
        return status;
    exif_gps_init(&w.gps);
    tiff_follow(&w.pending, w.tiff.first_directory, IN_IFD);
    for (uint64_t offset; tiff_queue_next(&w.pending, &offset, &place); )
        read_directory(&w, offset, (enum place)place);
    if (w.pending.dropped)
        reading_damage(p->r, block.origin, FACT_UNKNOWN_INT, w.pending.dropped,
                       "%s has more directories than are followed", block_name);
    finish_time(&w);
    exif_gps_finish(&w.gps, p, block_name);
    if (w.maker_note.tag)
        maker_note_read(p, &w.tiff, w.maker_note.value, block_name);
    if (w.dng_private.tag)
        read_dng_private(&w, &w.dng_private);
    if (w.tiff.wide && p->place_count + p->identifier_count > 0)
        photo_untested(p, TEXT("Tags of cameras in BigTIFF are untested on real files."));
    if (is_dng)
        *is_dng = w.is_dng;
    return PARSE_OK;
}
