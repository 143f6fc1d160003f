#ifndef LEASH_TEST_FLIGHTLOG_TEXT_LOG_H
#define LEASH_TEST_FLIGHTLOG_TEXT_LOG_H

#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "flightlog/flight_path.h"

/* What the tests of the formats written as text, markup or JSON have in common. */

typedef enum parse_status log_reader(struct reading *r, struct bytes whole);
typedef bool log_recogniser(struct bytes whole);

struct log_outcome {
    struct kept_facts facts;
    struct reading reading;
    enum parse_status status;
};

void log_read(struct log_outcome *o, log_reader *read, struct bytes in);
/* Of a text: a copy of its exact size is recognised as `kind` among all formats, and read. */
void log_read_text(struct log_outcome *o, log_reader *read, const char *kind, const char *text, size_t len);
void log_done(struct log_outcome *o);

/* The nth flight row. */
const struct fact_flight *log_flight(const struct log_outcome *o, size_t nth);
size_t log_count(const struct log_outcome *o, const char *subject);
/* The nth position of a subject; fails when there is none. */
const struct fact_position *log_position(const struct log_outcome *o, const char *subject, size_t nth);
bool log_says(const struct fact_flight *f, const char *what);
bool log_has_identifier(const struct log_outcome *o, const char *kind, const char *value);
const struct fact_damage *log_damage(const struct log_outcome *o, size_t nth);
int64_t log_time(const char *rfc3339);

void assert_place(const struct fact_position *p, double longitude_deg, double latitude_deg);

/* Cuts the text at every length, each in a copy of its exact size: what comes out is at most what
 * the whole gives, position by position.  Then flips bits. */
void log_cut_everywhere(log_reader *read, log_recogniser *recognise, const char *text, size_t len);

/* Texts that are near the format and are none of it: not recognised, not read, nothing put. */
void log_take_none(log_reader *read, log_recogniser *recognise, const char *const *texts, size_t count);

/* The answer of another program beside a sample: numbers behind a key, counted from 0. */
struct truth {
    char *text;
};
struct truth truth_of(const char *sample);
void truth_done(struct truth *t);
bool truth_has(const struct truth *t, const char *key);
double truth_number(const struct truth *t, const char *key, int nth);
/* "points", "first", "last" and "bbox" of a truth file, against the only flight. */
void assert_truth(const struct log_outcome *o, const struct truth *t);

/* A sample read whole; skips the test where it is absent. */
struct bytes log_read_sample(struct log_outcome *o, log_reader *read, const char *kind, const char *name);

#endif
