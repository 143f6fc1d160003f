#ifndef LEASH_FLIGHTLOG_PATH_SOURCE_H
#define LEASH_FLIGHTLOG_PATH_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "flightlog/flight_rows.h"

/* Autopilots log several positions of the same aircraft at the same time: those of its receivers and
 * those of its estimators.  A path of all of them would be a zigzag.  So the path is that of the best
 * source, which is the first in a format's list; where it had nothing for PATH_SOURCE_GAP_US, the next
 * best fills in.  Times are microseconds of the log's own clock. */
enum { PATH_SOURCES_MAX = 12 };
#define PATH_SOURCE_GAP_US INT64_C(10000000)

struct path_sources {
    const char *const *names;              /* the best first */
    unsigned count;
    bool last_has_no_fix;                  /* the last one is of places beside which receivers say that they have no
                                            * fix, so last known or guessed ones: a path only where no other source
                                            * has told any place */
    int64_t last_us[PATH_SOURCES_MAX];     /* unknown before the first fix */
    int64_t fixes[PATH_SOURCES_MAX], in_path[PATH_SOURCES_MAX];
};

void path_sources_init(struct path_sources *s, const char *const *names, unsigned count);

/* A look ahead has found a fix of this source at `at_us`: lesser ones wait for it. */
void path_sources_expect(struct path_sources *s, unsigned source, int64_t at_us);

/* Whether a fix of this source, now, would belong in the path. */
bool path_sources_leads(const struct path_sources *s, unsigned source, int64_t at_us);

/* Counts a fix; whether it belongs in the path. */
bool path_sources_take(struct path_sources *s, unsigned source, int64_t at_us);

/* Says in the flight's note what the path is made of, and what of other sources is not in it. */
void path_sources_note(const struct path_sources *s, struct flight_rows *rows);

/* Sets the flight's home: the last one that was told, else `origin`, where the estimator began, unless that
 * is NULL. */
void path_home_describe(struct flight_rows *rows, const struct flight_point *origin);

#endif
