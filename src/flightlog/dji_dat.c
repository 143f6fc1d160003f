/* DJI flight controller log; little-endian.  Header measured on eight real files of one
 * make (Matrice 350 RTK, build of June 2023); the two marks and the fix record also in
 * abrignoni/ALEAPP scripts/artifacts/djiFlightRecords.py, for older aircraft.
 *
 *   offset  size  field
 *       16     5  "BUILD", then the firmware's build date, NUL-terminated         measured
 *     0x3A    16  serial number of the aircraft, each byte XOR 0x55               measured
 *      242    10  "DJI_LOG_V3": records from 256; without it from 128             read
 *
 *   record 2096, a GPS fix          date u32 YYYYMMDD, time u32 HHMMSS UTC, longitude,
 *                                   latitude i32 x 1e-7 degree, height above sea i32 mm     measured
 *   record 13                       serial number of the aircraft at 52                     measured
 *
 * Records are framed in dji_dat_frame.c. */
#include "flightlog/dji_dat.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "flightlog/dji_dat_frame.h"
#include "flightlog/flight_path.h"

#define STEP(literal) { .at = (literal), .len = sizeof(literal) - 1 } /* TEXT is no constant */

enum {
    BUILD_OFFSET = 16, BUILD_MAX = 32, SERIAL_OFFSET = 0x3a, SERIAL_LENGTH = 16, SERIAL_MIN = 10, SERIAL_KEY = 0x55,
    MARK_OFFSET = 242, MARK_LENGTH = 10, RECORDS_V3 = 256, RECORDS_OLD = 128,
    RECORD_FIX = 2096, RECORD_ATTITUDE = 13, RECORD_SERIAL_OFFSET = 52,
    NOTE_MAX = 16384, TYPES = 65536, PROBE_SPAN = 65536, PASSED_STEP = 1 << 20,
    YEAR_MIN = 2010, YEAR_MAX = 2100,
};

#define TICKS_PER_S 3840000.0

struct dji_dat_log {
    struct reading *r;
    struct dji_dat_walk walk;
    int64_t flight;
    struct fact_position row;
    struct flight_path path;

    bool tick_known;
    uint32_t tick;
    int64_t ticks, ticks_min, ticks_max;   /* unwrapped, from the first record on */
    int64_t anchor_utc_ns, anchor_ticks;   /* a moment that is known by GPS and by tick */

    struct text header_serial, record_serial;
    struct fact_origin record_serial_origin;
    int64_t records, joined, joined_fixes, derived_times;
    uint32_t counts[TYPES];                /* whole records by type */
};

struct type_count {
    unsigned type;
    uint32_t count;
};

static bool has_header(struct bytes whole)
{
    return bytes_start_with(bytes_part(whole, BUILD_OFFSET, UINT64_MAX), "BUILD", 5);
}

static bool is_v3(struct bytes whole)
{
    return bytes_equal(bytes_part(whole, MARK_OFFSET, MARK_LENGTH), "DJI_LOG_V3", MARK_LENGTH);
}

static struct bytes record_area(struct bytes whole)
{
    return bytes_part(whole, is_v3(whole) ? RECORDS_V3 : RECORDS_OLD, UINT64_MAX);
}

bool dji_dat_recognise(struct bytes whole)
{
    struct dji_dat_record record;
    struct dji_dat_walk walk;

    if (!has_header(whole))
        return false;
    if (is_v3(whole))
        return true;
    dji_dat_walk_init(&walk, bytes_part(record_area(whole), 0, PROBE_SPAN));
    return dji_dat_walk_next(&walk, &record);
}

/* Capital letters and digits, long enough for a serial number; what follows is padding. */
static struct text serial_in(struct bytes field, uint8_t key, char into[SERIAL_LENGTH])
{
    size_t len = 0;

