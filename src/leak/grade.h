#ifndef LEASH_LEAK_GRADE_H
#define LEASH_LEAK_GRADE_H

#include "leak/claims.h"
#include "leak/hits.h"
#include "leak/sequence.h"

/* From what was found in one flow to what may be said: only evidence of at least
 * GRADE_BITS becomes a finding, all else stays a candidate.
 *
 * Random bytes hold a pair of b bits once in 2^b places.  70 bits are 2^50 trials (a
 * terabyte, 20 encodings, 42 neighbours) and a one in a million chance of a false finding.
 * Several pairs add up, but each further one pays for the places where it might have
 * stood: log2 of its distance from the one before.  So chance pairs strewn over a
 * gigabyte never add up, and three int32 1e7 pairs in neighbouring records do.  A pair
 * that repeats an earlier one says nothing new. */
#define GRADE_BITS 70.0

struct finding {
    enum claim claim;
    const char *what;             /* leak.what */
    struct text secret;
    uint16_t chain;
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
    const struct place_hit *places[HIT_PLACES];
    size_t place_count;
};

/* Calls `each` for every finding of the flow, in a fixed order; gives the number of
 * pairs that are candidates only.  Sorts the hits. */
uint64_t grade_flow(const struct leak_index *index, struct flow_hits *hits,
                    void (*each)(void *user, const struct finding *finding), void *user);

/* References to places are a weaker kind of evidence, with a threshold of their own: they
 * are looked for only where text says "tile", "box" or the like, so there are about 2^20
 * of them in a gigabyte, and 40 bits leave one false one in a million gigabytes. */
#define PLACE_BITS 40.0
void grade_places(const struct leak_index *index, struct flow_hits *hits,
                  void (*each)(void *user, const struct finding *finding), void *user);

#endif
