#ifndef LEASH_SCRUB_CHECK_H
#define LEASH_SCRUB_CHECK_H

#include "evidence/format.h"

/* The search of a copy's bytes for what must be gone (leak/residue.h), as a reader process runs it: one line that takes
 * any content and puts a `leak` row for each value that is still there. */
extern const struct format scrub_check;

#endif
