#ifndef LEASH_APP_SIGNING_BLOCK_H
#define LEASH_APP_SIGNING_BLOCK_H

#include "app/signature_key.h"
#include "app/zip.h"

/* The APK Signing Block in front of the zip's directory, and the signers in it.
 * Source: Android's public documents "APK Signature Scheme v2" and "v3", and for 3.1 the
 * platform's release notes (block id 0x1b93ad61). */

enum {
    BLOCK_ID_V2 = 0x7109871a, BLOCK_ID_V3 = (int)0xf05368c0, BLOCK_ID_V31 = 0x1b93ad61,
    BLOCK_SIGNERS_MAX = 10, BLOCK_PAIRS_MAX = 1000, LINEAGE_MAX = 50,
};

struct signing_block {
    struct bytes block;    /* from its first size to its mark; len 0: none */
    struct bytes v2, v3, v31;
    bool malformed;        /* its mark is there, and its sizes or pairs contradict each other */
};

/* Never fails: what is not there is empty. */
void signing_block_find(const struct zip *z, struct signing_block *ret);

enum block_scheme { SCHEME_V2, SCHEME_V3, SCHEME_V31 };

struct block_signer {
    struct bytes certificate;       /* DER */
    int64_t min_sdk, max_sdk;       /* v3: for which platforms it signs */
    bool valid;                     /* its signature, its key and the content's digest */
    bool unsupported;               /* not one of its algorithms is known */
    const char *problem;            /* when neither valid nor unsupported: a literal */
    bool requires_v3;               /* v2: says that a v3 signature was made too */
    int64_t rotation_min_sdk;       /* v3: says that v3.1 rotates from this platform on; or unknown */
    struct bytes lineage[LINEAGE_MAX]; /* certificates, oldest first */
    size_t lineage_count;
};

struct block_signers {
    bool found;
    bool malformed;
    struct block_signer *signers;
    size_t count;
};

struct content_digests;

/* Digests of the package's content, worked out when first needed and kept in `arena`. */
struct content_digests *content_digests_new(const struct zip *z, const struct signing_block *block,
                                            struct arena *arena);

void block_signers_verify(enum block_scheme scheme, struct bytes value, struct content_digests *digests,
                          struct arena *arena,
                          struct block_signers *ret);

#endif
