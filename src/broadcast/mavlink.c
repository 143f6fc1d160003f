#include "broadcast/mavlink.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "broadcast/announce_remote_id.h"
#include "broadcast/radio.h"
#include "protocol/mavlink_frame.h"
#include "protocol/rows.h"

static bool frame_next(struct cursor *c, struct mavlink_frame *f)
{
    if (!mavlink_frame_read(c->rest, f))
        return false;
    cursor_skip(c, f->whole.len);
    return true;
}

static enum recognition recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    struct cursor rest = cursor_over(datagram);
    struct mavlink_frame f;
    int good = 0;

    (void)c;
    (void)d;
    while (rest.rest.len > 0) {
        if (!frame_next(&rest, &f) || (f.message && !f.good))
            return RECOGNISED_NO;
        good += f.good;
    }
    return good > 0 ? RECOGNISED_YES : RECOGNISED_NO;
}

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

/* The message as a transmitter sends it, behind a counter; its length, 0 when it is none of Remote ID. */
static size_t encode(const struct mavlink_frame *f, const struct mavlink_payload *p, uint8_t into[1 + MAVLINK_PAYLOAD_MAX])
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

/* What is kept between the messages of one conversation. */
struct mavlink_state {
    struct announcement *announcement;
    struct authentication *authentication; /* NULL until a page of it came */
    char id[ID_TEXT_MAX];
    size_t id_len;
    const char *id_type;
    bool id_is_serial;
    unsigned told;         /* bits: messages of places[], then the autopilot's number */
};

/* Messages that say where something is: degrees times 10^7, the latitude first. */
static const struct { uint32_t message; size_t offset; struct text name; } places[] = {
    { MAVLINK_GLOBAL_POSITION_INT, GLOBAL_POSITION_INT_LAT, TEXT_INIT("GLOBAL_POSITION_INT") },
    { MAVLINK_GPS_RAW_INT, GPS_RAW_INT_LAT, TEXT_INIT("GPS_RAW_INT") },
    { MAVLINK_HOME_POSITION, HOME_POSITION_LATITUDE, TEXT_INIT("HOME_POSITION") },
};
enum { PLACE_COUNT = sizeof places / sizeof *places };

/* The first time that each kind of message says a place. */
static void tell_place(struct conversation *c, const struct mavlink_frame *f, const struct mavlink_payload *p)
{
    struct mavlink_state *s = c->state;
    struct fact_request row;
    char path[48];

    for (size_t i = 0; i < PLACE_COUNT; i++) {
        struct cursor at = mavlink_field(p, places[i].offset);
        const int32_t latitude = cursor_i32le(&at), longitude = cursor_i32le(&at);
        if (places[i].message != f->id || (s->told & 1u << i) || (latitude == 0 && longitude == 0) ||
            latitude < -900000000 || latitude > 900000000 || longitude < -1800000000 || longitude > 1800000000)
            continue;
        s->told |= 1u << i;
        request_begin(&row, c, f->whole);
        row.protocol = TEXT("mavlink");
        row.method = places[i].name;
        const int n = snprintf(path, sizeof path, "%.7f,%.7f", latitude * 1e-7, longitude * 1e-7);
        row.path = (struct text){ path, (size_t)n };
        fact_put(c->reading->facts, FACT_REQUEST, &row);
    }
}

/* Its chip's number: 64 bits, and in the extension of MAVLink 2 up to 18 bytes in place of it. */
static void tell_number(struct conversation *c, const struct mavlink_frame *f, const struct mavlink_payload *p)
{
    enum { UID = AUTOPILOT_VERSION_UID, UID2 = AUTOPILOT_VERSION_UID2, UID2_BYTES = 18 };
    static const uint8_t none[UID2_BYTES];
    struct mavlink_state *s = c->state;
    char hex[2 * UID2_BYTES];

    if (f->id != MAVLINK_AUTOPILOT_VERSION || (s->told & 1u << PLACE_COUNT))
        return;
    const bool is_long = memcmp(p->at + UID2, none, UID2_BYTES) != 0;
    const uint8_t *number = p->at + (is_long ? UID2 : UID);
    const size_t bytes = is_long ? UID2_BYTES : 8;
    if (memcmp(number, none, bytes) == 0)
        return;
    s->told |= 1u << PLACE_COUNT;
    hash_hex(number, bytes, hex);
    identifier_put(c, f->whole, "autopilot_uid", (struct text){ hex, 2 * bytes }, FACT_UNKNOWN_INT);
}

