#ifndef LEASH_BROADCAST_AUTHENTICATION_H
#define LEASH_BROADCAST_AUTHENTICATION_H

#include "broadcast/details.h"
#include "broadcast/remote_id.h"
#include "broadcast/signature.h"

/* The pages of an authentication message, which a radio that sends one message at a time spreads
 * over up to sixteen frames.  Zeroed memory is ready for use. */
enum { AUTHENTICATION_BYTES_MAX = 17 + 15 * 23 };

struct authentication {
    uint16_t pages_there, since_page_0; /* the latter: came after the last page 0, or with it */
    uint8_t type, last_page, length;
    uint32_t timestamp;
    uint8_t data[AUTHENTICATION_BYTES_MAX];
    uint64_t checked_hash;               /* of all that `checked` was made of; 0: of nothing */
    struct signature_result checked;
};

enum authentication_state { AUTHENTICATION_NONE, AUTHENTICATION_PART, AUTHENTICATION_WHOLE, AUTHENTICATION_TOO_SHORT };

/* Takes in the pages of `r`.  Pages of another type, other content of a page that is there, or a page 0 that tells of
 * other content, begin anew.  NONE: `r` has no pages; TOO_SHORT: the pages announced cannot hold the length
 * announced. */
enum authentication_state authentication_add(struct authentication *a, const struct remote_id *r);

/* When it is whole: some of its pages came before its page 0, and may be those of a signature before it. */
bool authentication_may_be_mixed(const struct authentication *a);
/* The data, when it is whole. */
struct bytes authentication_data(const struct authentication *a);

/* A member "authentication" with the data put together, when it is whole, and what is known of its signature; NULL:
 * nothing. */
void authentication_details(const struct authentication *a, const struct signature_result *signature,
                            struct details *d);

#endif
