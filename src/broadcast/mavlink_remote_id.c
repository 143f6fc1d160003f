#include "broadcast/mavlink_remote_id.h"

#include <math.h>
#include <string.h>

#include "broadcast/remote_id.h"

static uint16_t altitude_raw(float metres)
{
    enum { LEAST = -1000, MOST = 31767 };

    return metres > LEAST && metres <= MOST ? (uint16_t)lrintf((metres - LEAST) * 2) : 0;
}

static void put_le(uint8_t *at, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

enum { SLOW_MAX_CM_S = 6375 };

static uint8_t slow_or_fast(uint16_t speed_cm_s)
{
    enum { AT_LEAST = 254 };
    const unsigned raw = speed_cm_s > SLOW_MAX_CM_S ? (speed_cm_s - SLOW_MAX_CM_S + 37u) / 75 : (speed_cm_s + 12u) / 25;

    return (uint8_t)(speed_cm_s > SLOW_MAX_CM_S && raw > AT_LEAST ? AT_LEAST : raw);
}

/* In the resolution in which it will be sent: half metres, quarters of m/s, degrees. */
static void encode_location(const struct mavlink_payload *p, uint8_t m[REMOTE_ID_MESSAGE])
{
    enum { DIRECTION_UNKNOWN = 361, SPEED_UNKNOWN_CM_S = 25500, VERTICAL_UNKNOWN_CM_S = 6300 };
    struct cursor c = mavlink_field(p, 0);

    memcpy(m + 5, p->at, 8); /* latitude, longitude */
    cursor_skip(&c, 8);
    put_le(m + 13, altitude_raw(cursor_f32le(&c)), 2);
    put_le(m + 15, altitude_raw(cursor_f32le(&c)), 2);
    put_le(m + 17, altitude_raw(cursor_f32le(&c)), 2);
    const float timestamp_s = cursor_f32le(&c);
    put_le(m + 21, timestamp_s >= 0 && timestamp_s <= 3600 ? (uint64_t)lrintf(timestamp_s * 10) : 0xffff, 2);
    unsigned direction = (cursor_u16le(&c) + 50u) / 100;
    const uint16_t speed = cursor_u16le(&c);
    const int16_t vertical = cursor_i16le(&c);
    cursor_skip(&c, 2 + 20);
    const uint8_t status = cursor_u8(&c), height_above_ground = cursor_u8(&c);
    if (direction > DIRECTION_UNKNOWN)
        direction = DIRECTION_UNKNOWN;
    const bool east = direction >= 180, fast = speed > SLOW_MAX_CM_S;
    m[0] = REMOTE_ID_LOCATION << 4 | 2;
    m[1] = (uint8_t)(status << 4 | (height_above_ground & 1) << 2 | east << 1 | fast);
    m[2] = (uint8_t)(direction - (east ? 180 : 0));
    m[3] = speed >= SPEED_UNKNOWN_CM_S ? 255 : slow_or_fast(speed);
    m[4] = (uint8_t)(int8_t)(vertical >= VERTICAL_UNKNOWN_CM_S ? 126 :
                             vertical < -VERTICAL_UNKNOWN_CM_S ? -126 : vertical / 50);
    const struct bytes accuracies = cursor_take(&c, 5); /* horizontal, vertical, pressure, speed, timestamp */
    m[19] = (uint8_t)(accuracies.at[1] << 4 | (accuracies.at[0] & 15));
    m[20] = (uint8_t)(accuracies.at[2] << 4 | (accuracies.at[3] & 15));
    m[23] = accuracies.at[4] & 15;
}

static void encode_system(const struct mavlink_payload *p, uint8_t m[REMOTE_ID_MESSAGE])
{
    struct cursor c = mavlink_field(p, 8), codes = mavlink_field(p, 50);

    m[0] = REMOTE_ID_SYSTEM << 4 | 2;
    memcpy(m + 2, p->at, 8); /* latitude, longitude */
    put_le(m + 13, altitude_raw(cursor_f32le(&c)), 2);
    put_le(m + 15, altitude_raw(cursor_f32le(&c)), 2);
    put_le(m + 18, altitude_raw(cursor_f32le(&c)), 2);
    put_le(m + 20, cursor_u32le(&c), 4);
    put_le(m + 10, cursor_u16le(&c), 2);
    const uint16_t radius_m = cursor_u16le(&c);
    m[12] = (uint8_t)(radius_m / 10 > 255 ? 255 : radius_m / 10);
    const uint8_t location = cursor_u8(&codes), classification = cursor_u8(&codes);
    m[1] = (uint8_t)((classification & 7) << 2 | (location & 3));
    const uint8_t category = cursor_u8(&codes), class_eu = cursor_u8(&codes);
    m[17] = (uint8_t)(category << 4 | (class_eu & 15));
}

/* An operator who moves: all else stays as the last SYSTEM message said. */
static void encode_system_update(const struct mavlink_payload *p, const uint8_t *last_system,
                                 uint8_t m[REMOTE_ID_MESSAGE])
{
    enum { NOT_SAID = 3 }; /* of the kinds of places, none */
    struct cursor c = mavlink_field(p, OPEN_DRONE_ID_SYSTEM_UPDATE_OPERATOR_ALTITUDE_GEO);

    m[0] = REMOTE_ID_SYSTEM << 4 | 2;
    m[1] = NOT_SAID;
    if (last_system)
        memcpy(m, last_system, REMOTE_ID_MESSAGE);
    memcpy(m + 2, p->at, 8); /* latitude, longitude */
    put_le(m + 18, altitude_raw(cursor_f32le(&c)), 2);
    put_le(m + 20, cursor_u32le(&c), 4);
}

size_t mavlink_remote_id(const struct mavlink_frame *f, const struct mavlink_payload *p, const uint8_t *last_system,
                         uint8_t into[1 + MAVLINK_PAYLOAD_MAX])
{
    uint8_t *const m = into + 1;

    memset(into, 0, 1 + MAVLINK_PAYLOAD_MAX);
    into[0] = f->sequence;
    switch (f->id) {
    case MAVLINK_OPEN_DRONE_ID_BASIC_ID:
        m[0] = REMOTE_ID_BASIC << 4 | 2;
        m[1] = (uint8_t)(p->at[22] << 4 | (p->at[23] & 15));
        memcpy(m + 2, p->at + 24, 20);
        return 1 + REMOTE_ID_MESSAGE;
    case MAVLINK_OPEN_DRONE_ID_LOCATION:
        encode_location(p, m);
        return 1 + REMOTE_ID_MESSAGE;
    case MAVLINK_OPEN_DRONE_ID_AUTHENTICATION:
        m[0] = REMOTE_ID_AUTHENTICATION << 4 | 2;
        m[1] = (uint8_t)(p->at[26] << 4 | (p->at[27] & 15));
        if (m[1] & 15) {
            memcpy(m + 2, p->at + 30, 23);
        } else {
            memcpy(m + 2, p->at + 28, 2);      /* last page, length */
            memcpy(m + 4, p->at, 4);           /* timestamp */
            memcpy(m + 8, p->at + 30, 17);
        }
        return 1 + REMOTE_ID_MESSAGE;
    case MAVLINK_OPEN_DRONE_ID_SELF_ID:
        m[0] = REMOTE_ID_SELF << 4 | 2;
        memcpy(m + 1, p->at + 22, 24);
        return 1 + REMOTE_ID_MESSAGE;
    case MAVLINK_OPEN_DRONE_ID_SYSTEM:
        encode_system(p, m);
        return 1 + REMOTE_ID_MESSAGE;
    case MAVLINK_OPEN_DRONE_ID_SYSTEM_UPDATE:
        encode_system_update(p, last_system, m);
        return 1 + REMOTE_ID_MESSAGE;
    case MAVLINK_OPEN_DRONE_ID_OPERATOR_ID:
        m[0] = REMOTE_ID_OPERATOR << 4 | 2;
        memcpy(m + 1, p->at + 22, 21);
        return 1 + REMOTE_ID_MESSAGE;
    case MAVLINK_OPEN_DRONE_ID_MESSAGE_PACK:
        m[0] = REMOTE_ID_PACK << 4 | 2;
        memcpy(m + 1, p->at + 22, 2 + 225);    /* size, count, messages */
        return 1 + REMOTE_ID_PACK_HEAD + 225;
    default:
        return 0;
    }
}
