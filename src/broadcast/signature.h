#ifndef LEASH_BROADCAST_SIGNATURE_H
#define LEASH_BROADCAST_SIGNATURE_H

#include "broadcast/details.h"
#include "broadcast/remote_id.h"
#include "broadcast/rid_key.h"
#include "evidence/reading.h"

/* Whether the signature in an authentication message is one of the keys that the operator gave.
 *
 * ASTM F3411 gives a signature of the aircraft's id, of the operator's id and of the set of messages a type each, but
 * names neither an algorithm nor the bytes that are signed.  Every way that is known to be built is tried, and the row
 * tells which fitted: a signature fits none by accident.  RFC 9575 (DRIP), a "specific method", says both. */
struct authentication;

enum signature_verdict { SIGNATURE_UNKNOWN, SIGNATURE_GOOD, SIGNATURE_WRONG };

enum {
    SIGNATURE_NOT_VALID_NOW = 1,  /* DRIP: outside of the time for which it was made */
    SIGNATURE_TAG_FALSE = 2,      /* DRIP: the tag is not made of the key */
    SIGNATURE_TAG_DIFFERS = 4,    /* DRIP: the aircraft's session id is another tag */
};

struct signature_result {
    enum signature_verdict verdict;
    unsigned oddities;
    const char *covers;           /* what was signed; NULL: not found */
    const char *key_source;       /* file | link: vouched for by a key of the file | announced: by itself alone; NULL */
    char key[RID_KEY_NAME];       /* which of the file's; empty else */
    bool is_drip, has_signer;
    int form;                     /* enum drip_form */
    uint32_t valid_from, valid_until;
    uint8_t det[DET_BYTES], signer[DET_BYTES];
    unsigned hashes, hashes_heard; /* of a manifest: of messages, and how many of the last messages are among them */
};

/* Types of authentication that are a signature (F3411, 5.4.5.10). */
enum { SIGNATURE_OF_UAS_ID = 1, SIGNATURE_OF_OPERATOR_ID = 2, SIGNATURE_OF_MESSAGES = 3, SIGNATURE_BY_METHOD = 5 };

struct signature_input {
    unsigned type;
    uint32_t timestamp;
    struct bytes data;
    struct bytes messages;        /* the others, 25 bytes each: of the same pack, or the last of each type from this radio */
    bool is_pack;
    bool may_be_mixed;            /* its pages may belong to two signatures: then no signature is called wrong */
    struct text uas_id, operator_id;
    int64_t at_utc_ns;
};

struct verifier;

/* `keys` NULL: DRIP is read, and nothing is verified.  `tries` counts what was tried, for all verifiers of one item of
 * evidence together: the work on it is bounded. */
struct verifier *verifier_new(const struct rid_keys *keys, uint64_t *tries);
void verifier_free(struct verifier *v); /* NULL is fine */
void verifier_check(struct verifier *v, const struct signature_input *in, struct signature_result *ret);
/* Says how many were not looked at because there were too many, if any. */
void verifier_tell_left_out(const struct verifier *v, struct reading *r, uint64_t offset);

/* Members of "authentication". */
void signature_details(const struct signature_result *r, struct details *d);

#endif
