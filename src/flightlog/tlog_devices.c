/* MAVLink messages about devices, names and numbers, and what vehicles say in words.  Meanings:
 * mavlink/mavlink message_definitions/v1.0. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "flightlog/board_text.h"
#include "flightlog/tlog_log.h"

enum { AUTOPILOT_PX4 = 12, COMPONENT_AUTOPILOT = 1, PARAM_TYPE_REAL32 = 9, URL_MAX = 160, HEX_MAX = 2 * 18 };

static struct fact_origin origin_of(const struct tlog_record *record)
{
    return fact_origin_at(record->frame.whole.origin - TLOG_STAMP, TLOG_STAMP + record->frame.whole.len);
}

/* A text field of the payload; unknown when it is empty. */
static struct text text_at(const struct mavlink_payload *p, size_t offset, size_t len)
{
    return text_of_padded((struct bytes){ .at = p->at + offset, .len = len });
}

/* Unknown when all bytes are zero, or all 0xff. */
static struct text hex_at(struct tlog *log, const struct mavlink_payload *p, size_t offset, size_t len)
{
    char hex[HEX_MAX];
    size_t zeros = 0, ones = 0;

    for (size_t i = 0; i < len; i++) {
        zeros += p->at[offset + i] == 0;
        ones += p->at[offset + i] == 0xff;
    }
    if (zeros == len || ones == len)
        return TEXT_UNKNOWN;
    hash_hex(p->at + offset, len, hex);
    return arena_text(log->r->arena, (struct text){ hex, 2 * len });
}

/* A number that is stored little-endian, in hex as people write it. */
static struct text hex_u64(struct tlog *log, const struct mavlink_payload *p, size_t offset)
{
    struct cursor c = mavlink_field(p, offset);
    const uint64_t value = cursor_u64le(&c);

    return value && value != UINT64_MAX ? arena_printf(log->r->arena, "%016llx",
                                                       (unsigned long long)value) : TEXT_UNKNOWN;
}

static void identify(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record, const char *kind,
                     struct text value,
                     int64_t device)
{
    if (text_known(value) && value.len > 0 && tlog_seen_new(&log->values, value.at, value.len,
                                                            hash_mix(kind, strlen(kind), 0)))
        flight_rows_identifier(&v->rows, kind, value, device, origin_of(record));
}

/* Puts a device once: the same part tells the same again and again. */
static int64_t put_part(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record, const char *role,
                        struct text vendor,
                        struct text model, struct text serial, struct text firmware)
{
    uint8_t who[4 + 3 * 32] = { record->frame.system, record->frame.component };
    const struct text parts[] = { vendor, model, serial };
    struct fact_device device;
    size_t len = 4;

    for (int i = 0; i < 3; i++, len += 32)
        if (text_known(parts[i]))
            memcpy(who + len, parts[i].at, parts[i].len < 32 ? parts[i].len : 32);
    if (!tlog_seen_new(&log->values, who, len, record->frame.id))
        return FACT_UNKNOWN_INT;
    fact_init(FACT_DEVICE, &device);
    device.head.origin = origin_of(record);
    device.role = text_of(role);
    device.vendor = vendor;
    device.model = model;
    device.serial = serial;
    device.firmware = firmware;
    return flight_rows_device(&v->rows, &device);
}

/* Version as MAVLink packs it: major, minor, patch, kind of release; then the first characters of the source's hash,
 * where they are characters. */
static struct text version_at(struct tlog *log, const struct mavlink_payload *p, size_t version_at, size_t hash_at)
{
    struct cursor c = mavlink_field(p, version_at);
    const uint32_t v = cursor_u32le(&c);
    const struct text hash = text_at(p, hash_at, 8);

    for (size_t i = 0; i < hash.len; i++)
        if (!isalnum((unsigned char)hash.at[i]))
            return v ? arena_printf(log->r->arena, "%u.%u.%u", v >> 24, v >> 16 & 255, v >> 8 & 255) : TEXT_UNKNOWN;
    return v ? arena_printf(log->r->arena, "%u.%u.%u %.*s", v >> 24, v >> 16 & 255, v >> 8 & 255, (int)hash.len,
                            hash.len ? hash.at : "")
             : TEXT_UNKNOWN;
}

