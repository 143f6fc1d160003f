/* DJI flight controller log; little-endian.  Header measured on eight real files of one make (Matrice 350 RTK, build of
 * June 2023); the two marks also in abrignoni/ALEAPP scripts/artifacts/djiFlightRecords.py, for older aircraft.
 *
 *   offset  size  field
 *       16     5  "BUILD", then the firmware's build date, NUL-terminated         measured
 *     0x3A    16  serial number of the aircraft, each byte XOR 0x55               measured
 *      242    10  "DJI_LOG_V3": records from 256; without it from 128             read
 *
 * Records are framed in dji_dat_frame.c and read in dji_dat_records.c. */
#include "flightlog/dji_dat.h"

#include <inttypes.h>
#include <math.h>

#include "flightlog/dji_dat_log.h"

#define STEP(literal) { .at = (literal), .len = sizeof(literal) - 1 } /* TEXT is no constant */

enum {
    BUILD_OFFSET = 16, BUILD_MAX = 32, SERIAL_OFFSET = 0x3a, SERIAL_KEY = 0x55,
    MARK_OFFSET = 242, MARK_LENGTH = 10, RECORDS_V3 = 256, RECORDS_OLD = 128,
    LOGS_MAX = 64, /* one behind the other in one file; more are read as one */
    PROBE_SPAN = 65536, PASSED_STEP = 1 << 20, AHEAD_SPAN = 1 << 20,
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

/* Lesser sources begin earlier than better ones; the path must not begin with them. */
static void look_ahead(struct dji_dat_log *log, struct bytes area, bool others)
{
    struct dji_dat_record record;

    dji_dat_walk_init(&log->walk, bytes_part(area, 0, AHEAD_SPAN));
    log->walk.splits = others;
    dji_dat_clock_init(&log->clock);
    log->looking_ahead = true;
    while (!fact_known_int(log->sources.last_us[0]) && dji_dat_walk_next(&log->walk, &record)) {
        if (!record.joined)
            dji_dat_clock_follow(&log->clock, record.tick);
        dji_dat_records_take(log, &record);
    }
    log->looking_ahead = false;
    log->attitude = FLIGHT_ATTITUDE_UNKNOWN;
    dji_dat_walk_init(&log->walk, area);
    log->walk.splits = others;
    dji_dat_clock_init(&log->clock);
}

/* Bytes that were passed over before this record, and the time that passed with them. */
static void follow_loss(struct dji_dat_log *log, int64_t ticks_before)
{
    const int64_t passed = log->clock.ticks - ticks_before;

    if (log->walk.lost_bytes > log->lost_bytes)
        log->lost_ticks += passed;
    log->lost_bytes = log->walk.lost_bytes;
}

static void take_record(struct dji_dat_log *log, const struct dji_dat_record *record)
{
    if (record->joined) {
        log->joined++;
    } else {
        const int64_t ticks_before = log->clock.ticks;
        log->records++;
        log->counts[record->type]++;
        dji_dat_clock_follow(&log->clock, record->tick);
        follow_loss(log, ticks_before);
    }
    dji_dat_records_take(log, record);
}

static void put_aircraft(struct dji_dat_log *log, struct text serial, struct fact_origin origin)
{
    struct fact_device device;

    fact_init(FACT_DEVICE, &device);
    device.head.origin = origin;
    device.role = TEXT("aircraft");
    device.vendor = TEXT("DJI");
    device.serial = serial;
    flight_rows_device(&log->rows, &device);
}

static void put_serials(struct dji_dat_log *log, struct bytes whole)
{
    static const struct text steps[] = { STEP("XOR 0x55") };
    char serial[DJI_DAT_SERIAL_LENGTH];
    const struct text found = dji_dat_serial(bytes_part(whole, SERIAL_OFFSET, DJI_DAT_SERIAL_LENGTH), SERIAL_KEY,
                                             serial);

    if (text_known(found)) {
        struct fact_origin origin = fact_origin_at(whole.origin + SERIAL_OFFSET, found.len);
        origin.steps = (struct text_list){ steps, 1 };
        put_aircraft(log, arena_text(log->r->arena, found), origin);
    }
    if (text_known(log->record_serial) && !text_equal(found, log->record_serial))
        put_aircraft(log, log->record_serial, log->record_serial_origin);
}

static void put_flight(struct dji_dat_log *log, struct bytes whole)
{
    struct flight_rows *rows = &log->rows;
    const struct text build = text_of_padded(bytes_part(whole, BUILD_OFFSET, BUILD_MAX));

    put_serials(log, whole);
    flight_rows_note(rows, "DJI flight controller log, readable without a key. Firmware %.*s.", (int)build.len,
                     build.at);
    if (!is_v3(whole))
        flight_rows_note(rows, "An older form: untested on real files.");
    dji_dat_clock_note(&log->clock, rows);
    dji_dat_records_note(log);
    flight_rows_end(rows, whole);
}

static void report_loss(struct dji_dat_log *log)
{
    const struct dji_dat_walk *w = &log->walk;
    const uint64_t lost = w->gap_bytes - w->joined_bytes, read = w->area.len - lost;
    const int64_t records = log->records + log->joined;

    if (lost > 0)
        reading_damage(log->r, dji_dat_walk_first_lost(w), (int64_t)lost, FACT_UNKNOWN_INT,
                       "%" PRIu64 " bytes belong to no record; this is where the first of them lie. By the others' length that "
                       "is some %.0f records; %.3f s of the log's counter passed from those before them to those behind",
                       lost, records > 0 ? ceil((double)lost * (double)records / (double)read) : 0,
                       dji_dat_clock_seconds(&log->clock, log->lost_ticks));
}

/* Reads up to where the next log begins, when `others` are expected; gives that in ret_end. */
static enum parse_status read_one(struct reading *r, struct bytes whole, bool others, size_t *ret_end)
{
    struct dji_dat_log *log;
    struct dji_dat_record record;
    uint64_t passed = 0;

    *ret_end = whole.len;
    log = arena_alloc(r->arena, 1, sizeof *log);
    if (!log)
        return PARSE_UNSUPPORTED;
    log->r = r;
    flight_rows_begin(&log->rows, r, "dji-dat");
    dji_dat_records_begin(log);
    look_ahead(log, record_area(whole), others);
    while (dji_dat_walk_next(&log->walk, &record)) {
        take_record(log, &record);
        if (r->passed && log->walk.at - passed >= PASSED_STEP) {
            passed = log->walk.at;
            r->passed(r, log->walk.area.origin + passed);
        }
    }
    report_loss(log);
    if (log->walk.ends_at_log)
        *ret_end = (size_t)(log->walk.area.at - whole.at) + log->walk.next_log;
    put_flight(log, bytes_part(whole, 0, *ret_end));
    if (log->walk.area.len == 0 && log->walk.ends_at_log)
        reading_damage(r, whole.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "a log of which nothing but the header is there: another begins behind it");
    else if (log->walk.area.len == 0)
        return PARSE_TRUNCATED;
    return log->records > 0 ? PARSE_OK : PARSE_UNSUPPORTED;
}

enum parse_status dji_dat_read(struct reading *r, struct bytes whole)
{
    enum parse_status status = PARSE_OK;
    size_t end;

    if (!has_header(whole))
        return PARSE_INVALID;
    for (int logs = 1; logs == 1 || whole.len > 0; logs++, whole = bytes_part(whole, end, UINT64_MAX)) {
        const enum parse_status one = read_one(r, whole, logs < LOGS_MAX, &end);
        status = status == PARSE_OK ? one : status;
    }
    return status;
}
