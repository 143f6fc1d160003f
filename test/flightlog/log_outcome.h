#ifndef LEASH_TEST_FLIGHTLOG_LOG_OUTCOME_H
#define LEASH_TEST_FLIGHTLOG_LOG_OUTCOME_H

#include "support/support.h"

/* What the tests of the autopilots' logs share. */

typedef enum parse_status log_reader(struct reading *r, struct bytes whole);

struct outcome {
    struct kept_facts facts;
    struct reading reading;
    enum parse_status status;
};

void outcome_of(struct outcome *o, log_reader *read, struct bytes in);
void outcome_done(struct outcome *o);

/* A file below test/corpus/flightlog/; free with exact_copy_free. */
struct bytes corpus_bytes(const char *below);
/* Reads such a file. */
void outcome_of_corpus(struct outcome *o, log_reader *read, const char *below);

const struct fact_flight *flight_of(const struct outcome *o, size_t nth);
/* Positions of that subject. */
size_t count_subject(const struct outcome *o, const char *subject);
/* The nth of them, or a failure. */
const struct fact_position *position_of(const struct outcome *o, const char *subject, size_t nth);
void assert_place(const struct fact_position *p, double latitude_deg, double longitude_deg);
bool note_says(const struct fact_flight *f, const char *what);
/* Whether there is an identifier with this kind and value. */
bool has_identifier(const struct outcome *o, const char *kind, const char *value);
const struct fact_damage *damage_of(const struct outcome *o, size_t nth);

/* Cuts the file at every length and flips bits of it: nothing may be read that is not in the whole, as far
 * as the format can tell.  `points` of each cut must not be more than of the whole. */
void cut_and_flip(log_reader *read, bool (*recognise)(struct bytes), const char *below);

/* A number of a truth file, behind the quoted key; the nth of a list. */
double truth_number(struct bytes truth, const char *key, int nth);
/* The whole file beside a sample, with a NUL behind it. */
struct bytes truth_bytes(const char *below);

#endif
