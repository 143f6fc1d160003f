#ifndef LEASH_DESTINATION_NAMES_H
#define LEASH_DESTINATION_NAMES_H

#include "destination/table.h"

/* Who owns a host name: the tables destinations.csv (suffix of a name -> owner, purpose),
 * owners.csv (owner -> group, country, kind) and networks.csv (AS number -> owner). */
struct host_names;

enum owner_kind {
    OWNER_OTHER, OWNER_DRONE_MAKER, OWNER_FLIGHT_SOFTWARE, OWNER_PLATFORM, OWNER_OPERATING_SYSTEM,
    OWNER_APP_SERVICE, OWNER_MEDIA,
};

struct owner {
    struct text name;     /* as destinations.csv has it: "AutoNavi (Alibaba)" */
    struct text group;    /* "Alibaba" */
    struct text country;  /* of its headquarters, ISO 3166-1 alpha-2; two joined by '/' where it has two; or unknown */
    enum owner_kind kind;
    struct text aliases;  /* other spellings, joined by ';'; empty when none */
};

struct name_row {
    struct text suffix, purpose, source, confidence; /* confidence: seen | partial | from memory */
    struct text country;
    const struct owner *owner;
};

enum host_names_table { NAMES_OWNERS, NAMES_DESTINATIONS, NAMES_NETWORKS, NAMES_TABLE_COUNT };
extern const char *const host_names_file[NAMES_TABLE_COUNT]; /* "owners.csv" ... */

struct host_names *host_names_new(void);
void host_names_free(struct host_names *n); /* NULL is fine */

/* Adds one table; `content` must outlive `n`.  To be called in the order of enum
 * host_names_table, because the later ones point at owners. */
__attribute__((warn_unused_result))
enum parse_status host_names_load(struct host_names *n, enum host_names_table which, struct bytes content,
                             const struct note_taker *notes, struct table_result *ret);

enum { HOST_NAME_MAX_BYTES = 253 };

/* The form in which names are compared: lower case, without the final dot, A-labels left
 * as they are.  Written to `into`; unknown when `host` is not a host name (an address,
 * empty labels, blanks, longer than 253 bytes, not ASCII). */
struct text host_names_normal(struct text host, char into[HOST_NAME_MAX_BYTES]);

/* The row of the longest suffix, on a label boundary, of a normal name; a suffix may be a
 * single label.  NULL when there is none.  `ret_platform` (may be NULL) gets the next
 * shorter one of another owner: who carries the name, or NULL. */
const struct name_row *host_names_find(const struct host_names *n, struct text normal,
                                       const struct name_row **ret_platform);

/* True when `normal` is `suffix` or ends in it on a label boundary.  A leading "*." or
 * "." of the suffix, its case and its final dot do not matter. */
bool host_names_has_suffix(struct text normal, struct text suffix);

/* The registrable domain (public suffix and one label) of a normal name, a view of it;
 * unknown for public suffixes themselves.  Good for grouping names whose owner is not
 * known: it says nothing about who that owner is. */
struct text host_names_registrable(struct text normal);

/* NULL when not known. */
const struct owner *host_names_owner(const struct host_names *n, struct text name);
const struct owner *host_names_network_owner(const struct host_names *n, int64_t asn);

/* The drone maker meant by a free text such as "SZ DJI TECHNOLOGY CO.,LTD": the first
 * whose group, name or alias stands in it as whole words, in any case.  NULL when none. */
const struct owner *host_names_maker(const struct host_names *n, struct text vendor);

#endif
