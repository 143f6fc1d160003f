#ifndef LEASH_FLIGHTLOG_DJI_TXT_DETAILS_H
#define LEASH_FLIGHTLOG_DJI_TXT_DETAILS_H

#include "base/cursor.h"
#include "base/text.h"

/* The summary that the app writes when the flight ends; readable without a key in
 * every version.  The table of the layout is in the .c. */

enum { DJI_TXT_PLACES = 4, DJI_TXT_PICTURES = 4 };

struct dji_txt_details {
    struct bytes at;                       /* where it was read: origin and length for facts */
    struct text places[DJI_TXT_PLACES];    /* what the phone's map said of the place; unknown when it had no answer */
    int64_t needs_upload;                  /* 0 or 1, or unknown */
    int64_t line_count;                    /* flight state records, or unknown */
    int64_t start_utc_ns;                  /* or unknown */
    int64_t unbelievable_ns;               /* a time of the app's clock that no log can be of, or unknown */
    double longitude_deg, latitude_deg;    /* start, or NaN */
    double distance_m;                     /* NaN from version 13 on, where the unit is unsure */
    double duration_s, height_max_m, speed_max_m_s; /* or NaN */
    int64_t photos;                        /* or unknown */
    uint32_t picture_bytes[2 * DJI_TXT_PICTURES];   /* full ones, then small ones */
    double picture_longitude_deg[DJI_TXT_PICTURES], picture_latitude_deg[DJI_TXT_PICTURES];
    struct text account_digest;
    struct text aircraft_name, aircraft_serial, camera_serial, controller_serial, battery_serial;
    unsigned product_type, platform;       /* 0 = unknown */
    uint8_t app_version[3];
    bool has_app_version;
    struct text uuid;
};

/* Reads what is there: a field that the bytes do not reach, or that holds something
 * impossible, is unknown.  Views point into `at`.  True when these can be details at all:
 * their constant is there, or start time, place and duration are all believable. */
__attribute__((warn_unused_result))
bool dji_txt_details_read(struct bytes at, uint8_t version, struct dji_txt_details *ret);

/* No summary at all: everything unknown. */
void dji_txt_details_init(struct dji_txt_details *d);

/* A serial that says something: not empty and not all zeros, printable. */
bool dji_serial_is_known(struct text serial);

/* Milliseconds since 1970 to nanoseconds; unknown where no log can be of that time (flight_years.h), which
 * `unbelievable_ns` keeps. */
int64_t dji_time_from_ms(int64_t utc_ms, int64_t *unbelievable_ns);

/* Digits of a battery serial that is stored in the low halves of its bytes, last first,
 * without leading zeros.  `into` has room for serial.len characters. */
struct text dji_battery_serial_unpack(struct text serial, char *into);

#endif
