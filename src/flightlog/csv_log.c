#include "flightlog/csv_log.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "flightlog/csv_devices.h"
#include "flightlog/csv_time.h"
#include "flightlog/flight_rows.h"

enum {
    PASSED_STEP = 1 << 20, PROBE_ROWS = 3, PROBE_ROWS_MAX = 4096, /* of recognising: with something where the place is, and of all */
    TABLES_MAX = 64, /* one behind the other in one file; more are read as one */
    HEADINGS_TRIED = 256,
};

/* From one row to the next: no log waits so many seconds, so that numbers which step so far count microseconds, and
 * from no known day. */
#define COUNTER_STEP_MIN 10000
#define COUNTER_MAX 1e12


/* Places */

static double altitude_of(const struct csv_log *log, const char **alt_ref)
{
    static const struct { enum csv_column column; const char *alt_ref; } kinds[] = {
        { CSV_HEIGHT, "takeoff" }, { CSV_ALTITUDE_MSL, "msl" }, { CSV_ALTITUDE_ELLIPSOID, "ellipsoid" },
        { CSV_ALTITUDE, "unknown" },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const double unit = log->columns.unit[kinds[i].column], value = csv_number_of(log, kinds[i].column);
        if (isnan(value))
            continue;
        *alt_ref = kinds[i].alt_ref;
        return unit > 0 && unit != 1 ? round(value * unit * 1e6) / 1e6 : value; /* feet in metres, to the micrometre */
    }
    *alt_ref = "unknown";
    return FACT_UNKNOWN_REAL;
}

/* Home and operator stand in every row: they are put where they change. */
static void put_others(struct csv_log *log, const struct flight_time *time)
{
    struct flight_point at = { csv_number_of(log, CSV_HOME_LONGITUDE), csv_number_of(log, CSV_HOME_LATITUDE),
                               FACT_UNKNOWN_REAL };

    if (!isnan(at.longitude_deg) && !isnan(at.latitude_deg))
        flight_rows_home(&log->rows, log->row.at, at, "unknown");
    at.longitude_deg = csv_number_of(log, CSV_OPERATOR_LONGITUDE);
    at.latitude_deg = csv_number_of(log, CSV_OPERATOR_LATITUDE);
    if (isnan(at.longitude_deg) || isnan(at.latitude_deg) ||
        (log->operator_known && at.longitude_deg == log->operator_at.longitude_deg &&
         at.latitude_deg == log->operator_at.latitude_deg))
        return;
    if (flight_rows_put(&log->rows, "operator", log->row.at, at, "unknown", time)) {
        log->operator_at = at;
        log->operator_known = true;
    }
}

/* The texts of the two numbers.  A pair in one field: latitude, blanks, longitude. */
static void place_texts(const struct csv_log *log, struct text *latitude, struct text *longitude)
{
    const struct text pair = csv_field(log, CSV_PAIR);
    const char *blank;

    *latitude = csv_field(log, CSV_LATITUDE);
    *longitude = csv_field(log, CSV_LONGITUDE);
    if (log->columns.at[CSV_LATITUDE] >= 0 && log->columns.at[CSV_LONGITUDE] >= 0)
        return;
    *latitude = *longitude = (struct text){ .at = "", .len = 0 };
    if (pair.len == 0 || !(blank = memchr(pair.at, ' ', pair.len)))
        return;
    *latitude = (struct text){ .at = pair.at, .len = (size_t)(blank - pair.at) };
    while (blank < pair.at + pair.len && *blank == ' ')
        blank++;
    *longitude = (struct text){ .at = blank, .len = pair.len - (size_t)(blank - pair.at) };
}

static bool has_digit(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] >= '0' && t.at[i] <= '9')
            return true;
    return false;
}

static const char *subject_of(const struct csv_log *log)
{
    const struct csv_exporter *exporter = log->columns.exporter;

    return exporter && exporter->subject ? exporter->subject : log->columns.mission ? "target" : "aircraft";
}

