#include "media/photo.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/timestamp.h"
#include "media/photo_form.h"

enum { STEPS_MAX = 3, DISAGREEMENT_M = 30, VALUE_MAX = 4096 };

void photo_init(struct photo *p, struct reading *r, const char *format, uint64_t item_bytes)
{
    *p = (struct photo){ .r = r, .format = format, .item_bytes = item_bytes, .timed_points = FACT_UNKNOWN_INT };
    p->media = fact_reserve(r->facts, FACT_MEDIA);
    p->identifiers = arena_alloc(r->arena, PHOTO_IDENTIFIERS_MAX, sizeof *p->identifiers);
}

struct photo_where photo_where(struct photo *p, struct bytes value, const char *block, const char *part,
                               struct text name)
{
    struct photo_where where = { .offset = value.origin, .length = value.len };
    if (p->packed)
        where = (struct photo_where){ .offset = p->packed->origin, .length = p->packed->len };
    const bool full = p->identifier_count == PHOTO_IDENTIFIERS_MAX; /* then nobody will ask */
    struct text *steps = full ? NULL : arena_alloc(p->r->arena, STEPS_MAX, sizeof *steps);
    size_t n = 0;

    if (!steps)
        return where;
    if (block)
        steps[n++] = text_of(block);
    if (part)
        steps[n++] = text_of(part);
    if (text_known(name))
        steps[n++] = name;
    where.steps = (struct text_list){ .items = steps, .count = n };
    return where;
}

void photo_identify(struct photo *p, const struct photo_identifier *identifier)
{
    if (!p->identifiers || p->identifier_count == PHOTO_IDENTIFIERS_MAX) {
        p->identifiers_dropped++;
        return;
    }
    p->identifiers[p->identifier_count++] = *identifier;
}

void photo_name(struct photo *p, const char *kind, struct bytes value, enum photo_device device, int rank,
                struct photo_where where)
{
    struct text t = text_of_padded(value);

    while (t.len > 0 && (t.at[0] == ' ' || t.at[0] == '\t')) {
        t.at++;
        t.len--;
    }
    if (t.len == 0)
        return;
    if (t.len > VALUE_MAX) {
        photo_unread(p, value.origin + VALUE_MAX, t.len - VALUE_MAX, "the rest of a text of %zu bytes", t.len);
        t.len = VALUE_MAX;
    }
    const struct photo_identifier identifier = { kind, t, device, rank, where };
    photo_identify(p, &identifier);
}

void photo_firmware(struct photo *p, struct bytes value, enum photo_device device, struct photo_where where)
{
    struct text *field = device == PHOTO_DEVICE_AIRCRAFT ? &p->aircraft_firmware : &p->camera_firmware;

    if (!text_known(*field))
        *field = text_of_padded(value);
    photo_name(p, "firmware", value, device, PHOTO_RANK_VENDOR, where);
}

void photo_locate(struct photo *p, const struct photo_place *place)
{
    const double lat = place->latitude_deg, lon = place->longitude_deg;

    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180)) {
        reading_damage(p->r, place->where.offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the %s position of the %s lies outside the earth", place->source, place->subject);
        return;
    }
    if ((lat == 0 && lon == 0) || p->place_count == PHOTO_PLACES_MAX)
        return;
    p->places[p->place_count++] = *place;
}

void photo_unread(struct photo *p, uint64_t offset, uint64_t length, const char *what_format, ...)
{
    char what[256];
    va_list arguments;

    va_start(arguments, what_format);
    vsnprintf(what, sizeof what, what_format, arguments);
    va_end(arguments);
    reading_damage(p->r, offset, (int64_t)length, FACT_UNKNOWN_INT, "%s: not understood, %llu bytes not read",
                   what, (unsigned long long)length);
}

static bool digits(struct text *t, size_t n, int *ret)
{
    int64_t value;

    if (t->len < n || t->at[0] < '0' || t->at[0] > '9' ||
        !text_to_int((struct text){ t->at, n }, 0, 9999, &value))
        return false;
    *ret = (int)value;
    t->at += n;
    t->len -= n;
    return true;
}

static bool one_of(struct text *t, const char *accepted)
{
    if (t->len == 0 || !memchr(accepted, t->at[0], strlen(accepted)))
        return false;
    t->at++;
    t->len--;
    return true;
}

