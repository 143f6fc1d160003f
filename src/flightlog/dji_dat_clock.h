#ifndef LEASH_FLIGHTLOG_DJI_DAT_CLOCK_H
#define LEASH_FLIGHTLOG_DJI_DAT_CLOCK_H

#include "flightlog/flight_rows.h"

/* The clock of a DJI flight controller log: a counter of 32 bits that stands in every record, tied to UTC by what
 * receivers say.  It runs at 3.84 MHz in real logs (measured on a Matrice 350: right to 2 in a million); where the
 * log's own times show another rate, as older aircraft are said to have, that is used. */
struct dji_dat_anchor {
    int64_t ticks, utc_ns;             /* utc_ns unknown: none yet */
};

struct dji_dat_clock {
    bool known;
    uint32_t tick;                     /* as it stands in the newest record */
    int64_t ticks, ticks_min, ticks_max; /* unwrapped, from the first record on */
    double rate_hz;
    struct dji_dat_anchor first, newest; /* of the finest grain so far */
    int64_t grain_ns;                  /* of those: a millisecond or a second */
    int64_t unbelievable_ns;           /* the newest time of a receiver that no log can be of, or unknown */
};

void dji_dat_clock_init(struct dji_dat_clock *c);

/* Takes the counter of a record.  It wraps every 18.6 minutes; records lie nearly in its order. */
void dji_dat_clock_follow(struct dji_dat_clock *c, uint32_t tick);

/* The time as it is, or unknown where no log can be of it, which is kept for the note. */
int64_t dji_dat_clock_believed(struct dji_dat_clock *c, int64_t utc_ns);

/* The newest record says that it was `utc_ns`, cut to a whole number of `grain_ns`. */
void dji_dat_clock_learn(struct dji_dat_clock *c, int64_t utc_ns, int64_t grain_ns);

/* When the newest record was written; unknown before anything was learnt. */
int64_t dji_dat_clock_utc_ns(const struct dji_dat_clock *c);
struct flight_time dji_dat_clock_time(const struct dji_dat_clock *c);

/* Of the log's own counter, for path_source.h. */
int64_t dji_dat_clock_us(const struct dji_dat_clock *c);
double dji_dat_clock_seconds(const struct dji_dat_clock *c, int64_t ticks);

/* Says in the note how long the log is by its counter and how that is tied to UTC. */
void dji_dat_clock_note(const struct dji_dat_clock *c, struct flight_rows *rows);

#endif
