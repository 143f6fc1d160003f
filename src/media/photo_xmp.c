#include "media/photo_xmp.h"

#include <string.h>

#include "media/photo_form.h"
#include "media/xmp.h"

enum { CANDIDATES_MAX = 16 };

/* A position whose halves come one at a time. */
struct candidate {
    struct text prefix, stem, within;
    const char *subject;
    double latitude_deg, longitude_deg;
    struct photo_where where;
};

struct reader {
    struct photo *photo;
    const struct pieces *packet;
    const char *block_name;
    struct candidate candidates[CANDIDATES_MAX];
    size_t candidate_count;
    double absolute_altitude_m, relative_altitude_m, exif_altitude_m, target_altitude_m;
    bool exif_altitude_below;
    bool clock_is_photoshops;     /* the time so far is the lesser one, see is_photoshops */
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* `word` in lower case. */
static bool has_word(struct text t, const char *word)
{
    const size_t n = strlen(word);

    for (size_t i = 0; i + n <= t.len; i++) {
        size_t k = 0;
        while (k < n && lower(t.at[i + k]) == word[k])
            k++;
        if (k == n)
            return true;
    }
    return false;
}

static bool has_ending(struct text t, const char *ending)
{
    const size_t n = strlen(ending);

    return t.len >= n && has_word((struct text){ t.at + t.len - n, n }, ending);
}

static bool is_name(struct text t, const char *name)
{
    return t.len == strlen(name) && has_word(t, name);
}

/* Where a value of the joined text stands in the file. */
static struct bytes in_file(const struct reader *x, struct bytes value)
{
    return pieces_in_file(x->packet, value);
}

static struct photo_where where_of(const struct reader *x, const struct xmp_property *property)
{
    const struct xml_name *name = &property->name;
    struct text full = name->local;

    if (text_known(name->prefix) && name->local.at == name->prefix.at + name->prefix.len + 1)
        full = (struct text){ name->prefix.at, name->prefix.len + 1 + name->local.len };
    return photo_where(x->photo, in_file(x, property->value), x->block_name, NULL, full);
}

/* A decimal, or XMP's "DDD,MM.mmmk" and "DDD,MM,SSk" (part 2, GPSCoordinate). */
static bool coordinate(struct text t, double *ret)
{
    const double unit[3] = { 1, 60, 3600 };
    double sum = 0, part;

    if (text_to_real(t, ret))
        return true;
    if (t.len < 2)
        return false;
    const char side = (char)(t.at[t.len - 1] & ~0x20);
    if (!memchr("NSEW", side, 4))
        return false;
    t.len--;
    for (int i = 0; i < 3 && t.len > 0; i++) {
        const char *comma = i < 2 ? memchr(t.at, ',', t.len) : NULL;
        const size_t n = comma ? (size_t)(comma - t.at) : t.len;
        if (!text_to_real((struct text){ t.at, n }, &part) || part < 0)
            return false;
        sum += part / unit[i];
        t.at += n + (comma != NULL);
        t.len -= n + (comma != NULL);
    }
    *ret = side == 'S' || side == 'W' ? -sum : sum;
    return t.len == 0;
}

static bool number_or_fraction(struct text t, double *ret)
{
    const char *slash = t.len ? memchr(t.at, '/', t.len) : NULL;
    double above, below;

    if (!slash)
        return text_to_real(t, ret);
    const size_t before = (size_t)(slash - t.at);
    if (!text_to_real((struct text){ t.at, before }, &above) ||
        !text_to_real((struct text){ slash + 1, t.len - before - 1 }, &below) || below == 0)
        return false;
    *ret = above / below;
    return true;
}

enum axis { NEITHER, LATITUDE, LONGITUDE };

/* Splits "LRFTargetLat" into "LRFTarget" and which half it is. */
static enum axis split_axis(struct text local, struct text *stem)
{
    static const struct { const char *ending; enum axis axis; } endings[] = {
        { "latitude", LATITUDE }, { "longitude", LONGITUDE }, { "longtitude", LONGITUDE },
        { "lat", LATITUDE }, { "lon", LONGITUDE }, { "lng", LONGITUDE },
    };

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        const size_t n = strlen(endings[i].ending);
        if (!has_ending(local, endings[i].ending))
            continue;
        *stem = (struct text){ local.at, local.len - n };
        /* A short ending inside a word, as in "flat", is none. */
        if (n == 3 && stem->len > 0 && local.at[stem->len] != 'L')
            continue;
        return endings[i].axis;
    }
    return NEITHER;
}

/* NULL: no position of anything known. */
static const char *subject_of(struct text stem)
{
    static const struct { const char *word, *subject; } words[] = {
        { "target", "target" }, { "dest", "target" }, { "home", "home" }, { "takeoff", "home" },
        { "pilot", "operator" }, { "operator", "operator" }, { "controller", "controller" },
    };

    if (stem.len == 0 || is_name(stem, "gps") || is_name(stem, "camera") || is_name(stem, "drone"))
        return "camera";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (has_word(stem, words[i].word))
            return words[i].subject;
    return NULL;
}

