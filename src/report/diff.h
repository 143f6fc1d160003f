#ifndef LEASH_REPORT_DIFF_H
#define LEASH_REPORT_DIFF_H

#include <stdbool.h>

#include "base/arena.h"
#include "fact/case.h"

/* What differs between cases: a privacy mode off and on, one version of an app and the next.
 * Worked out from the cases alone, list by list (diff_list.h); the forms (text, JSON, HTML)
 * walk over the same items.
 *
 * What one case has and another has not was "not seen" there, which is not the same as absent:
 * the evidence of each case is told beside (struct diff_coverage), and a list is compared only
 * between cases whose evidence can show such things at all. */

enum { DIFF_CASES_MAX = 16, DIFF_KEYS_MAX = 4, DIFF_COLUMNS_MAX = 14, DIFF_NOTES_MAX = 40 };

/* The ground on which a case stands. */
struct diff_coverage {
    int64_t evidence_read, evidence_total;
    int64_t captures;
    double capture_time_s;             /* first to last packet of each capture, added up; or unknown */
    int64_t flights, media, packages, broadcasts, settings;
    double flight_time_s, flight_time_covered_s;     /* or unknown */
    int64_t payload_out, readable_out, opaque_out, missing_out;
};

struct diff_case {
    struct fact_case *c;
    struct text path;
    struct text name;                  /* its label, else the file's name; no two are the same */
    struct text label, started, tool_version, verdict, policy, profiles, data_versions;   /* or unknown */
    struct text hidden_code;           /* apps whose code could not be read, all of it or a part; or unknown */
    struct text_list apps;             /* "DJI Fly 1.13.0", as logs and packages name them */
    struct diff_coverage coverage;
};

enum diff_change {
    DIFF_SAME,       /* in every case that can show it, with the same values */
    DIFF_NEW,        /* not seen in the first case */
    DIFF_NOT_SEEN,   /* seen in the first, not in all others */
    DIFF_CHANGED,    /* seen in all, with other values */
};
const char *diff_change_name(enum diff_change change); /* "same", "new", "not_seen", "changed" */

enum diff_compared {
    DIFF_COMPARED,
    DIFF_NO_EVIDENCE,    /* nothing in this case could show such things */
    DIFF_NOT_HELD,       /* made by a version of leash that did not keep them */
};
const char *diff_compared_name(enum diff_compared c); /* "yes", "no_evidence", "not_kept" */

/* What a list comes to. */
struct diff_counts {
    enum diff_compared compared[DIFF_CASES_MAX];
    size_t compared_count;                             /* of cases; below two nothing is compared */
    size_t by_change[DIFF_CHANGED + 1];
};

enum { DIFF_LISTS_MAX = 32 };

struct diff {
    struct arena *arena;
    struct diff_case cases[DIFF_CASES_MAX];
    size_t case_count;
    struct diff_counts counts[DIFF_LISTS_MAX];   /* of diff_lists, in its order; of a matrix only `compared` */
    bool differs;
    struct text_list notes;            /* where differences may come from, other than what was tested */
};

/* Reads what the cases rest on and counts the items of every list.  The cases differ when an item
 * of a list does, or when a list can be compared in some of them only.  A matrix does not count;
 * what it adds up is in the lists.
 *
 * `cases` are open, and borrowed; `paths` beside them.  0, or -EIO with the number of a case that
 * could not be read in *ret_bad.  Texts live in `arena`. */
__attribute__((warn_unused_result)) int diff_open(struct diff *d, struct fact_case *const *cases,
                                                  const struct text *paths, size_t count, struct arena *arena,
                                                  size_t *ret_bad);

struct diff_value {
    struct text text;    /* of DIFF_TEXT; or unknown */
    int64_t number;      /* of the others; or unknown */
};

struct diff_list;

/* One line of a list; borrowed for the call. */
struct diff_item {
    enum diff_change change;
    struct text keys[DIFF_KEYS_MAX];
    bool seen[DIFF_CASES_MAX];
    const struct diff_value *values[DIFF_CASES_MAX];   /* one per column; NULL where not seen */
    unsigned changed;                                  /* bit per column: not the same in all that saw it */
};

/* Walks over one list in the order of its keys, merging the cases' rows as they come: memory
 * does not grow with their number.  `each` gets every item, also those that are the same.
 * 0, -EIO, or what `each` gave when it was not 0. */
__attribute__((warn_unused_result)) int diff_walk(struct diff *d, const struct diff_list *list,
                                                  int (*each)(void *user, const struct diff_item *item), void *user);

/* The counts of a list. */
const struct diff_counts *diff_counts_of(const struct diff *d, const struct diff_list *list);

#endif
