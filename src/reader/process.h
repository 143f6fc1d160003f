#ifndef LEASH_READER_PROCESS_H
#define LEASH_READER_PROCESS_H

#include <sys/types.h>

#include "reader/worker.h"

/* Starts a reader process, and gives the parent's end of its socket; -1 and errno where that fails. */
__attribute__((warn_unused_result))
pid_t process_start(const struct worker_options *options, int *ret_socket);

/* What its exit status means to a person; the text is in the arena or constant. */
struct text process_how_it_ended(struct arena *arena, int status);

#endif
