#ifndef LEASH_FLIGHTLOG_ULOG_TOPICS_H
#define LEASH_FLIGHTLOG_ULOG_TOPICS_H

#include "flightlog/boot_clock.h"
#include "flightlog/log_messages.h"
#include "flightlog/path_source.h"
#include "flightlog/ulog_format.h"
#include "flightlog/ulog_frame.h"

/* What the data records of a ULog say: the topics that hold places, times and serial numbers. */

struct ulog_topic; /* a line of the table of topics that are looked into */

enum ulog_field_use {
    USE_LATITUDE, USE_LONGITUDE, USE_ALTITUDE, USE_VALID, USE_UTC, USE_UTC_AGE, USE_FIX, USE_SERIAL, USE_VENDOR, USE_MODEL,
    USE_NORTH, USE_EAST, USE_DOWN, USE_NORTH_EAST_VALID, USE_DOWN_VALID,
    USE_COUNT
};

/* One topic as the log subscribes to it. */
struct ulog_subscription {
    struct ulog_format *format;        /* NULL: not defined; its records cannot be read */
    const struct ulog_topic *topic;    /* NULL: only counted */
    uint8_t instance;
    uint16_t id;
    int64_t records;
    struct ulog_place timestamp, field[USE_COUNT];
    struct flight_point last;          /* of places that are told again and again; NaN: none yet */
    struct text last_serial;
    int64_t last_number;
};

struct ulog_log {
    struct reading *r;
    struct ulog_walk walk;
    struct ulog_formats *formats;
    struct flight_rows rows;
    struct path_sources sources;
    bool looking_ahead;                /* puts nothing, see ulog_look_ahead */

    struct ulog_subscription *subscriptions;
    size_t subscription_count;
    uint16_t subscription_of[65536];   /* by data id: index + 1, 0 for none */

    struct boot_clock clock;
    struct log_gap gap;
    int64_t data_records, unknown_ids, misfits;
    int64_t traffic, without_fix, parts;
    bool origin_known;
    struct flight_point origin;

    struct text sys_uuid, hardware, system, firmware, branch, os;
    int64_t release, parameters, parameters_changed, parameter_defaults, infos, info_parts, dropouts, dropped_ms;
    int64_t unknown_types;
    struct fact_origin uuid_origin;
    struct log_messages messages;
};

enum { ULOG_SUBSCRIPTIONS_MAX = 1024 };

/* Begins a subscription: finds the topic and where its fields lie. */
void ulog_topics_subscribe(struct ulog_log *log, struct ulog_subscription *s);

/* Takes a data record, without its id, of a topic that is looked into.  `record` is where it was read. */
void ulog_topics_take(struct ulog_log *log, struct ulog_subscription *s, struct bytes data,
                      const struct ulog_record *record);

/* Names of the sources of the aircraft's path, the best first. */
extern const char *const ulog_sources[];
extern const unsigned ulog_source_count;

#endif
