#include "flightlog/dji_dat_clock.h"

#include <math.h>

#include "base/timestamp.h"
#include "flightlog/flight_years.h"

#define USUAL_HZ 3840000.0
#define SLOWEST_HZ 100.0           /* beyond these a date was damaged */
#define FASTEST_HZ 1e9
#define RATE_FROM_NS (10 * NS_PER_S) /* times that are nearer say little about a rate */
#define RATE_DIFFERS 0.05          /* from the usual one: whole seconds and late records do not explain it */
#define LATE_NS (NS_PER_S / 1000)  /* a record written later than usual says little about the counter */
#define RENEW_NS (10 * NS_PER_S)

void dji_dat_clock_init(struct dji_dat_clock *c)
{
    *c = (struct dji_dat_clock){ .rate_hz = USUAL_HZ, .first = { 0, FACT_UNKNOWN_INT },
                                 .newest = { 0, FACT_UNKNOWN_INT },
                                 .unbelievable_ns = FACT_UNKNOWN_INT };
}

int64_t dji_dat_clock_believed(struct dji_dat_clock *c, int64_t utc_ns)
{
    if (!fact_known_int(utc_ns) || flight_years_hold(utc_ns))
        return utc_ns;
    c->unbelievable_ns = utc_ns;
    return FACT_UNKNOWN_INT;
}

void dji_dat_clock_follow(struct dji_dat_clock *c, uint32_t tick)
{
    if (c->known)
        (void)!__builtin_add_overflow(c->ticks, (int32_t)(tick - c->tick), &c->ticks);
    c->known = true;
    c->tick = tick;
    if (c->ticks < c->ticks_min)
        c->ticks_min = c->ticks;
    if (c->ticks > c->ticks_max)
        c->ticks_max = c->ticks;
}

double dji_dat_clock_seconds(const struct dji_dat_clock *c, int64_t ticks)
{
    return (double)ticks / c->rate_hz;
}

int64_t dji_dat_clock_us(const struct dji_dat_clock *c)
{
    return (int64_t)fmax(-9e18, fmin(9e18, dji_dat_clock_seconds(c, c->ticks) * 1e6));
}

int64_t dji_dat_clock_utc_ns(const struct dji_dat_clock *c)
{
    if (!fact_known_int(c->newest.utc_ns))
        return FACT_UNKNOWN_INT;
    const double since_ns = dji_dat_clock_seconds(c, c->ticks - c->newest.ticks) * (double)NS_PER_S;
    int64_t utc_ns;
    return fabs(since_ns) < 4e18 && !__builtin_add_overflow(c->newest.utc_ns, (int64_t)since_ns, &utc_ns)
        ? utc_ns : FACT_UNKNOWN_INT;
}

struct flight_time dji_dat_clock_time(const struct dji_dat_clock *c)
{
    const int64_t utc_ns = dji_dat_clock_utc_ns(c);

    return (struct flight_time){ utc_ns, FACT_UNKNOWN_INT, fact_known_int(utc_ns) ? "derived" : NULL };
}

static void learn_rate(struct dji_dat_clock *c)
{
    const int64_t since_ns = c->newest.utc_ns - c->first.utc_ns; /* both lie between 2010 and 2100 */

    if (since_ns < RATE_FROM_NS)
        return;
    const double hz = (double)(c->newest.ticks - c->first.ticks) / ((double)since_ns / (double)NS_PER_S);
    if (hz >= SLOWEST_HZ && hz <= FASTEST_HZ)
        c->rate_hz = fabs(hz / USUAL_HZ - 1) < RATE_DIFFERS ? USUAL_HZ : hz;
}

/* Whether what a record says is a better tie than the one there is.  Whole seconds count when they change.  Records
 * are written some time after what they say, at best at once. */
static bool is_better(const struct dji_dat_clock *c, int64_t utc_ns, int64_t grain_ns)
{
    if (grain_ns >= NS_PER_S)
        return utc_ns != c->newest.utc_ns;
    const int64_t expected_ns = dji_dat_clock_utc_ns(c);
    return !fact_known_int(expected_ns) || utc_ns >= expected_ns - LATE_NS || utc_ns - c->newest.utc_ns > RENEW_NS ||
           utc_ns < c->newest.utc_ns;
}

void dji_dat_clock_learn(struct dji_dat_clock *c, int64_t utc_ns, int64_t grain_ns)
{
    const bool first = !fact_known_int(c->first.utc_ns) || grain_ns < c->grain_ns;

    if (!c->known || !fact_known_int(utc_ns) || (!first && grain_ns > c->grain_ns))
        return;
    if (first) {
        c->first = c->newest = (struct dji_dat_anchor){ c->ticks, utc_ns };
        c->grain_ns = grain_ns;
        return;
    }
    if (is_better(c, utc_ns, grain_ns)) {
        c->newest = (struct dji_dat_anchor){ c->ticks, utc_ns };
        learn_rate(c);
    }
}

/* To the nearest millisecond, when texts of it end there. */
static int64_t time_rounded(int64_t utc_ns) { return utc_ns > INT64_MAX - LATE_NS ? utc_ns : utc_ns + LATE_NS / 2; }

void dji_dat_clock_note(const struct dji_dat_clock *c, struct flight_rows *rows)
{
    char text[TIMESTAMP_TEXT_MAX];

    flight_rows_note(rows, "It spans %.0f s by its own counter.",
                     dji_dat_clock_seconds(c, c->ticks_max - c->ticks_min));
    if (c->rate_hz != USUAL_HZ)
        flight_rows_note(rows, "That runs at %.4g Hz by the log's times, not at the usual 3.84 MHz.", c->rate_hz);
    if (!fact_known_int(c->first.utc_ns)) {
        if (fact_known_int(c->unbelievable_ns))
            flight_years_say(&rows->note, "The receiver's time, which is not used, is", c->unbelievable_ns, true);
        flight_rows_note(rows, fact_known_int(c->unbelievable_ns) ? "When it was recorded is not known."
                                                                  : "No time of a receiver in it: when it was recorded is not known.");
        return;
    }
    struct dji_dat_clock at_start = *c;
    at_start.newest = c->first;
    at_start.ticks = 0;
    const int64_t start_ns = dji_dat_clock_utc_ns(&at_start);
    if (fact_known_int(start_ns)) {
        const struct text start = timestamp_text_ms(time_rounded(start_ns), text);
        flight_rows_note(rows, "By the receiver's time, known to a %s, its first record is of %.*s.",
                         c->grain_ns < NS_PER_S ? "millisecond" : "second", (int)start.len, start.at);
    }
}
