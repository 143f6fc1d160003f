/* Record contents, after unmasking; little-endian, angles in radians unless stated.
 * "measured" on versions 4, 7 and 8 against independent tables; the rest from
 * lvauvillier/dji-log-parser record/.  The layout is chosen by the content's length:
 * version numbers do not tell it (real version 8 logs hold serials of 10 characters).
 *
 *   type 1, flight state (50)        longitude, latitude f64; height above take-off i16 x 0.1 m;
 *                                    speed 3 x i16; pitch, roll, yaw i16 x 0.1 degree at 24;
 *                                    flight time u16 x 0.1 s at 42                       measured
 *   type 2, home (32, 34, >= 41)     longitude, latitude f64; height f32; flags u8       measured
 *   type 5, custom (18)              u8, u8, speed f32, distance f32, ms since 1970 i64  measured
 *   type 11, controller GPS (30)     time 7 bytes; latitude, longitude i32, probably 1e-7 degree   read
 *   type 13, recover (85, 109, 112)  product u8, platform u8, version u8 x 3, aircraft serial N,
 *                                    name 32, time i64, camera, controller, battery serial N;
 *                                    N = 10 when it is 85 long, else 16                  measured (85)
 *   types 9, 10, 24, messages        text of the app to its pilot, the whole content         read
 *   type 15, firmware                items of 6: part u8 (1 camera, 3 flight controller, 6 controller,
 *                                    11 battery, others unnamed), u8, version 4 x u8, of which
 *                                    the first three are known                             measured
 *   type 14, app GPS (20)            latitude, longitude f64 in degrees; accuracy f32    measured
 *   type 40, component serial        kind u16, length u8, text                           read */
#include "flightlog/dji_txt_records.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "flightlog/dji_product.h"
#include "flightlog/dji_txt_path.h"

enum {
    RECORD_OSD = 1, RECORD_HOME = 2, RECORD_CUSTOM = 5, RECORD_RC_GPS = 11, RECORD_RECOVER = 13,
    RECORD_TIP = 9, RECORD_WARNING = 10, RECORD_SERIOUS_WARNING = 24, RECORD_FIRMWARE = 15,
    RECORD_APP_GPS = 14, RECORD_COMPONENT_SERIAL = 40, RECORD_KEY_CHANGE = 50,
    AES_BLOCK = 16, FIRST_AES_VERSION = 13, NAME_LENGTH = 32, RECOVER_SHORT = 85,
    ANGLE_MAX_DEGREE_TENTHS = 3600, HOME_SET = 1,
};

#define CLOCK_STEP_NS (INT64_C(3600) * NS_PER_S) /* a larger step from one clock to the next is doubted */
#define CONTROLLER_NEAR_M 50000.0
#define DEGREES (180 / M_PI)

void dji_txt_records_begin(struct dji_txt_log *log)
{
    static const struct text masked_steps[] = { TEXT_INIT("DJI record unmasking (XOR)") };

    fact_init(FACT_POSITION, &log->row);
    log->row.flight = log->flight;
    if (log->masked)
        log->steps = (struct text_list){ masked_steps, 1 };
    log->clock_utc_ns = log->details.start_utc_ns;
    log->clock_candidate_utc_ns = FACT_UNKNOWN_INT;
    log->anchor_utc_ns = log->details.start_utc_ns;
    flight_pace_init(&log->pace);
    for (int i = 0; i < SUBJECT_COUNT; i++)
        flight_path_init(&log->paths[i]);
}

static bool position_in(struct flight_path *path, double longitude_deg, double latitude_deg, double altitude_m,
                        struct flight_point *ret)
{
    if (!flight_path_accepts(path, longitude_deg, latitude_deg))
        return false;
    *ret = (struct flight_point){ longitude_deg, latitude_deg, altitude_m };
    return true;
}

/* A body whose length fits AES and whose angles make no sense is under a cipher that
 * this version should not have: counted, not plotted. */
static bool looks_enciphered(const struct dji_txt_log *log, const struct bytes *content)
{
    struct cursor c = cursor_over(bytes_part(*content, 24, 6));
    bool nonsense = false;

    if (!log->masked || content->len % AES_BLOCK != 0)
        return false;
    for (int i = 0; i < 3; i++) {
        const int16_t angle = cursor_i16le(&c);
        nonsense |= angle > ANGLE_MAX_DEGREE_TENTHS || angle < -ANGLE_MAX_DEGREE_TENTHS;
    }
    return nonsense;
}

/* Tenths of a degree.  Angles that no aircraft has are unknown. */
static struct flight_attitude attitude_in(struct cursor *c)
{
    const int16_t pitch = cursor_i16le(c), roll = cursor_i16le(c), yaw = cursor_i16le(c);
    const int most = ANGLE_MAX_DEGREE_TENTHS;

