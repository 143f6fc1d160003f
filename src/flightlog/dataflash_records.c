/* Records with places, times, names.  Source of names, columns and units: ArduPilot
 * libraries/AP_Logger/LogStructure.h and those of its libraries, and real logs; older names of columns
 * stand behind the newer ones. */
#include "flightlog/dataflash_records.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "flightlog/board_text.h"
#include "flightlog/dataflash_frame.h"

enum {
    NAMES_MAX = 3, STATUS_2D = 2, ORIGIN_OF_ESTIMATOR = 0, TYPES_TEXT_MAX = 1900,
    SOURCES_OF_INSTANCES = 3,
};

enum use {
    USE_TIME_US, USE_TIME_MS, USE_LATITUDE, USE_LONGITUDE, USE_ALTITUDE, USE_INSTANCE, USE_STATUS, USE_WEEK, USE_WEEK_MS, USE_KIND,
    USE_TEXT, USE_VALUE, USE_UID_1, USE_UID_2, USE_COUNT
};

_Static_assert(USE_COUNT <= sizeof ((struct dataflash_format *)0)->column, "room for each use");

struct role {
    const char *name;
    void (*take)(struct dataflash_log *log, const struct dataflash_record *record, int64_t at_us);
    unsigned source;          /* of the path */
    const char *subject;
    const char *column[USE_COUNT][NAMES_MAX];
};

static const char *const source_names[] = { "GPS", "GPS of the second receiver", "GPS of other receivers", "POS",
                                            "AHR2" };
enum { SOURCE_GPS, SOURCE_GPS_2, SOURCE_GPS_N, SOURCE_POS, SOURCE_AHR2, SOURCE_COUNT };

static double real(const struct dataflash_record *r, enum use use)
{
    return dataflash_real(r, r->format->column[use]);
}

static int64_t integer(const struct dataflash_record *r, enum use use)
{
    return dataflash_int(r, r->format->column[use]);
}

static struct flight_point point_of(const struct dataflash_record *r)
{
    const double altitude_m = real(r, USE_ALTITUDE);

    return (struct flight_point){ real(r, USE_LONGITUDE), real(r, USE_LATITUDE),
                                  isfinite(altitude_m) ? altitude_m : FACT_UNKNOWN_REAL };
}

static bool put(struct dataflash_log *log, const struct dataflash_record *r, const char *subject, const char *alt_ref,
                int64_t at_us)
{
    const struct flight_time time = boot_clock_time(&log->clock, at_us);

    return flight_rows_put(&log->rows, subject, r->where, point_of(r), alt_ref, &time);
}

static void take_fix(struct dataflash_log *log, const struct dataflash_record *r, int64_t at_us)
{
    const struct role *role = r->format->role;
    const struct flight_point at = point_of(r);
    const int64_t instance = integer(r, USE_INSTANCE), status = integer(r, USE_STATUS);
    unsigned source = role->source;

    if (role->source < SOURCES_OF_INSTANCES && instance > 0)
        source = instance < SOURCES_OF_INSTANCES ? (unsigned)instance : SOURCE_GPS_N;
    if (r->format->column[USE_WEEK] >= 0)
        boot_clock_learn(&log->clock, at_us, gps_time_utc_us(integer(r, USE_WEEK), integer(r, USE_WEEK_MS)));
    if (log->looking_ahead) {
        if (flight_path_accepts(NULL, at.longitude_deg, at.latitude_deg))
            path_sources_expect(&log->sources, source, fact_known_int(at_us) ? at_us : 0);
        return;
    }
    const int64_t now_us = fact_known_int(at_us) ? at_us : 0;
    struct flight_path *refused_by = path_sources_leads(&log->sources, source, now_us) ? &log->rows.path : NULL;
    if (!flight_path_accepts(refused_by, at.longitude_deg, at.latitude_deg))
        return;
    log->without_fix += fact_known_int(status) && status < STATUS_2D;
    if (path_sources_take(&log->sources, source, now_us))
        put(log, r, "aircraft", "msl", at_us);
}

/* Type 0 is where the estimator began, type 1 home. */
static void take_origin(struct dataflash_log *log, const struct dataflash_record *r, int64_t at_us)
{
    if (integer(r, USE_KIND) != ORIGIN_OF_ESTIMATOR) {
        flight_rows_home(&log->rows, r->where, point_of(r), "msl");
    } else if (put(log, r, "home", "msl", at_us) && !log->origin_known) {
        log->origin_known = true;
        log->origin = point_of(r);
    }
}

