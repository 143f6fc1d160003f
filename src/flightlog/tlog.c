/* A telemetry log from end to end. */
#include "flightlog/tlog.h"

#include <string.h>

#include "base/hash.h"
#include "flightlog/tlog_log.h"

enum {
    LOOK_AHEAD_BYTES = 4 << 20, PASSED_STEP = 1 << 20, PROBE_BYTES = 65536, STATION_FIRST = 250, TYPE_TRACKER =
        5, TYPE_STATION = 6,
    AUTOPILOT_NONE = 8,
};

#define SINCE_1970_MIN_US INT64_C(946684800000000) /* 2000: earlier times count from a start */

bool tlog_recognise(struct bytes whole)
{
    struct tlog_record record;

    if (tlog_record_at(whole, &record))
        return true;
    const struct bytes probe = bytes_part(whole, 0, PROBE_BYTES);
    for (size_t at = 1; at + TLOG_STAMP < probe.len; at++) {
        const uint8_t magic = probe.at[at + TLOG_STAMP];
        if ((magic == 0xfe || magic == 0xfd) && tlog_record_at(bytes_part(probe, at, UINT64_MAX), &record) &&
            tlog_record_at(bytes_part(probe, at + TLOG_STAMP + record.frame.whole.len, UINT64_MAX), &record))
            return true;
    }
    return false;
}

bool tlog_seen_new(struct tlog_seen *seen, const void *at, size_t len, uint64_t kind)
{
    const uint64_t hash = hash_mix(at, len, kind) | 1; /* 0 is a free place */
    size_t i = (size_t)(hash >> 20) % seen->room;

    for (; seen->hash[i]; i = (i + 1) % seen->room)
        if (seen->hash[i] == hash)
            return false;
    if (seen->count < seen->room / 2) {
        seen->hash[i] = hash;
        seen->count++;
    }
    return true;
}

struct flight_time tlog_time(const struct tlog *log, const struct tlog_record *record)
{
    if (record->doubted_time)
        return FLIGHT_TIME_UNKNOWN;
    if (log->since_start)
        return boot_clock_time(&log->clock, record->at_us);
    return (struct flight_time){ record->at_us * 1000, FACT_UNKNOWN_INT, "device_clock" };
}

struct tlog_vehicle *tlog_vehicle_of(struct tlog *log, uint8_t system)
{
    struct tlog_vehicle **end = &log->vehicles, *v = log->systems[system].vehicle;

    if (v || log->looking_ahead)
        return v ? v : log->first;
    v = arena_alloc(log->r->arena, 1, sizeof *v);
    if (!v)
        return log->first;
    flight_rows_begin(&v->rows, log->r, "tlog");
    path_sources_init(&v->sources, tlog_sources, tlog_source_count);
    v->sources.last_has_no_fix = true;
    for (unsigned i = 0; i < tlog_source_count; i++)
        if (fact_known_int(log->expected_us[system][i]))
            path_sources_expect(&v->sources, i, log->expected_us[system][i]);
    v->system = system;
    v->first_us = v->last_us = v->device = FACT_UNKNOWN_INT;
    while (*end)
        end = &(*end)->next;
    *end = log->systems[system].vehicle = v;
    return v;
}

/* What a system is, its heartbeats tell; that of a part which is no autopilot changes nothing. */
static void take_heartbeat(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *p)
{
    struct tlog_system *s = &log->systems[record->frame.system];
    const uint8_t type = p->at[HEARTBEAT_TYPE], autopilot = p->at[HEARTBEAT_AUTOPILOT];

    if (type == TYPE_STATION) {
        if (s->kind != TLOG_VEHICLE)
            s->kind = TLOG_STATION;
    } else if (type == TYPE_TRACKER) {
        if (s->kind != TLOG_VEHICLE)
            s->kind = TLOG_TRACKER;
    } else if (autopilot != AUTOPILOT_NONE) {
        s->kind = TLOG_VEHICLE;
        s->autopilot = autopilot;
    }
}

static void count_frame(struct tlog *log, const struct tlog_record *record)
{
    const struct mavlink_frame *f = &record->frame;
    struct tlog_system *s = &log->systems[f->system];

    log->records++;
    log->version_1 += f->version == 1;
    log->version_2 += f->version == 2;
    log->is_signed += f->is_signed;
    log->bad += record->bad;
    if (record->bad)
        return;
    if (f->message) {
        log->by_message[f->message - mavlink_messages]++;
    } else {
        size_t i = 0;
        while (i < log->unknown_count && log->unknown[i].id != f->id)
            i++;
        if (i == TLOG_UNKNOWN_IDS_MAX) {
            log->unknown_others++;
        } else {
            log->unknown_count += i == log->unknown_count;
            log->unknown[i].id = f->id;
            log->unknown[i].count++;
        }
        return;
    }
    /* Steps of more than half a round are frames that came late, over another link. */
    const uint8_t step = (uint8_t)(f->sequence - log->sequence[f->system][f->component] - 1);
    if (log->sequence_known[f->system][f->component] && step < 128)
        s->not_received += step;
    log->sequence_known[f->system][f->component] = true;
    log->sequence[f->system][f->component] = f->sequence;
    s->records++;
}

