#include "flightlog/boot_clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "flightlog/flight_years.h"

#define CLOCK_STEP_US INT64_C(10000000)      /* records follow each other within this, or it is doubted */
#define GAP_MAX_US INT64_C(21600000000)      /* six hours: longer gaps are none of one flight */
#define OFFSETS_AGREE_NS NS_PER_S
#define GPS_EPOCH_S INT64_C(315964800)       /* 1980-01-06 */

void boot_clock_init(struct boot_clock *c, int64_t start_us)
{
    *c = (struct boot_clock){ .first_us = start_us, .last_us = start_us, .doubted_us = FACT_UNKNOWN_INT,
                             .utc_offset_ns = FACT_UNKNOWN_INT, .newest_offset_ns = FACT_UNKNOWN_INT,
                             .unbelievable_us = FACT_UNKNOWN_INT };
}

static bool far_apart(int64_t one_us, int64_t other_us)
{
    return !fact_known_int(one_us) || one_us - other_us > CLOCK_STEP_US || other_us - one_us > CLOCK_STEP_US;
}

void boot_clock_follow(struct boot_clock *c, int64_t at_us)
{
    if (!fact_known_int(at_us) || at_us < 0)
        return;
    if (far_apart(c->last_us, at_us)) {
        const bool alone = far_apart(c->doubted_us, at_us);
        c->doubted_us = at_us;
        if (alone && !(c->records == 0 && !fact_known_int(c->last_us)))
            return;
        if (c->records == 0)
            c->first_us = c->last_us = at_us;
    }
    c->records++;
    c->doubted_us = FACT_UNKNOWN_INT;
    if (at_us > c->last_us)
        c->last_us = at_us;
}

void boot_clock_learn(struct boot_clock *c, int64_t at_us, int64_t utc_us)
{
    int64_t offset_ns, utc_ns;

    if (!fact_known_int(at_us) || at_us < 0 || !fact_known_int(utc_us) || __builtin_mul_overflow(utc_us, 1000, &utc_ns))
        return;
    if (!flight_years_hold(utc_ns)) {
        if (utc_us > 0)
            c->unbelievable_us = utc_us;
        return;
    }
    if (__builtin_mul_overflow(utc_us - at_us, 1000, &offset_ns))
        return;
    if (!fact_known_int(c->utc_offset_ns))
        c->utc_offset_ns = offset_ns;
    c->newest_offset_ns = offset_ns;
}

int64_t boot_clock_utc_ns(const struct boot_clock *c, int64_t at_us)
{
    int64_t ns, utc_ns;

    if (!fact_known_int(at_us) || !fact_known_int(c->utc_offset_ns) || __builtin_mul_overflow(at_us, 1000, &ns) ||
        __builtin_add_overflow(ns, c->utc_offset_ns, &utc_ns))
        return FACT_UNKNOWN_INT;
    return utc_ns;
}

struct flight_time boot_clock_time(const struct boot_clock *c, int64_t at_us)
{
    const int64_t utc_ns = boot_clock_utc_ns(c, at_us);

    return (struct flight_time){ utc_ns, FACT_UNKNOWN_INT, fact_known_int(utc_ns) ? "derived" : NULL };
}

bool boot_clock_unbelievable(const struct boot_clock *c, struct flight_rows *rows)
{
    if (fact_known_int(c->utc_offset_ns) || !fact_known_int(c->unbelievable_us))
        return false;
    flight_years_say(&rows->note, "The receiver's time, which is not used, is", c->unbelievable_us * 1000, true);
    return true;
}

void boot_clock_describe(const struct boot_clock *c, struct flight_rows *rows)
{
    int64_t drift_ns;

    if (fact_known_int(c->first_us)) {
        rows->row.duration_s = (double)(c->last_us - c->first_us) / 1e6;
        rows->row.start = boot_clock_utc_ns(c, c->first_us);
        rows->row.end = boot_clock_utc_ns(c, c->last_us);
        if (fact_known_int(rows->row.start))
            rows->row.time_basis = TEXT("derived");
        flight_rows_note(rows, "It spans %.3f s by the vehicle's clock.", rows->row.duration_s);
    }
    if (!fact_known_int(c->utc_offset_ns)) {
        flight_rows_note(rows, boot_clock_unbelievable(c, rows) ? "When it was recorded is not known."
                                                                : "No GPS time in it: when it was recorded is not known.");
        return;
    }
    if (__builtin_sub_overflow(c->newest_offset_ns, c->utc_offset_ns, &drift_ns))
        return;
    flight_rows_note(rows, "Times are worked out from that clock by the first GPS time; the last GPS time differs by %.3f s%s.",
                     fabs((double)drift_ns / 1e9), llabs(drift_ns) > OFFSETS_AGREE_NS ? ", more than a clock drifts" : "");
}

