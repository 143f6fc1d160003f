#ifndef LEASH_CLI_SCRUB_RUN_H
#define LEASH_CLI_SCRUB_RUN_H

#include "reader/pool.h"
#include "scrub/result.h"

/* Scrubs files: reads all of them for what must go, then, some at a time, has each one planned by a reader process,
 * makes the copy, has the copy read and searched by reader processes, and gives it its name, with a sidecar beside it,
 * when it has passed.  This process parses nothing: it copies bytes and puts edits into them. */
struct scrub_run {
    char **paths;
    int path_count;
    const char *folder;            /* -o; made when it is not there */
    struct scrub_request request;
    /* One call for each file, in the order of the walk; `copy` is the path of the copy, unknown when there is none. */
    void (*done)(void *user, struct text path, struct text copy, const struct scrub_report *report);
    void (*progress)(void *user, const char *what, uint64_t done, uint64_t total, struct text current);
    void *user;
    unsigned sandbox_features;     /* filled in */
};

/* 0, or a negative errno when leash itself failed. */
__attribute__((warn_unused_result))
int scrub_run(struct scrub_run *run);

#endif