static void take_autopilot(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                           const struct mavlink_payload *p)
{
    const bool is_aircraft = record->frame.component == COMPONENT_AUTOPILOT &&
        log->systems[record->frame.system].kind != TLOG_STATION;
    struct text serial = hex_at(log, p, AUTOPILOT_VERSION_UID2, 18);

    if (!text_known(serial))
        serial = hex_at(log, p, AUTOPILOT_VERSION_UID, 8);
    const int64_t number = put_part(log, v, record, is_aircraft ? "aircraft" : "other", TEXT_UNKNOWN, TEXT_UNKNOWN,
                                    serial,
                                    version_at(log, p, AUTOPILOT_VERSION_FLIGHT_SW_VERSION,
                                               AUTOPILOT_VERSION_FLIGHT_CUSTOM_VERSION));
    if (is_aircraft && fact_known_int(number))
        v->device = number;
}

static void take_parameter(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                           const struct mavlink_payload *p)
{
    const char *kind = board_parameter_kind(text_at(p, PARAM_VALUE_PARAM_ID, 16));
    struct cursor c = mavlink_field(p, PARAM_VALUE_PARAM_VALUE);

    if (!kind)
        return;
    /* PX4 sends the bytes of a whole number in the place of the real one. */
    const bool bytewise = log->systems[record->frame.system].autopilot == AUTOPILOT_PX4 &&
        p->at[PARAM_VALUE_PARAM_TYPE] < PARAM_TYPE_REAL32;
    const double value = bytewise ? (double)cursor_i32le(&c) : (double)cursor_f32le(&c);
    if (isfinite(value) && value != 0 && fabs(value) < 1e15)
        identify(log, v, record, kind, arena_printf(log->r->arena, "%.0f", value), v->device);
}

/* Name and password in an address are nobody's business who reads the report. */
static struct text masked_url(struct arena *arena, struct text url)
{
    const char *scheme = memmem(url.at, url.len, "://", 3);
    const size_t from = scheme ? (size_t)(scheme - url.at) + 3 : 0;
    size_t at = SIZE_MAX;

    for (size_t i = from; i < url.len && url.at[i] != '/' && url.at[i] != '?'; i++)
        if (url.at[i] == '@')
            at = i;
    if (at == SIZE_MAX)
        return arena_text(arena, url);
    return arena_printf(arena, "%.*s***%.*s", (int)from, url.at, (int)(url.len - at), url.at + at);
}

static void take_video(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                       const struct mavlink_payload *p)
{
    const size_t url_at = record->frame.id == MAVLINK_VIDEO_STREAM_INFORMATION ? VIDEO_STREAM_INFORMATION_URI
                                                                             : HERELINK_VIDEO_STREAM_INFORMATION_URI;
    const struct text url = text_at(p, url_at, URL_MAX);

    if (text_known(url))
        identify(log, v, record, "video_url", masked_url(log->r->arena, url), FACT_UNKNOWN_INT);
}

static void take_remote_id(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                           const struct mavlink_payload *p)
{
    enum { SENDER = 20, TYPE_SERIAL = 1 };
    _Static_assert((int)OPEN_DRONE_ID_BASIC_ID_ID_OR_MAC == 2 && (int)OPEN_DRONE_ID_OPERATOR_ID_ID_OR_MAC == 2,
                   "all say in the same place of whom it is");
    const size_t sender_at = OPEN_DRONE_ID_BASIC_ID_ID_OR_MAC;
    for (size_t i = 0; i < SENDER; i++)
        if (p->at[sender_at + i]) {
            log->traffic++; /* heard from another aircraft */
            return;
        }
    if (record->frame.id == MAVLINK_OPEN_DRONE_ID_OPERATOR_ID) {
        identify(log, v, record, "operator_id", text_at(p, OPEN_DRONE_ID_OPERATOR_ID_OPERATOR_ID, 20),
                 FACT_UNKNOWN_INT);
        return;
    }
    if (record->frame.id == MAVLINK_OPEN_DRONE_ID_SELF_ID) {
        identify(log, v, record, "comment", text_at(p, OPEN_DRONE_ID_SELF_ID_DESCRIPTION, 23), FACT_UNKNOWN_INT);
        return;
    }
    const bool is_serial = p->at[OPEN_DRONE_ID_BASIC_ID_ID_TYPE] == TYPE_SERIAL;
    const struct text id = is_serial ? text_at(p, OPEN_DRONE_ID_BASIC_ID_UAS_ID, 20)
                                     : hex_at(log, p, OPEN_DRONE_ID_BASIC_ID_UAS_ID, 18);
    identify(log, v, record, is_serial ? "serial" : "uas_id", id, v->device);
}

