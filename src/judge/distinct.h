#ifndef LEASH_JUDGE_DISTINCT_H
#define LEASH_JUDGE_DISTINCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/* Numbers different texts (or the bytes of a struct without gaps) from 0 on, as they come.
 * Keys are copied into `arena`; zero-initialise the rest.  Fewer than 2^31 keys. */
struct distinct {
    struct arena *arena;
    struct text *keys;
    size_t count;
    size_t room;
    uint32_t *slots; /* number + 1; open addressing, never more than half full */
    size_t slot_count;
};

enum { DISTINCT_NONE = -1 };

/* The key's number; *added tells whether it is new, and then the number is count - 1. */
size_t distinct_add(struct distinct *d, struct text key, bool *added);
/* DISTINCT_NONE when it was never added. */
int64_t distinct_find(const struct distinct *d, struct text key);
void distinct_done(struct distinct *d);

#endif