static int64_t take_fraction_ns(struct text *t)
{
    int64_t ns = 0, unit = NS_PER_S / 10;

    for (; t->len > 0 && t->at[0] >= '0' && t->at[0] <= '9'; t->at++, t->len--) {
        ns += (t->at[0] - '0') * unit;
        unit /= 10;
    }
    return ns;
}

static bool take_zone_ns(struct text *t, int64_t *ret)
{
    int hours, minutes;

    if (one_of(t, "Zz")) {
        *ret = 0;
        return true;
    }
    const bool west = t->len > 0 && t->at[0] == '-';
    if (!one_of(t, "+-") || !digits(t, 2, &hours))
        return false;
    (void)one_of(t, ":"); /* Apple's videos leave it out */
    if (!digits(t, 2, &minutes) || hours > 14 || minutes > 59)
        return false;
    *ret = (hours * 60 + minutes) * 60 * NS_PER_S * (west ? -1 : 1);
    return true;
}

bool photo_parse_clock(struct text t, struct photo_clock *ret)
{
    int year, month, day, hour, minute, second;
    struct photo_clock clock = { .known = true };

    if (!digits(&t, 4, &year) || !one_of(&t, ":-/") || !digits(&t, 2, &month) || !one_of(&t, ":-/") ||
        !digits(&t, 2, &day) || !one_of(&t, " T") || !digits(&t, 2, &hour) || !one_of(&t, ":-") ||
        !digits(&t, 2, &minute) || !one_of(&t, ":-") || !digits(&t, 2, &second))
        return false;
    if (!timestamp_from_civil(year, month, day, hour, minute, second, &clock.as_if_utc_ns))
        return false;
    if (one_of(&t, "."))
        clock.as_if_utc_ns += take_fraction_ns(&t);
    int64_t zone_ns;
    if (take_zone_ns(&t, &zone_ns)) {
        clock.zone_known = true;
        clock.utc_ns = clock.as_if_utc_ns - zone_ns;
    }
    *ret = clock;
    return true;
}

double photo_distance_m(const struct photo_place *a, const struct photo_place *b)
{
    const double earth_radius_m = 6371008.8, rad = acos(-1) / 180;
    const double dlat = (b->latitude_deg - a->latitude_deg) * rad;
    const double dlon = (b->longitude_deg - a->longitude_deg) * rad;
    const double h = pow(sin(dlat / 2), 2) +
                     cos(a->latitude_deg * rad) * cos(b->latitude_deg * rad) * pow(sin(dlon / 2), 2);

    return 2 * earth_radius_m * asin(fmin(1, sqrt(h)));
}

static struct fact_origin origin_of(const struct photo_where *where)
{
    struct fact_origin origin = fact_origin_at(where->offset, where->length);

    origin.steps = where->steps;
    return origin;
}

struct bytes photo_hex(struct photo *p, struct bytes value)
{
    enum { HEX_BYTES_MAX = 64 };
    static const char digit[] = "0123456789abcdef";
    const size_t n = value.len < HEX_BYTES_MAX ? value.len : HEX_BYTES_MAX;
    char *to = arena_alloc(p->r->arena, n + 1, 2);
    bool zeros = true;

    for (size_t i = 0; to && i < n; i++) {
        to[2 * i] = digit[value.at[i] >> 4];
        to[2 * i + 1] = digit[value.at[i] & 15];
        zeros = zeros && value.at[i] == 0;
    }
    return (struct bytes){ .at = (const uint8_t *)to, .len = to && !zeros ? 2 * n : 0, .origin = value.origin };
}

/* "DJI FC300S"; a model that already begins with the make is not given it twice. */
static struct text model_of(const struct photo *p)
{
    if (!text_known(p->make) && !text_known(p->model))
        return p->unique_model;
    if (!text_known(p->make) || !text_known(p->model))
        return text_known(p->model) ? p->model : p->make;
    if (text_starts_with(p->model, p->make))
        return p->model;
    return arena_printf(p->r->arena, "%.*s %.*s", (int)p->make.len, p->make.at, (int)p->model.len, p->model.at);
}

