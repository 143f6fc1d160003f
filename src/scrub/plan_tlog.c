#include "scrub/plan_log.h"

#include "base/crc16.h"
#include "flightlog/tlog_frame.h"
#include "scrub/coordinate.h"
#include "scrub/shadow.h"

enum { PASSED_STEP = 1 << 20, WHOLE = 255, CRC_START = 0xffff };

/* Where messages hold coordinates, as i32 degrees * 1e7 or as f32 degrees.  Offsets: protocol/mavlink_messages.h; those
 * that the readers do not read from message_definitions/v1.0/common.xml and ardupilotmega.xml of mavlink/mavlink,
 * fields in the order of their size. */
static const struct place {
    uint16_t id;
    uint8_t latitude, longitude;
    bool real;
    uint8_t kind;
} places[] = {
    { MAVLINK_GPS_RAW_INT, 8, 12, false, SCRUB_POSITION }, { MAVLINK_GPS2_RAW, 8, 12, false, SCRUB_POSITION },
    { MAVLINK_GLOBAL_POSITION_INT, 4, 8, false, SCRUB_POSITION }, { MAVLINK_GLOBAL_POSITION_INT_COV, 8, 12, false, SCRUB_POSITION },
    { MAVLINK_AHRS2, 16, 20, false, SCRUB_POSITION }, { 182 /* AHRS3 */, 16, 20, false, SCRUB_POSITION },
    { MAVLINK_HIGH_LATENCY, 4, 8, false, SCRUB_POSITION }, { MAVLINK_HIGH_LATENCY2, 4, 8, false, SCRUB_POSITION },
    { MAVLINK_UTM_GLOBAL_POSITION, 8, 12, false, SCRUB_POSITION }, { MAVLINK_UTM_GLOBAL_POSITION, 20, 24, false, SCRUB_POSITION },
    { MAVLINK_HOME_POSITION, 0, 4, false, SCRUB_OPERATOR }, { MAVLINK_GPS_GLOBAL_ORIGIN, 0, 4, false, SCRUB_OPERATOR },
    { MAVLINK_SET_HOME_POSITION, 0, 4, false, SCRUB_OPERATOR }, { MAVLINK_SET_GPS_GLOBAL_ORIGIN, 0, 4, false, SCRUB_OPERATOR },
    { MAVLINK_MISSION_ITEM, 16, 20, true, SCRUB_POSITION }, { MAVLINK_MISSION_ITEM_INT, 16, 20, false, SCRUB_POSITION },
    { MAVLINK_FENCE_POINT, 0, 4, true, SCRUB_POSITION }, { MAVLINK_RALLY_POINT, 0, 4, false, SCRUB_POSITION },
    { MAVLINK_SET_POSITION_TARGET_GLOBAL_INT, 4, 8, false, SCRUB_POSITION }, { 87 /* POSITION_TARGET_GLOBAL_INT */, 4, 8, false, SCRUB_POSITION },
    { MAVLINK_COMMAND_INT, 16, 20, false, SCRUB_POSITION }, { 76 /* COMMAND_LONG */, 16, 20, true, SCRUB_POSITION },
    { MAVLINK_FOLLOW_TARGET, 16, 20, false, SCRUB_OPERATOR }, { MAVLINK_CAMERA_TRACKING_GEO_STATUS, 0, 4, false, SCRUB_POSITION },
    { MAVLINK_CAMERA_FEEDBACK, 8, 12, false, SCRUB_POSITION }, { MAVLINK_CAMERA_IMAGE_CAPTURED, 12, 16, false, SCRUB_POSITION },
    { 271 /* CAMERA_FOV_STATUS */, 4, 8, false, SCRUB_POSITION }, { 271, 16, 20, false, SCRUB_POSITION },
    { MAVLINK_ADSB_VEHICLE, 4, 8, false, SCRUB_POSITION }, { MAVLINK_AIS_VESSEL, 4, 8, false, SCRUB_POSITION },
    { MAVLINK_OPEN_DRONE_ID_LOCATION, 0, 4, false, SCRUB_POSITION }, { MAVLINK_OPEN_DRONE_ID_SYSTEM, 0, 4, false, SCRUB_OPERATOR },
    { MAVLINK_OPEN_DRONE_ID_SYSTEM_UPDATE, 0, 4, false, SCRUB_OPERATOR },
    { 90 /* HIL_STATE */, 32, 36, false, SCRUB_POSITION }, { 115 /* HIL_STATE_QUATERNION */, 36, 40, false, SCRUB_POSITION },
    { 113 /* HIL_GPS */, 8, 12, false, SCRUB_POSITION }, { 232 /* GPS_INPUT */, 8, 12, false, SCRUB_POSITION },
    { 164 /* SIMSTATE */, 36, 40, false, SCRUB_POSITION }, { 108 /* SIM_STATE */, 52, 56, true, SCRUB_POSITION },
    { 133 /* TERRAIN_REQUEST */, 8, 12, false, SCRUB_POSITION }, { 134 /* TERRAIN_DATA */, 0, 4, false, SCRUB_POSITION },
    { 135 /* TERRAIN_CHECK */, 0, 4, false, SCRUB_POSITION }, { 136 /* TERRAIN_REPORT */, 0, 4, false, SCRUB_POSITION },
};

