#ifndef LEASH_BROADCAST_DRIP_H
#define LEASH_BROADCAST_DRIP_H

#include "broadcast/rid_key.h"

/* What the Drone Remote ID Protocol puts into authentication messages of the type "specific method": RFC 9575, section
 * 4. Behind one byte that says which, all of them hold times (seconds since 2019-01-01), evidence, the DRIP
 * Entity Tag of who signs, and an Ed25519 signature of all between that byte and itself. */
enum drip_form { DRIP_LINK = 1, DRIP_WRAPPER = 2, DRIP_MANIFEST = 3, DRIP_FRAME = 4 };

struct drip {
    enum drip_form form;
    uint32_t valid_from, valid_until;
    struct bytes evidence;                   /* messages; hashes of 8 bytes; or a frame's; empty for a link */
    uint8_t det[DET_BYTES];                  /* of the aircraft; of a link, of whom it vouches for */
    uint8_t signer[DET_BYTES];               /* of a link, who vouches; else the same */
    uint8_t host_key[HOST_KEY_BYTES];        /* of a link: the key of whom it vouches for */
    struct bytes before, after, signature;   /* what is signed, around the evidence */
};

/* `data` begins with the byte that says which form.  TRUNCATED: shorter than its form; INVALID: longer than a link, or
 * evidence that is not a whole number of messages or hashes; UNSUPPORTED: a form of nobody's. */
__attribute__((warn_unused_result))
enum parse_status drip_parse(struct bytes data, struct drip *ret);

const char *drip_form_name(enum drip_form form);

#endif
