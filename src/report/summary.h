#ifndef LEASH_REPORT_SUMMARY_H
#define LEASH_REPORT_SUMMARY_H

#include "base/arena.h"
#include "fact/case.h"

/* What a reader without training is told, worked out from the case alone and said in the
 * sentences of words.h.  The terminal and the page show the same.  Texts are raw: they hold
 * names from evidence and are made safe by whoever shows them. */

enum { SUMMARY_SENTENCES_MAX = 16 };

struct summary_list {
    struct text items[SUMMARY_SENTENCES_MAX];
    size_t count;
};

enum summary_part { /* in the order they are told */
    SUMMARY_LEFT, SUMMARY_ADDRESSED, SUMMARY_UNSEEN, SUMMARY_NEXT, SUMMARY_KEPT, SUMMARY_PART_COUNT,
    SUMMARY_ANSWER_COUNT = SUMMARY_KEPT /* the first four are questions that the first screen answers */
};

enum summary_tone { SUMMARY_BAD, SUMMARY_UNSURE, SUMMARY_NONE_FOUND };

struct summary_coverage {
    int64_t evidence_read, evidence_total;
    int64_t payload_out, readable_out, opaque_out, missing_out;
    double flight_time_s, flight_time_covered_s;
    int64_t evicted;
    int64_t path_bytes;         /* of all known flights, at a position a second; unknown when none is */
    int64_t searched;           /* bytes, unpacked; unknown when there was no search */
    double chance_hits;         /* expected in them, all below the threshold */
    struct summary_list notes;
};

struct summary {
    struct text label, started; /* unknown when not recorded */
    enum summary_tone tone;
    struct text pill;           /* the verdict in a word or two */
    struct text headline;       /* the verdict in a sentence */
    struct text counts;         /* how the precautions fared; unknown when there are none */
    struct text answers[SUMMARY_ANSWER_COUNT]; /* one sentence each, for the first screen */
    struct summary_list parts[SUMMARY_PART_COUNT];
    struct summary_coverage coverage;
    bool has_traffic;
};

/* The heading of a part; the question that its answer answers. */
struct text summary_heading(enum summary_part part);
struct text summary_question(enum summary_part part);

/* 0, or -EIO when the case cannot be read (case_error says why); `ret` is set on success
 * only and its texts live in `arena`. */
__attribute__((warn_unused_result))
int summary_read(struct fact_case *c, struct arena *arena, struct summary *ret);

#endif