    while (len < field.len && len < SERIAL_LENGTH) {
        const char c = (char)(field.at[len] ^ key);
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
            break;
        into[len++] = c;
    }
    if (len < SERIAL_MIN || strspn(into, "0") >= len)
        return TEXT_UNKNOWN;
    return (struct text){ into, len };
}

/* The counter wraps every 18.6 minutes; records lie nearly in its order. */
static void follow_tick(struct dji_dat_log *log, uint32_t tick)
{
    if (log->tick_known)
        log->ticks += (int32_t)(tick - log->tick);
    log->tick_known = true;
    log->tick = tick;
    if (log->ticks < log->ticks_min)
        log->ticks_min = log->ticks;
    if (log->ticks > log->ticks_max)
        log->ticks_max = log->ticks;
}

static struct bytes unmask(const struct dji_dat_record *record, uint8_t into[DJI_DAT_RECORD_MAX])
{
    const struct bytes p = record->payload;
    const uint8_t key = (uint8_t)record->tick;

    for (size_t i = 0; i < p.len; i++)
        into[i] = p.at[i] ^ key;
    return (struct bytes){ .at = into, .len = p.len, .origin = p.origin };
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

static struct fact_origin origin_of(const struct dji_dat_record *record)
{
    static const struct text whole_steps[] = { STEP("DJI record unmasking (XOR)") };
    static const struct text joined_steps[] = { STEP("joined around another record"), STEP("DJI record unmasking (XOR)") };
    struct fact_origin origin = fact_origin_at(record->offset, record->length);

    origin.steps = record->joined ? (struct text_list){ joined_steps, 2 } : (struct text_list){ whole_steps, 1 };
    return origin;
}

static void put_fix(struct dji_dat_log *log, const struct dji_dat_record *record, struct flight_point at, int64_t utc_ns)
{
    struct fact_position *row = &log->row;
    bool derived = false;

    if (fact_known_int(utc_ns)) {
        log->anchor_utc_ns = utc_ns;
        log->anchor_ticks = log->ticks;
    } else if (fact_known_int(log->anchor_utc_ns)) {
        utc_ns = log->anchor_utc_ns + (int64_t)((double)(log->ticks - log->anchor_ticks) / TICKS_PER_S * (double)NS_PER_S);
        derived = true;
        log->derived_times++;
    }
    row->head.origin = origin_of(record);
    row->head.number = 0;
    row->time = utc_ns;
    row->time_basis = !fact_known_int(utc_ns) ? TEXT_UNKNOWN : derived ? TEXT("derived") : TEXT("utc");
    row->longitude_deg = at.longitude_deg;
    row->latitude_deg = at.latitude_deg;
    row->altitude_m = at.altitude_m;
    fact_put(log->r->facts, FACT_POSITION, row);
    flight_path_add(&log->path, at, utc_ns);
}

static void take_fix(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content)
{
    struct cursor c = cursor_over(content);
    const uint32_t date = cursor_u32le(&c);
    const uint32_t time = cursor_u32le(&c);
    struct flight_point at;

    at.longitude_deg = cursor_i32le(&c) / 1e7;
    at.latitude_deg = cursor_i32le(&c) / 1e7;
    at.altitude_m = cursor_i32le(&c) / 1000.0;
    if (c.failed)
        return;
    /* The path keeps to records whose bytes lie in one piece, so that each point of it can
     * be shown; the joined ones between them add nothing to its course. */
    if (record->joined)
        log->joined_fixes += flight_path_accepts(NULL, at.longitude_deg, at.latitude_deg);
    else if (flight_path_accepts(&log->path, at.longitude_deg, at.latitude_deg))
        put_fix(log, record, at, time_of_fix(date, time));
}

static void take_serial(struct dji_dat_log *log, const struct dji_dat_record *record, struct bytes content)
{
    char serial[SERIAL_LENGTH];
    const struct text found = serial_in(bytes_part(content, RECORD_SERIAL_OFFSET, SERIAL_LENGTH), 0, serial);

    if (!text_known(found) || text_known(log->record_serial))
        return;
    log->record_serial = arena_text(log->r->arena, found);
    log->record_serial_origin = origin_of(record);
}

static void take_record(struct dji_dat_log *log, const struct dji_dat_record *record)
{
    uint8_t content[DJI_DAT_RECORD_MAX];

    if (record->joined) {
        log->joined++;
    } else {
        log->records++;
        log->counts[record->type]++;
        follow_tick(log, record->tick);
    }
    if (record->type == RECORD_FIX)
        take_fix(log, record, unmask(record, content));
    else if (record->type == RECORD_ATTITUDE && !text_known(log->record_serial))
        take_serial(log, record, unmask(record, content));
}

static void put_aircraft(struct dji_dat_log *log, struct text serial, struct fact_origin origin)
{
    struct fact_device device;
    struct fact_identifier identifier;

    fact_init(FACT_DEVICE, &device);
    device.head.origin = origin;
    device.role = TEXT("aircraft");
    device.vendor = TEXT("DJI");
    device.serial = serial;
    fact_init(FACT_IDENTIFIER, &identifier);
    identifier.head.origin = origin;
    identifier.kind = TEXT("serial");
    identifier.value = serial;
    identifier.device = fact_put(log->r->facts, FACT_DEVICE, &device);
    fact_put(log->r->facts, FACT_IDENTIFIER, &identifier);
}

static struct text put_serials(struct dji_dat_log *log, struct bytes whole)
{
    static const struct text steps[] = { STEP("XOR 0x55") };

