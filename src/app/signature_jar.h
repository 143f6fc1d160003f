#ifndef LEASH_APP_SIGNATURE_JAR_H
#define LEASH_APP_SIGNATURE_JAR_H

#include "app/zip.h"

/* JAR signatures (scheme v1): digests of every entry in META-INF/MANIFEST.MF, digests of that in
 * *.SF, and a PKCS#7 signature of that in *.RSA, *.DSA or *.EC.
 * Sources: Oracle's "JAR File Specification"; RFC 2315 (PKCS#7); which algorithms which platform
 * takes, and the mark X-Android-APK-Signed: apksig's documented behaviour, checked against its
 * published test packages. */

enum { JAR_SIGNERS_MAX = 10 };

enum { FOUND_V2 = 1 << 2, FOUND_V3 = 1 << 3 }; /* bits of schemes found, as X-Android-APK-Signed numbers them */

struct jar_signer {
    struct bytes certificate;  /* DER, in the arena */
    bool valid;
    bool ignored;              /* signs no entry, or not all of them */
    const char *problem;       /* of the first failure, a literal; NULL when valid */
};

struct jar_result {
    bool found;                /* a manifest and a signature are there */
    bool manifest_found;
    bool valid;
    bool unsupported;          /* an entry was larger than is checked */
    struct jar_signer signers[JAR_SIGNERS_MAX];
    size_t signer_count;
    const char *problem;       /* the first of the package as a whole, a literal, or NULL */
    struct text problem_entry; /* the entry it is about, or unknown */
    size_t unprotected;        /* entries below META-INF that no signature covers */
};

/* The digest that jar_verify will ask for of most entries, or DIGEST_NONE: whoever unpacks an entry before
 * may put it into zip_entry.digest.  `content` is used meanwhile. */
enum digest_kind jar_digest_wanted(struct zip *z, struct buffer *content);

/* As platforms from `min_sdk` on see it. */
void jar_verify(struct zip *z, struct reading *r, int64_t min_sdk, unsigned schemes_found, struct jar_result *ret);

#endif
