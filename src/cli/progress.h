#ifndef LEASH_CLI_PROGRESS_H
#define LEASH_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* A bar on standard error: on a terminal, for work of more than a second, ten times a second. */
struct progress {
    bool on_terminal, shown;
    double started_s, last_s;
    const char *what;
};

void progress_start(struct progress *p, const char *what);
void progress_show(struct progress *p, uint64_t done, uint64_t total, struct text current);
/* Wipes the bar, if there is one. */
void progress_end(struct progress *p);

#endif