static void follow_time(struct tlog *log, const struct tlog_record *record)
{
    struct tlog_vehicle *v = log->systems[record->frame.system].vehicle;

    if (!v || record->doubted_time)
        return;
    if (!fact_known_int(v->first_us) || record->at_us < v->first_us)
        v->first_us = record->at_us;
    if (!fact_known_int(v->last_us) || record->at_us > v->last_us)
        v->last_us = record->at_us;
}

/* How far the times of the log are from what GPS says aboard. */
static void take_time(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *p)
{
    struct cursor c = mavlink_field(p, SYSTEM_TIME_TIME_UNIX_USEC);

    if (!record->doubted_time && log->systems[record->frame.system].kind != TLOG_STATION)
        boot_clock_learn(&log->clock, record->at_us, cursor_i64le(&c));
}

/* Whether anything is read from the message: most of a log is motion and voltages. */
static bool is_read(uint32_t id)
{
    enum { SMALL_IDS = 512, NO = 1, YES = 2 };
    static uint8_t known[SMALL_IDS];

    if (id < SMALL_IDS && known[id])
        return known[id] == YES;
    const bool read = id == MAVLINK_HEARTBEAT || id == MAVLINK_SYSTEM_TIME ||
        id == MAVLINK_OPEN_DRONE_ID_MESSAGE_PACK || tlog_places_has(id) || tlog_devices_has(id);
    if (id < SMALL_IDS)
        known[id] = read ? YES : NO;
    return read;
}

static void take_bad(struct tlog *log, const struct tlog_record *record)
{
    if (record->bad && !log->looking_ahead)
        reading_damage(log->r, record->frame.whole.origin - TLOG_STAMP, (int64_t)(TLOG_STAMP + record->frame.whole.len),
                       1,
                       "a %s whose check sequence is wrong: damaged, or of another dialect", record->frame.message->name);
}

/* What belongs to no vehicle goes to the first one; where no heartbeat tells which is one, to the first system. */
static void note_system(struct tlog *log, uint8_t system)
{
    const bool is_vehicle = log->systems[system].kind == TLOG_VEHICLE;

    if (log->first_system < 0 || (is_vehicle && log->systems[log->first_system].kind != TLOG_VEHICLE))
        log->first_system = system;
}

static void take_message(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *payload)
{
    if (tlog_places_has(record->frame.id))
        tlog_places_take(log, record, payload);
    if (tlog_devices_has(record->frame.id) && !log->looking_ahead)
        tlog_devices_take(log, record, payload);
}

/* Remote ID in one message, as it goes on air (ASTM F3411, message pack): each is taken as if it had come alone. */
static void take_pack(struct tlog *log, const struct tlog_record *record, const struct mavlink_payload *p)
{
    enum { BYTES = 25, COUNT_MAX = 9, SENDER = 20, BASIC = 0, SELF = 3, SYSTEM = 4, OPERATOR = 5 };
    struct tlog_record alone = *record;
    const size_t count = p->at[OPEN_DRONE_ID_MESSAGE_PACK_MSG_PACK_SIZE];
    const bool is_whole = p->at[OPEN_DRONE_ID_MESSAGE_PACK_SINGLE_MESSAGE_SIZE] == BYTES;

    for (size_t i = 0; is_whole && i < count && i < COUNT_MAX; i++) {
        const uint8_t *from = p->at + OPEN_DRONE_ID_MESSAGE_PACK_MESSAGES + i * BYTES;
        struct mavlink_payload payload = { 0 };

        switch (from[0] >> 4) {
        case BASIC:
            alone.frame.id = MAVLINK_OPEN_DRONE_ID_BASIC_ID;
            payload.at[OPEN_DRONE_ID_BASIC_ID_ID_TYPE] = from[1] >> 4;
            memcpy(payload.at + OPEN_DRONE_ID_BASIC_ID_UAS_ID, from + 2, 20);
            break;
        case SELF:
            alone.frame.id = MAVLINK_OPEN_DRONE_ID_SELF_ID;
            memcpy(payload.at + OPEN_DRONE_ID_SELF_ID_DESCRIPTION, from + 2, 23);
            break;
        case SYSTEM:
            alone.frame.id = MAVLINK_OPEN_DRONE_ID_SYSTEM;
            memcpy(payload.at + OPEN_DRONE_ID_SYSTEM_OPERATOR_LATITUDE, from + 2, 4);
            memcpy(payload.at + OPEN_DRONE_ID_SYSTEM_OPERATOR_LONGITUDE, from + 6, 4);
            break;
        case OPERATOR:
            alone.frame.id = MAVLINK_OPEN_DRONE_ID_OPERATOR_ID;
            memcpy(payload.at + OPEN_DRONE_ID_OPERATOR_ID_OPERATOR_ID, from + 2, 20);
            break;
        default:
            continue;
        }
        const size_t sender_at = alone.frame.id == MAVLINK_OPEN_DRONE_ID_SYSTEM ? OPEN_DRONE_ID_SYSTEM_ID_OR_MAC
                                                                               : OPEN_DRONE_ID_BASIC_ID_ID_OR_MAC;
        memcpy(payload.at + sender_at, p->at + OPEN_DRONE_ID_MESSAGE_PACK_ID_OR_MAC, SENDER);
        take_message(log, &alone, &payload);
    }
}