/* IPTC extension: structures of places, some shown and some where the camera was; a picture may show several. */
static bool is_shown(struct text within)
{
    return text_known(within) && is_name(within, "locationshown");
}

static double *half_of(struct candidate *c, enum axis axis)
{
    return axis == LATITUDE ? &c->latitude_deg : &c->longitude_deg;
}

/* The one that a half belongs to; of a position that is told twice outside of structures the first counts. */
static struct candidate *candidate_of(struct reader *x, const struct xmp_property *property, struct text stem,
                                      enum axis axis)
{
    const struct text prefix = property->name.prefix, within = property->within.local;

    for (size_t i = x->candidate_count; i-- > 0; ) {
        struct candidate *c = &x->candidates[i];
        if (text_equal(c->prefix, prefix) && text_equal(c->stem, stem) && text_equal(c->within, within) &&
            (!is_shown(within) || !fact_known_real(*half_of(c, axis))))
            return c;
    }
    if (x->candidate_count == CANDIDATES_MAX)
        return NULL;
    struct candidate *c = &x->candidates[x->candidate_count++];
    *c = (struct candidate){ prefix, stem, within, is_shown(within) ? "target" : subject_of(stem), FACT_UNKNOWN_REAL,
                             FACT_UNKNOWN_REAL,
                             { 0, 0, { NULL, 0 } } };
    return c;
}

static struct bytes as_bytes(const struct reader *x, struct text t, const struct xmp_property *property)
{
    return (struct bytes){ (const uint8_t *)t.at, t.len, in_file(x, property->value).origin };
}

static void identify(struct reader *x, const char *kind, const struct xmp_property *property, struct text value,
                     enum photo_device device)
{
    photo_name(x->photo, kind, as_bytes(x, value, property), device, PHOTO_RANK_XMP, where_of(x, property));
    photo_form_of_schema(x->photo, property->name.prefix);
}

static bool take_position(struct reader *x, const struct xmp_property *property, struct text value)
{
    struct text stem;
    double degrees;
    const enum axis axis = split_axis(property->name.local, &stem);

    if (axis == NEITHER)
        return false;
    if (has_word(stem, "std"))
        return true;
    struct candidate *c = subject_of(stem) && coordinate(value, &degrees) ?
                          candidate_of(x, property, stem, axis) : NULL;
    if (!c) {
        identify(x, "place", property, value, PHOTO_DEVICE_NONE);
        return true;
    }
    double *half = half_of(c, axis);
    if (!fact_known_real(*half)) {
        *half = degrees;
        if (axis == LATITUDE || c->where.length == 0)
            c->where = where_of(x, property);
    }
    return true;
}

static void take_altitude_type(struct photo *p, struct text value)
{
    /* GpsFusionAlt: the height above sea level that EXIF also has.  RtkAlt: above the
     * ellipsoid of the correction network.  Anything else (PressureAlt) is not tied to either. */
    if (text_equal(value, TEXT("RtkAlt")))
        p->stated_alt_ref = "ellipsoid";
    else if (!text_equal(value, TEXT("GpsFusionAlt")))
        p->stated_alt_ref = "unknown";
}

static bool take_number(struct reader *x, struct text local, struct text value)
{
    const struct { const char *name; double *field; } numbers[] = {
        { "absolutealtitude", &x->absolute_altitude_m }, { "relativealtitude", &x->relative_altitude_m },
        { "gpsaltitude", &x->exif_altitude_m }, { "lrftargetabsalt", &x->target_altitude_m },
    };

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (is_name(local, numbers[i].name)) {
            if (!fact_known_real(*numbers[i].field))
                (void)number_or_fraction(value, numbers[i].field);
            return true;
        }
    if (is_name(local, "gpsaltituderef")) {
        x->exif_altitude_below = text_equal(value, TEXT("1"));
        return true;
    }
    return false;
}

static void take_utc(struct photo *p, struct text value)
{
    struct photo_clock clock;

    if (p->exposure_utc_known || !photo_parse_clock(value, &clock))
        return;
    p->exposure_utc_known = true;
    p->exposure_utc_ns = clock.zone_known ? clock.utc_ns : clock.as_if_utc_ns;
}

static void keep_first(struct text *field, struct text value)
{
    if (!text_known(*field) && value.len > 0)
        *field = value;
}

/* Newer programs write the time of the picture there only: XMP specification, part 3, "photoshop:DateCreated". */
static bool is_photoshops(const struct xmp_property *property, const char *name)
{
    return is_name(property->name.local, name) &&
           (text_equal(property->name.prefix, TEXT("photoshop")) || has_word(property->namespace, "ns.adobe.com/photoshop"));
}

