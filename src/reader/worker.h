#ifndef LEASH_READER_WORKER_H
#define LEASH_READER_WORKER_H

#include "base/crew.h"
#include "evidence/format.h"
#include "reader/yara.h"

/* The life of a reader process: enter the sandbox, then identify and read items until the
 * parent closes the socket.  Never returns. */

struct worker_options {
    const struct format *formats;
    size_t format_count;
    const struct reading_options *reading;
    uint64_t memory_bytes;                                  /* data memory; 0: no limit */
    /* Makes the search for known values of one item, in which up to `helpers` threads of the crew may help until it
     * is ended, with its summary; NULL: no search. */
    struct payload_search *(*search_begin)(void *argument, struct crew *crew, unsigned helpers);
    void (*search_end)(struct payload_search *s, struct reading *r);
    void *search_argument;
    unsigned helpers;                                       /* threads besides the first, for the search; given by the pool */
    const struct yara_rules *rules;                         /* --yara: all content is held against them; NULL: none */
};

__attribute__((noreturn))
void worker_run(int socket, const struct worker_options *options);

#endif