static void put_place(struct csv_log *log)
{
    struct text longitude, latitude;
    const struct flight_time time = csv_time_of_row(log);
    const char *alt_ref;

    place_texts(log, &latitude, &longitude);
    struct flight_point at = { csv_coordinate(log->csv.separator, longitude),
                               csv_coordinate(log->csv.separator, latitude), FACT_UNKNOWN_REAL };
    if (log->columns.at[CSV_HOME_LATITUDE] >= 0 || log->columns.at[CSV_OPERATOR_LATITUDE] >= 0)
        put_others(log, &time);
    if (isnan(at.longitude_deg) || isnan(at.latitude_deg)) {
        if (longitude.len == 0 && latitude.len == 0) {
            log->without_position++;
        } else {
            log->not_numbers++;
            log->odd = !has_digit(longitude) || !has_digit(latitude);
            if (log->odd)
                return; /* a service's word in place of what it does not give */
            reading_damage(log->rows.r, log->row.at.origin, (int64_t)log->row.at.len, 1,
                           "a row whose position is no pair of numbers");
        }
        return;
    }
    at.altitude_m = altitude_of(log, &alt_ref);
    if (csv_place_is_scaled(latitude, longitude, &at)) { /* then the height has no known unit either */
        at = (struct flight_point){ at.longitude_deg / 1e7, at.latitude_deg / 1e7, FACT_UNKNOWN_REAL };
        log->scaled++;
    }
    flight_rows_put(&log->rows, subject_of(log), log->row.at, at, alt_ref, &time);
}

static size_t decimals_of(struct text t)
{
    const char *point = t.len > 0 ? memchr(t.at, '.', t.len) : NULL;

    return point ? t.len - (size_t)(point - t.at) : 0;
}

/* Whether the file ends within the number of a position: it has no line end, and fewer digits than the one before. */
static bool lost_digits(struct csv_log *log)
{
    const size_t last = log->row.count - 1, before = log->last_decimals;

    log->last_decimals = decimals_of(log->row.fields[last]);
    return !log->row.ended && log->last_decimals < before &&
           ((int)last == log->columns.at[CSV_LATITUDE] || (int)last == log->columns.at[CSV_LONGITUDE] ||
            (int)last == log->columns.at[CSV_PAIR]);
}

/* How many fields the row has, also behind those that are wanted.  Separators in quotes separate nothing. */
static size_t width_of(const struct csv_log *log)
{
    const struct bytes row = log->row.at;
    const uint8_t separator = (uint8_t)log->csv.separator;
    size_t count = 1;
    bool quoted = false;

    if (row.len == 0 || !memchr(row.at, '"', row.len)) {
        for (size_t i = 0; i < row.len; i++) /* many at once, in what vectors the compiler has */
            count += row.at[i] == separator;
        return count;
    }
    for (size_t i = 0; i < row.len; i++) {
        quoted ^= row.at[i] == '"';
        count += row.at[i] == separator && !quoted;
    }
    return count;
}

/* Numbers that count from a start nobody tells, and that would be taken for seconds since 1970 once they are large
 * enough. */
static bool is_counter(double first, double second)
{
    return first >= 0 && second - first >= COUNTER_STEP_MIN && second < COUNTER_MAX; /* NaN fails */
}

/* Looks at the first two rows: how wide rows are when these agree, else the heading, which stands in `row`; and whether
 * the times are any. */
static size_t look_at_rows(struct csv_log *log)
{
    const struct csv before = log->csv;
    size_t heading = log->row.count, first = 0, second = 0;
    double time = FACT_UNKNOWN_REAL;

    if (csv_next(&log->csv, &log->row)) {
        first = width_of(log);
        time = csv_number_of(log, CSV_DATETIME);
    }
    if (csv_next(&log->csv, &log->row)) {
        second = width_of(log);
        if (is_counter(time, csv_number_of(log, CSV_DATETIME)))
            log->columns.at[CSV_DATETIME] = -1;
    }
    log->csv = before;
    return first > 0 && first == second ? first : heading;
}

/* Rows that lost bytes within, or were joined by what was lost between them, have another number of fields.  Some
 * exporters do not quote the commas in their messages, so a row with more of them still tells its first ones. */
