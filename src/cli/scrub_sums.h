#ifndef LEASH_CLI_SCRUB_SUMS_H
#define LEASH_CLI_SCRUB_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/hash.h"

/* Takes the SHA-256 of originals and their copies in processes of their own, each pair at once (sha256_add_both), while
 * other copies are made and searched.  They understand nothing of what they read, have the descriptors that were open
 * when they began, and end when they are told that no more comes, or with us. */
enum { SCRUB_SUMMERS_MAX = 4, SCRUB_SUMS_MAX = 128 };

struct scrub_sums {
    pid_t processes[SCRUB_SUMMERS_MAX];
    size_t count;
    int socket;                /* -1: none */
};
#define SCRUB_SUMS_NONE ((struct scrub_sums){ .socket = -1 })

struct scrub_pair {
    int original, copy;        /* descriptors; -1: there is none */
};

/* Pairs that may be asked for, by their numbers, at most SCRUB_SUMS_MAX; as many processes as there are cores, but no
 * more than pairs.  0 or a negative errno. */
__attribute__((warn_unused_result))
int scrub_sums_begin(struct scrub_sums *s, const struct scrub_pair *pairs, size_t count);
/* The pair is whole: its hashes are wanted.  Each at most once. */
void scrub_sums_ask(struct scrub_sums *s, size_t number);
/* Waits for all that were asked for; without any, and without a beginning, it does nothing.  One that could not be read
 * to its end is not given. */
typedef void scrub_sum_taken(void *user, size_t number, const uint8_t original[SHA256_BYTES],
                             const uint8_t copy[SHA256_BYTES]);
void scrub_sums_end(struct scrub_sums *s, scrub_sum_taken *taken, void *user);

#endif
