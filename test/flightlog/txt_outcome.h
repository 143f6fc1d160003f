#ifndef LEASH_TEST_FLIGHTLOG_TXT_OUTCOME_H
#define LEASH_TEST_FLIGHTLOG_TXT_OUTCOME_H

#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flightlog/dji_txt.h"
#include "flightlog/log_builder.h"

/* One log read: what came of it. */
struct outcome {
    struct kept_facts facts;
    struct reading reading;
    enum parse_status status;
    unsigned members;
    size_t member_bytes;
    char last_member[64];
};

void read_bytes(struct outcome *o, struct bytes in);
/* The same with options, which must live as long as the outcome. */
void read_bytes_with(struct outcome *o, struct bytes in, const struct reading_options *options);
/* Reads what the builder built; fails when it is not recognised. */
void read_builder(struct outcome *o, struct txt_builder *t);
void outcome_done(struct outcome *o);

size_t subject_count(const struct outcome *o, const char *subject);
/* The nth position of a subject, or NULL. */
const struct fact_position *nth_of(const struct outcome *o, const char *subject, size_t nth);
/* The one flight row. */
const struct fact_flight *flight_of(const struct outcome *o);
bool says(const struct fact_flight *f, const char *what);
const struct fact_identifier *identifier_of(const struct outcome *o, const char *kind, const char *value);

#endif
