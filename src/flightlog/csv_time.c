#include "flightlog/csv_time.h"

#include <math.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "flightlog/log_clock.h"

/* A date may be a second behind the count, and rounding another. */
#define CLOCKS_AGREE_NS (2 * NS_PER_S)

struct stamp {
    bool known, utc, fine;  /* fine: finer than a second */
    int64_t ns;
};

static struct stamp stamp_of(struct csv_log *log, struct text t, bool utc)
{
    struct stamp s = { 0 };
    struct log_clock clock;
    struct text rest = t;
    double value;

    if (text_to_real(t, &value)) {
        s.known = s.utc = log_clock_unix(value, &s.ns);
        s.fine = true;
        return s;
    }
    if (!log_clock_take(&rest, &clock) || !clock.has_date || !clock.has_time)
        return s;
    log->ambiguous_dates += clock.ambiguous;
    return (struct stamp){ .known = true, .utc = utc || clock.zoned, .fine = !clock.whole_seconds, .ns = clock.ns };
}

/* A date and a time of day in two columns. */
static struct stamp stamp_of_two(struct csv_log *log, struct text date, struct text clock, bool utc)
{
    struct log_clock day, time;

    if (!log_clock_take(&date, &day) || !day.has_date || !log_clock_take(&clock, &time) || !time.has_time)
        return (struct stamp){ 0 };
    if (time.has_date)
        return (struct stamp){ .known = true, .utc = utc || time.zoned, .fine = !time.whole_seconds, .ns = time.ns };
    log->ambiguous_dates += day.ambiguous;
    return (struct stamp){ .known = true, .utc = utc, .fine = !time.whole_seconds, .ns = day.ns + time.ns };
}

static struct stamp stamp_of_row(struct csv_log *log)
{
    const bool dated = log->columns.at[CSV_DATE] >= 0;
    struct stamp s = { 0 };

    if (log->columns.at[CSV_DATETIME_UTC] >= 0)
        s = stamp_of(log, csv_field(log, CSV_DATETIME_UTC), true);
    if (!s.known && log->columns.at[CSV_DATETIME] >= 0)
        s = stamp_of(log, csv_field(log, CSV_DATETIME), false);
    if (!s.known && log->columns.at[CSV_DATETIME_LOCAL] >= 0)
        s = stamp_of(log, csv_field(log, CSV_DATETIME_LOCAL), false);
    for (int i = 0; i < 3 && !s.known && dated; i++) {
        static const enum csv_column clocks[] = { CSV_CLOCK, CSV_DATETIME_LOCAL, CSV_DATETIME };
        s = stamp_of_two(log, csv_field(log, CSV_DATE), csv_field(log, clocks[i]), false);
    }
    if (!s.known && !dated && log->columns.at[CSV_CLOCK] >= 0)
        s = stamp_of(log, csv_field(log, CSV_CLOCK), false);
    if (!s.known && log->columns.at[CSV_ELAPSED] >= 0) { /* timestamp_ms: counted from 1970 */
        const double unit = log->columns.unit[CSV_ELAPSED],
            seconds = csv_number_of(log, CSV_ELAPSED) * (unit > 0 ? unit : 1);
        s.known = s.utc = s.fine = seconds >= 1e9 && log_clock_unix(seconds, &s.ns);
    }
    return s;
}

static int64_t elapsed_of(const struct csv_log *log)
{
    const double unit = log->columns.unit[CSV_ELAPSED], value = csv_number_of(log, CSV_ELAPSED);
    const double ns = value * (unit > 0 ? unit : 1) * (double)NS_PER_S;

    return fabs(ns) < 9e18 ? (int64_t)llround(ns) : FACT_UNKNOWN_INT; /* NaN fails */
}

static struct flight_time time_from(const struct csv_log *log, int64_t ns, bool derived)
{
    if (log->anchor_utc)
        return (struct flight_time){ ns, FACT_UNKNOWN_INT, derived ? "derived" : "utc" };
    return (struct flight_time){ FACT_UNKNOWN_INT, ns, "zone_unknown" };
}

struct flight_time csv_time_of_row(struct csv_log *log)
{
    const struct stamp s = stamp_of_row(log);
    const int64_t elapsed_ns = elapsed_of(log);
    int64_t since, ns;

    if (fact_known_int(elapsed_ns)) {
        if (!fact_known_int(log->elapsed_first_ns))
            log->elapsed_first_ns = elapsed_ns;
        log->elapsed_last_ns = elapsed_ns;
    }
    if (s.known && (s.fine || !fact_known_int(elapsed_ns))) {
        log->anchor_utc = s.utc;
        return time_from(log, s.ns, false);
    }
    const bool counted = fact_known_int(elapsed_ns) && fact_known_int(log->anchor_ns) &&
                         !__builtin_sub_overflow(elapsed_ns, log->anchor_elapsed_ns, &since) &&
                         !__builtin_add_overflow(log->anchor_ns, since, &ns) && ns > INT64_MIN / 2 &&
                             ns < INT64_MAX / 2;
    int64_t apart;
    if (s.known && (!counted || __builtin_sub_overflow(ns, s.ns, &apart) || llabs(apart) > CLOCKS_AGREE_NS)) {
        log->jumps += counted;
        log->anchor_ns = s.ns;
        log->anchor_utc = s.utc;
        log->anchor_elapsed_ns = elapsed_ns;
        return time_from(log, s.ns, false);
    }
    if (!counted)
        return FLIGHT_TIME_UNKNOWN;
    log->derived++;
    return time_from(log, ns, true);
}
