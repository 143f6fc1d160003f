/* MAVLink messages with places.  Units and meanings: mavlink/mavlink message_definitions/v1.0. */
#include <math.h>

#include "flightlog/tlog_log.h"

enum unit { UNIT_E7, UNIT_FLOAT };
enum alt_unit { ALT_NONE, ALT_MM, ALT_M_I16, ALT_M_FLOAT };

enum role {
    ROLE_AIRCRAFT, ROLE_HOME, ROLE_ORIGIN,
    ROLE_PLANNED,             /* put once */
    ROLE_CAMERA, ROLE_TARGET,
    ROLE_OPERATOR,
    ROLE_TRAFFIC,             /* not ours: counted */
};

enum { SOURCE_GLOBAL, SOURCE_GLOBAL_COV, SOURCE_GPS, SOURCE_GPS_2, SOURCE_AHRS2, SOURCE_HIGH_LATENCY, SOURCE_UTM,
       SOURCE_NO_FIX, SOURCE_COUNT };
const char *const tlog_sources[] = { "GLOBAL_POSITION_INT", "GLOBAL_POSITION_INT_COV", "GPS_RAW_INT", "GPS2_RAW",
                                     "AHRS2",
                                     "HIGH_LATENCY", "UTM_GLOBAL_POSITION", "a receiver without a fix" };
const unsigned tlog_source_count = SOURCE_COUNT;

#define NO_FIELD 255

