#include "broadcast/dji_wifi.h"

#include <math.h>

#include "fact/fact.h"

/* Not published.  Sources: K = kismetwireless/kismet dot11_parsers/dot11_ie_221_dji_droneid;
 * S = decoded captures of a spoofer; D = OcuSync frames of the same layout, which were
 * received from real aircraft (RUB-SysSec/DroneSecurity).
 *
 * Element: OUI 26:37:12 (K, S; 60:60:1F, 48:1C:B9 and 34:D2:62 are named in
 * cyber-defence-campus/RemoteIDReceiver), 58 62 13, type, record.
 *
 * Type 0x10 (flight), little-endian, offsets in the record:
 *    0 u8   version 1 or 2                                          K S D   sure
 *    1 u16  sequence      3 u16 state bits                          K S D   sure; single bits doubtful
 *    5 16   serial number, zero padded                              K S D   sure
 *   21 i32  longitude    25 i32 latitude, 1e7 x radians             K S D   sure
 *   29 i16  altitude     31 i16 height                              D       metres and 0.1 m: inferred
 *   33 i16  velocity north, 35 east, 37 up                          K D     cm/s: inferred
 *   version 1: 39 i16 pitch, 41 roll, 43 yaw; 45 i32 home longitude, 49 home latitude;
 *              53 u8 product, 54 u8 uuid length, 55 20 uuid         K       no capture
 *   version 2: 39 i16 yaw (0.01 degrees); 41 u64 time (ms); 49 i32 app latitude, 53 app
 *              longitude; 57 i32 home longitude, 61 home latitude; 65 u8 product;
 *              66 u8 uuid length, 67 20 uuid                        K S D   sure
 * A spoofer (llorencroma/DJIDroneIDspoofer) puts pitch and roll before version 2's time.
 *
 * Type 0x11 (purpose): 0 16 serial; 16 u8 length, 17 10 identification; 27 u8 length, 28 text.  K; the lengths are
 * not always right, and less may follow. */
enum {
    HEAD = 7, SERIAL = 16, UUID = 20, IDENTIFICATION = 10,
    LENGTH_V1 = 55 + UUID, LENGTH_V2 = 67 + UUID,
};
#define RADIANS_RAW_TO_DEG (180.0 / M_PI / 1e7)
#define TIME_MS_MIN UINT64_C(1420070400000) /* 2015-01-01 */
#define TIME_MS_MAX UINT64_C(4102444800000) /* 2100-01-01 */

static const uint8_t ouis[][3] = {
    { 0x26, 0x37, 0x12 }, { 0x60, 0x60, 0x1f }, { 0x48, 0x1c, 0xb9 }, { 0x34, 0xd2, 0x62 },
};

/* 0, 0 is what they say without a position. */
static void coordinate(int32_t longitude_raw, int32_t latitude_raw, struct dji_wifi *w,
                       double *longitude_ret, double *latitude_ret)
{
    const double longitude = longitude_raw * RADIANS_RAW_TO_DEG, latitude = latitude_raw * RADIANS_RAW_TO_DEG;

    *longitude_ret = *latitude_ret = FACT_UNKNOWN_REAL;
    if (longitude_raw == 0 && latitude_raw == 0)
        return;
    if (fabs(longitude) > 180 || fabs(latitude) > 90) {
        w->oddities |= DJI_POSITION_RANGE;
        return;
    }
    *longitude_ret = longitude;
    *latitude_ret = latitude;
}

static struct text serial_of(struct bytes field, struct dji_wifi *w)
{
    const struct text serial = text_of_padded(field);

    for (size_t i = serial.len; i < field.len; i++)
        if (field.at[i] != 0 && field.at[i] != ' ') {
            w->oddities |= DJI_ID_PADDING;
            break;
        }
    return serial;
}

