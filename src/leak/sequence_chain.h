#ifndef LEASH_LEAK_SEQUENCE_CHAIN_H
#define LEASH_LEAK_SEQUENCE_CHAIN_H

#include "leak/sequence.h"
#include "leak/thresholds.h"

/* Inside of the sequence rules; for sequence*.c only. */

/* The points of one alignment of hits to the track, in order. */
struct chain_point {
    double x_m, y_m, along_m, distance_m;
    int64_t time_utc_ns;
    uint64_t coordinate, offset; /* as in struct position_hit */
    double precision_m;
    uint32_t segment;
    uint32_t node;
    uint32_t seen;  /* positions up to it, those too that showed nothing new */
    double step;    /* from the point before: seconds of flight, or metres where the log has no times */
    bool follows;   /* the way from the point before is the flight's own */
};

double sequence_median(double *values, size_t count); /* sorts them; 0 of none */

/* Sets `step` and `follows` of all points but the first. */
void sequence_judge_links(struct chain_point *chain, size_t count, double precision_m);

/* The whole chain as rows; its best stretch that follows the flight; or several such
 * stretches together, when each goes round a turn. */
struct sequence_match sequence_judge_chain(const struct chain_point *chain, size_t count, double precision_m);

/* Whether the points are the flight's own fixes, and not only on its way: then it is this flight
 * that was sent, wherever it turns.  `match` is filled in if so. */
bool sequence_own_fixes(const struct track *track, const struct chain_point *chain, size_t count,
                        struct sequence_match *match);

#endif
