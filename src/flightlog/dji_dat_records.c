/* What the records of a DJI flight controller log hold; payloads unmasked, little-endian.
 *
 *   type            name here             fields                                                          sure
 *   2096            GPS fix               date u32 YYYYMMDD, time u32 HHMMSS UTC, longitude, latitude     measured
 *                                         i32 x 1e-7 degree, height i32 mm, see below
 *   5               the same of Phantom 3 and its time                                                    read
 *   53234           RTK receiver          GPS week u32, ms in it u32 (older: date and time as above);     measured;
 *                                         longitude, latitude f64 degrees; height f32 m at 24             older: read
 *   2048 2049 2050  estimate of an IMU    longitude, latitude f64 radians; barometric height f32 m at     measured
 *                                         16; attitude as a quaternion (w, x, y, z) f32 at 48
 *   1               the same of Phantom 3                                                                 read
 *   13              home point            longitude, latitude f64 radians, height f32 x 0.1 m, flags u16  measured;
 *                                         (bit 0: set); aircraft's serial number at 52                    flags: read
 *   2064 2065 2066  RTK beside an IMU     longitude, latitude f64 radians at 32, depth f32 m at 48        measured
 *   2211            estimate and RTK      longitude, latitude f64 radians at 64, of the RTK at 80         measured
 *   32768           text line                                                                             measured
 *   65533 65535     settings as text                                                                      measured
 *
 * Measured: on logs of a Matrice 350 RTK; the attitudes against another program's table of the same flight.  Read:
 * o-gs/dji-firmware-tools comm_dissector/wireshark (dji-p3-flyrec-proto.lua, dji-mavic-flyrec-proto.lua), whose names
 * come from the aircraft's own software; 2096 also in abrignoni/ALEAPP djiFlightRecords.py.
 *
 * Heights, measured on the ground at a place 221 m above the sea, where the ellipsoid lies 32 m lower still: the RTK
 * receiver 189 m and the depth beside the IMUs as much with the other sign: above the ellipsoid.  Type 2096 calls its
 * height one above the sea, and has 198 m, in two logs hours apart: neither.  Estimates are barometric: 181 m. */
#include "flightlog/dji_dat_log.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "flightlog/boot_clock.h"

#define STEP(literal) { .at = (literal), .len = sizeof(literal) - 1 } /* TEXT is no constant */

/* Sources of the path, the best first. */
enum { SOURCE_GPS, SOURCE_GPS_OLD, SOURCE_RTK, SOURCE_IMU, SOURCE_IMU_1, SOURCE_IMU_2, SOURCE_IMU_OLD, SOURCE_EXTRA,
       SOURCE_EXTRA_1, SOURCE_EXTRA_2, SOURCE_MIXED, SOURCE_COUNT };
static const char *const source_names[SOURCE_COUNT] = {
    "the GPS receiver", "the GPS receiver (type 5)", "the RTK receiver", "the estimate of IMU 0", "the estimate of IMU 1",
    "the estimate of IMU 2", "the estimate (type 1)", "the RTK position beside IMU 0", "the RTK position beside IMU 1",
    "the RTK position beside IMU 2", "type 2211",
};
_Static_assert((int)SOURCE_COUNT <= (int)PATH_SOURCES_MAX, "room for all sources");

enum {
    SERIAL_OFFSET = 52, SERIAL_MIN = 10, HOME_FLAGS_OFFSET = 20, HOME_IS_SET = 1,
    QUATERNION_OFFSET = 48, EXTRA_OFFSET = 32, MIXED_OFFSET = 64, GPS_WEEK_MAX = 9999,
    YEAR_MIN = 1970, YEAR_MAX = 2200, /* of dates that are any; flight_years.h has the narrower */
};

#define ATTITUDE_HOLDS_S 0.5       /* it is told ten times a second */
#define QUATERNION_SLACK 0.01      /* of its length: what is not of length 1 is no attitude */

typedef void take_record(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content,
                         unsigned source);

static take_record take_fix, take_rtk, take_estimate, take_extra, take_mixed, take_home, take_text, take_settings;

