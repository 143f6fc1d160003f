#ifndef LEASH_JUDGE_COVERAGE_H
#define LEASH_JUDGE_COVERAGE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "fact/case.h"

/* What the evidence was, and how much of it could be seen: the ground under every "not
 * seen".  All of it is worked out from the case.
 *
 * The flight time is the union of the flights' [start, end] plus the durations of flights
 * whose times are not known in UTC, which no capture can cover.  A capture counts from the
 * first to the last packet of its flows. */
struct coverage_destination {
    struct text host;              /* its name, or else an address */
    int64_t readable_out, opaque_out, missing_out;
    double path_copies;            /* of all known paths, that would fit into what could not be read; unknown when none is known */
    double chance_hits;            /* that chance makes of its readable bytes; unknown when nothing was searched */
};

struct coverage {
    int64_t evidence_total;        /* all items */
    int64_t evidence_read;         /* status read */
    int64_t evidence_partial, evidence_unreadable, evidence_skipped;
    int64_t captures;              /* items with flows */
    int64_t flights, flights_encrypted, flights_without_utc;
    int64_t media, devices, packages;
    int64_t payload_out, readable_out, opaque_out, missing_out; /* over flows that are not local */
    int64_t flows_without_name;    /* of those: no host is known */
    int64_t flows_from_utc_ns, flows_to_utc_ns; /* all flows, local ones too; FACT_UNKNOWN_INT without times */
    double flight_time_s, flight_time_covered_s;
    double path_bytes;             /* what the paths of all known flights need, see coverage_bound.h; 0: none known */
    const struct coverage_destination *destinations; /* outside the local network, most that could not be read first */
    size_t destination_count;
    int64_t evicted;               /* flows set aside early, as packet/ tells in its damage rows */
    struct text_list notes;        /* sentences for a lay reader */
};

/* `now_utc_ns`: data older than a year is noted.  0, or -EIO (case_error).  Texts live in
 * `arena`; *ret is set on success only. */
__attribute__((warn_unused_result))
int coverage_measure(struct fact_case *c, int64_t now_utc_ns, struct arena *arena, struct coverage *ret);

/* Opaque and missing share of what left, 0..1; 0 when nothing left. */
double coverage_unreadable_share(const struct coverage *v);

/* The member "coverage" of the report. */
struct text coverage_json(const struct coverage *v, struct arena *arena);

/* One sentence on what stands behind a rule that needs these kinds of evidence. */
struct text coverage_sentence(const struct coverage *v, struct text_list evidence, struct arena *arena);

/* Adds a note; what does not fit is left out. */
enum { COVERAGE_NOTES_MAX = 40 };
void coverage_note(struct coverage *v, struct arena *arena, struct text note);

/* A template (judge/template.h) with up to four numbers: {0}, {1|size} ... */
enum { COVERAGE_NUMBERS_MAX = 4 };
struct text coverage_fill(const char *template, const double *numbers, size_t count, struct arena *arena);
#define COVERAGE_FILL(arena, template, ...) coverage_fill(template, (const double[]){ __VA_ARGS__ }, \
    sizeof((const double[]){ __VA_ARGS__ }) / sizeof(double), arena)

#endif
