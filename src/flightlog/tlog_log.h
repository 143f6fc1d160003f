#ifndef LEASH_FLIGHTLOG_TLOG_LOG_H
#define LEASH_FLIGHTLOG_TLOG_LOG_H

#include "flightlog/boot_clock.h"
#include "flightlog/log_messages.h"
#include "flightlog/path_source.h"
#include "flightlog/tlog_frame.h"

/* What is gathered while a telemetry log is read. */

enum {
    TLOG_MESSAGES_MAX = 1024,           /* of the table of messages */
    TLOG_SEEN_PLACES = 1 << 14, TLOG_SEEN_VALUES = 1 << 11,
    TLOG_UNKNOWN_IDS_MAX = 64, TLOG_STATUS_TEXT_MAX = 512,
};

/* Hashes of what was put before: places of missions and names of parts are sent again and again.
 * Past half of its room nothing new is kept. */
struct tlog_seen {
    uint64_t *hash;
    size_t room, count;
};

enum tlog_kind { TLOG_UNKNOWN, TLOG_VEHICLE, TLOG_STATION, TLOG_TRACKER };

struct tlog_vehicle {
    struct tlog_vehicle *next;
    uint8_t system;
    struct flight_rows rows;
    struct path_sources sources;
    struct log_messages messages;
    int64_t first_us, last_us;          /* of its records, by the log's clock, or unknown */
    int64_t without_fix;
    bool origin_known;
    struct flight_point origin;
    int64_t device;                     /* number of the aircraft's device row, or unknown */
    struct text firmware;               /* as its status messages name it, or unknown */
};

struct tlog_system {
    enum tlog_kind kind;
    uint8_t autopilot;                  /* MAV_AUTOPILOT of its heartbeat */
    struct tlog_vehicle *vehicle;
    int64_t records, not_received;
};

struct tlog {
    struct reading *r;
    bool looking_ahead;
    struct tlog_walk walk;
    struct tlog_system systems[256];
    struct tlog_vehicle *vehicles;      /* in the order in which they were seen */
    struct tlog_vehicle *first;         /* gets what belongs to no vehicle */
    int64_t expected_us[256][PATH_SOURCES_MAX]; /* a look ahead's sources by system */
    int first_system;                   /* the first vehicle; -1: none seen */
    int64_t first_us;                   /* time of the first record; -1: none seen */
    bool since_start;                   /* times do not count from 1970 */
    struct boot_clock clock;             /* of vehicles' GPS against the log's times */
    struct log_gap gap;
    struct tlog_seen places, values;

    int64_t by_message[TLOG_MESSAGES_MAX];
    struct { uint32_t id; int64_t count; } unknown[TLOG_UNKNOWN_IDS_MAX];
    size_t unknown_count;
    int64_t unknown_others;
    int64_t records, version_1, version_2, is_signed, bad, traffic, keys_in_clear;
    uint8_t sequence[256][256];
    bool sequence_known[256][256];

    /* A status message in pieces. */
    struct {
        uint8_t system, component, next_piece, severity;
        uint16_t id;
        size_t len;
        char text[TLOG_STATUS_TEXT_MAX];
        int64_t since_us;               /* these of its first piece */
        struct flight_time time;
        struct fact_origin origin;
    } status;
};

/* The vehicle of the system, made when it is the first time; NULL at the arena's limit. */
struct tlog_vehicle *tlog_vehicle_of(struct tlog *log, uint8_t system);

/* Whether the bytes are new, and notes them.  Always true when there is no room to note more. */
bool tlog_seen_new(struct tlog_seen *seen, const void *at, size_t len, uint64_t kind);

/* What a moment of the log is. */
struct flight_time tlog_time(const struct tlog *log, const struct tlog_record *record);

/* Messages with places (tlog_places.c) and about devices (tlog_devices.c). */
bool tlog_places_has(uint32_t id);
bool tlog_devices_has(uint32_t id);
/* Takes a message of which the above is true. */
void tlog_places_take(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *p);
void tlog_devices_take(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *p);
/* Ends a status message of which no more pieces come. */
void tlog_devices_end(struct tlog *log);

/* The sources of a path, the best first. */
extern const char *const tlog_sources[];
extern const unsigned tlog_source_count;

/* Ends all flights (tlog_note.c). */
void tlog_put_flights(struct tlog *log, struct bytes whole);

#endif
