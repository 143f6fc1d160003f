#ifndef LEASH_FLIGHTLOG_FLIGHT_PACE_H
#define LEASH_FLIGHTLOG_FLIGHT_PACE_H

#include "base/buffer.h"
#include "evidence/reading.h"

/* How long it is from one fix of a path to the next.  Logs write them at a steady pace, so that a longer step tells
 * what is missing: how many fixes and how many seconds were lost with damage, and loss that shows in nothing else, as
 * where whole rows of a table are gone. */

struct flight_pace {
    int64_t last_ns, step_ns;  /* of the last fix; from one to the next usually; or unknown */
    int64_t regular;           /* how many steps in a row were so long */
    int64_t damage_count, damage_before; /* of the reading, at the last fix and the one before: a fix may wait for its time */
    int64_t pauses, missing;   /* longer steps, and how many fixes would stand in them */
    int64_t pause_ns, longest_ns;
    int64_t jumps, longest_jump_ns; /* steps that are longer than any pause: another recording, or a damaged time */
    int64_t forth, back;       /* steps of more than a minute either way: where there are several of both, recordings are mixed */
};

void flight_pace_init(struct flight_pace *p);

/* Takes the time of a fix that was read at `origin`, by any clock; unknown is passed over.  A step that is too long is
 * reported when damage was reported since the fix before, else counted. */
void flight_pace_take(struct flight_pace *p, struct reading *r, int64_t now_ns, uint64_t origin);

/* Tells the steps that were counted; nothing when there were none. */
void flight_pace_note(const struct flight_pace *p, struct buffer *note);

#endif