    if (abs(pitch) > most || abs(roll) > most || abs(yaw) > most)
        return FLIGHT_ATTITUDE_UNKNOWN;
    return (struct flight_attitude){ pitch / 10.0, roll / 10.0, yaw / 10.0 };
}

static void take_osd(struct dji_txt_log *log, const struct dji_txt_record *record, const struct bytes *content)
{
    enum { FIELDS = 44 }; /* up to the flight time: looked for at once, so that each need not be */
    const struct bytes fields = bytes_part(*content, 0, FIELDS);

    if (log->aircraft_waits)
        dji_txt_path_settle(log, FACT_UNKNOWN_INT);
    if (fields.len != FIELDS) {
        log->unreadable++;
        return;
    }
    struct cursor c = cursor_over(fields);
    const double longitude_deg = cursor_f64le(&c) * DEGREES;
    const double latitude_deg = cursor_f64le(&c) * DEGREES;
    const double height_m = cursor_i16le(&c) / 10.0;
    struct flight_point at;

    cursor_skip(&c, 6); /* speeds */
    const struct flight_attitude attitude = attitude_in(&c);
    cursor_skip(&c, 12);
    const uint16_t flight_time_ds = cursor_u16le(&c);
    if (looks_enciphered(log, content)) {
        log->encrypted++;
        return;
    }
    log->newest_ds = flight_time_ds;
    log->newest_ds_known = true;
    if (!log->anchor_ds_known) {
        log->first_ds = flight_time_ds;
        log->anchor_ds = flight_time_ds;
        log->anchor_ds_known = true;
    }
    if (!position_in(&log->paths[SUBJECT_AIRCRAFT], longitude_deg, latitude_deg, height_m, &at))
        return;
    dji_txt_path_wait(log, record, SUBJECT_AIRCRAFT, &at)->attitude = attitude;
    log->aircraft_waits = true;
}

static void take_home(struct dji_txt_log *log, const struct dji_txt_record *record, const struct bytes *content)
{
    struct cursor c = cursor_over(*content);
    const double longitude_deg = cursor_f64le(&c) * DEGREES;
    const double latitude_deg = cursor_f64le(&c) * DEGREES;
    struct flight_point at;

    cursor_skip(&c, 4);
    const uint8_t flags = cursor_u8(&c);
    if (c.failed)
        log->unreadable++;
    else if (position_in(&log->paths[SUBJECT_HOME], longitude_deg, latitude_deg, FACT_UNKNOWN_REAL, &at)) {
        if (!log->home_known && (flags & HOME_SET)) {
            log->home = at;
            log->home_known = true;
        }
        dji_txt_path_wait(log, record, SUBJECT_HOME, &at);
    }
}

/* The peer that we took names from calls the two longitude and latitude; real logs
 * prove the other order. */
static void take_app_gps(struct dji_txt_log *log, const struct dji_txt_record *record, const struct bytes *content)
{
    struct cursor c = cursor_over(*content);
    const double latitude_deg = cursor_f64le(&c);
    const double longitude_deg = cursor_f64le(&c);
    struct flight_point at;

    if (c.failed)
        log->unreadable++;
    else if (position_in(&log->paths[SUBJECT_OPERATOR], longitude_deg, latitude_deg, FACT_UNKNOWN_REAL, &at))
        dji_txt_path_wait(log, record, SUBJECT_OPERATOR, &at);
}

/* The scale is an assumption, so the place must confirm it: near the aircraft, or near
 * the start while the aircraft has no fix. */
static void take_rc_gps(struct dji_txt_log *log, const struct dji_txt_record *record, const struct bytes *content)
{
    struct cursor c = cursor_over(*content);
    struct flight_point at, aircraft = { log->details.longitude_deg, log->details.latitude_deg, FACT_UNKNOWN_REAL };

    cursor_skip(&c, 7);
    const double latitude_deg = cursor_i32le(&c) / 1e7;
    const double longitude_deg = cursor_i32le(&c) / 1e7;
    if (c.failed) {
        log->unreadable++;
        return;
    }
    if (!position_in(&log->paths[SUBJECT_CONTROLLER], longitude_deg, latitude_deg, FACT_UNKNOWN_REAL, &at))
        return;
    if (log->paths[SUBJECT_AIRCRAFT].points > 0)
        aircraft = log->paths[SUBJECT_AIRCRAFT].last;
    if (flight_distance_m(aircraft.longitude_deg, aircraft.latitude_deg, longitude_deg, latitude_deg)
        <= CONTROLLER_NEAR_M)
        dji_txt_path_wait(log, record, SUBJECT_CONTROLLER, &at);
    else
        log->far_controllers++;
}

