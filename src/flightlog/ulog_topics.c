/* Topics with places, times and serial numbers.  Names, types and units: PX4/PX4-Autopilot msg/, old and
 * new (latitude and longitude were i32 x 1e-7 degree and altitude i32 mm until 1.13, then f64). */
#include "flightlog/ulog_topics.h"

#include <inttypes.h>
#include <math.h>

enum { FIX_2D = 2, NAMES_MAX = 3, SERIAL_MAX = 64, PARTS_MAX = 64 };

enum role {
    ROLE_AIRCRAFT,            /* a source of the path */
    ROLE_HOME,
    ROLE_ORIGIN,              /* of the estimator: where the vehicle stood when it first knew its place */
    ROLE_PLACE,               /* of `subject` */
    ROLE_TRAFFIC,             /* other aircraft */
    ROLE_DEVICE,              /* a part with a serial number; `subject` is its role */
};

struct ulog_topic {
    const char *name;
    enum role role;
    unsigned source;          /* ROLE_AIRCRAFT: its place in the list of sources */
    const char *subject;
    const char *field[USE_COUNT][NAMES_MAX]; /* the first that the format has */
};

enum { SOURCE_VEHICLE_GPS, SOURCE_SENSOR_GPS, SOURCE_GLOBAL, SOURCE_ESTIMATOR, SOURCE_OTHER, SOURCE_LOCAL };
const char *const ulog_sources[] = { "vehicle_gps_position", "sensor_gps", "vehicle_global_position",
                                     "estimator_global_position",
                                     "other instances of these", "vehicle_local_position and its reference" };
const unsigned ulog_source_count = sizeof ulog_sources / sizeof *ulog_sources;

#define PLACE(lat, lon, alt) [USE_LATITUDE] = { lat }, [USE_LONGITUDE] = { lon }, [USE_ALTITUDE] = { alt }
#define RECEIVER [USE_LATITUDE] = { "latitude_deg", "lat" }, [USE_LONGITUDE] = { "longitude_deg", "lon" }, \
    [USE_ALTITUDE] = { "altitude_msl_m", "alt" }, [USE_UTC] = { "time_utc_usec" }, \
    [USE_UTC_AGE] = { "timestamp_time_relative" }, [USE_FIX] = { "fix_type" }

static const struct ulog_topic topics[] = {
    { "vehicle_gps_position", ROLE_AIRCRAFT, SOURCE_VEHICLE_GPS, NULL, { RECEIVER } },
    { "sensor_gps", ROLE_AIRCRAFT, SOURCE_SENSOR_GPS, NULL, { RECEIVER } },
    { "vehicle_global_position", ROLE_AIRCRAFT, SOURCE_GLOBAL, NULL, { PLACE("lat", "lon", "alt") } },
    { "estimator_global_position", ROLE_AIRCRAFT, SOURCE_ESTIMATOR, NULL, { PLACE("lat", "lon", "alt") } },
    { "home_position", ROLE_HOME, 0, NULL, { PLACE("lat", "lon", "alt"), [USE_VALID] = { "valid_hpos" } } },
    { "vehicle_local_position", ROLE_ORIGIN, 0, NULL,
      { PLACE("ref_lat", "ref_lon", "ref_alt"), [USE_VALID] = { "xy_global" }, [USE_NORTH] = { "x" }, [USE_EAST] = { "y" },
        [USE_DOWN] = { "z" }, [USE_NORTH_EAST_VALID] = { "xy_valid" }, [USE_DOWN_VALID] = { "z_global" } } },
    { "navigator_mission_item", ROLE_PLACE, 0, "target", { PLACE("latitude", "longitude", "altitude") } },
    { "position_setpoint_triplet", ROLE_PLACE, 0, "target",
      { PLACE("current.lat", "current.lon", "current.alt"), [USE_VALID] = { "current.valid" } } },
    { "follow_target", ROLE_PLACE, 0, "target", { PLACE("lat", "lon", "alt") } },
    { "follow_target_estimator", ROLE_PLACE, 0, "target", { PLACE("lat_est", "lon_est", "alt_est"), [USE_VALID] = { "valid" } } },
    { "camera_capture", ROLE_PLACE, 0, "camera", { PLACE("lat", "lon", "alt") } },
    { "open_drone_id_system", ROLE_PLACE, 0, "operator",
      { PLACE("operator_latitude", "operator_longitude", "operator_altitude_geo") } },
    { "transponder_report", ROLE_TRAFFIC, 0, NULL, { PLACE("lat", "lon", "altitude") } },
    { "battery_status", ROLE_DEVICE, 0, "battery", { [USE_SERIAL] = { "serial_number" } } },
    { "device_information", ROLE_DEVICE, 0, "other",
      { [USE_SERIAL] = { "serial_number" }, [USE_VENDOR] = { "vendor_name" }, [USE_MODEL] = { "model_name" } } },
};