static void take_place(struct dataflash_log *log, const struct dataflash_record *r, int64_t at_us)
{
    const struct role *role = r->format->role;
    const struct flight_point at = point_of(r);

    if (at.longitude_deg == 0 && at.latitude_deg == 0)
        return; /* a command of a mission without a place */
    put(log, r, role->subject, "unknown", at_us);
}

static void take_picture(struct dataflash_log *log, const struct dataflash_record *r, int64_t at_us)
{
    put(log, r, "camera", "msl", at_us);
}

bool dataflash_records_title(struct dataflash_log *log, struct bytes line)
{
    const struct text title = text_of_bytes(line);

    if (!board_text_is_firmware(title))
        return false;
    log->title = arena_text(log->r->arena, title);
    return true;
}

static void take_message(struct dataflash_log *log, const struct dataflash_record *r, int64_t at_us)
{
    const struct text line = dataflash_text(r, r->format->column[USE_TEXT]);
    struct text board, number;

    if (!text_known(line))
        return;
    const struct log_message message = {
        .text = line, .since_us = log_messages_since(log->clock.first_us, at_us), .time = boot_clock_time(&log->clock,
                                                                                                          at_us),
        .origin = fact_origin_at(r->where.origin, r->where.len),
    };
    log_messages_add(&log->messages, log->r->facts, log->rows.row.head.number, &message);
    if (!text_known(log->number) && board_text_parse(line, &board, &number)) {
        log->board = arena_text(log->r->arena, board);
        log->number = arena_text(log->r->arena, number);
        log->number_origin = fact_origin_at(r->where.origin, r->where.len);
    }
    if (!text_known(log->firmware) && board_text_is_firmware(line))
        log->firmware = arena_text(log->r->arena, line);
}

static void take_parameter(struct dataflash_log *log, const struct dataflash_record *r, int64_t at_us)
{
    const struct text name = dataflash_text(r, r->format->column[USE_TEXT]);
    const double value = real(r, USE_VALUE);
    const char *kind = text_known(name) ? board_parameter_kind(name) : NULL;

    (void)at_us;
    log->parameters++;
    if (kind && isfinite(value) && value != 0 && fabs(value) < 1e15)
        flight_rows_identifier(&log->rows, kind, arena_printf(log->r->arena, "%.0f", value), FACT_UNKNOWN_INT,
                               fact_origin_at(r->where.origin, r->where.len));
}

static void take_version(struct dataflash_log *log, const struct dataflash_record *r, int64_t at_us)
{
    const struct text name = dataflash_text(r, r->format->column[USE_TEXT]);

    (void)at_us;
    if (!text_known(log->firmware) && text_known(name))
        log->firmware = arena_text(log->r->arena, name);
}

/* Up to 64 bits without a sign. */
static bool number_of(const struct dataflash_record *r, enum use use, uint64_t *ret)
{
    const int column = r->format->column[use];
    const uint64_t ten = 10;

    if (column < 0 || (!r->is_text && r->format->letters[column] != 'Q'))
        return false;
    struct cursor c = cursor_over(bytes_part(r->body, r->format->offset[column], sizeof *ret));
    if (!r->is_text) {
        *ret = cursor_u64le(&c);
        return !c.failed;
    }
    const struct text t = dataflash_text(r, column);
    *ret = 0;
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] < '0' || t.at[i] > '9' || __builtin_mul_overflow(*ret, ten, ret) ||
            __builtin_add_overflow(*ret, (uint64_t)(t.at[i] - '0'), ret))
            return false;
    return t.len > 0;
}

/* CAND: what is on the CAN bus, a receiver or an ESC, with the 16 bytes of its unique number as two whole numbers. */
static void take_node(struct dataflash_log *log, const struct dataflash_record *r, int64_t at_us)
{
    const struct text name = dataflash_text(r, r->format->column[USE_TEXT]);
    struct fact_device device;
    uint64_t half[2];
    uint8_t number[16];
    char hex[2 * sizeof number];

    (void)at_us;
    if (!number_of(r, USE_UID_1, &half[0]) || !number_of(r, USE_UID_2, &half[1]) || (half[0] == 0 && half[1] == 0))
        return;
    for (size_t i = 0; i < sizeof number; i++)
        number[i] = (uint8_t)(half[i / 8] >> 8 * (i % 8));
    hash_hex(number, sizeof number, hex);
    fact_init(FACT_DEVICE, &device);
    device.head.origin = fact_origin_at(r->where.origin, r->where.len);
    device.role = TEXT("other");
    if (text_known(name) && name.len > 0)
        device.model = arena_text(log->r->arena, name);
    device.serial = arena_text(log->r->arena, (struct text){ hex, sizeof hex });
    (void)flight_rows_device(&log->rows, &device);
}

