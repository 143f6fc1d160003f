#include "media/maker_walk.h"

#include <string.h>

enum { ENTRIES_MAX = 1024, SEEN_MAX = 4 << 20, BUDGET_SPARE = 4096, HEX_BYTES_MAX = 32 };

/* How a value is written. */
enum form { AS_TEXT, AS_NUMBER, AS_HEX, AS_VERSION /* bytes with points between */, AS_COMPLEMENT /* the same, inverted */,
            AS_HEX_VERSION /* 0x1100 is 1.100 */, NOT_TOLD };

enum place { MAIN, EQUIPMENT, OTHER };

struct rule {
    uint16_t tag;
    uint8_t place, meaning, form;
    uint16_t at, length;           /* part of the value; 0: to its end */
    const char *name;
};

static const struct rule canon[] = {
    { 0x0006, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ImageType" },
    { 0x0007, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "CanonFirmwareVersion" },
    { 0x0009, MAIN, MAKER_OWNER, AS_TEXT, 0, 0, "OwnerName" },
    { 0x000c, MAIN, MAKER_CAMERA_SERIAL, AS_NUMBER, 0, 0, "SerialNumber" },
    { 0x0028, MAIN, MAKER_ID, AS_HEX, 0, 0, "ImageUniqueID" },
    { 0x0095, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "LensModel" },
    { 0x0096, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "InternalSerialNumber" },
    { 0x4019, MAIN, MAKER_LENS_SERIAL, AS_HEX, 0, 5, "LensSerialNumber" },
    { 0 },
};

static const struct rule nikon[] = {
    { 0x001d, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x00a0, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x0039, MAIN, MAKER_PLACE, NOT_TOLD, 0, 0, "LocationInfo" },
    { 0 },
};

static const struct rule olympus[] = {
    { 0x0104, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "BodyFirmwareVersion" },
    { 0x0404, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x0405, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "Firmware" },
    { 0x101a, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x0101, EQUIPMENT, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x0102, EQUIPMENT, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "InternalSerialNumber" },
    { 0x0104, EQUIPMENT, MAKER_FIRMWARE, AS_HEX_VERSION, 0, 0, "BodyFirmwareVersion" },
    { 0x0202, EQUIPMENT, MAKER_LENS_SERIAL, AS_TEXT, 0, 0, "LensSerialNumber" },
    { 0x0203, EQUIPMENT, MAKER_SETTING, NOT_TOLD, 0, 0, "LensModel" },
    { 0x0302, EQUIPMENT, MAKER_PART_SERIAL, AS_TEXT, 0, 0, "ExtenderSerialNumber" },
    { 0x1003, EQUIPMENT, MAKER_PART_SERIAL, AS_TEXT, 0, 0, "FlashSerialNumber" },
    { 0 },
};

static const struct rule panasonic[] = {
    { 0x0002, MAIN, MAKER_FIRMWARE, AS_VERSION, 0, 0, "FirmwareVersion" },
    { 0x0025, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "InternalSerialNumber" },
    { 0x0033, MAIN, MAKER_TIME, NOT_TOLD, 0, 0, "BabyAge" },
    { 0x0051, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "LensType" },
    { 0x0052, MAIN, MAKER_LENS_SERIAL, AS_TEXT, 0, 0, "LensSerialNumber" },
    { 0x0054, MAIN, MAKER_PART_SERIAL, AS_TEXT, 0, 0, "AccessorySerialNumber" },
    { 0x0061, MAIN, MAKER_PERSON, AS_TEXT, 4, 20, "RecognizedFace1Name" },
    { 0x0061, MAIN, MAKER_PERSON, AS_TEXT, 52, 20, "RecognizedFace2Name" },
    { 0x0061, MAIN, MAKER_PERSON, AS_TEXT, 100, 20, "RecognizedFace3Name" },
    { 0x0065, MAIN, MAKER_TEXT, AS_TEXT, 0, 0, "Title" },
    { 0x0066, MAIN, MAKER_PERSON, AS_TEXT, 0, 0, "BabyName" },
    { 0x0067, MAIN, MAKER_PLACE, AS_TEXT, 0, 0, "Location" },
    { 0x0069, MAIN, MAKER_PLACE, AS_TEXT, 0, 0, "Country" },
    { 0x006b, MAIN, MAKER_PLACE, AS_TEXT, 0, 0, "State" },
    { 0x006d, MAIN, MAKER_PLACE, AS_TEXT, 0, 0, "City" },
    { 0x006f, MAIN, MAKER_PLACE, AS_TEXT, 0, 0, "Landmark" },
    { 0x0080, MAIN, MAKER_PLACE, AS_TEXT, 0, 0, "City2" },
    { 0 },
};

static const struct rule pentax[] = {
    { 0x0006, MAIN, MAKER_TIME, NOT_TOLD, 0, 0, "Date" },
    { 0x0007, MAIN, MAKER_TIME, NOT_TOLD, 0, 0, "Time" },
    { 0x0027, MAIN, MAKER_FIRMWARE, AS_COMPLEMENT, 0, 0, "DSPFirmwareVersion" },
    { 0x0028, MAIN, MAKER_FIRMWARE, AS_COMPLEMENT, 0, 0, "CPUFirmwareVersion" },
    { 0x0215, MAIN, MAKER_PART_SERIAL, NOT_TOLD, 4, 12, "ManufactureDate, ProductionCode" },
    { 0x0215, MAIN, MAKER_CAMERA_SERIAL, AS_NUMBER, 16, 4, "InternalSerialNumber" },
    { 0x0229, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x022e, MAIN, MAKER_PERSON, AS_TEXT, 0, 0, "Artist" },
    { 0x022f, MAIN, MAKER_PERSON, AS_TEXT, 0, 0, "Copyright" },
    { 0x0230, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "FirmwareVersion" },
    { 0 },
};

static const struct rule sony[] = {
    { 0x2031, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0 },
};

static const struct rule fujifilm[] = {
    { 0x0010, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "InternalSerialNumber" },
    { 0x1000, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "Quality" },
    { 0x1011, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "FlashExposureComp" },
    { 0x1404, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "MinFocalLength" },
    { 0x1405, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "MaxFocalLength" },
    { 0x1406, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "MaxApertureAtMinFocal" },
    { 0x1407, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "MaxApertureAtMaxFocal" },
    { 0x1422, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ImageStabilization" },
    { 0 },
};

static const struct rule apple[] = {
    { 0x0002, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "AEMatrix" },
    { 0x0003, MAIN, MAKER_TIME, NOT_TOLD, 0, 0, "RunTime" },
    { 0x0008, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "AccelerationVector" },
    { 0x000b, MAIN, MAKER_ID, AS_TEXT, 0, 0, "BurstUUID" },
    { 0x000c, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "FocusDistanceRange" },
    { 0x0011, MAIN, MAKER_ID, AS_TEXT, 0, 0, "MediaGroupUUID" },
    { 0x0015, MAIN, MAKER_ID, AS_TEXT, 0, 0, "ImageUniqueID" },
    { 0x0016, MAIN, MAKER_ID, AS_TEXT, 0, 0, "PhotosOriginatingSignature" },
    { 0x0017, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "StillImageCaptureFlags" },
    { 0x0018, MAIN, MAKER_ID, AS_TEXT, 0, 0, "PhotosRenderOriginatingSignature" },
    { 0x0019, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "StillImageProcessingFlags" },
    { 0x001a, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "PhotoTranscodeQualityHint" },
    { 0x001d, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "LuminanceNoiseAmplitude" },
    { 0x0020, MAIN, MAKER_ID, AS_TEXT, 0, 0, "ImageCaptureRequestIdentifier" },
    { 0x0021, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "HDRHeadroom" },
    { 0x0023, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "AFPerformance" },
    { 0x0025, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "StillImageSceneFlags" },
    { 0x0027, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "SignalToNoiseRatio" },
    { 0x0029, MAIN, MAKER_ID, AS_TEXT, 0, 0, "SpatialOverCaptureGroupIdentifier" },
    { 0x002b, MAIN, MAKER_ID, AS_TEXT, 0, 0, "PhotoIdentifier" },
    { 0x0030, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "HDRGain" },
    { 0x003e, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ColorCorrectionMatrix" },
    { 0x0040, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "SemanticStyle" },
    { 0x0041, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "SemanticStyleRenderingVersion" },
    { 0x0042, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "SemanticStylePreset" },
    { 0x004d, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "TimeOfFlightSensorConfidence" },
    { 0 },
};

static const struct rule ricoh[] = {
    { 0x0002, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "FirmwareVersion" },
    { 0x0005, MAIN, MAKER_CAMERA_SERIAL, AS_HEX, 0, 0, "InternalSerialNumber" },
    { 0x002c, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 16, 16, "BodySerialNumber" },
    { 0x002c, MAIN, MAKER_LENS_SERIAL, AS_TEXT, 48, 16, "LensSerialNumber" },
    { 0 },
};

static const struct rule motorola[] = {
    { 0x5500, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "BuildNumber" },
    { 0x5501, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0 },
};

static const struct rule flir[] = {
    { 0x0001, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ImageTemperatureMax" },
    { 0x0002, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ImageTemperatureMin" },
    { 0x0003, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "Emissivity" },
    { 0x0004, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "UnknownTemperature" },
    { 0x0005, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "CameraTemperatureRangeMax" },
    { 0x0006, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "CameraTemperatureRangeMin" },
    { 0x0007, MAIN, MAKER_ID, AS_TEXT, 0, 0, "image id" },
    { 0x0008, MAIN, MAKER_ID, AS_TEXT, 0, 0, "image id" },
    { 0 },
};

static const struct rule samsung[] = {
    { 0x0030, MAIN, MAKER_PLACE, AS_TEXT, 0, 0, "LocalLocationName" },
    { 0x0031, MAIN, MAKER_PLACE, AS_TEXT, 0, 0, "LocationName" },
    { 0x0123, MAIN, MAKER_PERSON, AS_TEXT, 0, 0, "FaceName" },
    { 0xa001, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "FirmwareName" },
    { 0xa002, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0xa005, MAIN, MAKER_LENS_SERIAL, AS_TEXT, 0, 0, "InternalLensSerialNumber" },
    { 0 },
};

static const struct rule none[] = { { 0 } };

static const struct { uint16_t tag; uint8_t place; } olympus_directories[] = {
    { 0x2010, EQUIPMENT }, { 0x2020, OTHER }, { 0x2030, OTHER }, { 0x2031, OTHER }, { 0x2040, OTHER }, { 0x2050, OTHER }, { 0x3000, OTHER },
};

/* What offsets count from. */
enum base { BASE_TIFF, BASE_NOTE, BASE_HEADER /* a TIFF header of the note's own, `directory` bytes into it */,
            BASE_POINTER /* the note; where the directory is stands in 4 little-endian bytes there */ };

/* In this order: heads before makes.  The byte order is the one in which the directory makes sense. */
static const struct maker {
    const char *head;
    uint8_t head_bytes;
    const char *make;              /* how EXIF's make begins; NULL: whatever it is */
    uint8_t base, directory;
    const struct rule *rules;
    const char *name;
} makers[] = {
    { "Apple iOS\0", 10, NULL, BASE_NOTE, 14, apple, "Apple" },
    { "Nikon\0\2", 7, NULL, BASE_HEADER, 10, nikon, "Nikon" },
    { "Nikon\0\1", 7, NULL, BASE_TIFF, 8, none, "Nikon" },
    { "FUJIFILM", 8, NULL, BASE_POINTER, 8, fujifilm, "Fujifilm" },
    { "GENERALE", 8, NULL, BASE_POINTER, 8, fujifilm, "GE" },
    { "OLYMPUS\0", 8, NULL, BASE_NOTE, 12, olympus, "Olympus" },
    { "OM SYSTEM\0", 10, NULL, BASE_NOTE, 16, olympus, "OM System" },
    { "OLYMP\0", 6, NULL, BASE_TIFF, 8, olympus, "Olympus" },
    { "EPSON\0", 6, NULL, BASE_TIFF, 8, olympus, "Epson" },
    { "Panasonic\0", 10, NULL, BASE_TIFF, 12, panasonic, "Panasonic" },
    { "PENTAX \0", 8, NULL, BASE_NOTE, 10, pentax, "Pentax" },
    { "AOC\0", 4, NULL, BASE_TIFF, 6, pentax, "Pentax" },
    { "RICOH\0II", 8, NULL, BASE_NOTE, 8, pentax, "Ricoh" },
    { "RICOH\0MM", 8, NULL, BASE_NOTE, 8, pentax, "Ricoh" },
    { "RICOH", 5, "RICOH", BASE_TIFF, 8, ricoh, "Ricoh" },
    { "Ricoh", 5, "RICOH", BASE_TIFF, 8, ricoh, "Ricoh" },
    { "SONY DSC ", 9, NULL, BASE_TIFF, 12, sony, "Sony" },
    { "SONY CAM ", 9, NULL, BASE_TIFF, 12, sony, "Sony" },
    { "SONY MOBILE", 11, NULL, BASE_TIFF, 12, sony, "Sony" },
    { "MOT\0", 4, NULL, BASE_NOTE, 8, motorola, "Motorola" },
    { "", 0, "Canon", BASE_TIFF, 0, canon, "Canon" },
    { "", 0, "NIKON", BASE_TIFF, 0, nikon, "Nikon" },
    { "", 0, "SONY", BASE_TIFF, 0, sony, "Sony" },
    { "", 0, "FLIR Systems", BASE_TIFF, 0, flir, "FLIR" },
    { "", 0, "SAMSUNG", BASE_NOTE, 0, samsung, "Samsung" }, /* phones; some cameras' offsets count from elsewhere: their values lie outside then */
};

const char *maker_walk_maker(const struct maker_walk *w)
{
    return w->maker->name;
}

static void mark(struct maker_walk *w, struct bytes part)
{
    if (!w->seen || part.origin < w->note.origin)
        return;
    for (uint64_t i = part.origin - w->note.origin; i < part.origin - w->note.origin + part.len && i < w->note.len; i++)
        w->seen[i / 8] |= (uint8_t)(1 << i % 8);
}

static bool make_is(struct text make, const char *wanted)
{
    const struct text w = text_of(wanted);

    return !wanted || (text_known(make) && make.len >= w.len && text_equal_ignoring_case((struct text){ make.at, w.len }, w));
}

/* A directory whose entries are entries. */
static bool makes_sense(struct tiff_block block, uint64_t offset, bool big_endian)
{
    struct tiff_directory d;

    block.big_endian = big_endian;
    block.opened_count = 0;
    if (tiff_directory_open(&block, offset, &d) != PARSE_OK || d.entry_count == 0 || d.entry_count > ENTRIES_MAX || d.entries_lost)
        return false;
    for (uint32_t i = 0; i < d.entry_count; i++) {
        const struct tiff_entry e = tiff_entry_at(&block, &d, i);
        if (e.type == 0 && e.count == 0 && e.tag > 0 && i + 1 == d.entry_count)
            continue; /* iPhone 15: one that was left empty */
        if (e.type == 0 || (e.type > TIFF_IFD && e.type != TIFF_LONG8 && e.type != TIFF_SLONG8)) /* Apple's newer ones have numbers of 8 bytes */
            return false;
    }
    return true;
}

/* Gives where the first directory is. */
static bool set_base(struct maker_walk *w, const struct maker *m, const struct tiff_block *t, uint64_t *first)
{
    const uint64_t into_block = w->note.origin - t->bytes.origin;
    const struct bytes from_note = bytes_part(t->bytes, into_block, UINT64_MAX);
    struct cursor c = cursor_over(bytes_part(w->note, m->directory, 4));

    w->block = *t;
    w->block.wide = false;
    w->block.opened_count = 0;
    *first = m->directory;
    if (m->base == BASE_TIFF) {
        *first += t->base + into_block;
        return true;
    }
    w->block.bytes = from_note;
    w->block.base = 0;
    switch ((enum base)m->base) {
    case BASE_TIFF: case BASE_NOTE: break;
    case BASE_POINTER: *first = cursor_u32le(&c); break;
    case BASE_HEADER:
        if (tiff_block_init(&w->block, bytes_part(from_note, m->directory, UINT64_MAX)) != PARSE_OK)
            return false;
        *first = w->block.first_directory;
        break;
    }
    return true;
}

bool maker_walk_init(struct maker_walk *w, struct arena *a, const struct tiff_block *t, struct bytes note, struct text make,
                     struct text model)
{
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        const struct maker *m = &makers[i];
        uint64_t first;
        *w = (struct maker_walk){
            .maker = m, .arena = a, .note = note, .model = model, .budget_bytes = 2 * (uint64_t)t->bytes.len + BUDGET_SPARE,
        };
        if (!bytes_start_with(note, m->head, m->head_bytes) || !make_is(make, m->make) || note.origin < t->bytes.origin ||
            !set_base(w, m, t, &first))
            continue;
        const bool big = w->block.big_endian;
        if (!makes_sense(w->block, first, big) && !makes_sense(w->block, first, !big))
            continue;
        w->block.big_endian = makes_sense(w->block, first, big) ? big : !big;
        w->seen = note.len <= SEEN_MAX ? arena_alloc(a, note.len / 8 + 1, 1) : NULL;
        mark(w, bytes_part(note, 0, m->base == BASE_HEADER ? m->directory + 8u : m->base == BASE_POINTER ? m->directory + 4u : m->directory));
        w->pending[w->pending_count++].offset = first;
        return true;
    }
    return false;
}

/* Blanks and what cannot be printed at both ends do not count, nor "No= " before the number of some Nikons; nothing but
 * zeros is no number. */
static struct text shown(struct bytes value)
{
    size_t from = 0;

    while (from < value.len && (value.at[from] <= ' ' || value.at[from] > '~'))
        from++;
    const struct bytes rest = bytes_part(value, from, UINT64_MAX);
    struct text t = { rest.len ? (const char *)rest.at : NULL, 0 };
    while (t.len < rest.len && rest.at[t.len] != 0 && rest.at[t.len] != 0xff)
        t.len++;
    while (t.len > 0 && t.at[t.len - 1] == ' ')
        t.len--;
    if (t.len > 4 && text_equal_ignoring_case((struct text){ t.at, 4 }, TEXT("No= ")))
        t = (struct text){ t.at + 4, t.len - 4 };
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] != '0')
            return t;
    return TEXT_UNKNOWN;
}

static struct text hex(struct arena *a, struct bytes value)
{
    static const char digits[] = "0123456789abcdef";
    const size_t n = value.len < HEX_BYTES_MAX ? value.len : HEX_BYTES_MAX;
    char to[2 * HEX_BYTES_MAX];

    for (size_t i = 0; i < n; i++) {
        to[2 * i] = digits[value.at[i] >> 4];
        to[2 * i + 1] = digits[value.at[i] & 15];
    }
    return arena_text(a, (struct text){ to, 2 * n });
}

static struct text version(struct arena *a, struct bytes v, uint8_t inverted)
{
    if (v.len != 4)
        return TEXT_UNKNOWN;
    return arena_printf(a, "%u.%u.%u.%u", v.at[0] ^ inverted, v.at[1] ^ inverted, v.at[2] ^ inverted, v.at[3] ^ inverted);
}

/* Filled with one of the bytes that stand for nothing. */
static bool is_blank(struct bytes b)
{
    const uint8_t first = b.len ? b.at[0] : 0;

    return b.len == 0 || ((first == 0 || first == 0xff || first == ' ') && memcmp(b.at, b.at + 1, b.len - 1) == 0);
}

/* Canon prints its numbers with ten digits, those of the 1D with six. */
static int number_digits(const struct maker_walk *w)
{
    if (w->maker->rules != canon)
        return 1;
    return text_known(w->model) && w->model.len >= 6 && memmem(w->model.at, w->model.len, "EOS-1D", 6) ? 6 : 10;
}

static struct text text_of_value(struct maker_walk *w, enum form form, struct bytes value)
{
    struct cursor c = cursor_over(value);

    if (is_blank(value))
        return TEXT_UNKNOWN;
    switch (form) {
    case AS_TEXT: return shown(value);
    case AS_HEX: return text_printable_prefix(text_of_bytes(value)) == value.len ? shown(value) : hex(w->arena, value);
    case AS_VERSION:
        return text_printable_prefix(text_of_bytes(value)) == value.len ? shown(value) : version(w->arena, value, 0);
    case AS_COMPLEMENT: return version(w->arena, value, 0xff);
    case AS_NUMBER: case AS_HEX_VERSION: {
        const uint32_t number = w->block.big_endian ? cursor_u32be(&c) : cursor_u32le(&c);
        if (c.failed)
            return TEXT_UNKNOWN;
        if (form == AS_HEX_VERSION)
            return arena_printf(w->arena, "%x.%03x", number >> 12, number & 0xfff);
        return arena_printf(w->arena, "%0*u", number_digits(w), number);
    }
    case NOT_TOLD: break;
    }
    return TEXT_UNKNOWN;
}

static bool is_directory(const struct maker_walk *w, const struct tiff_entry *e, uint8_t *place)
{
    for (size_t i = 0; w->maker->rules == olympus && i < sizeof olympus_directories / sizeof *olympus_directories; i++)
        if (olympus_directories[i].tag == e->tag && w->place == MAIN) {
            *place = olympus_directories[i].place;
            return true;
        }
    return false;
}

/* Either the offset of a directory, or the directory itself. */
static void follow(struct maker_walk *w, const struct tiff_entry *e, uint8_t place)
{
    uint64_t offset = e->value.origin - w->block.bytes.origin + w->block.base;

    if (w->pending_count == MAKER_DIRECTORIES_MAX || (e->count == 1 && !tiff_uint(&w->block, e, 0, &offset))) {
        w->unknown_count++;
        return;
    }
    w->pending[w->pending_count].offset = offset;
    w->pending[w->pending_count++].place = place;
}

static bool next_directory(struct maker_walk *w)
{
    while (w->pending_next < w->pending_count) {
        const size_t i = w->pending_next++;
        if (tiff_directory_open(&w->block, w->pending[i].offset, &w->directory) != PARSE_OK || w->directory.entries_lost) {
            w->outside_count++;
            continue;
        }
        w->place = w->pending[i].place;
        w->entry = w->rule = 0;
        mark(w, (struct bytes){ NULL, w->directory.entries.len + 6, w->directory.entries.origin - 2 });
        return true;
    }
    return false;
}

/* The next rule for an entry, from w->rule; NULL and w->rule 0 when there is none more. */
static const struct rule *next_rule(struct maker_walk *w, const struct tiff_entry *e)
{
    const struct rule *rules = w->maker->rules;

    for (; rules[w->rule].name; w->rule++)
        if (rules[w->rule].tag == e->tag && rules[w->rule].place == w->place)
            return &rules[w->rule++];
    w->rule = 0;
    return NULL;
}

static bool has_rule(const struct maker_walk *w, const struct tiff_entry *e)
{
    for (const struct rule *r = w->maker->rules; r->name; r++)
        if (r->tag == e->tag && r->place == w->place)
            return true;
    return false;
}

/* An entry met for the first time.  True: it has rules. */
static bool meet(struct maker_walk *w, const struct tiff_entry *e)
{
    uint8_t place;

    if (e->type == 0 && e->count == 0)
        return false;
    if (e->outside || e->value.len > w->budget_bytes) {
        w->outside_count++;
        return false;
    }
    w->budget_bytes -= e->value.len;
    if (is_directory(w, e, &place)) {
        follow(w, e, place);
        return false;
    }
    if (has_rule(w, e))
        return true;
    w->unknown_count += e->value.len > tiff_offset_bytes(&w->block) && !is_blank(e->value);
    return false;
}

bool maker_walk_next(struct maker_walk *w, struct maker_item *ret)
{
    while (w->open || (w->open = next_directory(w))) {
        if (w->entry == w->directory.entry_count) {
            w->open = false;
            continue;
        }
        const struct tiff_entry e = tiff_entry_at(&w->block, &w->directory, w->entry);
        if (w->rule == 0 && !meet(w, &e)) {
            w->entry++;
            continue;
        }
        const struct rule *rule = next_rule(w, &e);
        if (!rule) {
            w->entry++;
            continue;
        }
        const struct bytes value = bytes_part(e.value, rule->at, rule->length ? rule->length : UINT64_MAX);
        mark(w, value);
        if (rule->meaning == MAKER_SETTING || value.len == 0)
            continue;
        *ret = (struct maker_item){ (enum maker_meaning)rule->meaning, rule->name, value, text_of_value(w, (enum form)rule->form, value) };
        return true;
    }
    return false;
}

uint64_t maker_walk_unknown_bytes(const struct maker_walk *w)
{
    uint64_t n = 0;

    if (!w->seen)
        return w->note.len;
    for (size_t i = 0; i < w->note.len; i++)
        n += w->note.at[i] != 0 && !(w->seen[i / 8] >> i % 8 & 1);
    return n;
}