static bool take_description(struct reader *x, const struct xmp_property *property, struct text value)
{
    struct photo *p = x->photo;
    const struct text local = property->name.local;

    if (is_name(local, "dronemodel")) {
        keep_first(&p->aircraft_model, value);
        p->aircraft_where = where_of(x, property);
    } else if (is_name(local, "make") && text_equal(property->name.prefix, TEXT("tiff"))) {
        keep_first(&p->make, value);
    } else if (is_name(local, "model") && text_equal(property->name.prefix, TEXT("tiff"))) {
        if (!text_known(p->model))
            p->camera_where = where_of(x, property);
        keep_first(&p->model, value);
    } else if (is_name(local, "altitudetype")) {
        take_altitude_type(p, value);
    } else if (is_name(local, "utcatexposure")) {
        take_utc(p, value);
    } else if (is_name(local, "datetimeoriginal") && (!p->xmp_clock.known || x->clock_is_photoshops)) {
        x->clock_is_photoshops &= !photo_parse_clock(value, &p->xmp_clock);
    } else if (is_photoshops(property, "datecreated") && !p->xmp_clock.known) {
        x->clock_is_photoshops = photo_parse_clock(value, &p->xmp_clock);
    } else {
        return false;
    }
    return true;
}

static enum photo_device device_of(struct text local)
{
    if (has_word(local, "drone") || has_word(local, "aircraft") || has_word(local, "uav"))
        return PHOTO_DEVICE_AIRCRAFT;
    if (has_word(local, "lens") || has_word(local, "battery") || has_word(local, "filter") ||
        has_word(local, "controller"))
        return PHOTO_DEVICE_NONE;
    return PHOTO_DEVICE_CAMERA;
}

/* Parrot, developer documentation, "Embedded Photo Metadata": the serial number of this schema is the drone's. */
static bool is_parrot(const struct xmp_property *property)
{
    return text_equal(property->name.prefix, TEXT("drone-parrot"));
}

/* IPTC core's "contact info" of the creator and PLUS' of the one who sells: mail, telephone, address. */
static bool is_contact(struct text local)
{
    static const char *const parts[] = { "email", "telephone1", "telephone2", "streetaddress", "extendedaddress", "city",
                                         "region", "postalcode", "country", "url" };
    static const char licensor[] = "licensor";
    const struct text start = { local.at, local.len < sizeof licensor - 1 ? local.len : sizeof licensor - 1 };

    for (size_t i = 0; is_name(start, licensor) && i < sizeof parts / sizeof parts[0]; i++)
        if (is_name((struct text){ local.at + start.len, local.len - start.len }, parts[i]))
            return true;
    return is_name(local, "ciemailwork") || is_name(local, "citelwork") || is_name(local, "ciurlwork") ||
           (local.len > 5 && is_name((struct text){ local.at, 5 }, "ciadr"));
}

static void take_identifier(struct reader *x, const struct xmp_property *property, struct text value)
{
    static const struct { const char *name, *kind; } names[] = {
        { "bootid", "uuid" }, { "customid", "uuid" }, { "securecn", "device_id" }, /* Parrot's */
        { "sensorid", "serial" }, { "droneid", "device_id" }, { "deviceid", "device_id" },
        { "flightid", "uuid" }, { "captureid", "uuid" }, /* MicaSense's */
        { "imageuniqueid", "uuid" }, { "rawdatauniqueid", "uuid" },
        { "creator", "name" }, { "ownername", "owner_name" }, { "cameraownername", "owner_name" },
        { "artist", "name" }, { "authorsposition", "name" }, { "captionwriter", "name" }, { "photographer", "name" },
        { "pilotname", "name" }, { "rights", "name" }, { "credit", "name" }, { "personinimage", "name" },
        { "city", "place" }, { "state", "place" }, { "country", "place" }, { "location", "place" },
        { "sublocation", "place" }, { "countryname", "place" }, { "provincestate", "place" },
        { "rawfilename", "file_name" }, { "originalrawfilename", "file_name" }, { "preservedfilename", "file_name" },
        { "selfdata", "comment" }, { "author", "name" }, { "contributor", "name" }, { "publisher", "name" },
        { "owner", "owner_name" }, { "persondisplayname", "name" }, { "director", "name" },
        { "copyright", "name" }, { "attributionname", "name" }, { "gpsareainformation", "place" },
        { "usercomment", "comment" }, { "imagedescription", "comment" },
        /* IPTC extension and PLUS: who is in the picture, whose it is, who sells and who uses it. */
        { "personname", "name" }, { "aocreator", "name" }, { "aocurrentcopyrightownername", "name" },
        { "copyrightownername", "name" }, { "imagecreatorname", "name" }, { "imagesuppliername", "name" },
        { "licensorname", "name" }, { "endusername", "name" },
    };
    const struct text local = property->name.local;

    if (has_word(local, "serial")) {
        identify(x, "serial", property, value, is_parrot(property) ? PHOTO_DEVICE_AIRCRAFT : device_of(local));
        return;
    }
    if (has_word(local, "uuid") || has_ending(local, "documentid") || has_ending(local, "instanceid") ||
        (is_name(local, "about") && has_word(value, "uuid:"))) {
        identify(x, "uuid", property, value, PHOTO_DEVICE_NONE);
        return;
    }
    if (is_contact(local)) {
        identify(x, is_name(local, "ciadrcity") ? "place" : "contact", property, value, PHOTO_DEVICE_NONE);
        return;
    }
    if (is_name(local, "name") && has_word(property->namespace, "/regions")) { /* of a face */
        identify(x, "name", property, value, PHOTO_DEVICE_NONE);
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is_name(local, names[i].name)) {
            identify(x, names[i].kind, property, value,
                     is_name(local, "sensorid") ? PHOTO_DEVICE_CAMERA :
                     is_name(local, "droneid") ? PHOTO_DEVICE_AIRCRAFT : PHOTO_DEVICE_NONE);
            return;
        }
}

