#ifndef LEASH_SCRUB_RESULT_H
#define LEASH_SCRUB_RESULT_H

#include <stdio.h>

#include "fact/fact.h"
#include "scrub/request.h"

/* What is said about one file.  There is no word for "clean". */
enum scrub_result {
    SCRUB_REMOVED_AND_CHECKED, /* all of the file is understood, and nothing that had to go is in the copy */
    SCRUB_NOT_SHOWN,           /* the same for what was found; but something is not understood, or broken */
    SCRUB_FAILED,              /* there is no copy */
};
const char *scrub_result_name(enum scrub_result result);

/* Edits of a plan, summed up for the sidecar. */
struct scrub_change {
    struct text kind, what;
    bool left;               /* not changed: not understood */
    uint64_t count, bytes, first_offset;
};

enum { SCRUB_CHANGES_MAX = 200, SCRUB_DAMAGE_MAX = 50 };

struct scrub_report {
    enum scrub_result result;
    struct text reason;              /* of the result; unknown for removed_and_checked */
    struct text format;
    struct scrub_change changes[SCRUB_CHANGES_MAX];
    size_t change_count;
    uint64_t changes_not_listed, left_count;
    struct text bound;               /* where a known value stands and stays, because pixels hang on it; or unknown */
    struct text damage[SCRUB_DAMAGE_MAX]; /* statements of planner and reader */
    size_t damage_count;             /* may be more than are kept */
    struct text last_damage;         /* of a plan that was refused: why */
    char original_sha256[64], copy_sha256[64];
    uint64_t original_bytes, copy_bytes;
    struct text copy_name;
    bool renamed;                    /* the original's name told something */
    uint64_t values, points, values_too_short; /* searched for in the copy */
    uint64_t bytes_not_decoded;      /* of the copy, by that search */
};

/* `arena` keeps the texts. */
void scrub_report_edit(struct scrub_report *report, const struct fact_edit *edit, struct arena *arena);
void scrub_report_damage(struct scrub_report *report, struct text statement, struct arena *arena);

/* The sidecar: what was done to the copy, as JSON (doc/scrub.md). */
__attribute__((warn_unused_result))
int scrub_sidecar_write(FILE *out, const struct scrub_report *report, const struct scrub_request *request);

#endif
