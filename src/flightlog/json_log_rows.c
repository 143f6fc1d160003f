#include "flightlog/json_log_rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "flightlog/log_clock.h"

enum { PASSED_STEP = 1 << 20 };

const struct json_shape_paths json_shapes[] = {
    [SHAPE_GUTMA] = { "gutma", "exchange.message.flight_logging.flight_logging_keys[]",
                      "exchange.message.flight_logging.flight_logging_items[][]",
                          "exchange.message.flight_logging.logging_start_dtg", 1 },
    [SHAPE_PARROT] = { "parrot-json", "details_headers[]", "details_data[][]", "date", 1e-3 },
};

static double value_of(const struct json_log *log, enum csv_column column)
{
    const int at = log->columns.at[column];

    return at >= 0 && (size_t)at < log->column && at < JSON_COLUMNS_MAX ? log->values[at] : FACT_UNKNOWN_REAL;
}

/* Seconds or milliseconds since the start, or since 1970 where they are that large. */
static struct flight_time time_of_row(struct json_log *log)
{
    double value = FACT_UNKNOWN_REAL;
    int64_t ns, sum;

    if (log->row_time.basis) {
        log->dated++;
        return log->row_time;
    }
    for (int i = 0; i < 3 && isnan(value); i++) {
        static const enum csv_column columns[] = { CSV_DATETIME, CSV_CLOCK, CSV_ELAPSED };
        value = value_of(log, columns[i]);
    }
    if (log_clock_unix(value, &ns))
        return (struct flight_time){ ns, FACT_UNKNOWN_INT, "utc" };
    if (!(fabs(value) < 9e9))
        return FLIGHT_TIME_UNKNOWN;
    ns = (int64_t)llround(value * json_shapes[log->shape].tick_s * (double)NS_PER_S);
    if (!fact_known_int(log->start_ns) || __builtin_add_overflow(log->start_ns, ns, &sum) || sum == FACT_UNKNOWN_INT)
        return FLIGHT_TIME_UNKNOWN;
    if (log->start_utc)
        return (struct flight_time){ sum, FACT_UNKNOWN_INT, "derived" };
    return (struct flight_time){ FACT_UNKNOWN_INT, llabs(sum) < INT64_MAX / 2 ? sum : FACT_UNKNOWN_INT,
                                 "zone_unknown" };
}

static double altitude_of(const struct json_log *log, const char **alt_ref)
{
    const struct text heights = log->said.text[SAID_HEIGHTS];
    double altitude = value_of(log, CSV_ALTITUDE);

    *alt_ref = "unknown";
    if (log->shape == SHAPE_PARROT)
        return FACT_UNKNOWN_REAL;
    if (text_equal_ignoring_case(heights, TEXT("WGS84")))
        *alt_ref = "ellipsoid";
    else if (text_equal_ignoring_case(heights, TEXT("MSL")) || text_equal_ignoring_case(heights, TEXT("AMSL")))
        *alt_ref = "msl";
    if (text_equal_ignoring_case(log->said.text[SAID_UNITS], TEXT("Imperial")))
        altitude *= 0.3048;
    return altitude;
}

static void put_operator(struct json_log *log, struct bytes at, const struct flight_time *time)
{
    const struct flight_point p = { value_of(log, CSV_OPERATOR_LONGITUDE), value_of(log, CSV_OPERATOR_LATITUDE),
                                    FACT_UNKNOWN_REAL };

    if (isnan(p.longitude_deg) || isnan(p.latitude_deg) ||
        (log->operator_known && p.longitude_deg == log->operator_at.longitude_deg &&
         p.latitude_deg == log->operator_at.latitude_deg))
        return;
    if (flight_rows_put(&log->rows, "operator", at, p, "unknown", time)) {
        log->operator_at = p;
        log->operator_known = true;
    }
}

