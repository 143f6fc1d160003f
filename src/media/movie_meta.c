#include "media/movie_meta.h"

#include "base/utf.h"
#include "media/exif.h"
#include "media/gpmf.h"
#include "media/location_text.h"
#include "media/photo_xmp.h"

enum { KEYS_MAX = 1024, TEXTS_MAX = 64, VALUE_OF_NUMBER_MAX = 8 };

/* How a value is understood. */
enum meaning {
    HARMLESS, UNREAD, LOCATION, LOCI, MAKE, MODEL, FIRMWARE, DATE, NAME, HEX, PICTURE, BLOCK_GPMF, BLOCK_XMP, BLOCK_EXIF,
    BLOCK_META,
};

/* What stands before a text. */
enum form { RAW, INTERNATIONAL /* u16 length, u16 language, text; again */, THREE_GPP /* version, flags, language */ };

static const struct kind {
    const char *type;            /* of a box: four characters in Latin-1 */
    uint8_t meaning, form;
    const char *identifier;      /* of NAME and HEX */
    uint8_t device;
} user_data_kinds[] = {
    { "\xa9xyz", LOCATION, INTERNATIONAL, NULL, 0 },
    { "loci", LOCI, RAW, NULL, 0 },
    { "\xa9mak", MAKE, INTERNATIONAL, NULL, 0 }, { "manu", MAKE, RAW, NULL, 0 },
    { "\xa9mod", MODEL, INTERNATIONAL, NULL, 0 }, { "\xa9mdl", MODEL, RAW, NULL, 0 }, { "modl", MODEL, RAW, NULL, 0 },
    { "\xa9swr", FIRMWARE, INTERNATIONAL, NULL, 0 }, { "FIRM", FIRMWARE, RAW, NULL, 0 },
    { "\xa9" "day", DATE, INTERNATIONAL, NULL, 0 },
    { "\xa9" "ART", NAME, INTERNATIONAL, "name", 0 }, { "\xa9" "aut", NAME, INTERNATIONAL, "name", 0 },
    { "\xa9wrt", NAME, INTERNATIONAL, "name", 0 }, { "\xa9" "com", NAME, INTERNATIONAL, "name", 0 },
    { "\xa9" "dir", NAME, INTERNATIONAL, "name", 0 }, { "\xa9prd", NAME, INTERNATIONAL, "name", 0 },
    { "\xa9prf", NAME, INTERNATIONAL, "name", 0 }, { "\xa9" "cpy", NAME, INTERNATIONAL, "name", 0 },
    { "\xa9nam", NAME, INTERNATIONAL, "comment", 0 }, { "\xa9" "cmt", NAME, INTERNATIONAL, "comment", 0 },
    { "\xa9" "des", NAME, INTERNATIONAL, "comment", 0 }, { "\xa9inf", NAME, INTERNATIONAL, "comment", 0 },
    { "\xa9" "alb", NAME, INTERNATIONAL, "comment", 0 }, { "\xa9grp", NAME, INTERNATIONAL, "comment", 0 },
    { "\xa9lyr", NAME, INTERNATIONAL, "comment", 0 }, { "\xa9gen", NAME, INTERNATIONAL, "comment", 0 },
    { "\xa9src", NAME, INTERNATIONAL, "comment", 0 }, { "\xa9url", NAME, INTERNATIONAL, "comment", 0 },
    { "auth", NAME, THREE_GPP, "name", 0 }, { "perf", NAME, THREE_GPP, "name", 0 },
    { "cprt", NAME, THREE_GPP, "name", 0 }, { "titl", NAME, THREE_GPP, "comment", 0 },
    { "dscp", NAME, THREE_GPP, "comment", 0 }, { "albm", NAME, THREE_GPP, "comment", 0 },
    { "aART", NAME, RAW, "name", 0 }, { "desc", NAME, RAW, "comment", 0 }, { "ldes", NAME, RAW, "comment", 0 },
    { "name", NAME, RAW, "comment", 0 },
    /* GoPro: exiftool/exiftool lib/Image/ExifTool/GoPro.pm and QuickTime.pm; karma.mp4 */
    { "LENS", NAME, RAW, "serial", 0 }, { "CAME", HEX, RAW, "serial_digest", PHOTO_DEVICE_CAMERA },
    { "MUID", HEX, RAW, "uuid", 0 }, { "GUMI", HEX, RAW, "uuid", 0 }, { "GPMF", BLOCK_GPMF, RAW, NULL, 0 },
    { "SETT", HARMLESS, RAW, NULL, 0 }, { "AMBA", HARMLESS, RAW, NULL, 0 }, { "HMMT", HARMLESS, RAW, NULL, 0 },
    { "\xa9TSC", HARMLESS, RAW, NULL, 0 }, { "\xa9TSZ", HARMLESS, RAW, NULL, 0 }, { "\xa9TIM", HARMLESS, RAW, NULL, 0 },
    /* DJI: the same, QuickTime.pm */
    { "\xa9xsp", HARMLESS, RAW, NULL, 0 }, { "\xa9ysp", HARMLESS, RAW, NULL, 0 }, { "\xa9zsp", HARMLESS, RAW, NULL, 0 },
    { "\xa9" "fpt", HARMLESS, RAW, NULL, 0 }, { "\xa9" "fyw", HARMLESS, RAW, NULL, 0 },
    { "\xa9" "frl", HARMLESS, RAW, NULL, 0 }, { "\xa9gpt", HARMLESS, RAW, NULL, 0 },
    { "\xa9gyw", HARMLESS, RAW, NULL, 0 }, { "\xa9grl", HARMLESS, RAW, NULL, 0 },
    { "\xa9" "enc", HARMLESS, RAW, NULL, 0 }, { "btec", HARMLESS, RAW, NULL, 0 }, { "\xa9uid", HEX, RAW, "uuid", 0 },
    /* what shops and catalogues write: the same, QuickTime.pm */
    { "slno", NAME, RAW, "serial", 0 }, { "cmid", NAME, RAW, "serial", 0 }, { "apID", NAME, RAW, "name", 0 }, { "\xa9pub", NAME, RAW, "name", 0 },
    { "keyw", NAME, RAW, "comment", 0 }, { "catg", NAME, RAW, "comment", 0 }, { "purl", NAME, RAW, "comment", 0 }, { "purd", HARMLESS, RAW, NULL, 0 },
    { "CNFV", FIRMWARE, RAW, NULL, 0 }, { "clfn", NAME, RAW, "comment", 0 }, { "date", DATE, RAW, NULL, 0 },
    /* Samsung's: how it is to be played, and how it was taken */
    { "SDLN", HARMLESS, RAW, NULL, 0 }, { "smrd", HARMLESS, RAW, NULL, 0 }, { "smta", HARMLESS, RAW, NULL, 0 },
    { "fsid", NAME, RAW, "file_name", 0 }, { "ownr", NAME, RAW, "owner_name", 0 },
    { "\xa9too", HARMLESS, RAW, NULL, 0 }, { "\xa9" "fmt", HARMLESS, RAW, NULL, 0 }, { "\xa9req", HARMLESS, RAW, NULL, 0 },
    { "gnre", HARMLESS, RAW, NULL, 0 }, { "trkn", HARMLESS, RAW, NULL, 0 }, { "disk", HARMLESS, RAW, NULL, 0 },
    { "tmpo", HARMLESS, RAW, NULL, 0 }, { "cpil", HARMLESS, RAW, NULL, 0 }, { "pgap", HARMLESS, RAW, NULL, 0 },
    { "stik", HARMLESS, RAW, NULL, 0 }, { "hdvd", HARMLESS, RAW, NULL, 0 }, { "yrrc", HARMLESS, RAW, NULL, 0 },
    { "rtng", HARMLESS, RAW, NULL, 0 }, { "free", HARMLESS, RAW, NULL, 0 }, { "skip", HARMLESS, RAW, NULL, 0 },
    { "hinf", HARMLESS, RAW, NULL, 0 }, { "hnti", HARMLESS, RAW, NULL, 0 }, { "WLOC", HARMLESS, RAW, NULL, 0 },
    { "LOOP", HARMLESS, RAW, NULL, 0 }, { "SelO", HARMLESS, RAW, NULL, 0 }, { "AllF", HARMLESS, RAW, NULL, 0 },
    { "tagc", HARMLESS, RAW, NULL, 0 }, { "auxi", HARMLESS, RAW, NULL, 0 },
    { "covr", PICTURE, RAW, NULL, 0 }, { "thmb", PICTURE, RAW, NULL, 0 }, { "tnal", PICTURE, RAW, NULL, 0 },
    { "snal", PICTURE, RAW, NULL, 0 },
    { "XMP_", BLOCK_XMP, RAW, NULL, 0 }, { "Exif", BLOCK_EXIF, RAW, NULL, 0 }, { "meta", BLOCK_META, RAW, NULL, 0 },
};

