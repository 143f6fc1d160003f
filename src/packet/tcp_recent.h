#ifndef LEASH_PACKET_TCP_RECENT_H
#define LEASH_PACKET_TCP_RECENT_H

#include "base/cursor.h"

/* Where the latest segments of TCP streams lie in the capture, so that a repetition can be held against
 * what was handed over before.  The bytes themselves are not kept: they are read again where they
 * stand.  Of at most RECENT_SIDES directions at a time, the last RECENT_SEGMENTS each; a direction that
 * begins to speak takes the place of another. */
enum { RECENT_SIDES = 2048, RECENT_SEGMENTS = 32 };

struct tcp_recent;

struct tcp_recent *tcp_recent_new(void);
void tcp_recent_free(struct tcp_recent *r); /* NULL is fine */

/* `stream` names the direction: no two of a capture have the same number.  `data` was handed over and
 * begins at sequence number `seq`. */
void tcp_recent_add(struct tcp_recent *r, uint64_t stream, uint32_t seq, struct bytes data);

/* What of a capture can still be read: the window that is being read, and what came before it. */
struct tcp_readable {
    struct bytes window, before;
    uint64_t now; /* offset of the record that is being read: TCP_RECENT_BYTES before it nothing is compared */
};
enum { TCP_RECENT_BYTES = 1 << 20 };

/* Whether `data` at `seq` says otherwise than what was handed over there; then `at` is where in
 * `data` the difference begins.  False where nothing is known any more. */
bool tcp_recent_differs(const struct tcp_recent *r, uint64_t stream, uint32_t seq, struct bytes data,
                        const struct tcp_readable *readable, size_t *at);

#endif