    if (text_known(log->header_serial)) {
        struct fact_origin origin = fact_origin_at(whole.origin + SERIAL_OFFSET, log->header_serial.len);
        origin.steps = (struct text_list){ steps, 1 };
        put_aircraft(log, log->header_serial, origin);
    }
    if (text_known(log->record_serial) && !text_equal(log->header_serial, log->record_serial))
        put_aircraft(log, log->record_serial, log->record_serial_origin);
    return text_known(log->header_serial) ? log->header_serial : log->record_serial;
}

static int by_count(const void *a, const void *b)
{
    const struct type_count *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return (int)x->type - (int)y->type;
}

/* Counts of the types, most frequent first; equal ones by number. */
static void note_types(struct buffer *note, const struct dji_dat_log *log)
{
    static const size_t told_max = 128;
    size_t count = 0, n = 0;

    for (unsigned i = 0; i < TYPES; i++)
        count += log->counts[i] > 0;
    struct type_count *types = memory_alloc_array(count + 1, sizeof *types);
    for (unsigned i = 0; i < TYPES; i++)
        if (log->counts[i] > 0)
            types[n++] = (struct type_count){ i, log->counts[i] };
    qsort(types, count, sizeof *types, by_count);
    buffer_printf(note, " %" PRId64 " whole records of %zu types", log->records, count);
    for (size_t i = 0; i < count && i < told_max; i++)
        buffer_printf(note, "%s%" PRIu32 " of type %u%s", i ? ", " : ": ", types[i].count, types[i].type,
                      types[i].type == RECORD_FIX ? " (GPS fix)" : "");
    buffer_add_text(note, count > told_max ? TEXT(" and others.") : TEXT("."));
    free(types);
}

static struct text note_text(struct dji_dat_log *log, struct bytes whole)
{
    const struct text build = text_of_padded(bytes_part(whole, BUILD_OFFSET, BUILD_MAX));
    struct buffer note;

