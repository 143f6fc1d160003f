#ifndef LEASH_LEAK_CLAIMS_H
#define LEASH_LEAK_CLAIMS_H

#include "base/arena.h"
#include "base/text.h"

/* What may be said about a finding, and in which words: the one table.  A host is known
 * from SNI, HTTP or DNS, so things are "addressed to" it, never "received by" it. */
enum claim {
    CLAIM_IDENTIFIER,
    CLAIM_IDENTIFIER_DIGEST,
    CLAIM_NAMED_VALUE,
    CLAIM_POSITIONS_IN_AREA,
    CLAIM_POSITIONS_NEAR_PATH,
    CLAIM_POSITIONS_AT_TAKEOFF,
    CLAIM_POSITIONS_AT_OPERATOR,
    CLAIM_POSITIONS_AT_PHOTO,
    CLAIM_TRACK_ALONG_ROWS,
    CLAIM_PATH,
    CLAIM_FILE_WHOLE,
    CLAIM_FILE_PIECES,
    CLAIM_PICTURE_ALIKE,
    CLAIM_AREA_REVEALED,
    CLAIM_NETWORKS_NEARBY,
    CLAIM_BURST_LIKE_FILE,
    CLAIM_NOT_FOUND,
    CLAIM_COUNT
};

/* Grades are never merged. */
struct claim_entry {
    const char *key;       /* leak.claim_key */
    const char *grade;     /* identifier | area | near | rows | path | file | alike | hint | none */
    const char *sentence;  /* with {places} for the values below */
    const char *never[6];  /* what this evidence does not show and its sentence must not say */
};

extern const struct claim_entry claims[CLAIM_COUNT];
/* Never said by any claim. */
extern const char *const claims_never[];
extern const size_t claims_never_count;

/* Values for the {places}; unknown ones are written as "unknown". */
struct claim_values {
    struct text label;        /* {label}: "serial number" */
    struct text name;         /* {name} of --secret */
    struct text destination;  /* {destination} */
    struct text form;         /* {form}: "MD5" */
    struct text from, to;     /* {from} {to}: times */
    int64_t count;            /* {positions}: "1 position was", "12 positions were"; {count} */
    int64_t of;               /* {of} */
    int64_t searched, total, opaque; /* {searched} {total} {opaque} bytes */
    double percent;           /* {percent} */
    double metres;            /* {kilometres} */
};

/* The sentence, in `arena`. */
struct text claim_sentence(enum claim claim, const struct claim_values *values, struct arena *arena);

#endif