static const struct kind {
    uint16_t type;
    const char *name;
    take_record *take;
    unsigned source;
} kinds[] = {
    { 2096,  "GPS fix",           take_fix,      SOURCE_GPS },
    { 5,     "GPS fix",           take_fix,      SOURCE_GPS_OLD },
    { 53234, "RTK receiver",      take_rtk,      SOURCE_RTK },
    { 2048,  "estimate of IMU 0", take_estimate, SOURCE_IMU },
    { 2049,  "estimate of IMU 1", take_estimate, SOURCE_IMU_1 },
    { 2050,  "estimate of IMU 2", take_estimate, SOURCE_IMU_2 },
    { 1,     "estimate",          take_estimate, SOURCE_IMU_OLD },
    { 2064,  "RTK beside IMU 0",  take_extra,    SOURCE_EXTRA },
    { 2065,  "RTK beside IMU 1",  take_extra,    SOURCE_EXTRA_1 },
    { 2066,  "RTK beside IMU 2",  take_extra,    SOURCE_EXTRA_2 },
    { 2211,  "position",          take_mixed,    SOURCE_MIXED },
    { 13,    "home point",        take_home,     0 },
    { 32768, "text line",         take_text,     0 },
    { 65533, "settings",          take_settings, 0 },
    { 65535, "settings",          take_settings, 0 },
};

void dji_dat_records_begin(struct dji_dat_log *log)
{
    path_sources_init(&log->sources, source_names, SOURCE_COUNT);
    log->attitude = FLIGHT_ATTITUDE_UNKNOWN;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        log->kinds[kinds[i].type] = (uint8_t)(i + 1);
}

struct text dji_dat_serial(struct bytes field, uint8_t key, char into[DJI_DAT_SERIAL_LENGTH])
{
    size_t len = 0;

    while (len < field.len && len < DJI_DAT_SERIAL_LENGTH) {
        const char c = (char)(field.at[len] ^ key);
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
            break;
        into[len++] = c;
    }
    const struct text serial = { into, len };
    for (size_t i = 0; i < len; i++)
        if (into[i] != '0')
            return len >= SERIAL_MIN ? serial : TEXT_UNKNOWN;
    return TEXT_UNKNOWN;
}

static struct text_list steps_of(const struct dji_dat_record *record)
{
    static const struct text whole_steps[] = { STEP("DJI record unmasking (XOR)") };
    static const struct text joined_steps[] = { STEP("joined around another record"),
                                                STEP("DJI record unmasking (XOR)") };

    return record->joined ? (struct text_list){ joined_steps, 2 } : (struct text_list){ whole_steps, 1 };
}

static struct bytes where(const struct dji_dat_record *record)
{
    return (struct bytes){ .at = record->payload.at, .len = record->length, .origin = record->offset };
}

/* A record that is whole and yet shorter than its kind is known to be: another layout. */
static bool is_short(struct dji_dat_log *log, const struct cursor *c)
{
    log->too_short += c->failed && !log->looking_ahead;
    return c->failed;
}

/* A position of the aircraft.  The path keeps to records whose bytes lie in one piece, so that each point of it can be
 * shown; the joined ones between them add nothing to its course. */
static void take_position(struct dji_dat_log *log, const struct dji_dat_record *record, unsigned source,
                          struct flight_point point, const char *alt_ref, int64_t utc_ns)
{
    const int64_t at_us = dji_dat_clock_us(&log->clock);
    struct flight_time time = { utc_ns, FACT_UNKNOWN_INT, "utc" };
    const bool accepted = flight_path_accepts(NULL, point.longitude_deg, point.latitude_deg);

    if (log->looking_ahead) {
        if (accepted)
            path_sources_expect(&log->sources, source, at_us);
        return;
    }
    if (record->joined) {
        log->joined_fixes += accepted && source <= SOURCE_GPS_OLD;
        return;
    }
    if (!accepted && source > SOURCE_GPS_OLD) {
        log->fixes_without_place++;
        return;
    }
    if (accepted && !path_sources_take(&log->sources, source, at_us))
        return;
    if (!fact_known_int(utc_ns))
        time = dji_dat_clock_time(&log->clock);
    const bool turned = dji_dat_clock_seconds(&log->clock,
                                              llabs(log->clock.ticks - log->attitude_ticks)) < ATTITUDE_HOLDS_S;
    flight_rows_attitude(&log->rows, turned ? log->attitude : FLIGHT_ATTITUDE_UNKNOWN);
    log->rows.steps = steps_of(record);
    if (flight_rows_put(&log->rows, "aircraft", where(record), point, alt_ref, &time) && !fact_known_int(utc_ns))
        log->derived_times += fact_known_int(time.utc_ns);
}