    buffer_init(&note, NOTE_MAX);
    buffer_add_text(&note, TEXT("DJI flight controller log, readable without a key. Firmware "));
    buffer_add_text(&note, build);
    buffer_printf(&note, ". It spans %.0f s by its own counter.", (double)(log->ticks_max - log->ticks_min) / TICKS_PER_S);
    if (log->joined > 0)
        buffer_printf(&note, " %" PRId64 " more records, each interrupted by another one, were joined and counted; "
                      "%" PRId64 " of them hold a GPS fix and are not among the points.", log->joined, log->joined_fixes);
    if (log->path.null_fixes > 0)
        buffer_printf(&note, " %" PRId64 " GPS records without a fix (0/0) left out.", log->path.null_fixes);
    if (log->path.impossible_fixes > 0)
        buffer_printf(&note, " %" PRId64 " positions outside the globe left out.", log->path.impossible_fixes);
    if (log->path.leaps > 0)
        buffer_printf(&note, " %" PRId64 " times the path leaps more than %.0f km from one fix to the next.",
                      log->path.leaps, FLIGHT_LEAP_M / 1000);
    if (log->derived_times > 0)
        buffer_printf(&note, " %" PRId64 " fixes have no date of their own; their times are worked out.", log->derived_times);
    note_types(&note, log);
    const struct text kept = arena_text(log->r->arena, buffer_text(&note));
    buffer_done(&note);
    return kept;
}

static void put_flight(struct dji_dat_log *log, struct bytes whole)
{
    struct fact_flight flight;

    fact_init(FACT_FLIGHT, &flight);
    flight.head.number = log->flight;
    flight.head.origin = fact_origin_at(whole.origin, whole.len);
    flight.format = TEXT("dji-dat");
    flight.aircraft_serial = put_serials(log, whole);
    flight.start = log->path.first_utc_ns;
    flight.end = log->path.last_utc_ns;
    if (fact_known_int(flight.start)) {
        flight.duration_s = (double)(flight.end - flight.start) / (double)NS_PER_S;
        flight.time_basis = TEXT("utc");
    }
    flight_path_describe(&log->path, &flight);
    if (log->path.points > 0)
        flight.alt_ref = TEXT("msl");
    flight.encrypted_records = 0;
    flight.note = note_text(log, whole);
    fact_put(log->r->facts, FACT_FLIGHT, &flight);
}

static void report_gaps(struct dji_dat_log *log)
{
    const struct dji_dat_walk *w = &log->walk;
    const uint64_t lost = w->gap_bytes - w->joined_bytes;

    if (lost > 0)
        reading_damage(log->r, dji_dat_walk_first_lost(w), (int64_t)lost, FACT_UNKNOWN_INT,
                       "%" PRIu64 " bytes belong to no record; this is where the first of them lie", lost);
}

static void begin(struct dji_dat_log *log, struct reading *r, struct bytes whole, char serial[SERIAL_LENGTH])
{
    log->r = r;
    log->header_serial = serial_in(bytes_part(whole, SERIAL_OFFSET, SERIAL_LENGTH), SERIAL_KEY, serial);
    log->anchor_utc_ns = FACT_UNKNOWN_INT;
    log->flight = fact_reserve(r->facts, FACT_FLIGHT);
    flight_path_init(&log->path);
    fact_init(FACT_POSITION, &log->row);
    log->row.flight = log->flight;
    log->row.subject = TEXT("aircraft");
    log->row.alt_ref = TEXT("msl");
    dji_dat_walk_init(&log->walk, record_area(whole));
}

enum parse_status dji_dat_read(struct reading *r, struct bytes whole)
{
    struct dji_dat_log *log;
    struct dji_dat_record record;
    char serial[SERIAL_LENGTH];
    uint64_t passed = 0;

    if (!has_header(whole))
        return PARSE_INVALID;
    log = arena_alloc(r->arena, 1, sizeof *log);
    if (!log)
        return PARSE_UNSUPPORTED;
    begin(log, r, whole, serial);
    while (dji_dat_walk_next(&log->walk, &record)) {
        take_record(log, &record);
        if (r->passed && log->walk.at - passed >= PASSED_STEP) {
            passed = log->walk.at;
            r->passed(r, log->walk.area.origin + passed);
        }
    }
    report_gaps(log);
    put_flight(log, whole);
    if (log->walk.area.len == 0)
        return PARSE_TRUNCATED;
    return log->records > 0 ? PARSE_OK : PARSE_UNSUPPORTED;
}
