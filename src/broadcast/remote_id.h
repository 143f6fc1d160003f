#ifndef LEASH_BROADCAST_REMOTE_ID_H
#define LEASH_BROADCAST_REMOTE_ID_H

#include "base/cursor.h"
#include "base/text.h"

/* Open Drone ID: ASTM F3411-19 and F3411-22a, EN 4709-002.  Layouts after
 * opendroneid/opendroneid-core-c:libopendroneid/opendroneid.h@beb5639.  The protocol version
 * is never a reason not to read: the layout is the same in all, and version 0 is still on the air.
 *
 * Numbers stay as they are sent; the functions below scale them.  Views are of the input. */
enum { REMOTE_ID_MESSAGE = 25, REMOTE_ID_PACK_HEAD = 3, REMOTE_ID_IDS_MAX = 9, REMOTE_ID_PAGES = 16 };

enum remote_id_type {
    REMOTE_ID_BASIC = 0, REMOTE_ID_LOCATION = 1, REMOTE_ID_AUTHENTICATION = 2, REMOTE_ID_SELF = 3,
    REMOTE_ID_SYSTEM = 4, REMOTE_ID_OPERATOR = 5, REMOTE_ID_PACK = 15,
};

/* What is not as the standard says. */
enum {
    REMOTE_ID_CUT = 1,            /* fewer bytes than messages */
    REMOTE_ID_SIZE = 2,           /* a pack of messages of another size: not read */
    REMOTE_ID_COUNT = 4,          /* a pack of more than nine */
    REMOTE_ID_EMPTY = 8,          /* a pack of none */
    REMOTE_ID_NESTED = 16,        /* a pack within a pack: not followed */
    REMOTE_ID_UNKNOWN_TYPE = 32,
    REMOTE_ID_REPEATED = 64,      /* a second message of a type of which there may be one: the first counts */
    REMOTE_ID_RESERVED = 128,     /* something stands in reserved bytes, or behind the end of a text */
};

enum { REMOTE_ID_SERIAL = 1, REMOTE_ID_CAA = 2, REMOTE_ID_UTM = 3, REMOTE_ID_SESSION = 4 };

struct remote_id_basic {
    uint8_t id_type, aircraft_type;
    struct bytes id;                      /* all 20 bytes */
};

struct remote_id_location {
    uint8_t status, height_above_ground, east, speed_multiplier;
    uint8_t direction, speed;
    int8_t vertical_speed;
    int32_t latitude, longitude;
    uint16_t altitude_pressure, altitude_geodetic, height;
    uint8_t accuracy_vertical, accuracy_horizontal, accuracy_pressure, accuracy_speed, accuracy_timestamp;
    uint16_t timestamp;
};

struct remote_id_page {
    uint8_t auth_type;
    struct bytes data;                    /* 17 bytes in page 0, 23 in others */
};

struct remote_id_system {
    uint8_t operator_location_type, classification;
    int32_t latitude, longitude;
    uint16_t area_count;
    uint8_t area_radius;
    uint16_t area_ceiling, area_floor;
    uint8_t category_eu, class_eu;
    uint16_t altitude;
    uint32_t timestamp;
};

struct remote_id {
    bool is_pack;
    uint8_t version, single_type;         /* the latter for a message alone */
    uint8_t message_size, message_count;  /* as the pack says */
    unsigned messages;                    /* read */
    struct bytes raw;                     /* those, as they were sent: 25 bytes each */
    unsigned oddities;

    struct remote_id_basic basic[REMOTE_ID_IDS_MAX];
    unsigned basic_count;
    bool has_location, has_self_id, has_system, has_operator_id;
    struct remote_id_location location;
    uint16_t pages_there;                 /* bit per page */
    struct remote_id_page pages[REMOTE_ID_PAGES];
    uint8_t auth_last_page, auth_length;  /* page 0 */
    uint32_t auth_timestamp;
    uint8_t self_id_type, operator_id_type;
    struct bytes self_id, operator_id;    /* 23 and 20 bytes */
    struct remote_id_system system;
};

/* One message, or a pack of them: what stands behind the counter of every carrier.  Reads what is
 * there.  TRUNCATED: not even one message, or the pack's head.  More bytes than
 * the messages need are left alone. */
__attribute__((warn_unused_result))
enum parse_status remote_id_parse(struct bytes content, struct remote_id *ret);

/* The operator's id in such a message, or unknown. */
struct text remote_id_operator(const uint8_t message[REMOTE_ID_MESSAGE]);

/* Scaled by ten where the unit is a half; false: the value means "unknown". */
bool remote_id_altitude_dm(uint16_t raw, int *ret);                       /* 0.1 m */
bool remote_id_direction_deg(const struct remote_id_location *l, int *ret);
bool remote_id_speed_cm_s(const struct remote_id_location *l, int *ret);
bool remote_id_vertical_speed_cm_s(const struct remote_id_location *l, int *ret);
/* False for 0, 0, which means unknown, and for what is no place on earth. */
bool remote_id_place(int32_t latitude, int32_t longitude);
/* Seconds since 2019-01-01 to seconds since 1970. */
static inline int64_t remote_id_utc_s(uint32_t timestamp) { return INT64_C(1546300800) + timestamp; }

#endif