/* Keys behind their maker's prefix; the first that ends so. */
static const struct key_kind {
    struct text ending;
    uint8_t meaning;
    const char *identifier;
} key_kinds[] = {
    { TEXT_INIT("location.ISO6709"), LOCATION, NULL }, { TEXT_INIT("com.apple.quicktime.make"), MAKE, NULL },
    { TEXT_INIT("com.apple.quicktime.model"), MODEL, NULL }, { TEXT_INIT("com.apple.quicktime.software"), FIRMWARE, NULL },
    { TEXT_INIT("com.apple.quicktime.creationdate"), DATE, NULL },
    { TEXT_INIT("com.android.manufacturer"), MAKE, NULL }, { TEXT_INIT("com.android.model"), MODEL, NULL },
    { TEXT_INIT("com.android.version"), FIRMWARE, NULL },
    { TEXT_INIT(".artist"), NAME, "name" }, { TEXT_INIT(".author"), NAME, "name" }, { TEXT_INIT(".copyright"), NAME, "name" },
    { TEXT_INIT(".director"), NAME, "name" }, { TEXT_INIT(".producer"), NAME, "name" },
    { TEXT_INIT(".camera.owner"), NAME, "owner_name" }, { TEXT_INIT(".camera.identifier"), NAME, "device_id" },
    { TEXT_INIT(".content.identifier"), NAME, "uuid" }, { TEXT_INIT(".serial-number"), NAME, "serial" },
    { TEXT_INIT(".location.name"), NAME, "place" }, { TEXT_INIT(".location.body"), NAME, "place" },
    { TEXT_INIT(".location.note"), NAME, "place" },
    { TEXT_INIT(".title"), NAME, "comment" }, { TEXT_INIT(".comment"), NAME, "comment" },
    { TEXT_INIT(".description"), NAME, "comment" }, { TEXT_INIT(".information"), NAME, "comment" },
    { TEXT_INIT(".keywords"), NAME, "comment" }, { TEXT_INIT(".displayname"), NAME, "comment" },
    { TEXT_INIT(".album"), NAME, "comment" }, { TEXT_INIT(".publisher"), NAME, "name" }, { TEXT_INIT(".year"), HARMLESS, NULL }, { TEXT_INIT(".location.role"), HARMLESS, NULL },
    { TEXT_INIT(".location.date"), HARMLESS, NULL }, { TEXT_INIT("com.apple.quicktime.camera.lens_model"), HARMLESS, NULL },
    { TEXT_INIT("com.android.capture.fps"), HARMLESS, NULL }, { TEXT_INIT(".full-frame-rate-playback-intent"), HARMLESS, NULL },
    { TEXT_INIT(".live-photo.auto"), HARMLESS, NULL }, { TEXT_INIT(".live-photo.vitality-score"), HARMLESS, NULL },
    { TEXT_INIT(".live-photo.vitality-scoring-version"), HARMLESS, NULL }, { TEXT_INIT("major_brand"), HARMLESS, NULL },
    { TEXT_INIT("minor_version"), HARMLESS, NULL }, { TEXT_INIT("compatible_brands"), HARMLESS, NULL },
    { TEXT_INIT("encoder"), HARMLESS, NULL }, { TEXT_INIT(".location.accuracy.horizontal"), HARMLESS, NULL },
};