/* EXIF can only say "sea level"; DJI's XMP says what the number in both really is. */
static struct text alt_ref_of(const struct photo *p, const struct photo_place *place)
{
    if (p->stated_alt_ref && text_equal(text_of(place->alt_ref), TEXT("msl")))
        return text_of(p->stated_alt_ref);
    return text_of(place->alt_ref);
}

struct taken {
    int64_t utc_ns;          /* or unknown */
    struct text local;       /* or unknown */
    struct text basis;
};

/* UTC is established, in this order: by the device stating the exposure's UTC; by the
 * exposure's own time with its zone; by the satellite time of the fix, which may be
 * older than the exposure.  A zone in XMP only counts when EXIF has no time of its
 * own: converters add the zone of the computer they ran on. */
static struct taken when_taken(struct photo *p)
{
    const struct photo_clock *clock = p->exif_clock.known ? &p->exif_clock : &p->xmp_clock;
    struct taken taken = { FACT_UNKNOWN_INT, TEXT_UNKNOWN, TEXT_UNKNOWN };

    if (clock->known) {
        enum { SECONDS_TEXT = 19 }; /* YYYY-MM-DDTHH:MM:SS */
        char into[TIMESTAMP_TEXT_MAX];
        struct text t = timestamp_text(clock->as_if_utc_ns, into);
        t.len = SECONDS_TEXT;
        taken.local = arena_text(p->r->arena, t);
        taken.basis = TEXT("zone_unknown");
    }
    if (p->exposure_utc_known)
        taken.utc_ns = p->exposure_utc_ns;
    else if (clock->known && clock->zone_known)
        taken.utc_ns = clock->utc_ns;
    else if (p->gps_utc_known)
        taken.utc_ns = p->gps_utc_ns;
    if (fact_known_int(taken.utc_ns))
        taken.basis = TEXT("utc");
    return taken;
}

static const struct photo_place *own_place(const struct photo *p)
{
    const struct photo_place *own = NULL;

    for (size_t i = 0; i < p->place_count; i++)
        if (text_equal(text_of(p->places[i].subject), TEXT("camera")) && (!own || p->places[i].rank < own->rank))
            own = &p->places[i];
    return own;
}

static struct text_list serials_of(struct photo *p)
{
    struct text *serials = arena_alloc(p->r->arena, p->identifier_count + 1, sizeof *serials);
    size_t n = 0;

    for (size_t i = 0; serials && i < p->identifier_count; i++) {
        bool seen = !text_equal(text_of(p->identifiers[i].kind), TEXT("serial"));
        for (size_t k = 0; k < n && !seen; k++)
            seen = text_equal(serials[k], p->identifiers[i].value);
        if (!seen)
            serials[n++] = p->identifiers[i].value;
    }
    return (struct text_list){ .items = serials, .count = n };
}

static void put_media(struct photo *p, const struct taken *taken, const struct photo_place *own)
{
    struct fact_media row;

    fact_init(FACT_MEDIA, &row);
    row.head.number = p->media;
    row.head.origin = fact_origin_at(0, p->item_bytes);
    row.format = text_of(p->format);
    row.taken = taken->utc_ns;
    row.taken_local = taken->local;
    row.time_basis = taken->basis;
    if (own) {
        row.longitude_deg = own->longitude_deg;
        row.latitude_deg = own->latitude_deg;
        row.altitude_m = own->altitude_m;
        row.alt_ref = alt_ref_of(p, own);
        row.head.origin = origin_of(&own->where);
    }
    row.serials = serials_of(p);
    row.model = model_of(p);
    row.timed_points = p->timed_points;
    row.picture_hash = p->picture_hash;
    row.note = photo_form_note(p);
    fact_put(p->r->facts, FACT_MEDIA, &row);
}

static void put_position(struct photo *p, const struct photo_place *place, const struct taken *taken)
{
    struct fact_position row;

    fact_init(FACT_POSITION, &row);
    row.head.origin = origin_of(&place->where);
    row.media = p->media;
    row.subject = text_of(place->subject);
    row.time = taken->utc_ns;
    row.time_basis = taken->basis;
    row.longitude_deg = place->longitude_deg;
    row.latitude_deg = place->latitude_deg;
    row.altitude_m = place->altitude_m;
    row.alt_ref = alt_ref_of(p, place);
    fact_put(p->r->facts, FACT_POSITION, &row);
}