static int64_t time_of_fix(uint32_t date, uint32_t time)
{
    int64_t utc_ns;
    const int year = (int)(date / 10000);

    if (year < YEAR_MIN || year >= YEAR_MAX || time > 235960 ||
        !timestamp_from_civil(year, (int)(date / 100 % 100), (int)(date % 100),
                              (int)(time / 10000), (int)(time / 100 % 100), (int)(time % 100), &utc_ns))
        return FACT_UNKNOWN_INT;
    return utc_ns;
}

static void take_fix(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content,
                     unsigned source)
{
    struct cursor c = cursor_over(content);
    const uint32_t date = cursor_u32le(&c);
    const int64_t utc_ns = dji_dat_clock_believed(&log->clock, time_of_fix(date, cursor_u32le(&c)));
    struct flight_point point;

    point.longitude_deg = cursor_i32le(&c) / 1e7;
    point.latitude_deg = cursor_i32le(&c) / 1e7;
    point.altitude_m = cursor_i32le(&c) / 1000.0;
    if (is_short(log, &c))
        return;
    if (!record->joined && flight_path_accepts(NULL, point.longitude_deg, point.latitude_deg))
        dji_dat_clock_learn(&log->clock, utc_ns, NS_PER_S);
    take_position(log, record, source, point, "unknown", utc_ns);
}

static double finite_or_unknown(double value) { return isfinite(value) ? value : FACT_UNKNOWN_REAL; }

/* Longitude and latitude as f64, multiplied with `to_degrees`. */
static struct flight_point place_at(struct cursor *c, double to_degrees)
{
    struct flight_point point = { .altitude_m = FACT_UNKNOWN_REAL };

    point.longitude_deg = cursor_f64le(c) * to_degrees;
    point.latitude_deg = cursor_f64le(c) * to_degrees;
    return point;
}

#define DEGREES_PER_RADIAN (180 / M_PI)

static void take_rtk(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content,
                     unsigned source)
{
    struct cursor c = cursor_over(content);
    const uint32_t date = cursor_u32le(&c), time = cursor_u32le(&c);
    struct flight_point point = place_at(&c, 1);

    point.altitude_m = finite_or_unknown(cursor_f32le(&c));
    if (is_short(log, &c))
        return;
    if (!record->joined && date <= GPS_WEEK_MAX) {
        const int64_t utc_us = gps_time_utc_us(date, time);
        dji_dat_clock_learn(&log->clock, dji_dat_clock_believed(&log->clock, fact_known_int(utc_us) ? utc_us * 1000 : utc_us), NS_PER_S / 1000);
    } else if (!record->joined) {
        dji_dat_clock_learn(&log->clock, dji_dat_clock_believed(&log->clock, time_of_fix(date, time)), NS_PER_S);
    }
    take_position(log, record, source, point, date <= GPS_WEEK_MAX ? "ellipsoid" : "unknown", FACT_UNKNOWN_INT);
}

/* From the quaternion that turns the aircraft's axes (front, right, down) to north, east, down. */
static bool attitude_of(struct bytes content, struct flight_attitude *ret)
{
    struct cursor c = cursor_over(bytes_part(content, QUATERNION_OFFSET, UINT64_MAX));
    const double w = cursor_f32le(&c), x = cursor_f32le(&c), y = cursor_f32le(&c), z = cursor_f32le(&c);

    if (c.failed || !(fabs(w * w + x * x + y * y + z * z - 1) < QUATERNION_SLACK))
        return false;
    ret->roll_deg = atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)) * DEGREES_PER_RADIAN;
    ret->pitch_deg = asin(fmax(-1, fmin(1, 2 * (w * y - z * x)))) * DEGREES_PER_RADIAN;
    ret->yaw_deg = atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)) * DEGREES_PER_RADIAN;
    return true;
}

static void take_estimate(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content,
                          unsigned source)
{
    struct cursor c = cursor_over(content);
    struct flight_point point = place_at(&c, DEGREES_PER_RADIAN);

    point.altitude_m = finite_or_unknown(cursor_f32le(&c));
    if (is_short(log, &c))
        return;
    /* One estimator's: they differ by a degree or two. */
    if (!record->joined && (source == SOURCE_IMU || source == SOURCE_IMU_OLD) && attitude_of(content, &log->attitude)) {
        log->attitude_ticks = log->clock.ticks;
        log->attitudes += !log->looking_ahead;
    }
    take_position(log, record, source, point, "unknown", FACT_UNKNOWN_INT);
}