static bool has_its_width(struct csv_log *log)
{
    const struct csv_row *row = &log->row;
    const size_t width = width_of(log);

    if (log->width == 0 || width == log->width || row->cut)
        return true;
    reading_damage(log->rows.r, row->at.origin, (int64_t)row->at.len, width < log->width,
                   width < log->width ? "a row with %zu fields, where others have %zu: it is cut off, or two were joined, and was not read"
                                      : "a row with %zu fields, where others have %zu: its last ones were not read",
                   width, log->width);
    log->short_rows += width < log->width;
    return width > log->width;
}

static bool ends_early(const struct csv_log *log)
{
    const int count = (int)log->row.count, *at = log->columns.at;

    return count <= at[CSV_LATITUDE] || count <= at[CSV_LONGITUDE] || count <= at[CSV_PAIR];
}

/* A title ("#Flight Recorder Session End"), and names with their values behind one: what ends a log, or begins the
 * next. */
static bool stands_between(struct csv_log *log)
{
    const struct text first = log->row.fields[0];
    const char letter = first.len > 0 ? (char)(first.at[0] | 0x20) : 0;

    if (log->width == 0 || !ends_early(log) || first.len == 0 ||
        !(first.at[0] == '#' || (log->titled_at > 0 && letter >= 'a' && letter <= 'z')))
        return false;
    if (log->titled_at == 0)
        log->titled_at = log->row.at.origin;
    return true;
}

static void take_row(struct csv_log *log)
{
    const struct csv_row *row = &log->row;

    log->last_ended = row->ended;
    if (row->at.len > 0 && memchr(row->at.at, 0, row->at.len))
        reading_damage(log->rows.r, row->at.origin, (int64_t)row->at.len, FACT_UNKNOWN_INT,
                       "a row with zeros in it, which no text has");
    if ((row->count == 1 && row->fields[0].len == 0) || (row->at.len <= 6 && bytes_start_with(row->at, "sep=", 4)))
        return; /* a blank line, or a word to the program that opens the table */
    if (stands_between(log))
        return;
    log->rows_read++;
    if (row->cut)
        reading_damage(log->rows.r, row->at.origin, (int64_t)row->at.len, 1, "a row longer than %d bytes", CSV_ROW_MAX);
    if (ends_early(log)) {
        log->short_rows++;
        reading_damage(log->rows.r, row->at.origin, (int64_t)row->at.len, 1,
                       "a row with %zu fields ends before its position", row->count);
        return;
    }
    if (!has_its_width(log))
        return;
    if (!log->serials_told && log->rows_read < 1000)
        csv_devices_of_row(log);
    if (lost_digits(log)) {
        log->short_rows++;
        reading_damage(log->rows.r, row->at.origin, (int64_t)row->at.len, 1,
                       "the last row is cut off and was not read");
        return;
    }
    put_place(log);
}

/* What is said once */

static void note_rows(struct csv_log *log)
{
    struct flight_rows *f = &log->rows;

    flight_rows_note(f, log->columns.mission ? "A plan of a flight, no log: %" PRId64 " rows." : log->width == 0 ?
                     "Flight data that an app wrote, an object a row, not the aircraft's own log: %" PRId64 " rows." :
                     "A table of flight data that a program made, not the "
                     "aircraft's own log: %" PRId64 " rows.", log->rows_read);
    if (log->columns.exporter)
        flight_rows_note(f, "%s%s", log->columns.exporter->note,
                         log->columns.exporter->tested ? "" : " Untested on real files.");
    else
        flight_rows_note(f, "It does not say what made it, nor what moved along this track: that is taken to be the "
                         "aircraft. Columns were told by their names: untested on real files of whatever made it.");
    if (log->scaled > 0)
        flight_rows_note(f, "Positions are whole numbers, read as ten millionths of a degree; heights beside them have no known unit.");
    if (log->without_position > 0)
        flight_rows_note(f, "%" PRId64 " rows hold no position.", log->without_position);
    if (log->not_numbers > 0)
        flight_rows_note(f, "%" PRId64 " rows hold something else than numbers where the position is.",
                         log->not_numbers);
    if (log->short_rows > 0)
        flight_rows_note(f, "%" PRId64 " rows are cut off.", log->short_rows);
    if (log->rows_read > 0 && log->width > 0 && !log->last_ended)
        flight_rows_note(f, "Its last row has no line end: the file may be cut off there.");
}