void movie_box_unread(struct movie *m, const struct box *box, const char *in)
{
    enum { LOOK_BYTES = 1 << 16 };
    const struct bytes look = bytes_part(box->body, 0, LOOK_BYTES);
    size_t i = 0;

    if (look.len == 0 || memcmp(look.at, look.at + 1, look.len - 1) == 0)
        return;
    while (i < m->unknown_count && !(m->unknown[i].type == box->type && strcmp(m->unknown[i].in, in) == 0))
        i++;
    if (i == MOVIE_UNKNOWN_MAX)
        i--;
    if (i == m->unknown_count) {
        m->unknown[i].type = box->type;
        m->unknown[i].in = in;
        m->unknown[i].offset = box->whole.origin;
        m->unknown_count++;
    }
    m->unknown[i].count++;
    m->unknown[i].length += box->body.len;
}

bool movie_picture(struct movie *m, struct bytes picture, const char *name)
{
    enum { MEMBERS_MAX = 32 };
    struct reading *r = m->photo.r;
    const bool jpeg = bytes_start_with(picture, "\xff\xd8\xff", 3), png = bytes_start_with(picture, "\x89PNG", 4);

    if (!jpeg && !png)
        return false;
    if (r->member && m->members++ < MEMBERS_MAX)
        r->member(r, arena_printf(r->arena, "%s-%u.%s", name, m->members, jpeg ? "jpg" : "png"), picture);
    return true;
}

