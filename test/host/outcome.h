#ifndef LEASH_TEST_HOST_OUTCOME_H
#define LEASH_TEST_HOST_OUTCOME_H

#include "support/support.h"

#include "base/buffer.h"

/* What a reader made of an input, as text: a line for each row,
 *   setting SUBJECT NAME=VALUE [DETAIL]     identifier KIND=VALUE     component NAME VERSION ...
 *   device ROLE VENDOR/MODEL/SERIAL/FIRMWARE     damage: STATEMENT                      */
struct outcome {
    struct buffer text;
    enum parse_status status;
    size_t rows, damages;
};

typedef enum parse_status read_function(struct reading *r, struct bytes whole);

void outcome_init(struct outcome *o, read_function *read, const void *input, size_t len);
void outcome_done(struct outcome *o);
bool outcome_has(const struct outcome *o, const char *line);

/* Reads the input with host_read or the given reader and compares all rows with `want`, one text
 * with a line each; the setting tool_output is left out. */
void expect_rows_of(read_function *read, const char *input, const char *want);
void expect_rows(const char *input, const char *want);

/* Every cut and some flipped bits of the input, in copies of exact size: nothing is read behind
 * the end, and no cut inside of a line gives a row that the whole does not give. */
void sweep_of(read_function *read, const char *input);
void sweep(const char *input);

#endif
