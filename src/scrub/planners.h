#ifndef LEASH_SCRUB_PLANNERS_H
#define LEASH_SCRUB_PLANNERS_H

#include "evidence/format.h"

/* The formats of which a scrubbed copy can be made: one line each, with the planner as `read`.  It puts edit rows
 * (scrub/edit.h), and damage rows for what is broken or cannot be decided; nothing else.
 *
 *   OK           the plan is whole
 *   TRUNCATED    the same for what is there; the file ends early
 *   INVALID      no plan can be made
 *   UNSUPPORTED  no copy shall be made: the damage row says why (encrypted, signed ...) */
extern const struct format scrub_planners[];
extern const size_t scrub_planner_count;

#endif
