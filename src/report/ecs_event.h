#ifndef LEASH_REPORT_ECS_EVENT_H
#define LEASH_REPORT_ECS_EVENT_H

#include "base/json.h"
#include "fact/case.h"

/* What every event of report/ecs.h has. */
struct ecs {
    struct json j;
    FILE *out;
    struct arena *arena;
    struct text started, version, label;
    struct ecs_place *places;  /* destinations, by key */
    size_t place_count, place_room;
};

/* What is known of a destination, by its name or, where it has none, by an address. */
struct ecs_place {
    struct text key, owner, purpose, party, operator_country, registry_country, location_country, as_name;
    int64_t asn;
};

const struct ecs_place *ecs_place_of(const struct ecs *x, struct text host, struct text address); /* NULL: none */

/* Words of ECS's closed lists.  `type`, `web` and `reason` may be NULL; `severity` as findings have it, or unknown. */
struct ecs_event {
    const struct fact_head *head;
    const char *dataset, *kind, *category, *web, *type, *action, *outcome;
    int64_t at, end;           /* nanoseconds UTC; unknown: the audit's start */
    struct text severity, message, reason;
};

/* Begins the line and writes @timestamp, ecs, event, message, tags, labels and observer; the caller adds its own
 * objects and ends with ecs_end. */
void ecs_begin(struct ecs *x, const struct ecs_event *e);
void ecs_end(struct ecs *x);

/* Members, left out when they are not known. */
void ecs_text(struct json *j, const char *name, struct text value);
void ecs_int(struct json *j, const char *name, int64_t value);
void ecs_time(struct json *j, const char *name, int64_t at);
/* "address", and "ip" when it is one. */
void ecs_address(struct json *j, struct text address);
/* AA-BB-CC-DD-EE-FF as ECS has it; left out when it is none. */
void ecs_mac(struct json *j, const char *name, struct text mac);
bool ecs_is_ip(struct text t);

#endif