static void take_location(struct movie *m, struct bytes value, struct photo_where where)
{
    const struct text t = text_of_padded(value);
    struct location_text l;

    if (!text_known(t))
        return;
    if (!location_text_parse(t, &l)) {
        photo_unread(&m->photo, value.origin, value.len, "a location text");
        return;
    }
    const struct photo_place place = { .subject = "camera", .source = "MP4", .latitude_deg = l.latitude_deg,
        .longitude_deg = l.longitude_deg, .altitude_m = l.altitude_m,
        .alt_ref = !fact_known_real(l.altitude_m) ? NULL : l.above_ellipsoid ? "ellipsoid" : "unknown",
        .rank = PHOTO_RANK_EXIF, .where = where };
    photo_locate(&m->photo, &place);
}

/* 3GPP TS 26.244, 8.10: name, role, longitude, latitude, altitude in 16.16 fixed point, body, notes. */
static void take_loci(struct movie *m, struct bytes value, struct photo_where where)
{
    struct cursor c = cursor_over(value);

    cursor_skip(&c, 6);
    const bool utf16 = bytes_start_with(c.rest, "\xfe\xff", 2);
    struct bytes name = c.rest;
    name.len = 0;
    while (c.rest.len > 0 && (utf16 ? cursor_u16be(&c) : cursor_u8(&c)) != 0)
        name.len += utf16 ? 2 : 1;
    cursor_skip(&c, 1);
    const struct bytes at = bytes_part(c.rest, 0, 12);
    const double longitude = (int32_t)cursor_u32be(&c) / 65536.0, latitude = (int32_t)cursor_u32be(&c) / 65536.0;
    const double altitude = (int32_t)cursor_u32be(&c) / 65536.0;
    if (c.failed) {
        photo_unread(&m->photo, value.origin, value.len, "a location box");
        return;
    }
    where.offset = at.origin;
    where.length = at.len;
    const struct photo_place place = { .subject = "camera", .source = "MP4", .latitude_deg = latitude,
        .longitude_deg = longitude, .altitude_m = altitude, .alt_ref = "unknown", .rank = PHOTO_RANK_EXIF, .where =
            where };
    photo_locate(&m->photo, &place);
    if (!utf16)
        photo_name(&m->photo, "place", name, PHOTO_DEVICE_NONE, PHOTO_RANK_EXIF, where);
}

static void take_date(struct movie *m, struct bytes value)
{
    struct photo_clock clock;

    if (m->photo.exif_clock.known || !photo_parse_clock(text_of_padded(value), &clock))
        return; /* a year alone, for one, is no time of recording */
    m->photo.exif_clock = clock;
    m->start_local_ns = clock.as_if_utc_ns;
    if (clock.zone_known)
        m->start_utc_ns = clock.utc_ns;
}

static void take_camera(struct movie *m, struct text *field, struct bytes value, struct photo_where where)
{
    struct photo *p = &m->photo;

    if (!text_known(p->make) && !text_known(p->model))
        p->camera_where = where;
    if (!text_known(*field))
        *field = text_of_padded(value);
}

/* 3GPP's texts are UTF-8, or UTF-16 behind a byte order mark. */
static struct bytes as_utf8(struct arena *a, struct bytes value)
{
    if (!bytes_start_with(value, "\xfe\xff", 2))
        return value;
    char *to = arena_alloc(a, value.len, 2);
    return (struct bytes){ .at = (const uint8_t *)to, .origin = value.origin,
                           .len = to ? utf16_to_utf8(bytes_part(value, 2, UINT64_MAX), true, to, 2 * value.len) : 0 };
}

/* False: not understood. */
static bool take_value(struct movie *m, enum meaning meaning, const char *identifier, enum photo_device device,
                       struct bytes value, const char *block, struct text name)
{
    struct photo *p = &m->photo;
    const struct photo_where where = photo_where(p, value, block, NULL, name);