static void take_extra(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content,
                       unsigned source)
{
    struct cursor c = cursor_over(bytes_part(content, EXTRA_OFFSET, UINT64_MAX));
    struct flight_point point = place_at(&c, DEGREES_PER_RADIAN);

    point.altitude_m = -finite_or_unknown(cursor_f32le(&c)); /* down is positive there */
    if (!is_short(log, &c))
        take_position(log, record, source, point, "ellipsoid", FACT_UNKNOWN_INT);
}

static void take_mixed(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content,
                       unsigned source)
{
    struct cursor c = cursor_over(bytes_part(content, MIXED_OFFSET, UINT64_MAX));
    const struct flight_point point = place_at(&c, DEGREES_PER_RADIAN);

    if (!is_short(log, &c))
        take_position(log, record, source, point, "unknown", FACT_UNKNOWN_INT);
}

static void take_home(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content,
                      unsigned source)
{
    char serial[DJI_DAT_SERIAL_LENGTH];
    struct cursor c = cursor_over(content);
    struct flight_point point = place_at(&c, DEGREES_PER_RADIAN);

    (void)source;
    if (log->looking_ahead)
        return;
    point.altitude_m = finite_or_unknown(cursor_f32le(&c) / 10);
    const bool set = cursor_u16le(&c) & HOME_IS_SET;
    if (!is_short(log, &c) && set && !record->joined) {
        log->rows.steps = steps_of(record);
        flight_rows_attitude(&log->rows, FLIGHT_ATTITUDE_UNKNOWN);
        flight_rows_home(&log->rows, where(record), point, "unknown");
    }
    if (text_known(log->record_serial))
        return;
    const struct text found = dji_dat_serial(bytes_part(content, SERIAL_OFFSET, DJI_DAT_SERIAL_LENGTH), 0, serial);
    if (text_known(found)) {
        log->record_serial = arena_text(log->r->arena, found);
        log->record_serial_origin = fact_origin_at(record->offset, record->length);
        log->record_serial_origin.steps = steps_of(record);
    }
}

/* Most lines are a program's talk with itself. */
static bool line_tells(struct text line)
{
    static const char *const words[] = { "home", "takeoff", "take off", "lost", "error", "fail", "warn", "crash", "nfz",
                                         "rid]" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t len = strlen(words[i]);
        for (size_t at = 0; at + len <= line.len; at++)
            if (text_equal_ignoring_case((struct text){ line.at + at, len }, text_of(words[i])))
                return true;
    }
    return false;
}

/* Some are repeated every few seconds, with nothing new but the count of the controller's own clock before them. */
static bool line_is_new(struct dji_dat_log *log, struct text line)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < line.len; i++)
        hash = (hash ^ (uint8_t)line.at[i]) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < DJI_DAT_LINES_TOLD; i++)
        if (log->lines_told[i] == hash)
            return false;
    log->lines_told[log->next_told++ % DJI_DAT_LINES_TOLD] = hash;
    return true;
}

static void take_text(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content,
                      unsigned source)
{
    struct text line = text_of_padded(content);

    (void)source;
    if (log->looking_ahead || record->joined)
        return;
    log->text_lines++;
    while (line.len > 0 && isspace((unsigned char)line.at[line.len - 1]))
        line.len--;
    while (line.len > 0 && (isspace((unsigned char)line.at[0]) || isdigit((unsigned char)line.at[0])))
        line = (struct text){ line.at + 1, line.len - 1 };
    if (!log->messages.texts.overflowed && line_tells(line) && line_is_new(log, line))
        log_messages_add(&log->messages, log->r->facts, log->rows.row.head.number, &(struct log_message){
            .text = line, .since_us = dji_dat_clock_us(&log->clock), .time = dji_dat_clock_time(&log->clock),
            .origin = fact_origin_at(content.origin, content.len) });
}

/* Counted by type; what they set is not looked into. */
static void take_settings(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content,
                          unsigned source)
{
    (void)log, (void)record, (void)content, (void)source;
}