static void take_text(struct tlog *log, struct tlog_vehicle *v, const struct log_message *message)
{
    const struct text line = message->text;
    const struct fact_origin origin = message->origin;
    struct text board, number;

    log_messages_add(&v->messages, log->r->facts, v->rows.row.head.number, message);
    if (!text_known(v->firmware) && board_text_is_firmware(line))
        v->firmware = arena_text(log->r->arena, line);
    if (!board_text_parse(line, &board, &number) || !tlog_seen_new(&log->values, number.at, number.len, v->system))
        return;
    if (fact_known_int(v->device)) {
        flight_rows_identifier(&v->rows, "serial", number, v->device, origin);
        return;
    }
    struct fact_device device;
    fact_init(FACT_DEVICE, &device);
    device.head.origin = origin;
    device.role = TEXT("aircraft");
    device.model = board;
    device.serial = arena_text(log->r->arena, number);
    device.firmware = v->firmware;
    v->device = flight_rows_device(&v->rows, &device);
}

void tlog_devices_end(struct tlog *log)
{
    if (log->status.len == 0)
        return;
    struct tlog_vehicle *v = log->systems[log->status.system].vehicle;
    const struct log_message message = {
        .text = { log->status.text, log->status.len }, .level = log_message_level(log->status.severity), .time =
            log->status.time,
        .since_us = log->status.since_us, .origin = log->status.origin,
    };
    log->status.len = 0;
    take_text(log, v ? v : log->first, &message);
}

/* Long messages come in pieces of 50 characters, which have the same number; the last one has a NUL. */
static void take_status(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                        const struct mavlink_payload *p)
{
    enum { PIECE = 50 };
    const struct text piece = text_at(p, STATUSTEXT_TEXT, PIECE);
    struct cursor c = mavlink_field(p, STATUSTEXT_ID);
    const uint16_t id = cursor_u16le(&c);
    const uint8_t number = p->at[STATUSTEXT_CHUNK_SEQ];
    const bool goes_on = id && log->status.len > 0 && log->status.id == id &&
        log->status.system == record->frame.system &&
                         log->status.component == record->frame.component && number == log->status.next_piece;

    if (!goes_on)
        tlog_devices_end(log);
    if (!text_known(piece))
        return;
    if (id == 0) {
        const struct log_message message = {
            .text = piece, .level = log_message_level(p->at[STATUSTEXT_SEVERITY]), .time = tlog_time(log, record),
            .since_us = log_messages_since(v->first_us, record->at_us), .origin = origin_of(record),
        };
        take_text(log, v, &message);
        return;
    }
    if (!goes_on) { /* of its first piece */
        log->status.severity = p->at[STATUSTEXT_SEVERITY];
        log->status.time = tlog_time(log, record);
        log->status.since_us = log_messages_since(v->first_us, record->at_us);
        log->status.origin = origin_of(record);
    }
    const size_t room = sizeof log->status.text - log->status.len, n = piece.len < room ? piece.len : room;
    memcpy(log->status.text + log->status.len, piece.at, n);
    log->status.len += n;
    log->status.id = id;
    log->status.system = record->frame.system;
    log->status.component = record->frame.component;
    log->status.next_piece = (uint8_t)(number + 1);
    if (memchr(p->at + STATUSTEXT_TEXT, 0, PIECE))
        tlog_devices_end(log);
}

static void take_part(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                      const struct mavlink_payload *p)
{
    switch (record->frame.id) {
    case MAVLINK_CAMERA_INFORMATION:
        put_part(log, v, record, "camera", text_at(p, CAMERA_INFORMATION_VENDOR_NAME, 32),
                 text_at(p, CAMERA_INFORMATION_MODEL_NAME, 32),
                 TEXT_UNKNOWN, TEXT_UNKNOWN);
        break;
    case MAVLINK_GIMBAL_DEVICE_INFORMATION:
        put_part(log, v, record, "other", text_at(p, GIMBAL_DEVICE_INFORMATION_VENDOR_NAME, 32),
                 text_at(p, GIMBAL_DEVICE_INFORMATION_MODEL_NAME,
                         32), hex_u64(log, p, GIMBAL_DEVICE_INFORMATION_UID), TEXT_UNKNOWN);
        break;
    case MAVLINK_COMPONENT_INFORMATION_BASIC:
        put_part(log, v, record, "other", text_at(p, COMPONENT_INFORMATION_BASIC_VENDOR_NAME, 32),
                 text_at(p, COMPONENT_INFORMATION_BASIC_MODEL_NAME,
                         32), text_at(p, COMPONENT_INFORMATION_BASIC_SERIAL_NUMBER, 32),
                 text_at(p, COMPONENT_INFORMATION_BASIC_SOFTWARE_VERSION, 24));
        break;
    case MAVLINK_SMART_BATTERY_INFO:
        put_part(log, v, record, "battery", TEXT_UNKNOWN, text_at(p, SMART_BATTERY_INFO_DEVICE_NAME, 50),
                 text_at(p, SMART_BATTERY_INFO_SERIAL_NUMBER, 16), TEXT_UNKNOWN);
        break;
    case MAVLINK_BATTERY_INFO:
        put_part(log, v, record, "battery", TEXT_UNKNOWN, text_at(p, BATTERY_INFO_NAME, 50),
                 text_at(p, BATTERY_INFO_SERIAL_NUMBER, 32),
                 TEXT_UNKNOWN);
        break;
    default:
        put_part(log, v, record, "other", TEXT_UNKNOWN, text_at(p, UAVCAN_NODE_INFO_NAME, 80),
                 hex_at(log, p, UAVCAN_NODE_INFO_HW_UNIQUE_ID, 16), TEXT_UNKNOWN);
        break;
    }
}

