#ifndef LEASH_CLI_FLIGHT_SECRETS_H
#define LEASH_CLI_FLIGHT_SECRETS_H

#include "fact/case.h"
#include "leak/secrets.h"
#include "reader/pool.h"

/* --flight FILE: a flight log, photo or folder of them that is only read for what must not
 * have left.  Its rows go into a case of their own beside the audit's, which is gone when
 * the call returns: nothing of it is evidence of what is stored.  Every item that was read
 * is noted, and how much path they hold is in the audit's case as "flights_named" (judge/coverage_bound.h).  0;
 * -ENODATA when none of the files holds anything to search for; or what pool_run and the case gave. */
struct flight_files {
    char **paths;
    int count;
    struct fact_case *audit;
    const char *case_path;                      /* of the audit */
    const struct pool_options *pool;
    struct arena *arena;
    void (*note)(void *user, struct text sentence);
    void *user;
};
__attribute__((warn_unused_result)) int flight_secrets_read(const struct flight_files *f, struct secrets *known);

/* The content of a stored file becomes known: mapped, cut into pieces, never parsed. */
void known_file_add(struct secrets *known, const struct item *item, const char *what, struct arena *arena);

#endif
