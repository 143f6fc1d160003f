#ifndef LEASH_FLIGHTLOG_LOG_CLOCK_H
#define LEASH_FLIGHTLOG_LOG_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Dates and times of day as logs write them:
 *
 *   2016-09-15 17:51:19       2019-09-27T10:28:08.438Z      2018-11-10T094343-0500
 *   2017.8.5 14:11:51         2020-08-12 08:55:21,745,078   (milli- and microseconds)
 *   2023/09/22 21:45:13.1     22.09.2023 21:45:13           day first, with points
 *   20160815 18:26:34:590
 *   11/25/2025 7:05:08.97 PM                                which is first is told by a number beyond 12, or not at all
 *   2025-11-25                7:05:08.97 PM                 one alone */
struct log_clock {
    bool has_date, has_time;
    bool zoned;            /* it said its offset, and `ns` is UTC; else `ns` is read as if it were */
    bool ambiguous;        /* day and month may be the wrong way round: both are at most 12, with slashes; taken as
                            * month first */
    bool whole_seconds;    /* no fraction was written */
    int64_t ns;            /* since 1970, or since midnight when there is no date; a date alone: its midnight */
};

/* Takes one from the start of `t`, which is moved behind it.  False, and both alone, when none is there. */
__attribute__((warn_unused_result))
bool log_clock_take(struct text *t, struct log_clock *ret);

/* The same for clocks that follow one another: a date whose ten characters are those of the one before is not worked
 * out again.  All zeros at first. */
struct log_clock_day {
    bool known;
    char text[10];
    int64_t ns;
};
__attribute__((warn_unused_result))
bool log_clock_take_near(struct log_clock_day *kept, struct text *t, struct log_clock *ret);

/* Seconds, milli-, micro- or nanoseconds since 1970, told apart by their size: 2001 to 2286 in each.  False, and `ret`
 * alone, for other numbers. */
bool log_clock_unix(double value, int64_t *ret_ns);

#endif
