#ifndef LEASH_LEAK_SEQUENCE_H
#define LEASH_LEAK_SEQUENCE_H

#include "leak/hits.h"

/* Do positions, in the order they were sent, follow a known flight? */

enum sequence_grade {
    SEQUENCE_NONE,
    SEQUENCE_ROWS,  /* they lie on the flight's track in its direction: another flight on the same rows would too */
    SEQUENCE_TURNS, /* and they go round a turn with it, in its own time */
    SEQUENCE_FIXES, /* or they are the log's own fixes to the last digit */
    SEQUENCE_TIMED, /* they lie where the aircraft was at the times written beside them */
};

struct sequence_match {
    enum sequence_grade grade;
    size_t points;                    /* that matched */
    double rms_m, span_m;             /* distance from the track; width across the main direction */
    int64_t from_utc_ns, to_utc_ns;   /* of the matched part of the flight, or unknown */
    double along_m;                   /* its length */
};

/* `hits` are in order and equal neighbours are collapsed; `seen`, of each: how many there were up to it, equal ones
 * too. */
struct sequence_match sequence_of(const struct track *track, const struct position_hit *const *hits,
                                  const uint32_t *seen, size_t count);

/* The error of a pair from the way it is written, in metres. */
double hit_precision_m(const struct position_hit *hit);

#endif
