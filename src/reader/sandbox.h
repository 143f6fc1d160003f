#ifndef LEASH_READER_SANDBOX_H
#define LEASH_READER_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crew.h"

/* What holds a reader: evidence comes from the party under suspicion, so the process that
 * parses it can open nothing, reach nobody and start nothing.  After sandbox_enter it reads
 * the descriptors it was given, computes, and answers on its socket. */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

enum sandbox_feature {
    SANDBOX_NO_NEW_PRIVS = 1 << 0,
    SANDBOX_LANDLOCK     = 1 << 1,  /* no path of the file system can be used, no TCP port */
    SANDBOX_SECCOMP      = 1 << 2,  /* system calls beyond the list end the process */
    SANDBOX_NO_ROOT      = 1 << 3,  /* user and groups given up, or there was nothing to give up */
    SANDBOX_ALL          = (1 << 4) - 1,
};

/* The largest file that a reader can write, into a descriptor its parent gave it. */
#define SANDBOX_FILE_BYTES_MAX (UINT64_C(2) << 30)

/* Makes libraries ready that would open files later (time zone, hash functions).  Called
 * once by the parent, before it forks. */
void sandbox_prepare(void);

/* Enters the sandbox for good; gives the features that hold.  What the kernel lacks is left
 * out of the answer and the rest still holds.  `memory_bytes` limits data memory (0: no limit).
 * Sanitizer builds use a wider list of system calls and no memory limit, because the sanitizer
 * itself needs more.
 *
 * A reader's threads start inside, and in time: when all else holds, which threads inherit, and
 * before the last thing, the system call filter, which then holds for all of them and lets
 * nobody start another.  `*crew` is what crew_new gave for `helpers`; 0: it is untouched, and
 * `crew` may be NULL. */
__attribute__((warn_unused_result))
unsigned sandbox_enter(uint64_t memory_bytes, unsigned helpers, struct crew **crew);

/* The names of features that are missing, in words for a person; "" when none is. */
const char *sandbox_missing_text(unsigned features);

#endif
