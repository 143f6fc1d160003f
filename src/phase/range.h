#ifndef LEASH_PHASE_RANGE_H
#define LEASH_PHASE_RANGE_H

#include <stdint.h>

#include "base/text.h"

/* A stretch of time that the operator named: [from, to). */
struct phase_range {
    struct text name;              /* free text, such as "local data mode"; borrowed from the argument */
    int64_t from_utc_ns, to_utc_ns;
};

enum { PHASE_RANGES_MAX = 64, PHASE_NAME_BYTES_MAX = 100 };

/* NAME=FROM..TO with times in RFC 3339, with Z or an offset from UTC: a time without a zone is
 * refused, because which time it is would have to be guessed.  NULL when it is good, else what is
 * wrong with it, in words behind "--phase: ", and *ret is left alone. */
__attribute__((warn_unused_result))
const char *phase_range_parse(const char *argument, struct phase_range *ret);

#endif
