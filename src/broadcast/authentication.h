#ifndef LEASH_BROADCAST_AUTHENTICATION_H
#define LEASH_BROADCAST_AUTHENTICATION_H

#include "broadcast/details.h"
#include "broadcast/remote_id.h"

/* The pages of an authentication message, which a radio that sends one message at a time spreads
 * over up to sixteen frames.  Zeroed memory is ready for use. */
enum { AUTHENTICATION_BYTES_MAX = 17 + 15 * 23 };

struct authentication {
    uint16_t pages_there;
    uint8_t type, last_page, length;
    uint32_t timestamp;
    uint8_t data[AUTHENTICATION_BYTES_MAX];
};

enum authentication_state { AUTHENTICATION_NONE, AUTHENTICATION_PART, AUTHENTICATION_WHOLE, AUTHENTICATION_TOO_SHORT };

/* Takes in the pages of `r`.  Pages of another type, or a page 0 that tells of other content,
 * begin anew.  NONE: `r` has no pages; TOO_SHORT: the pages announced cannot hold the length announced. */
enum authentication_state authentication_add(struct authentication *a, const struct remote_id *r);

/* A member "authentication" with the data put together, when it is whole. */
void authentication_details(const struct authentication *a, struct details *d);

#endif
