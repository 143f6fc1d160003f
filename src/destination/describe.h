#ifndef LEASH_DESTINATION_DESCRIBE_H
#define LEASH_DESTINATION_DESCRIBE_H

#include "destination/destination.h"

/* What the tables say about one destination. */
enum { MAKERS_MAX = 32, COUNTRY_SOURCES_MAX = 64 };

/* Whose drones the case holds: groups of their makers. */
struct makers {
    struct text groups[MAKERS_MAX];
    size_t count;
    bool device_known;   /* an aircraft or controller is in the case, whoever made it */
};

void makers_add(struct makers *m, struct text group);

struct describer {
    const struct destination_tables *tables;
    const struct destination_run *run;
    struct makers makers;
    bool names_used, database_used[ADDRESS_DATABASES_MAX];
};

struct described {
    struct text normal;             /* normal form of the host, or unknown */
    struct text alias;              /* a name that DNS said the host is an alias of, normal form, or unknown */
    const struct text *addresses;   /* most bytes first */
    size_t address_count;
    bool local;                     /* the flows did not leave the premises */
};

/* Fills in the row's owner, owner_group, owner_source, owner_confidence, purpose, party, platform,
 * asn, as_name and countries.  Texts live in `arena` or in the tables. */
void describe(struct describer *d, const struct described *what, struct arena *arena, struct fact_destination *row);

/* True when the alias has an owner that is not the host's own: it is worth keeping. */
bool describe_alias_tells(const struct describer *d, struct text normal_host, struct text normal_alias);

#endif