/* One clock far from all others is a damaged number; two that agree are the truth. */
static bool clock_is_believed(struct dji_txt_log *log, int64_t utc_ns)
{
    const int64_t candidate = log->clock_candidate_utc_ns;

    log->clock_candidate_utc_ns = utc_ns;
    if (!fact_known_int(log->clock_utc_ns))
        return true;
    if (llabs(utc_ns - log->clock_utc_ns) <= CLOCK_STEP_NS)
        return true;
    return fact_known_int(candidate) && llabs(utc_ns - candidate) <= CLOCK_STEP_NS;
}

static void take_custom(struct dji_txt_log *log, const struct bytes *content)
{
    struct cursor c = cursor_over(*content);

    cursor_skip(&c, 10);
    const int64_t utc_ns = dji_time_from_ms(cursor_i64le(&c), &log->details.unbelievable_ns);
    if (c.failed) {
        log->unreadable++;
        return;
    }
    if (!fact_known_int(utc_ns) || !clock_is_believed(log, utc_ns)) {
        log->doubted_clocks++;
        dji_txt_path_settle(log, FACT_UNKNOWN_INT);
        return;
    }
    log->clock_utc_ns = utc_ns;
    if (log->newest_ds_known) {
        log->anchor_utc_ns = utc_ns;
        log->anchor_ds = log->newest_ds;
    }
    dji_txt_path_settle(log, utc_ns);
}

static void take_serial(struct dji_txt_log *log, const struct dji_txt_record *record, const char *role,
                        struct text serial)
{
    if (!dji_serial_is_known(serial) || log->serial_count == DJI_TXT_SERIALS_MAX)
        return;
    for (size_t i = 0; i < log->serial_count; i++)
        if (text_equal(text_of(log->serials[i].role), text_of(role)) && text_equal(log->serials[i].value, serial))
            return;
    struct dji_txt_serial *s = &log->serials[log->serial_count++];
    s->role = role;
    s->value = arena_text(log->r->arena, serial);
    s->origin = fact_origin_at(record->offset, record->length);
    s->origin.steps = log->steps;
}

static void take_recover(struct dji_txt_log *log, const struct dji_txt_record *record, const struct bytes *content)
{
    struct cursor c = cursor_over(*content);
    const size_t width = content->len <= RECOVER_SHORT ? 10 : 16;
    const unsigned product_type = cursor_u8(&c);

    cursor_skip(&c, 4);
    const struct text aircraft = text_of_padded(cursor_take(&c, width));
    const struct text name = text_of_padded(cursor_take(&c, NAME_LENGTH));
    cursor_skip(&c, 8);
    const struct text camera = text_of_padded(cursor_take(&c, width));
    const struct text controller = text_of_padded(cursor_take(&c, width));
    struct text battery = text_of_padded(cursor_take(&c, width));
    char digits[16];
    if (c.failed) {
        log->unreadable++;
        return;
    }
    if (dji_battery_serial_is_packed(product_type))
        battery = dji_battery_serial_unpack(battery, digits);
    log->product_type = product_type;
    if (!text_known(log->aircraft_name))
        log->aircraft_name = arena_text(log->r->arena, name);
    take_serial(log, record, "aircraft", aircraft);
    take_serial(log, record, "camera", camera);
    take_serial(log, record, "controller", controller);
    take_serial(log, record, "battery", battery);
}

static void take_component_serial(struct dji_txt_log *log, const struct dji_txt_record *record,
                                  const struct bytes *content)
{
    static const char *const roles[] = { NULL, "camera", "aircraft", "controller", "battery" };
    struct cursor c = cursor_over(*content);
    const uint16_t kind = cursor_u16le(&c);
    const struct text serial = text_of_padded(cursor_take(&c, cursor_u8(&c)));

    if (c.failed)
        log->unreadable++;
    else if (kind > 0 && kind < sizeof roles / sizeof *roles)
        take_serial(log, record, roles[kind], serial);
}

/* It has no clock of its own: its time is that of the flight state before it, else that of the last clock. */
static void take_message(struct dji_txt_log *log, const struct dji_txt_record *record, const struct bytes *content)
{
    const bool timed = log->newest_ds_known && log->anchor_ds_known && log->newest_ds >= log->first_ds;
    struct log_message message = {
        .text = text_of_padded(*content),
        .level = record->type == RECORD_TIP ? "tip" : record->type == RECORD_WARNING ? "warning" : "serious_warning",
        .since_us = timed ? (log->newest_ds - log->first_ds) * INT64_C(100000) : FACT_UNKNOWN_INT,
        .time = { timed ? dji_txt_time_by_counter(log, log->newest_ds) : log->clock_utc_ns, FACT_UNKNOWN_INT,
                  "derived" },
        .origin = fact_origin_at(record->offset, record->length),
    };

    message.origin.steps = log->steps;
    if (text_known(message.text) && message.text.len > 0)
        log_messages_add(&log->messages, log->r->facts, log->flight, &message);
}

