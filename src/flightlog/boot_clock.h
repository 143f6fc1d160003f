#ifndef LEASH_FLIGHTLOG_BOOT_CLOCK_H
#define LEASH_FLIGHTLOG_BOOT_CLOCK_H

#include "flightlog/flight_rows.h"

/* The clock of an autopilot's log: microseconds since it was switched on, moved to UTC by what a GPS
 * receiver says.  Shared by ULog and DataFlash. */
struct boot_clock {
    int64_t first_us, last_us;         /* or unknown */
    int64_t records;                   /* that agree with the one before */
    int64_t doubted_us;                /* a time far from the one before, until another one agrees */
    int64_t utc_offset_ns;             /* UTC minus this clock by the first GPS time, or unknown */
    int64_t newest_offset_ns;          /* the same by the newest */
    int64_t unbelievable_us;           /* the newest time of a receiver that no log can be of, or unknown */
};

/* `start_us` from a header, or unknown. */
void boot_clock_init(struct boot_clock *c, int64_t start_us);

/* Takes the time of a record.  One that leaps is believed when the next one agrees: a flipped bit is no
 * hour of flight. */
void boot_clock_follow(struct boot_clock *c, int64_t at_us);

/* A receiver said at `at_us` that it was `utc_us`.  Times that no log can be of (flight_years.h)
 * are not believed: receivers give them before they have a fix, or have lost 1024 weeks. */
void boot_clock_learn(struct boot_clock *c, int64_t at_us, int64_t utc_us);

/* Unknown before a GPS time was learnt. */
int64_t boot_clock_utc_ns(const struct boot_clock *c, int64_t at_us);

/* What flight_rows_put wants for a position logged then. */
struct flight_time boot_clock_time(const struct boot_clock *c, int64_t at_us);

/* Says in the note which time of the receiver was not believed, where no other one was learnt; false where there was
 * none. */
bool boot_clock_unbelievable(const struct boot_clock *c, struct flight_rows *rows);

/* Sets the flight's start, end, duration and time basis, and says in its note how long the log is and
 * how times became UTC. */
void boot_clock_describe(const struct boot_clock *c, struct flight_rows *rows);

/* UTC microseconds of a GPS week and the milliseconds in it, with the leap seconds of that time; unknown
 * where they make no sense. */
int64_t gps_time_utc_us(int64_t week, int64_t in_week_ms);

/* Bytes that belong to no record.  Told as damage when the clock behind them is known. */
struct log_gap {
    uint64_t at, bytes;                /* 0 bytes: none waits */
    int64_t after_us;                  /* the clock before */
    int64_t records;                   /* that stood there, or unknown */
    int64_t seen, first_us;            /* records with a time so far, and that of the first of them */
};

void log_gap_begin(struct log_gap *g, struct reading *r, uint64_t at, uint64_t bytes, int64_t last_us);
/* A line that is no record, of a log that is text: joined to the gap that waits when that ends where it begins. */
void log_gap_line(struct log_gap *g, struct reading *r, struct bytes line, int64_t last_us);
/* `at_us` may be unknown: then the damage has no length in time. */
void log_gap_tell(struct log_gap *g, struct reading *r, int64_t at_us);

/* A record that is right, of that time or of unknown time: tells the gap ahead of it, and by how many came before how
 * many are lost there. */
static inline void log_gap_over(struct log_gap *g, struct reading *r, int64_t at_us)
{
    if (g->bytes > 0)
        log_gap_tell(g, r, at_us);
    if (!fact_known_int(at_us))
        return;
    if (g->seen++ == 0)
        g->first_us = at_us;
}

#endif