/* Serial numbers, names, keys and times; `bytes` WHOLE: to the end. */
static const struct field {
    uint16_t id;
    uint8_t offset, bytes, kind;
} fields[] = {
    { MAVLINK_AUTH_KEY, 0, WHOLE, SCRUB_SERIAL }, { MAVLINK_SETUP_SIGNING, 0, WHOLE, SCRUB_SERIAL },
    { MAVLINK_AUTOPILOT_VERSION, AUTOPILOT_VERSION_UID, 8, SCRUB_SERIAL }, { MAVLINK_AUTOPILOT_VERSION, AUTOPILOT_VERSION_UID2, 18, SCRUB_SERIAL },
    { MAVLINK_UTM_GLOBAL_POSITION, UTM_GLOBAL_POSITION_UAS_ID, 18, SCRUB_SERIAL }, { MAVLINK_UTM_GLOBAL_POSITION, 0, 8, SCRUB_TIME },
    { MAVLINK_GIMBAL_DEVICE_INFORMATION, GIMBAL_DEVICE_INFORMATION_UID, 8, SCRUB_SERIAL }, { MAVLINK_VIDEO_STREAM_INFORMATION, VIDEO_STREAM_INFORMATION_URI, WHOLE, SCRUB_NAME },
    { MAVLINK_COMPONENT_INFORMATION_BASIC, COMPONENT_INFORMATION_BASIC_SERIAL_NUMBER, 32, SCRUB_SERIAL },
    { MAVLINK_BATTERY_INFO, BATTERY_INFO_SERIAL_NUMBER, 32, SCRUB_SERIAL }, { MAVLINK_UAVCAN_NODE_INFO, UAVCAN_NODE_INFO_HW_UNIQUE_ID, 16, SCRUB_SERIAL },
    { MAVLINK_SMART_BATTERY_INFO, SMART_BATTERY_INFO_SERIAL_NUMBER, 16, SCRUB_SERIAL },
    { MAVLINK_FLIGHT_INFORMATION, FLIGHT_INFORMATION_FLIGHT_UUID, 8, SCRUB_SERIAL },
    { MAVLINK_HERELINK_VIDEO_STREAM_INFORMATION, HERELINK_VIDEO_STREAM_INFORMATION_URI, WHOLE, SCRUB_NAME },
    { MAVLINK_WIFI_CONFIG_AP, 0, WHOLE, SCRUB_SERIAL }, { MAVLINK_UAVIONIX_ADSB_OUT_CFG, 0, 4, SCRUB_SERIAL }, { MAVLINK_UAVIONIX_ADSB_OUT_CFG, 6, 9, SCRUB_SERIAL },
    { MAVLINK_OPEN_DRONE_ID_BASIC_ID, 2, 20, SCRUB_SERIAL }, { MAVLINK_OPEN_DRONE_ID_BASIC_ID, 24, 20, SCRUB_SERIAL },
    { MAVLINK_OPEN_DRONE_ID_LOCATION, OPEN_DRONE_ID_LOCATION_ID_OR_MAC, 20, SCRUB_SERIAL }, { MAVLINK_OPEN_DRONE_ID_AUTHENTICATION, 0, WHOLE, SCRUB_SERIAL },
    { MAVLINK_OPEN_DRONE_ID_SELF_ID, 0, WHOLE, SCRUB_NAME }, { MAVLINK_OPEN_DRONE_ID_SYSTEM, OPEN_DRONE_ID_SYSTEM_ID_OR_MAC, 20, SCRUB_SERIAL },
    { MAVLINK_OPEN_DRONE_ID_OPERATOR_ID, 0, WHOLE, SCRUB_SERIAL }, { MAVLINK_OPEN_DRONE_ID_MESSAGE_PACK, 0, WHOLE, SCRUB_POSITION },
    { MAVLINK_ADSB_VEHICLE, 27, 9, SCRUB_SERIAL }, { MAVLINK_ADSB_VEHICLE, 0, 4, SCRUB_SERIAL },
    { MAVLINK_SYSTEM_TIME, 0, 8, SCRUB_TIME },
};

/* Most messages of a log hold nothing that goes; by the last bits of their numbers that shows without asking all. */
enum { ID_BITS = 10, ID_MASK = (1 << ID_BITS) - 1 };

struct tlog_plan {
    struct plan plan;
    bool holds_some[1 << ID_BITS];
};

static void note_messages(struct tlog_plan *t)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        t->holds_some[places[i].id & ID_MASK] = true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        t->holds_some[fields[i].id & ID_MASK] = true;
}

static void take_place(struct plan *p, struct bytes payload, uint8_t offset, const struct place *at, enum axis axis,
                       const char *name)
{
    const struct bytes value = bytes_part(payload, offset, 4);

    /* Version 2 leaves out zeros at the end of a payload; what is left of such a value cannot be moved. */
    if (value.len == 4)
        plan_coordinate(p, value, at->real ? COORDINATE_F32_DEG : COORDINATE_I32_1E7, false, axis,
                        (enum scrub_kind)at->kind, name);
    else
        plan_fill(p, value, 0, (enum scrub_kind)at->kind, name);
}

