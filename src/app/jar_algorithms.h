#ifndef LEASH_APP_JAR_ALGORITHMS_H
#define LEASH_APP_JAR_ALGORITHMS_H

#include "app/signature_key.h"

/* Which pairs of algorithms of a PKCS#7 signer Android's platforms take, and from which SDK on.
 * Source: apksig's documented table of supported pairs (facts), checked against its published
 * test packages. */
struct jar_algorithm {
    enum key_kind key;
    enum digest_kind attribute_digest;  /* of the signer's digest algorithm */
    enum digest_kind signature_digest;  /* that the signature itself is of */
    bool generic;                       /* the signature algorithm names a key only */
};

/* Both as dotted object identifiers.  False when one is not known. */
bool jar_algorithm_find(const char *digest_oid, const char *signature_oid, struct jar_algorithm *ret);
/* Whether every platform from `min_sdk` on takes it. */
bool jar_algorithm_supported(const struct jar_algorithm *a, int64_t min_sdk);

#endif