void ulog_topics_subscribe(struct ulog_log *log, struct ulog_subscription *s)
{
    const struct text name = ulog_format_name(s->format);

    s->timestamp = ulog_format_place(log->formats, s->format, "timestamp");
    s->last = (struct flight_point){ FACT_UNKNOWN_REAL, FACT_UNKNOWN_REAL, FACT_UNKNOWN_REAL };
    for (size_t i = 0; i < sizeof topics / sizeof *topics && !s->topic; i++)
        if (text_equal(name, text_of(topics[i].name)))
            s->topic = &topics[i];
    if (!s->topic)
        return;
    for (int use = 0; use < USE_COUNT; use++)
        for (int n = 0; n < NAMES_MAX && s->topic->field[use][n] && !s->field[use].known; n++)
            s->field[use] = ulog_format_place(log->formats, s->format, s->topic->field[use][n]);
    const bool has_place = s->field[USE_LATITUDE].known && s->field[USE_LONGITUDE].known;
    if (has_place || s->field[USE_SERIAL].known)
        return;
    if (!log->looking_ahead && s->topic->role != ROLE_DEVICE && s->topic->role != ROLE_ORIGIN)
        reading_damage(log->r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the topic %s has none of the fields that are known for its position: its places were not read",
                       s->topic->name);
    s->topic = NULL;
}

/* Whole numbers are 1e-7 degree. */
static double degrees(struct bytes data, struct ulog_place place)
{
    const double value = ulog_real(data, place);

    return place.type == ULOG_FLOAT || place.type == ULOG_DOUBLE ? value : value / 1e7;
}

/* Whole numbers are mm. */
static double metres(struct bytes data, struct ulog_place place)
{
    const double value = ulog_real(data, place);

    return !isfinite(value) ? FACT_UNKNOWN_REAL : place.type == ULOG_FLOAT ||
        place.type == ULOG_DOUBLE ? value : value / 1e3;
}

static struct flight_point point_of(const struct ulog_subscription *s, struct bytes data)
{
    return (struct flight_point){ degrees(data, s->field[USE_LONGITUDE]), degrees(data, s->field[USE_LATITUDE]),
                                  metres(data, s->field[USE_ALTITUDE]) };
}

/* The time may belong to a moment before or after the record's own. */
static void learn_utc(struct ulog_log *log, const struct ulog_subscription *s, struct bytes data, int64_t at_us)
{
    const int64_t utc_us = ulog_int(data, s->field[USE_UTC]), age_us = ulog_int(data, s->field[USE_UTC_AGE]);
    int64_t of_us = at_us;

    if (!fact_known_int(at_us) || (fact_known_int(age_us) && __builtin_add_overflow(at_us, age_us, &of_us)))
        return;
    boot_clock_learn(&log->clock, of_us, utc_us);
}

static struct bytes where_of(const struct ulog_record *record)
{
    return (struct bytes){ .at = record->content.at, .len = ULOG_HEAD + record->content.len, .origin = record->offset };
}

static bool put(struct ulog_log *log, const char *subject, struct flight_point at, int64_t at_us,
                const struct ulog_record *record)
{
    const struct flight_time time = boot_clock_time(&log->clock, at_us);

    return flight_rows_put(&log->rows, subject, where_of(record), at, "msl", &time);
}

static void take_aircraft(struct ulog_log *log, struct ulog_subscription *s, struct bytes data, int64_t at_us,
                          const struct ulog_record *record)
{
    const struct flight_point at = point_of(s, data);
    const unsigned source = s->instance ? SOURCE_OTHER : s->topic->source;
    const int64_t fix = ulog_int(data, s->field[USE_FIX]);

    if (s->field[USE_UTC].known)
        learn_utc(log, s, data, at_us);
    if (log->looking_ahead) {
        if (flight_path_accepts(NULL, at.longitude_deg, at.latitude_deg))
            path_sources_expect(&log->sources, source, at_us);
        return;
    }
    const int64_t now_us = fact_known_int(at_us) ? at_us : 0;
    struct flight_path *refused_by = path_sources_leads(&log->sources, source, now_us) ? &log->rows.path : NULL;
    if (!flight_path_accepts(refused_by, at.longitude_deg, at.latitude_deg))
        return;
    log->without_fix += fact_known_int(fix) && fix < FIX_2D;
    if (path_sources_take(&log->sources, source, now_us))
        put(log, "aircraft", at, at_us, record);
}

static void take_place(struct ulog_log *log, struct ulog_subscription *s, struct bytes data, int64_t at_us,
                       const struct ulog_record *record)
{
    const struct flight_point at = point_of(s, data);

    if (s->field[USE_VALID].known && ulog_int(data, s->field[USE_VALID]) == 0)
        return;
    if (at.longitude_deg == s->last.longitude_deg && at.latitude_deg == s->last.latitude_deg)
        return;
    s->last = at;
    if (s->topic->role == ROLE_HOME)
        flight_rows_home(&log->rows, where_of(record), at, "msl");
    else if (put(log, s->topic->role == ROLE_ORIGIN ? "home" : s->topic->subject, at, at_us, record) &&
             s->topic->role == ROLE_ORIGIN && !log->origin_known) {
        log->origin_known = true;
        log->origin = at;
    }
}