static struct bytes unmask(const struct dji_dat_record *record, uint8_t into[DJI_DAT_RECORD_MAX])
{
    const struct bytes p = record->payload;
    const uint8_t key = (uint8_t)record->tick;

    for (size_t i = 0; i < p.len; i++)
        into[i] = p.at[i] ^ key;
    return (struct bytes){ .at = into, .len = p.len, .origin = p.origin };
}

void dji_dat_records_take(struct dji_dat_log *log, const struct dji_dat_record *record)
{
    uint8_t content[DJI_DAT_RECORD_MAX];
    const uint8_t kind = log->kinds[record->type];

    if (kind > 0)
        kinds[kind - 1].take(log, record, unmask(record, content), kinds[kind - 1].source);
}

struct type_count {
    unsigned type;
    uint32_t count;
};

static int by_count(const void *a, const void *b)
{
    const struct type_count *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return (int)x->type - (int)y->type;
}

/* Counts of the types that are read, or of those that are not, most frequent first; equal ones by number. */
static void note_types(struct dji_dat_log *log, bool known)
{
    static const size_t told_max = 128;
    struct buffer *note = &log->rows.note;
    size_t count = 0, n = 0;
    int64_t records = 0;

    for (unsigned i = 0; i < DJI_DAT_TYPES; i++)
        count += log->counts[i] > 0 && (log->kinds[i] > 0) == known;
    if (count == 0)
        return;
    struct type_count *types = memory_alloc_array(count, sizeof *types);
    for (unsigned i = 0; i < DJI_DAT_TYPES; i++)
        if (log->counts[i] > 0 && (log->kinds[i] > 0) == known) {
            types[n++] = (struct type_count){ i, log->counts[i] };
            records += log->counts[i];
        }
    qsort(types, count, sizeof *types, by_count);
    buffer_printf(note, known ? " Read:" : " Not understood, and only counted: %" PRId64 " of %zu types:", records,
                  count);
    for (size_t i = 0; i < count && i < told_max; i++) {
        buffer_printf(note, "%s %" PRIu32 " of type %u", i ? "," : "", types[i].count, types[i].type);
        if (known)
            buffer_printf(note, " (%s)", kinds[log->kinds[types[i].type] - 1].name);
    }
    buffer_add_text(note, count > told_max ? TEXT(" and others.") : TEXT("."));
    free(types);
}

void dji_dat_records_note(struct dji_dat_log *log)
{
    struct flight_rows *rows = &log->rows;
    size_t types = 0;

    for (unsigned i = 0; i < DJI_DAT_TYPES; i++)
        types += log->counts[i] > 0;
    path_home_describe(rows, NULL);
    path_sources_note(&log->sources, rows);
    if (log->sources.in_path[SOURCE_GPS_OLD] + log->sources.in_path[SOURCE_IMU_OLD] +
        log->sources.in_path[SOURCE_EXTRA_2] > 0)
        flight_rows_note(rows, "Positions of types 1, 5 and 2066 are untested on real files.");
    if (log->derived_times > 0)
        flight_rows_note(rows, "%" PRId64 " positions of the path have no date of their own; their times are worked out.", log->derived_times);
    if (log->fixes_without_place > 0)
        flight_rows_note(rows, "%" PRId64 " records of other sources have no position yet (0/0).",
                         log->fixes_without_place);
    if (log->too_short > 0)
        flight_rows_note(rows, "%" PRId64 " records are shorter than their type is known to be, and were not read.",
                         log->too_short);
    if (log->attitudes > 0)
        flight_rows_note(rows, "%" PRId64 " attitudes; the path has them where one is not older than %.1f s.",
                         log->attitudes, ATTITUDE_HOLDS_S);
    flight_rows_note(rows, "%" PRId64 " whole records of %zu types.", log->records, types);
    if (log->joined > 0)
        flight_rows_note(rows, "%" PRId64 " more records, each interrupted by another one, were joined and counted; "
                         "%" PRId64 " of them hold a GPS fix and are not among the points.", log->joined, log->joined_fixes);
    note_types(log, true);
    note_types(log, false);
    if (log->text_lines > 0) {
        flight_rows_note(rows, "%" PRId64 " lines of text; here those that speak of home, no-fly zones, losses and errors, each once.",
                         log->text_lines);
        log_messages_note(&log->messages, rows);
    }
}
