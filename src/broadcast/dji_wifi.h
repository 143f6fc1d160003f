#ifndef LEASH_BROADCAST_DJI_WIFI_H
#define LEASH_BROADCAST_DJI_WIFI_H

#include "base/cursor.h"
#include "broadcast/details.h"

/* DJI's DroneID as its Wi-Fi drones put it into beacons, layout at the top of dji_wifi.c.
 * Unknown numbers are NaN or FACT_UNKNOWN_INT. */
enum dji_record { DJI_FLIGHT = 0x10, DJI_PURPOSE = 0x11 };

/* What is not as it should be. */
enum {
    DJI_LENGTH_ODD = 1,          /* neither the length of its layout nor of its layout with a shorter uuid */
    DJI_TIME_IMPLAUSIBLE = 2,    /* not between 2015 and 2100 */
    DJI_MISALIGNED = 4,          /* both: what stands behind the velocities was not believed */
    DJI_OUI_OTHER = 8,           /* not under the prefix that genuine beacons are known with */
    DJI_POSITION_RANGE = 16,     /* a coordinate that is none; unknown then */
    DJI_CUT = 32,                /* the record ends before its fields do */
    DJI_ID_PADDING = 64,         /* something stands behind the end of the serial number */
};

struct dji_wifi {
    enum dji_record record;
    uint8_t version;             /* 1 or 2; 0 for DJI_PURPOSE */
    unsigned oddities;
    struct text serial;          /* in the frame */

    uint16_t sequence, state;
    bool has_motion;             /* the fields up to the velocities were read */
    double longitude_deg, latitude_deg;
    int16_t altitude_raw, height_raw;
    int16_t velocity_north_cm_s, velocity_east_cm_s, velocity_up_cm_s;
    bool has_tail;               /* the fields below were read */
    int16_t pitch, roll, yaw;    /* in 0.01 degrees; pitch and roll only in version 1 */
    uint64_t time_ms;            /* version 2 */
    double home_longitude_deg, home_latitude_deg;
    double app_longitude_deg, app_latitude_deg;  /* version 2: the phone of who flies */
    uint8_t product, uuid_len;
    struct bytes uuid;

    struct text identification, purpose;  /* DJI_PURPOSE: typed in by the user */
};

/* `body` is the body of a vendor element.  INVALID: not DJI's; UNSUPPORTED: a record or version
 * that is not known; TRUNCATED: cut before the serial number ends. */
__attribute__((warn_unused_result))
enum parse_status dji_wifi_parse(struct bytes body, struct dji_wifi *ret);

/* The record alone, of type `type`: `ret` as above.  OcuSync frames hold the same (announce_ocusync.c). */
__attribute__((warn_unused_result))
enum parse_status dji_record_parse(uint8_t type, struct bytes record, struct dji_wifi *ret);

void dji_wifi_details(const struct dji_wifi *w, struct details *d);

#endif