#define TIMES [USE_TIME_US] = { "TimeUS" }, [USE_TIME_MS] = { "TimeMS" }
#define PLACE [USE_LATITUDE] = { "Lat" }, [USE_LONGITUDE] = { "Lng", "Lon" }, [USE_ALTITUDE] = { "Alt" }
/* In old logs TimeMS of a GPS record is the receiver's, and T the vehicle's. */
#define RECEIVER PLACE, [USE_TIME_US] = { "TimeUS" }, [USE_TIME_MS] = { "T" }, [USE_INSTANCE] = { "I" }, [USE_STATUS] = { "Status" }, \
    [USE_WEEK] = { "GWk", "Week" }, [USE_WEEK_MS] = { "GMS", "TimeMS" }

static const struct role roles[] = {
    { "GPS", take_fix, SOURCE_GPS, NULL, { RECEIVER } },
    { "GPS2", take_fix, SOURCE_GPS_2, NULL, { RECEIVER } },
    { "POS", take_fix, SOURCE_POS, NULL, { TIMES, PLACE } },
    { "AHR2", take_fix, SOURCE_AHR2, NULL, { TIMES, PLACE } },
    { "ORGN", take_origin, 0, NULL, { TIMES, PLACE, [USE_KIND] = { "Type" } } },
    { "CMD", take_place, 0, "target", { TIMES, PLACE } },
    { "MISE", take_place, 0, "target", { TIMES, PLACE } },
    { "RALY", take_place, 0, "target", { TIMES, PLACE } },
    { "FNCE", take_place, 0, "target", { TIMES, PLACE } },
    { "CAM", take_picture, 0, NULL, { TIMES, PLACE } },
    { "TRIG", take_picture, 0, NULL, { TIMES, PLACE } },
    { "MSG", take_message, 0, NULL, { TIMES, [USE_TEXT] = { "Message" } } },
    { "PARM", take_parameter, 0, NULL, { TIMES, [USE_TEXT] = { "Name" }, [USE_VALUE] = { "Value" } } },
    { "CAND", take_node, 0, NULL,
      { TIMES, [USE_TEXT] = { "Name" }, [USE_UID_1] = { "UID1" }, [USE_UID_2] = { "UID2" } } },
    { "VER", take_version, 0, NULL, { TIMES, [USE_TEXT] = { "FWS" } } },
};
/* What every record is asked for. */
static const struct role any_role = { NULL, NULL, 0, NULL, { TIMES } };

void dataflash_records_begin(struct dataflash_log *log, struct reading *r)
{
    log->r = r;
    path_sources_init(&log->sources, source_names, SOURCE_COUNT);
    boot_clock_init(&log->clock, FACT_UNKNOWN_INT);
}

static void find_columns(struct dataflash_format *f)
{
    const struct role *role = &any_role;

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (text_equal(f->name, text_of(roles[i].name)))
            role = &roles[i];
    for (int use = 0; use < USE_COUNT; use++)
        for (int n = 0; n < NAMES_MAX && role->column[use][n] && f->column[use] < 0; n++)
            f->column[use] = (int8_t)dataflash_column(f, role->column[use][n]);
    f->role = role;
}

/* Logs that were put together tell all layouts again. */
static bool is_known_already(const struct dataflash_log *log, int64_t type, struct text name, struct text letters,
                             struct text columns)
{
    if (type < 0 || type > UINT8_MAX || !log->formats[type].known)
        return false;
    const struct dataflash_format *f = &log->formats[type];
    return text_equal(f->name, name) && text_equal(f->columns_text, columns) &&
           text_equal((struct text){ f->letters, f->count }, letters);
}

/* The table of formats has the layout of its own records, too: it is the first that is written. */
struct dataflash_format *dataflash_records_define(struct dataflash_log *log, const struct dataflash_record *fmt)
{
    static const char *const columns[] = { "Type", "Length", "Name", "Format", "Columns" };
    int at[5];