    switch (meaning) {
    case HARMLESS: return true;
    case LOCATION: take_location(m, value, where); return true;
    case LOCI: take_loci(m, value, where); return true;
    case MAKE: take_camera(m, &p->make, value, where); return true;
    case MODEL: take_camera(m, &p->model, value, where); return true;
    case FIRMWARE: photo_firmware(p, value, PHOTO_DEVICE_CAMERA, where); return true;
    case DATE: take_date(m, value); return true;
    case NAME: photo_name(p, identifier, as_utf8(p->r->arena, value), device, PHOTO_RANK_EXIF, where); return true;
    case HEX: photo_name(p, identifier, photo_hex(p, value), device, PHOTO_RANK_EXIF, where); return true;
    case PICTURE: return movie_picture(m, value, "preview");
    case BLOCK_GPMF: gpmf_read(p, value, block); return true;
    case BLOCK_XMP: photo_read_xmp(p, pieces_one(value), block); return true;
    case BLOCK_EXIF: {
        const uint8_t *head = value.len > 10 ? memmem(value.at, 10, "Exif\0", 5) : NULL;
        return exif_read(p, bytes_part(value, head ? (size_t)(head - value.at) + 6 : 0, UINT64_MAX), block,
                         NULL) == PARSE_OK;
    }
    default: return false;
    }
}

static const struct kind *kind_of(uint32_t type)
{
    for (size_t i = 0; i < sizeof user_data_kinds / sizeof *user_data_kinds; i++) {
        const char *t = user_data_kinds[i].type;
        if (BOX_TYPE(t[0], t[1], t[2], t[3]) == type)
            return &user_data_kinds[i];
    }
    return NULL;
}

static struct text name_of(struct movie *m, uint32_t type)
{
    char into[BOX_NAME_BYTES];

    /* The copyright sign of QuickTime's types, in UTF-8. */
    const char *name = box_name(type, into);
    return type >> 24 == 0xa9 ? arena_printf(m->photo.r->arena, "\xc2\xa9%s", name + 1) : arena_text(m->photo.r->arena,
                                                                                                     text_of(name));
}

/* Texts in several languages stand one behind the other.  DJI and others leave the heads out. */
static bool take_international(struct movie *m, const struct kind *kind, struct bytes body, const char *block,
                               struct text name)
{
    struct cursor c = cursor_over(body);

    for (int i = 0; i < TEXTS_MAX && c.rest.len >= 4; i++) {
        const uint16_t length = cursor_u16be(&c);
        cursor_skip(&c, 2);
        if (length > c.rest.len || (length == 0 && c.rest.len > 0))
            return take_value(m, kind->meaning, kind->identifier, kind->device, i == 0 ? body : c.rest, block, name);
        if (!take_value(m, kind->meaning, kind->identifier, kind->device, cursor_take(&c, length), block, name))
            return false;
    }
    return true;
}

void movie_user_data_read(struct movie *m, struct bytes udta, const char *block)
{
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, udta); box_walk_next(&w, &box); ) {
        const struct kind *kind = kind_of(box.type);
        const struct text name = name_of(m, box.type);
        bool understood = false;
        if (box.size_wrong || box.missing > 0) {
            if (box.type != 0 || box.size != 0) /* QuickTime ends the list with a zero */
                reading_damage(m->photo.r, box.whole.origin, (int64_t)(box.missing & INT64_MAX), 1,
                               "box \"%.*s\" in %s has a false size",
                               (int)name.len, name.at, block);
        }
        if (box.type == 0)
            continue;
        if (box.type == BOX_TYPE('u', 'u', 'i', 'd')) {
            movie_uuid_read(m, &box, "udta");
            continue;
        }
        if (kind && kind->meaning == BLOCK_META) {
            movie_meta_read(m, box.body, block);
            understood = true;
        } else if (kind && kind->form == INTERNATIONAL) {
            understood = take_international(m, kind, box.body, block, name);
        } else if (kind) {
            understood = take_value(m, kind->meaning, kind->identifier, kind->device,
                                    bytes_part(box.body, kind->form == THREE_GPP ? 6 : 0, UINT64_MAX), block, name);
        }
        if (!understood)
            movie_box_unread(m, &box, "udta");
    }
}

