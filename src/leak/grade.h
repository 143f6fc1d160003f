#ifndef LEASH_LEAK_GRADE_H
#define LEASH_LEAK_GRADE_H

#include "leak/claims.h"
#include "leak/hits.h"
#include "leak/sequence.h"
#include "leak/thresholds.h"

/* From what was found in one flow to what may be said: only evidence of at least
 * GRADE_BITS becomes a finding, all else stays a candidate.
 *
 * Several pairs add up, but each further one pays for the places where it might have
 * stood: log2 of its distance from the one before.  So chance pairs strewn over a
 * gigabyte never add up, and three int32 1e7 pairs in neighbouring records do.  A pair
 * that repeats an earlier one says nothing new. */

struct finding {
    enum claim claim;
    const char *what;             /* leak.what */
    struct text secret;
    uint16_t chain;               /* of several keys of XOR their family */
    const char *last_step;        /* encoding or form, or NULL */
    int64_t points;
    double evidence_bits;
    const char *datum;            /* or NULL */
    struct claim_values values;   /* destination is filled in by the caller */
    int64_t from_utc_ns, to_utc_ns;
    struct view_where first, last;
    uint32_t length;              /* of the first hit, bytes */
    /* The first hits: positions, or the places of a literal. */
    const struct position_hit *positions[HIT_PLACES];
    double distance_m[HIT_PLACES]; /* NaN when further than TRACK_NEAR_M from what is known */
    size_t position_count;
    const struct literal_hit *literal;
    const struct hit_seen *seen;   /* of a file's first piece, or NULL */
    const struct place_hit *places[HIT_PLACES];
    size_t place_count;
};

/* Calls `each` for every finding of the flow, in a fixed order; gives the number of
 * pairs that are candidates only.  Sorts the hits. */
uint64_t grade_flow(const struct leak_index *index, struct flow_hits *hits,
                    void (*each)(void *user, const struct finding *finding), void *user);

/* References to places are a weaker kind of evidence, with a threshold of their own. */
void grade_places(const struct leak_index *index, struct flow_hits *hits,
                  void (*each)(void *user, const struct finding *finding), void *user);

#endif