/* Leap seconds between GPS time and UTC (IERS Bulletin C): from when, in seconds since 1970, and how many. */
static const struct { int64_t from_s; int count; } leap_seconds[] = {
    { INT64_C(1483228800), 18 }, /* 2017-01-01 */
    { INT64_C(1435708800), 17 }, /* 2015-07-01 */
    { INT64_C(1341100800), 16 }, /* 2012-07-01 */
    { INT64_C(1230768000), 15 }, /* 2009-01-01 */
    { INT64_C(1136073600), 14 }, /* 2006-01-01 */
    { INT64_C(915148800), 13 },  /* 1999-01-01 */
    { INT64_C(867715200), 12 },  /* 1997-07-01 */
    { INT64_C(820454400), 11 },  /* 1996-01-01 */
    { INT64_C(773020800), 10 },  /* 1994-07-01 */
    { INT64_C(741484800), 9 },   /* 1993-07-01 */
    { INT64_C(709948800), 8 },   /* 1992-07-01 */
    { INT64_C(662688000), 7 },   /* 1991-01-01 */
    { INT64_C(631152000), 6 },   /* 1990-01-01 */
    { INT64_C(567993600), 5 },   /* 1988-01-01 */
    { INT64_C(489024000), 4 },   /* 1985-07-01 */
    { INT64_C(425865600), 3 },   /* 1983-07-01 */
    { INT64_C(394329600), 2 },   /* 1982-07-01 */
    { INT64_C(362793600), 1 },   /* 1981-07-01 */
    { INT64_C(315964800), 0 },
};

int64_t gps_time_utc_us(int64_t week, int64_t in_week_ms)
{
    enum { WEEKS_MAX = 6300, WEEK_S = 604800 };

    if (week <= 0 || week > WEEKS_MAX || in_week_ms < 0 || in_week_ms > INT64_C(1000) * WEEK_S)
        return FACT_UNKNOWN_INT;
    const int64_t gps_us = (GPS_EPOCH_S + week * WEEK_S) * 1000000 + in_week_ms * 1000;
    for (size_t i = 0; i < sizeof leap_seconds / sizeof *leap_seconds; i++) {
        const int64_t utc_us = gps_us - (int64_t)leap_seconds[i].count * 1000000;
        if (utc_us >= leap_seconds[i].from_s * 1000000)
            return utc_us;
    }
    return FACT_UNKNOWN_INT;
}

void log_gap_begin(struct log_gap *g, struct reading *r, uint64_t at, uint64_t bytes, int64_t last_us)
{
    if (bytes == 0)
        return;
    log_gap_tell(g, r, FACT_UNKNOWN_INT);
    g->at = at;
    g->bytes = bytes;
    g->after_us = last_us;
    g->records = FACT_UNKNOWN_INT;
}

void log_gap_line(struct log_gap *g, struct reading *r, struct bytes line, int64_t last_us)
{
    enum { LINE_END = 2 };

    if (g->bytes > 0 && line.origin - g->at <= g->bytes + LINE_END) {
        g->bytes = line.origin + line.len - g->at;
        g->records++;
        return;
    }
    log_gap_begin(g, r, line.origin, line.len, last_us);
    g->records = 1;
}

/* How many records would stand in a time, by how many stood in the time before it; 0 where those are too few. */
static int64_t records_in(const struct log_gap *g, int64_t lost_us)
{
    enum { SEEN_MIN = 16 };
    const double before_us = (double)g->after_us - (double)g->first_us;

    return g->seen >= SEEN_MIN && before_us > 0 ? (int64_t)llround((double)lost_us * (double)g->seen / before_us) : 0;
}

void log_gap_tell(struct log_gap *g, struct reading *r, int64_t at_us)
{
    if (g->bytes == 0)
        return;
    const bool timed = fact_known_int(g->after_us) && fact_known_int(at_us) && at_us >= g->after_us &&
        at_us - g->after_us <= GAP_MAX_US;
    const int64_t missing = timed && !fact_known_int(g->records) ? records_in(g, at_us - g->after_us) : 0;
    if (missing > 0)
        reading_damage(r, g->at, (int64_t)g->bytes, FACT_UNKNOWN_INT,
                       "no record of the log in these bytes, %.3f s by its clock, in which about %" PRId64 " records would stand; reading goes on behind them",
                       (double)(at_us - g->after_us) / 1e6, missing);
    else if (timed)
        reading_damage(r, g->at, (int64_t)g->bytes, g->records,
                       "no record of the log in these bytes, %.3f s by its clock; reading goes on behind them",
                       (double)(at_us - g->after_us) / 1e6);
    else
        reading_damage(r, g->at, (int64_t)g->bytes, g->records,
                       "no record of the log in these bytes; reading goes on behind them");
    g->bytes = 0;
}