static void take_product(struct cursor *c, struct dji_wifi *w)
{
    w->product = cursor_u8(c);
    w->uuid_len = cursor_u8(c);
    w->uuid = bytes_part(c->rest, 0, w->uuid_len < UUID ? w->uuid_len : UUID);
    if (w->uuid_len > UUID)
        w->oddities |= DJI_LENGTH_ODD;
}

static void tail_1(struct cursor *c, struct dji_wifi *w)
{
    w->pitch = cursor_i16le(c);
    w->roll = cursor_i16le(c);
    w->yaw = cursor_i16le(c);
    const int32_t home_longitude = cursor_i32le(c), home_latitude = cursor_i32le(c);
    take_product(c, w);
    coordinate(home_longitude, home_latitude, w, &w->home_longitude_deg, &w->home_latitude_deg);
}

static void tail_2(struct cursor *c, struct dji_wifi *w)
{
    w->yaw = cursor_i16le(c);
    w->time_ms = cursor_u64le(c);
    const int32_t app_latitude = cursor_i32le(c), app_longitude = cursor_i32le(c);
    const int32_t home_longitude = cursor_i32le(c), home_latitude = cursor_i32le(c);
    take_product(c, w);
    coordinate(app_longitude, app_latitude, w, &w->app_longitude_deg, &w->app_latitude_deg);
    coordinate(home_longitude, home_latitude, w, &w->home_longitude_deg, &w->home_latitude_deg);
    if (w->time_ms != 0 && (w->time_ms < TIME_MS_MIN || w->time_ms > TIME_MS_MAX))
        w->oddities |= DJI_TIME_IMPLAUSIBLE;
}

static void forget_tail(struct dji_wifi *w)
{
    w->has_tail = false;
    w->home_longitude_deg = w->home_latitude_deg = w->app_longitude_deg = w->app_latitude_deg = FACT_UNKNOWN_REAL;
    w->uuid = (struct bytes){ .at = NULL };
}

static enum parse_status flight(struct bytes record, struct dji_wifi *w)
{
    struct cursor c = cursor_over(record);

    w->version = cursor_u8(&c);
    if (!c.failed && w->version != 1 && w->version != 2)
        return PARSE_UNSUPPORTED;
    w->sequence = cursor_u16le(&c);
    w->state = cursor_u16le(&c);
    const struct bytes serial = cursor_take(&c, SERIAL);
    if (c.failed)
        return PARSE_TRUNCATED;
    w->serial = serial_of(serial, w);

    struct cursor middle = cursor_over(cursor_take(&c, 18));
    if (c.failed) {
        w->oddities |= DJI_CUT;
        return PARSE_OK;
    }
    const int32_t longitude = cursor_i32le(&middle), latitude = cursor_i32le(&middle);
    coordinate(longitude, latitude, w, &w->longitude_deg, &w->latitude_deg);
    w->altitude_raw = cursor_i16le(&middle);
    w->height_raw = cursor_i16le(&middle);
    w->velocity_north_cm_s = cursor_i16le(&middle);
    w->velocity_east_cm_s = cursor_i16le(&middle);
    w->velocity_up_cm_s = cursor_i16le(&middle);
    w->has_motion = true;

    w->has_tail = true;
    if (w->version == 1)
        tail_1(&c, w);
    else
        tail_2(&c, w);
    const size_t whole = w->version == 1 ? LENGTH_V1 : LENGTH_V2;
    if (record.len != whole && record.len != whole - UUID + w->uuid.len)
        w->oddities |= DJI_LENGTH_ODD;
    if (c.failed) {
        w->oddities |= DJI_CUT;
        forget_tail(w);
    } else if ((w->oddities & DJI_LENGTH_ODD) && (w->oddities & DJI_TIME_IMPLAUSIBLE)) {
        w->oddities |= DJI_MISALIGNED;
        forget_tail(w);
    }
    return PARSE_OK;
}

static enum parse_status purpose(struct bytes record, struct dji_wifi *w)
{
    struct cursor c = cursor_over(record);
    const struct bytes serial = cursor_take(&c, SERIAL);

