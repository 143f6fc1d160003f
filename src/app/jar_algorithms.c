#include "app/jar_algorithms.h"

#include <string.h>

static const struct { const char *oid; enum digest_kind digest; } digests[] = {
    { "1.2.840.113549.2.5", DIGEST_MD5 }, { "1.3.14.3.2.26", DIGEST_SHA1 }, { "2.16.840.1.101.3.4.2.4", DIGEST_SHA224 },
    { "2.16.840.1.101.3.4.2.1", DIGEST_SHA256 }, { "2.16.840.1.101.3.4.2.2", DIGEST_SHA384 },
    { "2.16.840.1.101.3.4.2.3", DIGEST_SHA512 },
};

/* DIGEST_NONE: the key alone; the digest is then that of the signer. */
static const struct { const char *oid; enum key_kind key; enum digest_kind digest; } signatures[] = {
    { "1.2.840.113549.1.1.1", KEY_RSA, DIGEST_NONE }, { "1.2.840.113549.1.1.4", KEY_RSA, DIGEST_MD5 },
    { "1.2.840.113549.1.1.5", KEY_RSA, DIGEST_SHA1 }, { "1.2.840.113549.1.1.14", KEY_RSA, DIGEST_SHA224 },
    { "1.2.840.113549.1.1.11", KEY_RSA, DIGEST_SHA256 }, { "1.2.840.113549.1.1.12", KEY_RSA, DIGEST_SHA384 },
    { "1.2.840.113549.1.1.13", KEY_RSA, DIGEST_SHA512 },
    { "1.2.840.10040.4.1", KEY_DSA, DIGEST_NONE }, { "1.2.840.10040.4.3", KEY_DSA, DIGEST_SHA1 },
    { "2.16.840.1.101.3.4.3.1", KEY_DSA, DIGEST_SHA224 }, { "2.16.840.1.101.3.4.3.2", KEY_DSA, DIGEST_SHA256 },
    { "1.2.840.10045.2.1", KEY_EC, DIGEST_NONE }, { "1.2.840.10045.4.1", KEY_EC, DIGEST_SHA1 },
    { "1.2.840.10045.4.3.1", KEY_EC, DIGEST_SHA224 }, { "1.2.840.10045.4.3.2", KEY_EC, DIGEST_SHA256 },
    { "1.2.840.10045.4.3.3", KEY_EC, DIGEST_SHA384 }, { "1.2.840.10045.4.3.4", KEY_EC, DIGEST_SHA512 },
};

bool jar_algorithm_find(const char *digest_oid, const char *signature_oid, struct jar_algorithm *ret)
{
    struct jar_algorithm a = { .key = KEY_NONE };

    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
        if (strcmp(digests[i].oid, digest_oid) == 0)
            a.attribute_digest = digests[i].digest;
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        if (strcmp(signatures[i].oid, signature_oid) != 0)
            continue;
        a.key = signatures[i].key;
        a.generic = signatures[i].digest == DIGEST_NONE;
        a.signature_digest = a.generic ? a.attribute_digest : signatures[i].digest;
    }
    if (a.attribute_digest == DIGEST_NONE || a.key == KEY_NONE)
        return false;
    *ret = a;
    return true;
}

/* The SDK from which on all take the pair; 0: none that is still made does.  Pairs whose digests
 * differ worked on 21 to 23 alone. */
static int supported_from(const struct jar_algorithm *a)
{
    static const struct { enum key_kind key; enum digest_kind digest; int generic, named; } table[] = {
        { KEY_RSA, DIGEST_MD5, 1, 21 },    { KEY_RSA, DIGEST_SHA1, 1, 1 },    { KEY_RSA, DIGEST_SHA224, 21, 21 },
        { KEY_RSA, DIGEST_SHA256, 18, 18 }, { KEY_RSA, DIGEST_SHA384, 18, 21 }, { KEY_RSA, DIGEST_SHA512, 18, 21 },
        { KEY_DSA, DIGEST_SHA1, 1, 9 },    { KEY_DSA, DIGEST_SHA224, 22, 21 }, { KEY_DSA, DIGEST_SHA256, 22, 21 },
        { KEY_EC, DIGEST_SHA1, 18, 18 },   { KEY_EC, DIGEST_SHA224, 21, 21 }, { KEY_EC, DIGEST_SHA256, 18, 21 },
        { KEY_EC, DIGEST_SHA384, 18, 21 }, { KEY_EC, DIGEST_SHA512, 18, 21 },
    };

    if (a->attribute_digest != a->signature_digest)
        return 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].key == a->key && table[i].digest == a->attribute_digest)
            return a->generic ? table[i].generic : table[i].named;
    return 0;
}

bool jar_algorithm_supported(const struct jar_algorithm *a, int64_t min_sdk)
{
    const int from = supported_from(a);

    return from > 0 && min_sdk >= from;
}