static void note_times(struct csv_log *log)
{
    struct flight_rows *f = &log->rows;

    if (log->derived > 0)
        flight_rows_note(f, "Dates have a grain of a second: times are the first date and the count of milliseconds, "
                         "and may be up to a second early.");
    if (log->jumps > 0)
        flight_rows_note(f, "Dates and that count part %" PRId64 " times; times go on from the date then.", log->jumps);
    if (log->ambiguous_dates > 0)
        flight_rows_note(f, "Dates can be read in two ways: the month was taken to be the first.");
    if (log->columns.timeless)
        flight_rows_note(f, "Its rows have no times.");
    else if (f->path.points > 0 && !f->time_basis)
        flight_rows_note(f, "Times count from an unknown beginning.");
    if (fact_known_int(log->elapsed_first_ns) && !f->time_basis)
        f->row.duration_s = ((double)log->elapsed_last_ns - (double)log->elapsed_first_ns) / (double)NS_PER_S;
}

static void put_flight(struct csv_log *log, struct bytes whole)
{
    struct fact_flight *row = &log->rows.row;

    note_rows(log);
    note_times(log);
    if (log->columns.exporter)
        row->app = text_of(log->columns.exporter->name);
    if (fact_known_int(log->rows.path.first_utc_ns))
        row->time_basis = TEXT("utc");
    flight_rows_end(&log->rows, whole);
}

/* Room for a heading is too much for a stack of recognisers. */
bool csv_log_recognise(struct bytes whole)
{
    struct csv_log *log = memory_alloc_array(1, sizeof *log);
    struct text latitude, longitude;
    bool found = false;

    if (csv_columns_find(&log->csv, whole, &log->row, &log->columns)) {
        found = log->columns.exporter != NULL;
        log->csv.wanted = log->columns.wanted;
        for (int i = 0, told = 0; i < PROBE_ROWS_MAX && told < PROBE_ROWS && !found && csv_next(&log->csv, &log->row);
             i++) {
            told += csv_field(log, CSV_LATITUDE).len > 0 || csv_field(log, CSV_LONGITUDE).len > 0 ||
                csv_field(log, CSV_PAIR).len > 0;
            place_texts(log, &latitude, &longitude);
            found = !isnan(csv_coordinate(log->csv.separator, latitude)) &&
                !isnan(csv_coordinate(log->csv.separator, longitude));
        }
    }
    free(log);
    return found;
}

static void begin(struct csv_log *log, struct reading *r, const char *format)
{
    flight_rows_begin(&log->rows, r, format);
    log->rows.paced = !log->columns.mission && strcmp(subject_of(log), "aircraft") == 0;
    log->anchor_ns = log->elapsed_first_ns = log->elapsed_last_ns = FACT_UNKNOWN_INT;
}

struct csv_log *csv_table_begin(struct reading *r, const char *format, const struct csv_row *names)
{
    struct csv_log *log = arena_alloc(r->arena, 1, sizeof *log);

    if (!log || !csv_columns_read(names, &log->columns))
        return NULL;
    begin(log, r, format);
    log->csv.separator = ',';
    return log;
}

struct csv_row *csv_table_row(struct csv_log *log)
{
    return &log->row;
}

void csv_table_put(struct csv_log *log)
{
    log->row.ended = true;
    take_row(log);
}

void csv_table_device(struct csv_log *log, const struct fact_device *device)
{
    flight_rows_device(&log->rows, device);
}

void csv_table_end(struct csv_log *log, struct bytes whole)
{
    put_flight(log, whole);
}

/* A row of names where numbers are due: the heading of another table, behind which a file was put. */
static bool heads_another(struct csv_log *log, struct csv_row *again, struct csv_columns *ret)
{
    struct csv one;

    const struct text place = csv_field(log, log->columns.at[CSV_LATITUDE] >= 0 ? CSV_LATITUDE : CSV_PAIR);

    if (place.len == 0 || has_digit(place) || log->headings_tried++ >= HEADINGS_TRIED)
        return false;
    csv_init(&one, log->row.at, log->csv.separator);
    return csv_next(&one, again) && csv_columns_read(again, ret);
}