static const struct place {
    uint32_t id;
    enum role role;
    uint8_t source;           /* of ROLE_AIRCRAFT */
    uint8_t latitude, longitude, altitude, fix;
    enum unit unit;
    enum alt_unit alt_unit;
} places[] = {
#define AIRCRAFT(NAME, source, lat, lon, alt, alt_unit, fix) \
    { MAVLINK_##NAME, ROLE_AIRCRAFT, source, NAME##_##lat, NAME##_##lon, NAME##_##alt, fix, UNIT_E7, alt_unit }
#define PLACE(NAME, role, lat, lon, alt, unit, alt_unit) \
    { MAVLINK_##NAME, role, 0, NAME##_##lat, NAME##_##lon, NAME##_##alt, NO_FIELD, unit, alt_unit }
#define FLAT(NAME, role, lat, lon, unit) { MAVLINK_##NAME, role, 0, NAME##_##lat, NAME##_##lon, 0, NO_FIELD, unit, ALT_NONE }
    AIRCRAFT(GLOBAL_POSITION_INT, SOURCE_GLOBAL, LAT, LON, ALT, ALT_MM, NO_FIELD),
    AIRCRAFT(GLOBAL_POSITION_INT_COV, SOURCE_GLOBAL_COV, LAT, LON, ALT, ALT_MM, NO_FIELD),
    AIRCRAFT(GPS_RAW_INT, SOURCE_GPS, LAT, LON, ALT, ALT_MM, GPS_RAW_INT_FIX_TYPE),
    AIRCRAFT(GPS2_RAW, SOURCE_GPS_2, LAT, LON, ALT, ALT_MM, GPS2_RAW_FIX_TYPE),
    AIRCRAFT(AHRS2, SOURCE_AHRS2, LAT, LNG, ALTITUDE, ALT_M_FLOAT, NO_FIELD),
    AIRCRAFT(HIGH_LATENCY, SOURCE_HIGH_LATENCY, LATITUDE, LONGITUDE, ALTITUDE_AMSL, ALT_M_I16, NO_FIELD),
    AIRCRAFT(HIGH_LATENCY2, SOURCE_HIGH_LATENCY, LATITUDE, LONGITUDE, ALTITUDE, ALT_M_I16, NO_FIELD),
    AIRCRAFT(UTM_GLOBAL_POSITION, SOURCE_UTM, LAT, LON, ALT, ALT_MM, NO_FIELD),
    PLACE(HOME_POSITION, ROLE_HOME, LATITUDE, LONGITUDE, ALTITUDE, UNIT_E7, ALT_MM),
    PLACE(SET_HOME_POSITION, ROLE_HOME, LATITUDE, LONGITUDE, ALTITUDE, UNIT_E7, ALT_MM),
    PLACE(GPS_GLOBAL_ORIGIN, ROLE_ORIGIN, LATITUDE, LONGITUDE, ALTITUDE, UNIT_E7, ALT_MM),
    PLACE(SET_GPS_GLOBAL_ORIGIN, ROLE_ORIGIN, LATITUDE, LONGITUDE, ALTITUDE, UNIT_E7, ALT_MM),
    FLAT(MISSION_ITEM, ROLE_PLANNED, X, Y, UNIT_FLOAT),
    FLAT(MISSION_ITEM_INT, ROLE_PLANNED, X, Y, UNIT_E7),
    FLAT(COMMAND_INT, ROLE_PLANNED, X, Y, UNIT_E7),
    FLAT(FENCE_POINT, ROLE_PLANNED, LAT, LNG, UNIT_FLOAT),
    FLAT(RALLY_POINT, ROLE_PLANNED, LAT, LNG, UNIT_E7),
    FLAT(SET_POSITION_TARGET_GLOBAL_INT, ROLE_PLANNED, LAT_INT, LON_INT, UNIT_E7),
    PLACE(CAMERA_FEEDBACK, ROLE_CAMERA, LAT, LNG, ALT_MSL, UNIT_E7, ALT_M_FLOAT),
    PLACE(CAMERA_IMAGE_CAPTURED, ROLE_CAMERA, LAT, LON, ALT, UNIT_E7, ALT_MM),
    PLACE(FOLLOW_TARGET, ROLE_TARGET, LAT, LON, ALT, UNIT_E7, ALT_M_FLOAT),
    PLACE(CAMERA_TRACKING_GEO_STATUS, ROLE_TARGET, LAT, LON, ALT, UNIT_E7, ALT_M_FLOAT),
    FLAT(OPEN_DRONE_ID_SYSTEM, ROLE_OPERATOR, OPERATOR_LATITUDE, OPERATOR_LONGITUDE, UNIT_E7),
    FLAT(OPEN_DRONE_ID_SYSTEM_UPDATE, ROLE_OPERATOR, OPERATOR_LATITUDE, OPERATOR_LONGITUDE, UNIT_E7),
    FLAT(ADSB_VEHICLE, ROLE_TRAFFIC, LAT, LON, UNIT_E7),
    FLAT(AIS_VESSEL, ROLE_TRAFFIC, LAT, LON, UNIT_E7),
};

static double degrees(const struct mavlink_payload *p, size_t offset, enum unit unit)
{
    struct cursor c = mavlink_field(p, offset);

    return unit == UNIT_E7 ? cursor_i32le(&c) / 1e7 : (double)cursor_f32le(&c);
}

static double metres(const struct mavlink_payload *p, size_t offset, enum alt_unit unit)
{
    struct cursor c = mavlink_field(p, offset);
    double value = FACT_UNKNOWN_REAL;

    if (unit == ALT_MM)
        value = cursor_i32le(&c) / 1e3;
    else if (unit == ALT_M_I16)
        value = cursor_i16le(&c);
    else if (unit == ALT_M_FLOAT)
        value = (double)cursor_f32le(&c);
    return isfinite(value) ? value : FACT_UNKNOWN_REAL;
}

/* Commands whose fifth and sixth parameters are a place (MAV_CMD), in a frame that is of the globe (MAV_FRAME). */
static bool is_placed(const struct mavlink_payload *p, size_t command_at, size_t frame_at)
{
    struct cursor c = mavlink_field(p, command_at);
    const unsigned command = cursor_u16le(&c), frame = p->at[frame_at];
    const bool of_globe = frame == 0 || frame == 3 || frame == 5 || frame == 6 || frame == 10 || frame == 11;

    return of_globe && ((command >= 16 && command < 95) || command == 179 || command == 189 || command == 190 ||
                        command == 192 ||
                        command == 195 || command == 201 || (command >= 5000 && command <= 5100));
}

static bool is_planned(const struct tlog_record *record, const struct mavlink_payload *p)
{
    enum { IGNORES_PLACE = 3 };

    switch (record->frame.id) {
    case MAVLINK_MISSION_ITEM:     return is_placed(p, MISSION_ITEM_COMMAND, MISSION_ITEM_FRAME);
    case MAVLINK_MISSION_ITEM_INT: return is_placed(p, MISSION_ITEM_INT_COMMAND, MISSION_ITEM_INT_FRAME);
    case MAVLINK_COMMAND_INT:      return is_placed(p, COMMAND_INT_COMMAND, COMMAND_INT_FRAME);
    case MAVLINK_SET_POSITION_TARGET_GLOBAL_INT: {
        struct cursor c = mavlink_field(p, SET_POSITION_TARGET_GLOBAL_INT_TYPE_MASK);
        return !(cursor_u16le(&c) & IGNORES_PLACE);
    }
    default:                       return true;
    }
}

static struct bytes where_of(const struct tlog_record *record)
{
    const struct bytes frame = record->frame.whole;

    return (struct bytes){ .at = frame.at - TLOG_STAMP, .len = TLOG_STAMP + frame.len,
                           .origin = frame.origin - TLOG_STAMP };
}

static bool put(struct tlog *log, struct tlog_vehicle *v, const char *subject, struct flight_point at,
                const char *alt_ref,
                const struct tlog_record *record)
{
    const struct flight_time time = tlog_time(log, record);

    return flight_rows_put(&v->rows, subject, where_of(record), at, alt_ref, &time);
}

static void take_fix(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *p,
                     const struct place *place,
                     struct flight_point at)
{
    enum { FIX_2D = 2 };
    const uint8_t system = record->frame.system;
    const bool has_no_fix = place->fix != NO_FIELD && p->at[place->fix] < FIX_2D;
    const unsigned source = has_no_fix ? (unsigned)SOURCE_NO_FIX : place->source;
    const int64_t at_us = record->doubted_time && fact_known_int(log->walk.last_us) ? log->walk.last_us : record->at_us;

    if (log->looking_ahead) {
        if (flight_path_accepts(NULL, at.longitude_deg, at.latitude_deg) &&
            !fact_known_int(log->expected_us[system][source]))
            log->expected_us[system][source] = at_us;
        return;
    }
    struct tlog_vehicle *v = tlog_vehicle_of(log, system);
    if (!v)
        return;
    struct flight_path *refused_by = path_sources_leads(&v->sources, place->source, at_us) ? &v->rows.path : NULL;
    if (!flight_path_accepts(refused_by, at.longitude_deg, at.latitude_deg))
        return;
    v->without_fix += has_no_fix;
    if (path_sources_take(&v->sources, source, at_us))
        put(log, v, "aircraft", at, "msl", record);
}

/* What a ground station says of its own place is where its operator is. */
static void take_station(struct tlog *log, const struct tlog_record *record, struct flight_point at)
{
    const bool is_tracker = log->systems[record->frame.system].kind == TLOG_TRACKER;

    if (!log->looking_ahead && tlog_seen_new(&log->places, &at, 2 * sizeof(double), record->frame.system))
        put(log, log->first, is_tracker ? "controller" : "operator", at, "msl", record);
}

/* Remote ID that a receiver aboard heard of others names its sender. */
static bool is_relayed(const struct mavlink_payload *p, size_t from)
{
    for (size_t i = 0; i < 20; i++)
        if (p->at[from + i])
            return true;
    return false;
}

static void take_other(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *p,
                       const struct place *place,
                       struct flight_point at)
{
    const bool by_station = log->systems[record->frame.system].kind == TLOG_STATION;
    struct tlog_vehicle *v = by_station ? log->first : tlog_vehicle_of(log, record->frame.system);
    const bool is_new = place->role == ROLE_HOME ||
        tlog_seen_new(&log->places, &at, 2 * sizeof(double), (uint64_t)place->role << 8 | record->frame.system);

    if (!v || !is_new)
        return;
    switch (place->role) {
    case ROLE_HOME:
        flight_rows_home(&v->rows, where_of(record), at, "msl");
        break;
    case ROLE_ORIGIN:
        if (put(log, v, "home", at, "msl", record) && !v->origin_known) {
            v->origin_known = true;
            v->origin = at;
        }
        break;
    case ROLE_PLANNED:
        if (is_planned(record, p) && (at.longitude_deg != 0 || at.latitude_deg != 0))
            put(log, v, "target", at, "unknown", record);
        break;
    case ROLE_CAMERA:
        put(log, v, "camera", at, "msl", record);
        break;
    case ROLE_TARGET:
        put(log, v, by_station && place->id == MAVLINK_FOLLOW_TARGET ? "operator" : "target", at, "msl", record);
        break;
    default:
        put(log, v, "operator", at, "ellipsoid", record);
        break;
    }
}

/* By id, so that one look tells that most messages are none of these. */
static const struct place *place_of(uint32_t id)
{
    enum { SMALL_IDS = 512 };
    static const struct place *small[SMALL_IDS];

    if (!small[MAVLINK_GLOBAL_POSITION_INT])
        for (size_t i = 0; i < sizeof places / sizeof *places; i++)
            if (places[i].id < SMALL_IDS)
                small[places[i].id] = &places[i];
    if (id < SMALL_IDS)
        return small[id];
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].id == id)
            return &places[i];
    return NULL;
}

bool tlog_places_has(uint32_t id)
{
    return place_of(id);
}

void tlog_places_take(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *p)
{
    const struct place *place = place_of(record->frame.id);
    struct flight_point at;

    if (!place)
        return;
    at.latitude_deg = degrees(p, place->latitude, place->unit);
    at.longitude_deg = degrees(p, place->longitude, place->unit);
    at.altitude_m = metres(p, place->altitude, place->alt_unit);
    const enum tlog_kind kind = log->systems[record->frame.system].kind;
    if (place->role == ROLE_AIRCRAFT && (kind == TLOG_STATION || kind == TLOG_TRACKER)) {
        take_station(log, record, at);
    } else if (place->role == ROLE_AIRCRAFT) {
        take_fix(log, record, p, place, at);
    } else if (!log->looking_ahead) {
        if (place->role == ROLE_TRAFFIC || (place->id == MAVLINK_OPEN_DRONE_ID_SYSTEM &&
                                            is_relayed(p, OPEN_DRONE_ID_SYSTEM_ID_OR_MAC)))
            log->traffic++;
        else
            take_other(log, record, p, place, at);
    }
}