/* The `data` boxes of one item: type, locale, value.  Type 1 is UTF-8; numbers name nothing. */
static void take_item(struct movie *m, const struct box *item, const struct kind *kind, struct text key,
                      const char *block)
{
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, item->body); box_walk_next(&w, &box); ) {
        struct cursor c = cursor_over(box.body);
        if (box.type != BOX_TYPE('d', 'a', 't', 'a'))
            continue; /* mean, name: of a form that kind_of does not know */
        const uint32_t type = cursor_u32be(&c);
        cursor_skip(&c, 4);
        const struct bytes value = c.rest;
        if (c.failed)
            continue;
        if (kind) {
            if (!take_value(m, kind->meaning, kind->identifier, kind->device, value, block, key))
                movie_box_unread(m, item, "ilst");
            continue;
        }
        const struct key_kind *found = NULL;
        for (size_t i = 0; i < sizeof key_kinds / sizeof *key_kinds && !found; i++)
            if (text_ends_with(key, key_kinds[i].ending))
                found = &key_kinds[i];
        if (found)
            (void)take_value(m, found->meaning, found->identifier, PHOTO_DEVICE_NONE, value, block, key);
        else if (type == 1 || value.len > VALUE_OF_NUMBER_MAX)
            photo_unread(&m->photo, value.origin, value.len, "key \"%.*s\" in %s", key.len < 80 ? (int)key.len : 80,
                         key.at, block);
    }
}

/* `keys`: count, then size, namespace, name for each; ilst's types are their numbers, from 1. */
static size_t read_keys(struct bytes body, struct text keys[KEYS_MAX])
{
    struct cursor c = cursor_over(body);
    size_t n = 0;

    cursor_skip(&c, 4);
    const uint32_t count = cursor_u32be(&c);
    while (n < count && n < KEYS_MAX && c.rest.len >= 8) {
        const uint32_t size = cursor_u32be(&c);
        cursor_skip(&c, 4);
        const struct bytes key = cursor_take(&c, size < 8 ? SIZE_MAX : size - 8);
        if (c.failed)
            break;
        keys[n++] = text_of_bytes(key);
    }
    return n;
}

static void read_items(struct movie *m, struct bytes ilst, const struct text *keys, size_t key_count, const char *block)
{
    struct box_walk w;
    struct box item;

    for (box_walk_init(&w, ilst); box_walk_next(&w, &item); ) {
        if (item.size_wrong || item.missing > 0)
            reading_damage(m->photo.r, item.whole.origin, (int64_t)(item.missing & INT64_MAX), 1,
                           "an item of the metadata in %s has a false size",
                           block);
        const struct kind *kind = kind_of(item.type);
        if (item.type >= 1 && item.type <= key_count)
            take_item(m, &item, NULL, keys[item.type - 1], block);
        else if (kind)
            take_item(m, &item, kind, name_of(m, item.type), block);
        else
            movie_box_unread(m, &item, "ilst");
    }
}

void movie_meta_read(struct movie *m, struct bytes meta, const char *block)
{
    struct text *keys = arena_alloc(m->photo.r->arena, KEYS_MAX, sizeof *keys);
    const struct bytes children = box_meta_children(meta);
    size_t key_count = 0;
    struct box_walk w;
    struct box box;

    if (!keys)
        return;
    if (box_find(children, BOX_TYPE('k', 'e', 'y', 's'), &box))
        key_count = read_keys(box.body, keys);
    for (box_walk_init(&w, children); box_walk_next(&w, &box); ) {
        if (box.size_wrong || box.missing > 0)
            reading_damage(m->photo.r, box.whole.origin, (int64_t)(box.missing & INT64_MAX), 1,
                           "a box of the metadata in %s has a false size", block);
        switch (box.type) {
        case BOX_TYPE('i', 'l', 's', 't'): read_items(m, box.body, keys, key_count, block); break;
        case BOX_TYPE('h', 'd', 'l', 'r'): case BOX_TYPE('k', 'e', 'y', 's'): case BOX_TYPE('f', 'r', 'e', 'e'):
        case BOX_TYPE('c', 't', 'r', 'y'): case BOX_TYPE('l', 'a', 'n', 'g'): case BOX_TYPE('m', 'h', 'd', 'r'):
            break;
        case BOX_TYPE('X', 'M', 'P', '_'): photo_read_xmp(&m->photo, pieces_one(box.body), block); break;
        case BOX_TYPE('u', 'u', 'i', 'd'): movie_uuid_read(m, &box, "meta"); break;
        default: movie_box_unread(m, &box, "meta");
        }
    }
}

void movie_uuid_read(struct movie *m, const struct box *box, const char *in)
{
    static const uint8_t xmp[BOX_UUID_BYTES] = { 0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94,
                                                 0x91,
                                                 0xe3, 0xaf, 0xac }; /* Adobe XMP part 3, 1.2.7 */

    if (bytes_start_with(box->body, xmp, sizeof xmp))
        photo_read_xmp(&m->photo, pieces_one(bytes_part(box->body, sizeof xmp, UINT64_MAX)), "MP4 XMP");
    else
        movie_box_unread(m, box, in);
}