const char *dji_txt_part_role(enum dji_txt_part part)
{
    static const char *const roles[] = { "aircraft", "controller", "camera", "battery" };

    return roles[part];
}

static void take_firmware(struct dji_txt_log *log, const struct bytes *content)
{
    enum { ITEM = 6 };
    static const struct { uint8_t kind; enum dji_txt_part part; } parts[] = {
        { 1, PART_CAMERA }, { 3, PART_AIRCRAFT }, { 6, PART_CONTROLLER }, { 11, PART_BATTERY },
    };
    struct cursor c = cursor_over(*content);

    while (c.rest.len >= ITEM) {
        const uint8_t kind = cursor_u8(&c);
        cursor_skip(&c, 1);
        const uint8_t major = cursor_u8(&c), minor = cursor_u8(&c), patch = cursor_u8(&c);
        cursor_skip(&c, 1);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            if (parts[i].kind == kind && !text_known(log->firmware[parts[i].part]) && (major | minor | patch) != 0)
                log->firmware[parts[i].part] = arena_printf(log->r->arena, "%u.%u.%u", major, minor, patch);
    }
}

/* Of each record: the content is a pointer for the reason that is told at dji_txt_unmask. */
static void take_content(struct dji_txt_log *log, const struct dji_txt_record *record, const struct bytes *content)
{
    switch (record->type) {
    case RECORD_OSD:              take_osd(log, record, content); break;
    case RECORD_HOME:             take_home(log, record, content); break;
    case RECORD_CUSTOM:           take_custom(log, content); break;
    case RECORD_RC_GPS:           take_rc_gps(log, record, content); break;
    case RECORD_RECOVER:          take_recover(log, record, content); break;
    case RECORD_APP_GPS:          take_app_gps(log, record, content); break;
    case RECORD_COMPONENT_SERIAL: take_component_serial(log, record, content); break;
    case RECORD_FIRMWARE:         take_firmware(log, content); break;
    case RECORD_TIP: case RECORD_WARNING: case RECORD_SERIOUS_WARNING: take_message(log, record, content); break;
    default: break;
    }
}

/* Masked first, encrypted below that. */
static void take_encrypted(struct dji_txt_log *log, const struct dji_txt_record *record, uint8_t feature)
{
    static const struct text steps[] = { TEXT_INIT("DJI record unmasking (XOR)"),
                                         TEXT_INIT("AES-256-CBC with the operator's key") };
    const struct text_list masked_only = log->steps;
    struct bytes content;

    const struct bytes sealed = dji_txt_unmask(&log->keys, record->type, &record->body, log->content);
    if (!dji_cipher_open(&log->cipher, feature, sealed, log->plain, &content)) {
        log->encrypted++;
        return;
    }
    log->opened++;
    log->steps = (struct text_list){ steps, 2 };
    take_content(log, record, &content);
    log->steps = masked_only;
}

void dji_txt_records_take(struct dji_txt_log *log, const struct dji_txt_record *record)
{
    log->counts[record->type]++;
    if (record->lost_before > 0) {
        if (log->waiting_count > 0)
            dji_txt_path_settle(log, FACT_UNKNOWN_INT); /* the clock that follows may belong to a later moment */
        dji_cipher_gap(&log->cipher);
    }
    if (record->type == RECORD_KEY_CHANGE && log->version >= FIRST_AES_VERSION)
        dji_cipher_change(&log->cipher);
    const uint8_t feature = dji_cipher_feature(log->version, record->type);
    if (feature && record->body.len > 2 && (record->body.len - 2) % AES_BLOCK == 0) {
        take_encrypted(log, record, feature);
        return;
    }
    switch (record->type) {
    case RECORD_OSD: case RECORD_HOME: case RECORD_CUSTOM: case RECORD_RC_GPS: case RECORD_RECOVER:
    case RECORD_APP_GPS: case RECORD_COMPONENT_SERIAL: case RECORD_FIRMWARE:
    case RECORD_TIP: case RECORD_WARNING: case RECORD_SERIOUS_WARNING:
        break;
    default:
        return;
    }
    if (log->masked) {
        const struct bytes content = dji_txt_unmask(&log->keys, record->type, &record->body, log->content);
        take_content(log, record, &content);
    } else {
        take_content(log, record, &record->body);
    }
}
