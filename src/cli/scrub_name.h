#ifndef LEASH_CLI_SCRUB_NAME_H
#define LEASH_CLI_SCRUB_NAME_H

#include <limits.h>

#include "cli/scrub_run.h"
#include "scrub/known.h"

#define SCRUB_SIDECAR_ENDING ".scrub.json"

/* What a copy is called: as its original, in the same folders below the named one.  A name that holds a value which
 * must go, or a date when times must go, is replaced by "scrubbed-N" and the original's ending. */
struct scrub_name {
    char folder[3072], base[NAME_MAX + 1];
    bool renamed;
    int error;             /* the folder could not be made, or the path is too long; then it has no meaning */
};

/* The folder, which is made, and the name as it is. */
void scrub_name_begin(struct scrub_name *n, const struct scrub_run *run, const struct item *original);
/* The name that it is to have, once all is known that must go; each file of a run once, in their order. */
void scrub_name_settle(struct scrub_name *n, const struct scrub_run *run, const struct known *known,
                       unsigned *renamed_count);

#endif