static void remember_id(struct mavlink_state *s, struct announcement *a)
{
    if (text_known(a->uas_id) && a->uas_id.len <= sizeof s->id) {
        memcpy(s->id, a->uas_id.at, a->uas_id.len);
        s->id_len = a->uas_id.len;
        s->id_type = a->id_type;
        s->id_is_serial = a->id_is_serial;
    } else if (!text_known(a->uas_id) && s->id_len) {
        a->uas_id = (struct text){ .at = s->id, .len = s->id_len };
        a->id_type = s->id_type;
        a->id_is_serial = s->id_is_serial;
        a->id_source = "sender";
    }
}

/* Pages that come one by one.  They are on their way to the transmitter: what is verified is what was sent by it. */
static void collect_authentication(struct conversation *c, struct announcement *a)
{
    struct mavlink_state *s = c->state;

    if (!a->remote_id->pages_there)
        return;
    if (!s->authentication)
        s->authentication = arena_alloc(c->arena, 1, sizeof *s->authentication);
    if (!s->authentication)
        return;
    const enum authentication_state state = authentication_add(s->authentication, a->remote_id);
    if (state == AUTHENTICATION_WHOLE)
        authentication_details(s->authentication, NULL, &a->details);
    else if (state == AUTHENTICATION_TOO_SHORT)
        announcement_odd(a, "authentication_length");
}

static void announce(struct conversation *c, const struct mavlink_frame *f, const struct mavlink_payload *p)
{
    struct mavlink_state *s = c->state;
    uint8_t content[1 + MAVLINK_PAYLOAD_MAX];
    struct remote_id room;

    const size_t len = encode(f, p, content);
    if (len == 0)
        return;
    if (!s->announcement)
        s->announcement = arena_alloc(c->arena, 1, sizeof *s->announcement);
    struct announcement *a = s->announcement;
    if (!a)
        return;
    announcement_init(a, ANNOUNCE_REMOTE_ID, CARRIER_MAVLINK);
    a->offset = f->whole.origin;
    a->length = f->whole.len;
    a->packet = c->packet;
    a->at_utc_ns = c->at_utc_ns;
    if (!announce_remote_id(a, (struct bytes){ .at = content, .len = len }, &room))
        return;
    remember_id(s, a);
    collect_authentication(c, a);
    check_announcement(a, NULL, NULL);
    announcement_put(a, c->reading);
}

static void frame_met(struct conversation *c, enum direction d, const struct mavlink_frame *f)
{
    struct mavlink_payload p;

    if (!f->good)
        return;
    conversation_readable(c, d, f->whole.len);
    mavlink_payload_of(f, &p);
    tell_place(c, f, &p);
    tell_number(c, f, &p);
    announce(c, f, &p);
}

static void datagram(struct conversation *c, enum direction d, struct bytes b)
{
    struct cursor rest = cursor_over(b);
    struct mavlink_frame f;

    while (rest.rest.len > 0 && frame_next(&rest, &f))
        frame_met(c, d, &f);
}

/* The next frame of a stream: TRUNCATED where more is needed, INVALID where none begins or its check is wrong. */
static enum parse_status stream_next(struct cursor *c, struct mavlink_frame *f)
{
    if (c->rest.len == 0)
        return PARSE_TRUNCATED;
    if (c->rest.at[0] != MAVLINK_MAGIC_1 && c->rest.at[0] != MAVLINK_MAGIC_2)
        return PARSE_INVALID;
    if (!frame_next(c, f))
        return PARSE_TRUNCATED;
    return f->message && !f->good ? PARSE_INVALID : PARSE_OK;
}

static size_t stream(struct conversation *c, enum direction d, struct bytes b)
{
    struct cursor rest = cursor_over(b);
    struct mavlink_frame f;
    size_t consumed = 0;

    for (;;) {
        const enum parse_status status = stream_next(&rest, &f);
        if (status == PARSE_TRUNCATED)
            return consumed;
        if (status != PARSE_OK)
            return SIZE_MAX;
        frame_met(c, d, &f);
        consumed = b.len - rest.rest.len;
    }
}

/* Two frames in a row, one of them with a check that is right; a first one that is right will do. */
static enum recognition recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    enum { FRAMES = 2 };
    struct cursor rest = cursor_over(head);
    struct mavlink_frame f;

    (void)c;
    (void)d;
    for (int i = 0; i < FRAMES; i++) {
        const enum parse_status status = stream_next(&rest, &f);
        if (status != PARSE_OK)
            return status == PARSE_TRUNCATED ? RECOGNISED_MAYBE : RECOGNISED_NO;
        if (f.good)
            return RECOGNISED_YES;
    }
    return RECOGNISED_NO;
}

const struct protocol mavlink_protocol = {
    .service = "mavlink", .state_bytes = sizeof(struct mavlink_state),
    .recognise_stream = recognise_stream, .stream = stream,
    .recognise_datagram = recognise, .datagram = datagram,
};