    if (c.failed)
        return PARSE_TRUNCATED;
    w->serial = serial_of(serial, w);
    size_t len = cursor_u8(&c);
    const struct bytes identification = cursor_take(&c, IDENTIFICATION);
    w->identification = text_of_padded(bytes_part(identification, 0, len));
    len = cursor_u8(&c);
    w->purpose = c.failed ? TEXT_UNKNOWN : text_of_padded(bytes_part(c.rest, 0, len));
    if (c.failed)
        w->oddities |= DJI_CUT;
    return PARSE_OK;
}

enum parse_status dji_record_parse(uint8_t type, struct bytes record, struct dji_wifi *ret)
{
    struct dji_wifi w = { .record = type, .longitude_deg = FACT_UNKNOWN_REAL, .latitude_deg = FACT_UNKNOWN_REAL };

    forget_tail(&w);
    const enum parse_status status = type == DJI_FLIGHT ? flight(record, &w) :
                                     type == DJI_PURPOSE ? purpose(record, &w) : PARSE_UNSUPPORTED;
    if (status == PARSE_OK)
        *ret = w;
    return status;
}

enum parse_status dji_wifi_parse(struct bytes body, struct dji_wifi *ret)
{
    struct cursor c = cursor_over(body);
    const struct bytes head = cursor_take(&c, HEAD);
    size_t oui = 0;

    if (c.failed || head.at[3] != 0x58 || head.at[4] != 0x62 || head.at[5] != 0x13)
        return PARSE_INVALID;
    while (oui < sizeof ouis / sizeof *ouis && memcmp(head.at, ouis[oui], 3) != 0)
        oui++;
    if (oui == sizeof ouis / sizeof *ouis)
        return PARSE_INVALID;
    const enum parse_status status = dji_record_parse(head.at[6], c.rest, ret);
    if (status == PARSE_OK && oui > 0)
        ret->oddities |= DJI_OUI_OTHER;
    return status;
}

static void place(struct details *d, const char *name, double longitude_deg, double latitude_deg)
{
    if (!fact_known_real(longitude_deg)) {
        details_null(d, name);
        return;
    }
    details_open(d, name, '[');
    details_fixed(d, NULL, llround(longitude_deg * 1e7), 7);
    details_fixed(d, NULL, llround(latitude_deg * 1e7), 7);
    details_close(d, ']');
}

void dji_wifi_details(const struct dji_wifi *w, struct details *d)
{
    details_int(d, "record", w->record);
    if (w->record == DJI_PURPOSE) {
        details_evidence(d, "identification", w->identification);
        details_evidence(d, "purpose", w->purpose);
        return;
    }
    details_int(d, "version", w->version);
    details_int(d, "sequence", w->sequence);
    details_int(d, "state", w->state);
    if (!w->has_motion)
        return;
    details_int(d, "altitude_raw", w->altitude_raw);
    details_int(d, "height_raw", w->height_raw);
    details_fixed(d, "velocity_north_m_s", w->velocity_north_cm_s, 2);
    details_fixed(d, "velocity_east_m_s", w->velocity_east_cm_s, 2);
    details_fixed(d, "velocity_up_m_s", w->velocity_up_cm_s, 2);
    if (!w->has_tail)
        return;
    if (w->version == 1) {
        details_fixed(d, "pitch_deg", w->pitch, 2);
        details_fixed(d, "roll_deg", w->roll, 2);
    } else {
        details_int(d, "time_ms", w->time_ms > INT64_MAX ? INT64_MAX : (int64_t)w->time_ms);
        place(d, "app", w->app_longitude_deg, w->app_latitude_deg);
    }
    details_fixed(d, "yaw_deg", w->yaw, 2);
    place(d, "home", w->home_longitude_deg, w->home_latitude_deg);
    details_int(d, "product", w->product);
    details_int(d, "uuid_length", w->uuid_len);
    details_evidence(d, "uuid", w->uuid.at ? text_of_bytes(w->uuid) : TEXT_UNKNOWN);
}
