#ifndef LEASH_FUZZ_SUPPORT_H
#define LEASH_FUZZ_SUPPORT_H

#include <stdint.h>

#include "evidence/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Runs a format reader on the input with a sink that checks every row put: texts and
 * lists can be read to their last byte, origins lie inside the input, known positions
 * are in range.  Aborts where one is wrong.  Gives the number of rows. */
uint64_t fuzz_reader(enum parse_status (*read)(struct reading *, struct bytes), const uint8_t *data, size_t size);

/* A sink with those checks, for targets that set up a reading of their own. */
struct fact_sink *fuzz_sink(size_t input_bytes);

#endif