static void take_parameter(struct plan *p, const struct mavlink_frame *f, const char *what)
{
    enum { PARAM_SET = 23, PARAM_SET_ID = 6, ID_BYTES = 16 };

    if (f->id != MAVLINK_PARAM_VALUE && f->id != PARAM_SET)
        return;
    const struct bytes id = bytes_part(f->payload, f->id == PARAM_SET ? PARAM_SET_ID : PARAM_VALUE_PARAM_ID, ID_BYTES);
    const enum scrub_kind kind = scrub_kind_of_parameter(text_of_padded(id));
    if (kind != SCRUB_KIND_COUNT)
        plan_fill(p, bytes_part(f->payload, 0, 4), 0, kind, what);
}

static void take_places_and_fields(struct plan *p, const struct mavlink_frame *f, const char *name)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i].id != f->id)
            continue;
        take_place(p, f->payload, places[i].latitude, &places[i], AXIS_LATITUDE, name);
        take_place(p, f->payload, places[i].longitude, &places[i], AXIS_LONGITUDE, name);
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].id == f->id)
            plan_fill(p, bytes_part(f->payload, fields[i].offset,
                                    fields[i].bytes == WHOLE ? UINT64_MAX : fields[i].bytes), 0,
                      (enum scrub_kind)fields[i].kind, name);
}

static void take_payload(struct tlog_plan *t, const struct mavlink_frame *f)
{
    struct plan *p = &t->plan;
    const char *name = f->message ? f->message->name : "message of unknown kind";

    if (t->holds_some[f->id & ID_MASK])
        take_places_and_fields(p, f, name);
    take_parameter(p, f, name);
    plan_known_values(p, f->payload, ' ', name);
}

/* The check goes over all but the first byte, and over a byte of the message's own. */
static void take_frame(struct tlog_plan *t, const struct mavlink_frame *f)
{
    struct plan *p = &t->plan;
    uint8_t room[MAVLINK_FRAME_MAX];
    struct shadow s;

    shadow_begin(&s, p, f->whole, room);
    take_payload(t, f);
    shadow_end(&s);
    if (!s.changed)
        return;
    const size_t head = f->version == 2 ? 10 : 6, end = head + f->payload.len;
    const uint16_t check = crc16_add_byte(crc16_add(CRC_START, s.bytes + 1, end - 1), f->message->crc_extra);
    const uint8_t bytes[2] = { (uint8_t)check, (uint8_t)(check >> 8) };
    plan_overwrite(p, bytes_part(f->whole, end, 2), bytes, sizeof bytes, SCRUB_STRUCTURE, "check sequence");
}

static void take_record(struct tlog_plan *t, const struct tlog_record *record, struct bytes whole)
{
    struct plan *p = &t->plan;
    const struct mavlink_frame *f = &record->frame;
    const uint64_t stamp = f->whole.origin - TLOG_STAMP - whole.origin;

    plan_fill(p, bytes_part(whole, stamp, TLOG_STAMP), 0, SCRUB_TIME, "time of a message");
    if (f->good)
        take_frame(t, f);
    else if (f->whole.len > 0)
        (void)plan_unknown(p, f->payload, 0, record->bad ? "damaged message" : "message of unknown kind");
}

enum parse_status plan_tlog(struct reading *r, struct bytes whole)
{
    struct tlog_plan t = { .plan = plan_begin(r) };
    struct plan *const p = &t.plan;
    struct tlog_record record = { 0 };
    struct tlog_walk walk;
    size_t passed = 0;

    note_messages(&t);
    for (tlog_walk_init(&walk, whole); tlog_walk_next(&walk, &record); ) {
        if (record.frame.is_signed) {
            reading_damage(r, record.frame.whole.origin, FACT_UNKNOWN_INT, 1,
                           "its MAVLink messages are signed: a changed copy would carry false signatures");
            return PARSE_UNSUPPORTED;
        }
        if (record.lost_bytes > 0) {
            reading_damage(r, record.lost_at, (int64_t)record.lost_bytes, FACT_UNKNOWN_INT,
                           "bytes of the log that are no message");
            plan_fill(p, bytes_part(whole, record.lost_at - whole.origin, record.lost_bytes), 0, SCRUB_POSITION,
                      "bytes that are no message");
        }
        take_record(&t, &record, whole);
        if (r->passed && walk.at - passed >= PASSED_STEP) {
            passed = walk.at;
            r->passed(r, whole.origin + passed);
        }
    }
    if (record.lost_bytes == 0)
        return PARSE_OK;
    reading_damage(r, record.lost_at, (int64_t)record.lost_bytes, FACT_UNKNOWN_INT,
                   "the log ends in bytes that are no message");
    plan_fill(p, bytes_part(whole, record.lost_at - whole.origin, record.lost_bytes), 0, SCRUB_POSITION,
              "bytes that are no message");
    return PARSE_TRUNCATED;
}