/* So many metres north and east of a place, on the sphere and by the projection (azimuthal equidistant) that PX4 uses
 * itself: src/lib/geo/geo.cpp. */
static struct flight_point place_beside(struct flight_point from, double north_m, double east_m)
{
    static const double earth_radius_m = 6371000, rad = M_PI / 180;
    const double north = north_m / earth_radius_m, east = east_m / earth_radius_m, c = hypot(north, east);
    const double sin_lat = sin(from.latitude_deg * rad), cos_lat = cos(from.latitude_deg * rad);

    if (!(c > 0))
        return from;
    return (struct flight_point){
        .latitude_deg = asin(fmax(-1, fmin(1, cos(c) * sin_lat + north * sin(c) * cos_lat / c))) / rad,
        .longitude_deg = remainder(from.longitude_deg + atan2(east * sin(c), c * cos_lat * cos(c) - north * sin_lat * sin(c)) / rad, 360),
        .altitude_m = from.altitude_m,
    };
}

/* Metres from a reference: the path of a log that has nothing better. */
static void take_local(struct ulog_log *log, struct ulog_subscription *s, struct bytes data, int64_t at_us,
                       const struct ulog_record *record)
{
    const double north_m = ulog_real(data, s->field[USE_NORTH]), east_m = ulog_real(data, s->field[USE_EAST]);
    const double down_m = ulog_real(data, s->field[USE_DOWN]);
    const struct flight_point reference = point_of(s, data);

    if (!s->field[USE_NORTH].known || !s->field[USE_EAST].known || !s->field[USE_VALID].known || s->instance ||
        ulog_int(data, s->field[USE_VALID]) == 0 || ulog_int(data, s->field[USE_NORTH_EAST_VALID]) == 0 ||
        !isfinite(north_m) || !isfinite(east_m) ||
            !flight_path_accepts(NULL, reference.longitude_deg, reference.latitude_deg))
        return;
    if (!path_sources_take(&log->sources, SOURCE_LOCAL, fact_known_int(at_us) ? at_us : 0))
        return;
    struct flight_point at = place_beside(reference, north_m, east_m);
    at.altitude_m = isfinite(down_m) && ulog_int(data, s->field[USE_DOWN_VALID]) != 0
        ? at.altitude_m - down_m : FACT_UNKNOWN_REAL;
    put(log, "aircraft", at, at_us, record);
}

/* A text, or a number that is not 0; unknown when it is that of the record before. */
static struct text new_serial(struct ulog_log *log, struct ulog_subscription *s, struct bytes data)
{
    const struct ulog_place place = s->field[USE_SERIAL];

    if (place.count > 1 && ulog_type_bytes(place.type) == 1) {
        const struct text serial = text_of_padded(bytes_part(data, place.offset,
                                                             place.count < SERIAL_MAX ? place.count : SERIAL_MAX));
        return text_equal(serial, s->last_serial) ? TEXT_UNKNOWN : arena_text(log->r->arena, serial);
    }
    const int64_t number = ulog_int(data, place);
    if (!fact_known_int(number) || number == 0 || number == s->last_number)
        return TEXT_UNKNOWN;
    s->last_number = number;
    return arena_printf(log->r->arena, "%" PRId64, number);
}

static void take_device(struct ulog_log *log, struct ulog_subscription *s, struct bytes data,
                        const struct ulog_record *record)
{
    const struct text serial = log->parts < PARTS_MAX ? new_serial(log, s, data) : TEXT_UNKNOWN;
    struct fact_device device;

    if (!text_known(serial))
        return;
    log->parts++;
    s->last_serial = serial;
    fact_init(FACT_DEVICE, &device);
    device.head.origin = fact_origin_at(record->offset, ULOG_HEAD + record->content.len);
    device.role = text_of(s->topic->subject);
    device.serial = serial;
    device.vendor = ulog_text(data, s->field[USE_VENDOR]);
    device.model = ulog_text(data, s->field[USE_MODEL]);
    flight_rows_device(&log->rows, &device);
}

void ulog_topics_take(struct ulog_log *log, struct ulog_subscription *s, struct bytes data,
                      const struct ulog_record *record)
{
    const int64_t at_us = ulog_int(data, s->timestamp);

    if (s->topic->role == ROLE_AIRCRAFT)
        take_aircraft(log, s, data, at_us, record);
    else if (log->looking_ahead)
        return;
    else if (s->topic->role == ROLE_TRAFFIC)
        log->traffic++;
    else if (s->topic->role == ROLE_DEVICE)
        take_device(log, s, data, record);
    else {
        take_place(log, s, data, at_us, record);
        if (s->topic->role == ROLE_ORIGIN)
            take_local(log, s, data, at_us, record);
    }
}
