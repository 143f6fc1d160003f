#ifndef LEASH_APP_SIGNATURE_H
#define LEASH_APP_SIGNATURE_H

#include "app/manifest.h"
#include "app/signing_block.h"

/* Whether a package is signed as Android's package manager asks for it, and by whom: schemes v1
 * (JAR), v2, v3 and v3.1, by the rules of apksig for all platforms from the package's minimum SDK on. */

enum signature_verdict { SIGNATURE_ABSENT, SIGNATURE_VALID, SIGNATURE_INVALID, SIGNATURE_UNSUPPORTED };

enum { SIGNATURE_SIGNERS_MAX = 40, SIGNATURE_PROBLEMS_MAX = 16 };

enum signature_scheme { SIGNATURE_V1, SIGNATURE_V2, SIGNATURE_V3, SIGNATURE_V31, SIGNATURE_SCHEME_COUNT };

extern const char *const signature_scheme_names[SIGNATURE_SCHEME_COUNT]; /* "v1" ... "v3.1" */
extern const char *const signature_verdict_names[4];

struct package_signer {
    struct bytes certificate;  /* DER */
    unsigned schemes;          /* bits of those by which its signature was found right */
};

struct package_signature {
    enum signature_verdict verdict;
    struct package_signer signers[SIGNATURE_SIGNERS_MAX];
    size_t signer_count;
    unsigned found;            /* schemes there are, right or not */
    struct text problems[SIGNATURE_PROBLEMS_MAX];
    size_t problem_count;
    int64_t valid_from_sdk;    /* invalid: the platform from which on it would be valid, or unknown */
    size_t unprotected;        /* v1: files below META-INF that no signature covers */
};

/* The digest of entries that signature_verify will ask for, or DIGEST_NONE; see jar_digest_wanted. */
enum digest_kind signature_wants_digest(struct zip *z, const struct manifest *m, struct buffer *content);

/* `m` may be NULL: no manifest could be read.  Texts lie in r->arena. */
void signature_verify(struct zip *z, const struct manifest *m, struct reading *r, struct package_signature *ret);

#endif