/* The same place stored twice is one row; two places more than 30 m apart (more than
 * rounding and the spread of two fixes explain) are two, and that is said. */
static void put_positions(struct photo *p, const struct taken *taken, const struct photo_place *own)
{
    for (size_t i = 0; i < p->place_count; i++) {
        const struct photo_place *place = &p->places[i];
        bool seen = false;
        for (size_t k = 0; place != own && k <= p->place_count && !seen; k++) {
            const struct photo_place *other = k == p->place_count ? own : k < i ? &p->places[k] : NULL;
            seen = other && text_equal(text_of(other->subject), text_of(place->subject)) &&
                   photo_distance_m(place, other) <= DISAGREEMENT_M;
        }
        if (seen)
            continue;
        put_position(p, place, taken);
        if (own && place != own && text_equal(text_of(place->subject), TEXT("camera")))
            reading_damage(p->r, place->where.offset, 0, 0,
                           "the %s position of the camera is %.0f m away from the one in %s: both are recorded",
                           place->source, photo_distance_m(own, place), own->source);
    }
}

static const struct photo_identifier *serial_of(const struct photo *p, enum photo_device device)
{
    const struct photo_identifier *best = NULL;

    for (size_t i = 0; i < p->identifier_count; i++) {
        const struct photo_identifier *id = &p->identifiers[i];
        if (id->device == device && text_equal(text_of(id->kind), TEXT("serial")) && (!best || id->rank < best->rank))
            best = id;
    }
    return best;
}

static int64_t put_camera(struct photo *p)
{
    const struct photo_identifier *serial = serial_of(p, PHOTO_DEVICE_CAMERA);
    struct fact_device row;

    if (!serial && !text_known(p->make) && !text_known(p->model) && !text_known(p->unique_model))
        return FACT_UNKNOWN_INT;
    fact_init(FACT_DEVICE, &row);
    row.head.origin = origin_of(serial ? &serial->where : &p->camera_where);
    row.role = TEXT("camera");
    row.vendor = p->make;
    row.model = text_known(p->model) ? p->model : p->unique_model;
    row.serial = serial ? serial->value : TEXT_UNKNOWN;
    row.firmware = p->camera_firmware;
    return fact_put(p->r->facts, FACT_DEVICE, &row);
}

static int64_t put_aircraft(struct photo *p)
{
    const struct photo_identifier *serial = serial_of(p, PHOTO_DEVICE_AIRCRAFT);
    struct fact_device row;

    if (!serial && !text_known(p->aircraft_model))
        return FACT_UNKNOWN_INT;
    fact_init(FACT_DEVICE, &row);
    row.head.origin = origin_of(serial ? &serial->where : &p->aircraft_where);
    row.role = TEXT("aircraft");
    row.vendor = p->aircraft_vendor;
    row.model = p->aircraft_model;
    row.serial = serial ? serial->value : TEXT_UNKNOWN;
    row.firmware = p->aircraft_firmware;
    return fact_put(p->r->facts, FACT_DEVICE, &row);
}

void photo_put(struct photo *p)
{
    const struct taken taken = when_taken(p);
    const struct photo_place *own = own_place(p);

    put_media(p, &taken, own);
    put_positions(p, &taken, own);
    const int64_t camera = put_camera(p), aircraft = put_aircraft(p);
    for (size_t i = 0; i < p->identifier_count; i++) {
        const struct photo_identifier *id = &p->identifiers[i];
        struct fact_identifier row;
        fact_init(FACT_IDENTIFIER, &row);
        row.head.origin = origin_of(&id->where);
        row.kind = text_of(id->kind);
        row.value = id->value;
        row.device = id->device == PHOTO_DEVICE_CAMERA ? camera :
                     id->device == PHOTO_DEVICE_AIRCRAFT ? aircraft : FACT_UNKNOWN_INT;
        fact_put(p->r->facts, FACT_IDENTIFIER, &row);
    }
    if (p->identifiers_dropped)
        reading_damage(p->r, 0, FACT_UNKNOWN_INT, (int64_t)p->identifiers_dropped,
                       "%llu more identifiers than one picture may have were left out",
                       (unsigned long long)p->identifiers_dropped);
}
