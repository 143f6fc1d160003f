#include "media/exif_gps.h"

#include <math.h>

#include "base/timestamp.h"

enum gps_tag {
    LATITUDE_REF = 1, LATITUDE, LONGITUDE_REF, LONGITUDE, ALTITUDE_REF, ALTITUDE, TIME_STAMP,
    MAP_DATUM = 0x12, DESTINATION_LATITUDE_REF, DESTINATION_LATITUDE, DESTINATION_LONGITUDE_REF,
    DESTINATION_LONGITUDE, AREA_INFORMATION = 0x1c, DATE_STAMP,
};

void exif_gps_init(struct exif_gps *gps)
{
    const double unknown = FACT_UNKNOWN_REAL;

    *gps = (struct exif_gps){ .latitude_deg = unknown, .longitude_deg = unknown, .altitude_m = unknown,
                              .destination_latitude_deg = unknown, .destination_longitude_deg = unknown,
                              .time_s = unknown };
}

/* Some programs write the numbers as one text, "52 50 34.01" or "52.8427": one to three of them, with anything but
 * digits between. */
static double sexagesimal_text(struct text t)
{
    static const double unit[] = { 1, 60, 3600 };
    double sum = 0, part;
    size_t count = 0;

    while (t.len > 0) {
        if (t.at[0] < '0' || t.at[0] > '9') {
            t = (struct text){ t.at + 1, t.len - 1 };
            continue;
        }
        if (count == sizeof unit / sizeof *unit || !text_take_real(&t, &part))
            return FACT_UNKNOWN_REAL;
        sum += part / unit[count++];
    }
    return count > 0 ? sum : FACT_UNKNOWN_REAL;
}

/* Three values, of which the later ones may be missing: degrees, minutes, seconds, or
 * hours likewise.  0/0 stands for "not given", which devices do write for the seconds. */
static double sexagesimal(const struct tiff_block *t, const struct tiff_entry *e)
{
    double whole, part, sum;

    if (e->type == TIFF_ASCII || e->type == TIFF_UTF8)
        return sexagesimal_text(text_of_padded(e->value));
    if (!tiff_real(t, e, 0, &whole))
        return FACT_UNKNOWN_REAL;
    sum = whole;
    if (tiff_real(t, e, 1, &part))
        sum += part / 60;
    if (tiff_real(t, e, 2, &part))
        sum += part / 3600;
    return sum;
}

