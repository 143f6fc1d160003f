#ifndef LEASH_SCRUB_REQUEST_H
#define LEASH_SCRUB_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "evidence/reading.h"
#include "scrub/move.h"

/* What a scrubbed copy shall be without. */

enum scrub_kind {
    SCRUB_POSITION,    /* where the aircraft, the camera or what it looked at was, and names of places */
    SCRUB_OPERATOR,    /* where the operator and the take-off point were */
    SCRUB_SERIAL,      /* serial numbers, ids and addresses of devices, files and accounts */
    SCRUB_NAME,        /* people, accounts, hosts, comments, paths and file names */
    SCRUB_TIME,
    SCRUB_PREVIEW,     /* pictures and videos behind the first one */
    SCRUB_NOTE,        /* makers' notes of which not all is understood, as a whole */
    SCRUB_THUMBNAIL,   /* small pictures inside the metadata */
    SCRUB_CHOICES,     /* those above are what --keep and --drop name */
    SCRUB_UNKNOWN = SCRUB_CHOICES, /* what leash does not understand: --strip-unknown */
    SCRUB_STRUCTURE,   /* counts, offsets and check sums that must fit to the rest */
    SCRUB_KIND_COUNT
};

/* "position" ...; as in edit.kind. */
const char *scrub_kind_name(enum scrub_kind kind);
/* SCRUB_KIND_COUNT where there is none of that name. */
enum scrub_kind scrub_kind_find(struct text name);

/* All but time and thumbnail. */
#define SCRUB_DROP_DEFAULT (1u << SCRUB_POSITION | 1u << SCRUB_OPERATOR | 1u << SCRUB_SERIAL | 1u << SCRUB_NAME | \
                            1u << SCRUB_PREVIEW | 1u << SCRUB_NOTE | 1u << SCRUB_STRUCTURE)

struct leak_index;

struct scrub_request {
    struct reading_options reading;  /* first: planners and checks find the request by r->options */
    unsigned drop;                   /* 1 << enum scrub_kind */
    bool shift;                      /* positions of both kinds are moved, not removed */
    struct move move;                /* when `shift` */
    const struct leak_index *index;  /* of the values that must be gone; NULL: none is known */
};

static inline const struct scrub_request *scrub_request_of(const struct reading *r)
{
    return (const struct scrub_request *)r->options;
}

/* The kind of an identifier row (fact.h), SCRUB_KIND_COUNT for those that name nobody's thing in particular;
 * and of the subject of a position row. */
enum scrub_kind scrub_kind_of_identifier(struct text identifier_kind);
enum scrub_kind scrub_kind_of_subject(struct text subject);

#endif
