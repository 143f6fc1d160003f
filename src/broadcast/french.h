#ifndef LEASH_BROADCAST_FRENCH_H
#define LEASH_BROADCAST_FRENCH_H

#include "base/cursor.h"
#include "base/text.h"

/* The French "signalement electronique": vendor element 6A:5C:35 type 1, items of type, length
 * and value in network byte order.  Sources: f2knpw/DroneID_fr_telemetry:droneID_FR.h@c557e8a;
 * opendroneid-core-c:libopendroneid/wifi.c@beb5639 (frdid_build). */
enum {
    FRENCH_CUT = 1,           /* an item reaches past the end */
    FRENCH_LENGTH = 2,        /* an item of another length than its type has: not read */
    FRENCH_RANGE = 4,         /* a coordinate that is none */
    FRENCH_UNKNOWN_ITEM = 8,
    FRENCH_REPEATED = 16,
};

enum french_item {
    FRENCH_VERSION = 1, FRENCH_ID, FRENCH_SERIAL, FRENCH_LATITUDE, FRENCH_LONGITUDE, FRENCH_ALTITUDE, FRENCH_HEIGHT,
    FRENCH_TAKEOFF_LATITUDE, FRENCH_TAKEOFF_LONGITUDE, FRENCH_SPEED, FRENCH_HEADING, FRENCH_ITEMS,
};

struct french {
    unsigned oddities;
    unsigned there;                /* bit per item */
    int32_t value[FRENCH_ITEMS];   /* numbers as sent: coordinates in 1e-5 degrees, metres, m/s, degrees */
    struct text id, serial;
};

/* `body` is the body of a vendor element.  INVALID: not a French beacon. */
__attribute__((warn_unused_result))
enum parse_status french_parse(struct bytes body, struct french *ret);

static inline bool french_has(const struct french *f, enum french_item item) { return f->there >> item & 1; }
/* Both coordinates are there and are a place. */
bool french_place(const struct french *f, enum french_item latitude, enum french_item longitude);

#endif