static char letter(const struct tiff_entry *e)
{
    const char c = e->value.len ? (char)e->value.at[0] : 0;

    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

void exif_gps_take(struct exif_gps *gps, const struct tiff_block *t, const struct tiff_entry *e)
{
    uint64_t ref;

    switch ((enum gps_tag)e->tag) {
    case LATITUDE_REF: gps->latitude_ref = letter(e); break;
    case LATITUDE:
        gps->latitude_deg = sexagesimal(t, e);
        gps->latitude_at = e->value;
        break;
    case LONGITUDE_REF: gps->longitude_ref = letter(e); break;
    case LONGITUDE:
        gps->longitude_deg = sexagesimal(t, e);
        gps->longitude_at = e->value;
        break;
    case ALTITUDE_REF:
        if (tiff_uint(t, e, 0, &ref) && ref <= 3)
            gps->altitude_ref = (int)ref;
        break;
    case ALTITUDE:
        if (!tiff_real(t, e, 0, &gps->altitude_m))
            gps->altitude_m = FACT_UNKNOWN_REAL;
        break;
    case TIME_STAMP: gps->time_s = 3600 * sexagesimal(t, e); break;
    case MAP_DATUM: gps->datum = text_of_padded(e->value); break;
    case DESTINATION_LATITUDE_REF: gps->destination_latitude_ref = letter(e); break;
    case DESTINATION_LATITUDE:
        gps->destination_latitude_deg = sexagesimal(t, e);
        gps->destination_at = e->value;
        break;
    case DESTINATION_LONGITUDE_REF: gps->destination_longitude_ref = letter(e); break;
    case DESTINATION_LONGITUDE: gps->destination_longitude_deg = sexagesimal(t, e); break;
    case AREA_INFORMATION: gps->area = e->value; break;
    case DATE_STAMP: gps->date = text_of_padded(e->value); break;
    }
}

static bool hemisphere(double *degrees, char ref, char positive, char negative)
{
    if (ref == negative)
        *degrees = -*degrees;
    return ref == positive || ref == negative;
}

/* EXIF 2: GPSAltitudeRef 0 and 1 are above and below sea level.  EXIF 3 renames them to
 * "above and below the reference ellipsoid" for 0 and 1 and gives 2 and 3 to the sea
 * level; writers of both live side by side and all drones seen follow EXIF 2, so 0 and 1
 * stay sea level. */
static void set_altitude(const struct exif_gps *gps, struct photo_place *place)
{
    if (!fact_known_real(gps->altitude_m))
        return;
    place->altitude_m = gps->altitude_ref & 1 ? -gps->altitude_m : gps->altitude_m;
    place->alt_ref = "msl";
}

static void put_place(struct photo *p, struct photo_place place, char lat_ref, char lon_ref)
{
    if (!fact_known_real(place.latitude_deg) || !fact_known_real(place.longitude_deg))
        return;
    if (!hemisphere(&place.latitude_deg, lat_ref, 'N', 'S') || !hemisphere(&place.longitude_deg, lon_ref, 'E', 'W')) {
        reading_damage(p->r, place.where.offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the EXIF position of the %s has no hemisphere and cannot be used", place.subject);
        return;
    }
    photo_locate(p, &place);
}

static bool is_wgs84(struct text datum)
{
    static const char *names[] = { "WGS-84", "WGS84", "WGS 84", "WGS-1984" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_equal_ignoring_case(datum, text_of(names[i])))
            return true;
    return false;
}

static void set_time(const struct exif_gps *gps, struct photo *p)
{
    enum { DAY_S = 86400 };
    struct photo_clock midnight;
    char text[32];

    /* YYYY:MM:DD */
    if (p->gps_utc_known || gps->date.len != 10 || !(gps->time_s >= 0 && gps->time_s < DAY_S))
        return;
    memcpy(text, gps->date.at, 10);
    memcpy(text + 10, " 00:00:00", 9);
    if (!photo_parse_clock((struct text){ text, 19 }, &midnight))
        return;
    /* Rationals such as 724/100 do not add up exactly: to the microsecond they do. */
    p->gps_utc_ns = midnight.as_if_utc_ns + (int64_t)llround(gps->time_s * 1e6) * 1000;
    p->gps_utc_known = true;
}

void exif_comment(struct photo *p, const char *kind, struct bytes value, struct photo_where where)
{
    enum { CODE_BYTES = 8 };

    struct bytes text = bytes_part(value, CODE_BYTES, UINT64_MAX);
    where.offset += CODE_BYTES;
    where.length = text.len;
    if (bytes_start_with(value, "ASCII\0\0\0", CODE_BYTES) || bytes_start_with(value, "\0\0\0\0\0\0\0\0", CODE_BYTES))
        photo_name(p, kind, text, PHOTO_DEVICE_NONE, PHOTO_RANK_EXIF, where);
    else if (text_known(text_of_padded(text)))
        photo_unread(p, value.origin, value.len, "EXIF text in another character code than ASCII");
}

void exif_gps_finish(const struct exif_gps *gps, struct photo *p, const char *block_name)
{
    struct photo_place place = { .subject = "camera", .source = "EXIF", .latitude_deg = gps->latitude_deg,
        .longitude_deg = gps->longitude_deg, .altitude_m = FACT_UNKNOWN_REAL, .rank = PHOTO_RANK_EXIF,
        .where = photo_where(p, gps->latitude_at, block_name, "GPS IFD", TEXT("GPSLatitude")) };

    set_altitude(gps, &place);
    if ((!fact_known_real(gps->latitude_deg) && text_known(text_of_padded(gps->latitude_at))) ||
        (!fact_known_real(gps->longitude_deg) && text_known(text_of_padded(gps->longitude_at))))
        reading_damage(p->r, place.where.offset, FACT_UNKNOWN_INT, 1, "the EXIF position of the camera is no number");
    put_place(p, place, gps->latitude_ref, gps->longitude_ref);
    if (fact_known_real(place.latitude_deg) && text_known(gps->datum) && !is_wgs84(gps->datum))
        reading_damage(p->r, place.where.offset, 0, 0,
                       "the position is given in the datum \"%.*s\" and taken as WGS-84: it may be off by hundreds of metres",
                       (int)(gps->datum.len < 32 ? gps->datum.len : 32), gps->datum.at);

    const struct photo_place target = { .subject = "target", .source = "EXIF",
        .latitude_deg = gps->destination_latitude_deg, .longitude_deg = gps->destination_longitude_deg,
        .altitude_m = FACT_UNKNOWN_REAL, .rank = PHOTO_RANK_EXIF,
        .where = photo_where(p, gps->destination_at, block_name, "GPS IFD", TEXT("GPSDestLatitude")) };
    put_place(p, target, gps->destination_latitude_ref, gps->destination_longitude_ref);
    set_time(gps, p);
    exif_comment(p, "place", gps->area, photo_where(p, gps->area, block_name, "GPS IFD", TEXT("GPSAreaInformation")));
}