static void take(struct reader *x, const struct xmp_property *property)
{
    const struct text value = xml_text(x->photo->r->arena, property->value);

    if (!text_known(value) || value.len == 0)
        return;
    if (has_word(property->namespace, "dji") || text_equal(property->name.prefix, TEXT("drone-dji")))
        x->photo->aircraft_vendor = TEXT("DJI");
    if (is_parrot(property))
        x->photo->aircraft_vendor = TEXT("Parrot");
    if (!take_position(x, property, value) && !take_number(x, property->name.local, value) &&
        !take_description(x, property, value))
        take_identifier(x, property, value);
}

static void set_camera_altitude(const struct reader *x, struct photo_place *place)
{
    if (fact_known_real(x->absolute_altitude_m)) {
        place->altitude_m = x->absolute_altitude_m;
        place->alt_ref = "msl";
    } else if (fact_known_real(x->exif_altitude_m)) {
        place->altitude_m = x->exif_altitude_below ? -x->exif_altitude_m : x->exif_altitude_m;
        place->alt_ref = "msl";
    } else if (fact_known_real(x->relative_altitude_m)) {
        place->altitude_m = x->relative_altitude_m;
        place->alt_ref = "takeoff";
    }
}

static void put_candidate(const struct reader *x, const struct candidate *c)
{
    struct photo_place place = { .subject = c->subject, .source = "XMP", .latitude_deg = c->latitude_deg,
        .longitude_deg = c->longitude_deg, .altitude_m = FACT_UNKNOWN_REAL, .rank = PHOTO_RANK_XMP, .where = c->where };

    if (!fact_known_real(c->latitude_deg) || !fact_known_real(c->longitude_deg)) {
        reading_damage(x->photo->r, c->where.offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "only one half of a position of the %s stands in the XMP", place.subject);
        return;
    }
    if (text_equal(text_of(place.subject), TEXT("camera"))) {
        set_camera_altitude(x, &place);
    } else if (text_equal(text_of(place.subject), TEXT("target")) && fact_known_real(x->target_altitude_m)) {
        place.altitude_m = x->target_altitude_m;
        place.alt_ref = "msl";
    }
    photo_locate(x->photo, &place);
    photo_form_of_place(x->photo, c->prefix, text_equal(text_of(place.subject), TEXT("camera")) || is_shown(c->within));
}

void photo_read_xmp(struct photo *p, struct pieces packet, const char *block_name)
{
    struct reader x = { .photo = p, .packet = &packet, .block_name = block_name,
        .absolute_altitude_m = FACT_UNKNOWN_REAL, .relative_altitude_m = FACT_UNKNOWN_REAL,
        .exif_altitude_m = FACT_UNKNOWN_REAL, .target_altitude_m = FACT_UNKNOWN_REAL };
    struct xmp_property property;
    struct xmp_scan scan;

    for (xmp_scan_init(&scan, packet.text); xmp_next(&scan, &property); )
        take(&x, &property);
    for (size_t i = 0; i < x.candidate_count; i++)
        put_candidate(&x, &x.candidates[i]);
    if (scan.status == PARSE_OK)
        return;
    const uint64_t offset = packet.items ? packet.items[0].source.origin : scan.status_origin;
    if (scan.status == PARSE_UNSUPPORTED)
        photo_unread(p, offset, packet.text.len, "XMP in UTF-16 or UTF-32 in %s", block_name);
    else
        reading_damage(p->r, offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the XMP in %s is %s", block_name,
                       scan.status == PARSE_TRUNCATED ? "cut off" : "malformed; what follows was read");
}