static void take_record(struct tlog *log, const struct tlog_record *record)
{
    const uint32_t id = record->frame.id;
    struct mavlink_payload payload;

    log_gap_over(&log->gap, log->r, record->at_us);
    if (log->looking_ahead && log->first_us < 0)
        log->first_us = record->at_us;
    if (log->looking_ahead && log->systems[record->frame.system].kind != TLOG_STATION)
        note_system(log, record->frame.system);
    follow_time(log, record);
    if (!is_read(id))
        return;
    mavlink_payload_of(&record->frame, &payload);
    if (id == MAVLINK_HEARTBEAT)
        take_heartbeat(log, record, &payload);
    else if (id == MAVLINK_SYSTEM_TIME)
        take_time(log, record, &payload);
    if (id == MAVLINK_OPEN_DRONE_ID_MESSAGE_PACK)
        take_pack(log, record, &payload);
    else
        take_message(log, record, &payload);
}

static void walk(struct tlog *log, struct bytes area, struct tlog_record *record)
{
    int64_t before_us = FACT_UNKNOWN_INT; /* the clock ahead of what is lost */
    size_t passed = 0;

    tlog_walk_init(&log->walk, area);
    for (; tlog_walk_next(&log->walk, record); before_us = log->walk.last_us) {
        if (record->lost_bytes > 0 && !log->looking_ahead)
            log_gap_begin(&log->gap, log->r, record->lost_at, record->lost_bytes, before_us);
        if (!log->looking_ahead)
            count_frame(log, record);
        if (record->frame.good)
            take_record(log, record);
        else
            take_bad(log, record);
        if (log->r->passed && !log->looking_ahead && log->walk.at - passed >= PASSED_STEP) {
            passed = log->walk.at;
            log->r->passed(log->r, area.origin + passed);
        }
    }
}

static bool begin(struct tlog *log, struct reading *r)
{
    log->r = r;
    log->first_system = -1;
    log->first_us = -1;
    boot_clock_init(&log->clock, FACT_UNKNOWN_INT);
    for (int system = 0; system < 256; system++) {
        /* By custom; a heartbeat may tell otherwise. */
        log->systems[system].kind = system >= STATION_FIRST ? TLOG_STATION : TLOG_UNKNOWN;
        for (int i = 0; i < PATH_SOURCES_MAX; i++)
            log->expected_us[system][i] = FACT_UNKNOWN_INT;
    }
    log->places = (struct tlog_seen){ arena_alloc(r->arena, TLOG_SEEN_PLACES, sizeof(uint64_t)), TLOG_SEEN_PLACES, 0 };
    log->values = (struct tlog_seen){ arena_alloc(r->arena, TLOG_SEEN_VALUES, sizeof(uint64_t)), TLOG_SEEN_VALUES, 0 };
    return log->places.hash && log->values.hash;
}

/* What the systems are, which positions they send and whether times count from 1970 shows only after the
 * first records: the log's beginning is read twice. */
static bool look_ahead(struct tlog *log, struct bytes whole)
{
    struct tlog *ahead = arena_alloc(log->r->arena, 1, sizeof *ahead);
    struct tlog_record record;

    if (!ahead || !begin(ahead, log->r))
        return false;
    ahead->looking_ahead = true;
    walk(ahead, bytes_part(whole, 0, LOOK_AHEAD_BYTES), &record);
    for (int system = 0; system < 256; system++)
        log->systems[system] = ahead->systems[system];
    memcpy(log->expected_us, ahead->expected_us, sizeof log->expected_us);
    log->since_start = ahead->first_us >= 0 && ahead->first_us < SINCE_1970_MIN_US;
    log->clock = ahead->clock;
    log->first_system = ahead->first_system;
    return true;
}

enum parse_status tlog_read(struct reading *r, struct bytes whole)
{
    struct tlog *log;
    struct tlog_record record;

    if (!tlog_recognise(whole))
        return PARSE_INVALID;
    log = arena_alloc(r->arena, 1, sizeof *log);
    if (!log || !begin(log, r) || !look_ahead(log, whole))
        return PARSE_UNSUPPORTED;
    log->first = tlog_vehicle_of(log, (uint8_t)(log->first_system < 0 ? 0 : log->first_system));
    if (!log->first)
        return PARSE_UNSUPPORTED;
    walk(log, whole, &record);
    log_gap_tell(&log->gap, r, FACT_UNKNOWN_INT);
    tlog_devices_end(log);
    const bool cut = record.lost_bytes > 0 && record.lost_to_cut;
    if (record.lost_bytes > 0)
        reading_damage(r, record.lost_at, (int64_t)record.lost_bytes, cut ? 1 : FACT_UNKNOWN_INT,
                       cut ? "the log ends inside its last record" : "no record of the log in its last bytes");
    tlog_put_flights(log, whole);
    return cut ? PARSE_TRUNCATED : PARSE_OK;
}