void json_log_put_row(struct json_log *log, uint64_t to)
{
    const struct bytes at = bytes_part(log->whole, log->row_from - log->whole.origin, to - log->row_from);
    const struct flight_time time = time_of_row(log);
    struct flight_point p = { value_of(log, CSV_LONGITUDE), value_of(log, CSV_LATITUDE), FACT_UNKNOWN_REAL };
    const char *alt_ref;

    log->in_row = false;
    log->row_time = FLIGHT_TIME_UNKNOWN;
    log->behind_rows = to;
    if (log->width == 0)
        log->width = log->column;
    if (log->column != log->width) {
        reading_damage(log->rows.r, at.origin, (int64_t)at.len, 1, "a row of %zu values, where others have %zu: it was "
                       "not read", log->column, log->width);
        return;
    }
    log->rows_read++;
    put_operator(log, at, &time);
    if (isnan(p.longitude_deg) || isnan(p.latitude_deg)) {
        log->without_position++;
        return;
    }
    p.altitude_m = altitude_of(log, &alt_ref);
    flight_rows_put(&log->rows, "aircraft", at, p, alt_ref, &time);
}

/* A date in the column of times, as Yuneec's DataPilot writes for the service Skyward. */
static void take_date(struct json_log *log, struct text text)
{
    static const enum csv_column columns[] = { CSV_DATETIME_UTC, CSV_DATETIME, CSV_DATETIME_LOCAL, CSV_CLOCK };
    struct log_clock clock;

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (log->columns.at[columns[i]] == (int)log->column && log_clock_take(&text, &clock) && clock.has_date &&
            clock.has_time) {
            log->row_time = clock.zoned ? (struct flight_time){ clock.ns, FACT_UNKNOWN_INT, "utc" }
                                        : (struct flight_time){ FACT_UNKNOWN_INT, clock.ns, "zone_unknown" };
            return;
        }
}

void json_log_take_value(struct json_log *log, const struct json_event *e)
{
    double value = FACT_UNKNOWN_REAL;

    if (log->column < JSON_COLUMNS_MAX) {
        if ((e->kind == JSON_NUMBER || e->kind == JSON_TEXT) && !text_to_real(e->text, &value)) {
            value = FACT_UNKNOWN_REAL;
            take_date(log, e->text);
        }
        log->values[log->column] = value;
    }
    log->column++;
}

void json_log_pass(struct json_log *log, uint64_t origin)
{
    if (!log->rows.r->passed || origin - log->whole.origin - log->passed < PASSED_STEP)
        return;
    log->passed = origin - log->whole.origin;
    log->rows.r->passed(log->rows.r, origin);
}

void json_log_put_pud(struct json_log *log)
{
    const size_t row_bytes = pud_row_bytes(&log->pud);
    struct bytes rest = log->pud_rows;
    double last_ms = FACT_UNKNOWN_REAL, step_ms = FACT_UNKNOWN_REAL;

    if (rest.len > 0 && row_bytes == 0)
        reading_damage(log->rows.r, rest.origin, (int64_t)rest.len, FACT_UNKNOWN_INT,
                       "the document does not say how the rows behind it are made: they were not read");
    while (row_bytes > 0 && rest.len >= row_bytes) {
        const size_t lost = pud_lost(&log->pud, rest, last_ms, step_ms);
        const struct bytes row = bytes_part(rest, lost, row_bytes);
        if (row.len == row_bytes)
            pud_row_read(&log->pud, row, log->values);
        const double ms = row.len == row_bytes && log->pud.time >= 0 ? log->values[log->pud.time] : FACT_UNKNOWN_REAL;
        if (lost > 0 && ms > last_ms) /* NaN fails */
            reading_damage(log->rows.r, rest.origin, (int64_t)lost, (int64_t)((lost + row_bytes - 1) / row_bytes),
                           "no row of the log in these bytes, %.3f s by its clock", (ms - last_ms) / 1000);
        else if (lost > 0)
            reading_damage(log->rows.r, rest.origin, (int64_t)lost, (int64_t)((lost + row_bytes - 1) / row_bytes),
                           "no row of the log in these bytes");
        rest = bytes_part(rest, lost + row.len, UINT64_MAX);
        if (row.len < row_bytes)
            break;
        if (lost == 0 && ms > last_ms)
            step_ms = ms - last_ms;
        last_ms = ms;
        log->column = log->pud.count;
        log->row_from = row.origin;
        json_log_put_row(log, row.origin + row.len);
        json_log_pass(log, row.origin);
    }
    if (row_bytes > 0 && rest.len > 0)
        reading_damage(log->rows.r, rest.origin, (int64_t)rest.len, 1, "the log ends inside its last row");
}