    for (int i = 0; i < 5; i++)
        at[i] = dataflash_column(fmt->format, columns[i]);
    const int64_t type = dataflash_int(fmt, at[0]), bytes = dataflash_int(fmt, at[1]);
    const struct text name = dataflash_text(fmt, at[2]), letters = dataflash_text(fmt, at[3]),
        told = dataflash_text(fmt, at[4]);
    const bool bare = bytes == DATAFLASH_HEAD && letters.len == 0 && told.len == 0; /* STRT of 2014: a record without content */
    struct dataflash_format f;
    if (type == DATAFLASH_FMT && text_equal(name, TEXT("FMT")) && text_equal(letters, TEXT("BBnNZ")))
        return NULL; /* what it is was known: logs of 2014 leave out the last of its columns */
    if (is_known_already(log, type, name, letters, told))
        return &log->formats[type];
    if (type < 0 || type > UINT8_MAX || bytes < 0 || bytes > UINT8_MAX ||
        !dataflash_format_set(&f, log->r->arena, (uint8_t)type, fmt->is_text ? 0 : (uint8_t)bytes, name,
                              bare ? TEXT("") : letters, bare ? TEXT("") : told)) {
        log->bad_formats++;
        if (!log->looking_ahead)
            reading_damage(log->r, fmt->where.origin, (int64_t)fmt->where.len, 1,
                           "the layout of a kind of record makes no sense: records of this kind cannot be read");
        return NULL;
    }
    find_columns(&f);
    struct dataflash_format *kept = &log->formats[type];
    f.records = kept->known && text_equal(kept->name, f.name) ? kept->records : 0;
    *kept = f;
    return kept;
}

void dataflash_records_take(struct dataflash_log *log, const struct dataflash_record *r)
{
    const struct role *role = r->format->role;
    int64_t at_us = integer(r, USE_TIME_US), at_ms;

    if (!fact_known_int(at_us) && fact_known_int(at_ms = integer(r, USE_TIME_MS)) && at_ms >= 0 &&
        at_ms < INT64_MAX / 1000)
        at_us = at_ms * 1000;
    log->records++;
    log_gap_over(&log->gap, log->r, at_us);
    boot_clock_follow(&log->clock, at_us);
    if (role->take && (!log->looking_ahead || role->take == take_fix))
        role->take(log, r, at_us);
}

static int by_records(const void *a, const void *b)
{
    const struct dataflash_format *x = *(const struct dataflash_format *const *)a,
        *y = *(const struct dataflash_format *const *)b;

    if (x->records != y->records)
        return x->records < y->records ? 1 : -1;
    return x->type - y->type;
}

static void note_kinds(struct dataflash_log *log)
{
    const struct dataflash_format *kinds[DATAFLASH_FORMATS_MAX];
    size_t count = 0;
    struct buffer text;

    for (size_t i = 0; i < DATAFLASH_FORMATS_MAX; i++)
        if (log->formats[i].records > 0)
            kinds[count++] = &log->formats[i];
    qsort(kinds, count, sizeof *kinds, by_records);
    buffer_init(&text, TYPES_TEXT_MAX);
    buffer_printf(&text, "%" PRId64 " records of %zu kinds: %" PRId64 " FMT", log->records + log->fmt_records,
                  count + 1, log->fmt_records);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, ", %" PRId64 " %.*s", kinds[i]->records, (int)kinds[i]->name.len, kinds[i]->name.at);
    flight_rows_note(&log->rows, "%.*s%s", (int)text.len, (const char *)text.at,
                     text.overflowed ? " and others." : ".");
    buffer_done(&text);
    for (size_t i = 0; i < 256; i++)
        if (log->unknown[i] > 0)
            flight_rows_note(&log->rows,
                             "%" PRId64 " records of type %zu, whose layout the log does not tell, were not read.",
                             log->unknown[i], i);
}

static void put_device(struct dataflash_log *log)
{
    struct fact_device device;

    if (!text_known(log->board) && !text_known(log->number) && !text_known(log->firmware))
        return;
    fact_init(FACT_DEVICE, &device);
    device.head.origin = log->number_origin;
    device.role = TEXT("aircraft");
    device.model = log->board;
    device.serial = log->number;
    device.firmware = log->firmware;
    flight_rows_device(&log->rows, &device);
}

void dataflash_records_put_flight(struct dataflash_log *log, struct bytes whole, bool is_text)
{
    struct flight_rows *rows = &log->rows;

    if (!text_known(log->number))
        log->number_origin = fact_origin_at(whole.origin, whole.len);
    if (!text_known(log->firmware))
        log->firmware = log->title;
    put_device(log);
    flight_rows_note(rows, "ArduPilot log%s%s%.*s.", is_text ? " as text" : "",
                     text_known(log->firmware) ? " of " : "", (int)log->firmware.len, text_known(log->firmware) ? log->firmware.at : "");
    boot_clock_describe(&log->clock, rows);
    path_sources_note(&log->sources, rows);
    if (log->without_fix > 0)
        flight_rows_note(rows, "%" PRId64 " of the receiver's positions are marked as no fix: last known or guessed ones.",
                         log->without_fix);
    note_kinds(log);
    flight_rows_note(rows, "Parameters: %" PRId64 ".", log->parameters);
    log_messages_note(&log->messages, rows);
    path_home_describe(rows, log->origin_known ? &log->origin : NULL);
    flight_rows_end(rows, whole);
}
