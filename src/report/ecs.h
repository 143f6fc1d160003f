#ifndef LEASH_REPORT_ECS_H
#define LEASH_REPORT_ECS_H

#include <stdio.h>

#include "fact/case.h"

/* The case as JSON lines for SIEMs: one event a line, with the fields of the Elastic Common Schema, version
 * ECS_VERSION, and what that has no field for under "leash".  doc/ecs.md is the mapping; a test holds every field
 * against it.
 *   flow, dns, request, broadcast   events, at their own time
 *   leak, finding                   alerts, or events when they do not count; a leak at its time, a finding at that of the audit
 *   precaution                      state: event.outcome says whether it is met
 *   what the policy forbids         enrichment: threat indicators
 * An event whose own time is not known has that of the audit, and the tag leash_time_unknown.
 * 0, or a negative errno (-EINVAL: the case does not say when it was made). */
__attribute__((warn_unused_result)) int report_ecs_write(struct fact_case *c, FILE *out);

#define ECS_VERSION "8.11.0"

#endif