static void take_ssid(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                      const struct mavlink_payload *p)
{
    identify(log, v, record, "ssid", text_at(p, WIFI_CONFIG_AP_SSID, 32), FACT_UNKNOWN_INT);
}

static void take_transponder(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                             const struct mavlink_payload *p)
{
    struct cursor c = mavlink_field(p, UAVIONIX_ADSB_OUT_CFG_ICAO);
    const uint32_t address = cursor_u32le(&c);

    if (address)
        identify(log, v, record, "icao_address", arena_printf(log->r->arena, "%06x", address), v->device);
    identify(log, v, record, "callsign", text_at(p, UAVIONIX_ADSB_OUT_CFG_CALLSIGN, 9), v->device);
}

static void take_flight(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                        const struct mavlink_payload *p)
{
    identify(log, v, record, "uuid", hex_u64(log, p, FLIGHT_INFORMATION_FLIGHT_UUID), FACT_UNKNOWN_INT);
}

static void take_utm(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                     const struct mavlink_payload *p)
{
    identify(log, v, record, "uas_id", hex_at(log, p, UTM_GLOBAL_POSITION_UAS_ID, 18), v->device);
}

static void take_key(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                     const struct mavlink_payload *p)
{
    (void)v;
    (void)record;
    (void)p;
    log->keys_in_clear++;
}

static const struct {
    uint32_t id;
    void (*take)(struct tlog *log, struct tlog_vehicle *v, const struct tlog_record *record,
                 const struct mavlink_payload *p);
} handlers[] = {
    { MAVLINK_STATUSTEXT, take_status },
    { MAVLINK_PARAM_VALUE, take_parameter },
    { MAVLINK_AUTOPILOT_VERSION, take_autopilot },
    { MAVLINK_VIDEO_STREAM_INFORMATION, take_video },
    { MAVLINK_HERELINK_VIDEO_STREAM_INFORMATION, take_video },
    { MAVLINK_FLIGHT_INFORMATION, take_flight },
    { MAVLINK_WIFI_CONFIG_AP, take_ssid },
    { MAVLINK_UAVIONIX_ADSB_OUT_CFG, take_transponder },
    { MAVLINK_UTM_GLOBAL_POSITION, take_utm },
    { MAVLINK_OPEN_DRONE_ID_BASIC_ID, take_remote_id },
    { MAVLINK_OPEN_DRONE_ID_OPERATOR_ID, take_remote_id },
    { MAVLINK_OPEN_DRONE_ID_SELF_ID, take_remote_id },
    { MAVLINK_CAMERA_INFORMATION, take_part },
    { MAVLINK_GIMBAL_DEVICE_INFORMATION, take_part },
    { MAVLINK_COMPONENT_INFORMATION_BASIC, take_part },
    { MAVLINK_BATTERY_INFO, take_part },
    { MAVLINK_SMART_BATTERY_INFO, take_part },
    { MAVLINK_UAVCAN_NODE_INFO, take_part },
    { MAVLINK_AUTH_KEY, take_key },
    { MAVLINK_SETUP_SIGNING, take_key },
};

bool tlog_devices_has(uint32_t id)
{
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (handlers[i].id == id)
            return true;
    return false;
}

void tlog_devices_take(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *p)
{
    const enum tlog_kind kind = log->systems[record->frame.system].kind;
    struct tlog_vehicle *v = kind == TLOG_STATION ||
        kind == TLOG_TRACKER ? log->first : tlog_vehicle_of(log, record->frame.system);

    for (size_t i = 0; v && i < sizeof handlers / sizeof *handlers; i++)
        if (handlers[i].id == record->frame.id)
            handlers[i].take(log, v, record, p);
}