static void tell_joined(struct csv_log *log)
{
    reading_damage(log->rows.r, log->row.at.origin, (int64_t)log->row.at.len, 1,
                   "a row that is cut off, and the heading of another table right behind it");
}

/* Names that stand behind what is left of a row: the heading has more fields than the rows behind it, or begins with
 * digits.  Where those are as
 * wide as the rows before, they are of the same form, and its columns hold. */
static void look_at_heading(struct csv_log *log, const struct csv_row *again, struct csv_columns *columns)
{
    const struct csv_columns before = log->columns;
    const size_t wanted = log->csv.wanted;

    log->csv.wanted = 0;
    const size_t width = look_at_rows(log);
    log->csv.wanted = wanted;
    log->columns = before;
    const struct text first = again->count > 0 ? again->fields[0] : TEXT_UNKNOWN;
    if (width >= again->count && !(first.len > 0 && first.at[0] >= '0' && first.at[0] <= '9'))
        return;
    tell_joined(log);
    if (width == log->width)
        *columns = before;
}

/* A row that was cut off, and the heading of another table joined to it, which lost a name that is needed. */
static void look_for_heading(struct csv_log *log, struct csv_row *again, struct csv_columns *columns)
{
    struct csv one;

    log->odd = false;
    if (log->headings_tried++ >= HEADINGS_TRIED)
        return;
    csv_init(&one, log->row.at, log->csv.separator);
    if (!csv_next(&one, again))
        return;
    if (csv_columns_read(again, columns) || columns->at[CSV_LATITUDE] >= 0 || columns->at[CSV_LONGITUDE] >= 0 ||
        columns->at[CSV_PAIR] >= 0)
        tell_joined(log);
}

/* Puts the flight so far, which ends with `part`, and begins the next. */
static void next_table(struct csv_log *log, struct bytes part, const struct csv_columns *columns, size_t names)
{
    const struct csv csv = log->csv;
    struct reading *r = log->rows.r;

    put_flight(log, part);
    memset(log, 0, sizeof *log);
    log->csv = csv;
    log->columns = *columns;
    begin(log, r, "flight-csv");
    log->csv.wanted = 0;
    log->row.count = names;
    log->width = look_at_rows(log);
    log->csv.wanted = columns->wanted;
}

enum parse_status csv_log_read(struct reading *r, struct bytes whole)
{
    uint64_t passed = 0, from = 0;
    struct csv_columns columns;
    int tables = 1;

    if (!csv_log_recognise(whole))
        return PARSE_INVALID;
    struct csv_log *log = arena_alloc(r->arena, 1, sizeof *log);
    struct csv_row *again = arena_alloc(r->arena, 1, sizeof *again);
    if (!log || !again || !csv_columns_find(&log->csv, whole, &log->row, &log->columns))
        return PARSE_UNSUPPORTED;
    begin(log, r, "flight-csv");
    csv_devices_of_lines(log, bytes_part(whole, 0, log->row.at.origin - whole.origin));
    log->width = look_at_rows(log);
    log->csv.wanted = log->columns.wanted;
    while (csv_next(&log->csv, &log->row)) {
        if (tables < TABLES_MAX && log->rows_read > 0 && heads_another(log, again, &columns)) {
            const uint64_t heading = log->row.at.origin - whole.origin,
                to = log->titled_at > 0 ? log->titled_at - whole.origin : heading;
            look_at_heading(log, again, &columns);
            next_table(log, bytes_part(whole, from, to - from), &columns, again->count);
            csv_devices_of_lines(log, bytes_part(whole, to, heading - to));
            from = to;
            tables++;
            continue;
        }
        take_row(log);
        if (log->odd)
            look_for_heading(log, again, &columns);
        if (r->passed && log->csv.rest.origin - whole.origin - passed >= PASSED_STEP) {
            passed = log->csv.rest.origin - whole.origin;
            r->passed(r, whole.origin + passed);
        }
    }
    put_flight(log, bytes_part(whole, from, UINT64_MAX));
    return PARSE_OK;
}
