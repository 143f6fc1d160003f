#ifndef LEASH_BROADCAST_AUTHENTICATOR_H
#define LEASH_BROADCAST_AUTHENTICATOR_H

#include "broadcast/announcement.h"
#include "broadcast/authentication.h"

/* What one sender of Remote ID said that a signature may cover, and the signature that it is sending: by radio, or
 * over MAVLink on the way to one.  Zeroed memory is ready for use. */
struct authenticator {
    struct authentication *authentication; /* NULL until there is one */
    struct last_messages *last_messages;   /* likewise of a message that came alone */
};

/* What a sender of one message at a time said last, of each type but authentication. */
enum { LAST_TYPES = REMOTE_ID_OPERATOR + 1 };
struct last_messages {
    bool there[LAST_TYPES];
    uint8_t at[LAST_TYPES][REMOTE_ID_MESSAGE];
};

/* Takes in what the announcement says (its `remote_id`; NULL is fine).  When that makes an authentication whole,
 * `details` and `verified` tell of it, and `anomalies` what is wrong with it. */
void authenticator_take(struct authenticator *x, struct verifier *verifier, struct announcement *a);
/* The last message of a type that came alone, or NULL. */
static inline const uint8_t *last_message(const struct authenticator *x, unsigned type)
{
    return x->last_messages && type < LAST_TYPES && x->last_messages->there[type] ? x->last_messages->at[type] : NULL;
}
void authenticator_done(struct authenticator *x);

#endif
