#ifndef LEASH_FLIGHTLOG_FLIGHT_YEARS_H
#define LEASH_FLIGHTLOG_FLIGHT_YEARS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/* Which times a log of such aircraft can have: from 2010 on, before which none kept any, to 2100.  Clocks that were
 * never set begin in 1970, 1980 or 2000; and GPS counts weeks modulo 1024 (IS-GPS-200, 20.3.3.3.1.1), so that a
 * receiver that does not know how often they began anew is wrong by 1024 weeks, which are 19.6 years. */

#define FLIGHT_YEARS_FROM_NS INT64_C(1262304000000000000) /* 2010-01-01 */
#define FLIGHT_YEARS_TO_NS   INT64_C(4102444800000000000) /* 2100-01-01 */

/* Whether a log can be of that time, in nanoseconds since 1970. */
static inline bool flight_years_hold(int64_t ns)
{
    return ns >= FLIGHT_YEARS_FROM_NS && ns < FLIGHT_YEARS_TO_NS;
}

/* What is said of a time that is not believable: sentences for the flight's note, with the time itself, whose words
 * begin with `what` ("Its times begin at"), and what it would be with 1024 weeks more, where that is believable.
 * `utc`: it is UTC; else of a clock without zone. */
void flight_years_say(struct buffer *note, const char *what, int64_t ns, bool utc);

#endif
