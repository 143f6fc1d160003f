#ifndef LEASH_BROADCAST_RID_KEY_H
#define LEASH_BROADCAST_RID_KEY_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* Public keys that authentication messages of Remote ID are verified with: a file of the operator's (--rid-key).
 *
 * One or more keys in PEM ("-----BEGIN PUBLIC KEY-----", RFC 7468 section 13): Ed25519, or of the curves P-256 and
 * P-384. A line "for: ID" before a key says whose it is: what stands in the messages as the aircraft's or
 * the operator's id, or a DRIP Entity Tag (as an IPv6 address, or 32 hexadecimal digits).  Without it the key is tried
 * on everything.  Other lines are for people. */
enum { RID_KEYS_MAX = 256, RID_KEY_DER_MAX = 160, DET_BYTES = 16, HOST_KEY_BYTES = 32, RID_KEY_NAME = 16 };

enum rid_key_kind { RID_KEY_ED25519, RID_KEY_P256, RID_KEY_P384 };

struct rid_key {
    enum rid_key_kind kind;
    struct text owner;                /* or unknown */
    bool owner_is_det;
    uint8_t owner_det[DET_BYTES];
    uint8_t host_key[HOST_KEY_BYTES]; /* of Ed25519, as RFC 8032 writes it */
    uint8_t der[RID_KEY_DER_MAX];     /* SubjectPublicKeyInfo */
    size_t der_len;
    char name[RID_KEY_NAME];          /* the first digits of the SHA-256 of that, as the row shows which key it was */
};

struct rid_keys {
    struct rid_key *keys;
    size_t count;
};

/* What is read lives in `arena`.  False: no key, too many, or one that is not of these kinds; `why` is then a
 * sentence about it, and `ret` is untouched. */
__attribute__((warn_unused_result))
bool rid_keys_read(struct bytes file, struct arena *arena, struct rid_keys *ret, const char **why);

/* Ed25519: 64 bytes over the content itself (RFC 8032).  P-256 with SHA-256, P-384 with SHA-384: r and s one behind the
 * other, or in DER. */
bool rid_key_verify(const struct rid_key *key, struct bytes content, struct bytes signature);
bool host_key_verify(const uint8_t host_key[HOST_KEY_BYTES], struct bytes content, struct bytes signature);
/* Whether a signature of so many bytes can be one of this key's. */
bool rid_key_signs(const struct rid_key *key, size_t signature_len);

/* cSHAKE128 (NIST SP 800-185) without a function name, customised, 64 bits long: the hash of RFC 9374 and RFC 9575. */
enum { DRIP_HASH_BYTES = 8 };
void drip_hash(struct bytes custom, struct bytes content, uint8_t hash[DRIP_HASH_BYTES]);
/* Whether the tag is made of the key (RFC 9374, 3.5): 2001:30::/28, suite 5, and the hash of what stands
 * before it and the key. */
bool det_is_of_key(const uint8_t det[DET_BYTES], const uint8_t host_key[HOST_KEY_BYTES]);

#endif
