#include "app/given.h"

#include <string.h>

#include "app/jar_algorithms.h"
#include "app/signature.h"

/* As a package for platforms from `min_sdk` on. */
static void verify(struct bytes whole, int64_t min_sdk, int64_t target_sdk, struct package_signature *ret)
{
    struct kept_facts facts;
    struct manifest m = { .min_sdk = min_sdk, .target_sdk = target_sdk, .target_sandbox_version = FACT_UNKNOWN_INT };
    struct zip z;

    kept_facts_init(&facts);
    struct reading r = reading_for_test(&facts);
    *ret = (struct package_signature){ 0 };
    if (zip_open(&r, whole, &z) == PARSE_OK)
        signature_verify(&z, &m, &r, ret);
    ret->problem_count = ret->problem_count > 0; /* their texts go with the arena */
    reading_for_test_done(&r);
    kept_facts_done(&facts);
}

static void schemes_count_by_platform(void **state)
{
    enum { V1 = 1 << SIGNATURE_V1, V2 = 1 << SIGNATURE_V2, V3 = 1 << SIGNATURE_V3 };
    static const struct { const char *file; int64_t min_sdk,
                          target_sdk; enum signature_verdict verdict; unsigned schemes; int64_t from; } cases[] = {
        { "apk/signed-v1.apk", 18, 29, SIGNATURE_VALID, V1, FACT_UNKNOWN_INT },
        { "apk/signed-v1.apk", 28, 29, SIGNATURE_VALID, V1, FACT_UNKNOWN_INT },
        { "apk/signed-v1.apk", 17, 29, SIGNATURE_INVALID, 0, 18 },  /* SHA-256 is not known there */
        { "apk/signed-v1.apk", 18, 30, SIGNATURE_INVALID, V1, FACT_UNKNOWN_INT }, /* such a target needs more */
        { "apk/signed-v2.apk", 24, 30, SIGNATURE_VALID, V2, FACT_UNKNOWN_INT },
        { "apk/signed-v2.apk", 23, 29, SIGNATURE_INVALID, V2, 24 }, /* 23 looks for v1 */
        { "apk/signed-v3.apk", 28, 30, SIGNATURE_VALID, V3, FACT_UNKNOWN_INT },
        { "apk/signed-v3.apk", 21, 29, SIGNATURE_INVALID, V3, 24 },
        { "apk/whole-signed-v1-v2-v3.apk", 21, 29, SIGNATURE_VALID, V1 | V2 | V3, FACT_UNKNOWN_INT },
        { "apk/whole-unsigned.apk", 21, 29, SIGNATURE_ABSENT, 0, FACT_UNKNOWN_INT },
        { "apk/changed-after-v2-signature.apk", 24, 29, SIGNATURE_INVALID, 0, FACT_UNKNOWN_INT },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bytes whole = given(cases[i].file);
        struct package_signature s;
        verify(whole, cases[i].min_sdk, cases[i].target_sdk, &s);
        const unsigned schemes = s.signer_count > 0 ? s.signers[0].schemes : 0;
        if (s.verdict != cases[i].verdict || schemes != cases[i].schemes || s.valid_from_sdk != cases[i].from ||
            (s.verdict == SIGNATURE_INVALID) != (s.problem_count > 0))
            fail_msg("%s from %d: %s, schemes %x, from %lld", cases[i].file, (int)cases[i].min_sdk,
                     signature_verdict_names[s.verdict], schemes,
                     (long long)s.valid_from_sdk);
        exact_copy_free(whole);
    }
}

static void a_scheme_taken_off_is_missed(void **state)
{
    const struct bytes whole = given("apk/whole-signed-v1-v2-v3.apk");
    const struct bytes copy = exact_copy(whole.at, whole.len);
    struct package_signature s;
    uint8_t *id;

    (void)state;
    /* v3's id becomes one that nobody knows: v2 says that there was a v3. */
    id = memmem(copy.at, copy.len, "\xc0\x68\x53\xf0", 4);
    assert_non_null(id);
    id[0] ^= 1;
    verify(copy, 24, 29, &s);
    assert_int_equal(s.verdict, SIGNATURE_INVALID);
    /* v2's id too: the JAR signature says that there were both. */
    id = memmem(copy.at, copy.len, "\x1a\x87\x09\x71", 4);
    id[0] ^= 1;
    verify(copy, 24, 29, &s);
    assert_int_equal(s.verdict, SIGNATURE_INVALID);
    exact_copy_free(copy);
    exact_copy_free(whole);
}

static void pairs_of_algorithms(void **state)
{
    static const struct { const char *digest, *signature; int64_t min_sdk; bool known, supported; } cases[] = {
        { "1.3.14.3.2.26", "1.2.840.113549.1.1.1", 1, true, true },                 /* SHA-1, RSA */
        { "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11", 17, true, false },     /* SHA-256 with RSA */
        { "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11", 18, true, true },
        { "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.5", 24, true, false },      /* digests that differ */
        { "2.16.840.1.101.3.4.2.1", "1.2.840.10045.2.1", 18, true, true },          /* SHA-256, EC */
        { "1.2.840.113549.2.5", "1.2.840.113549.1.1.4", 20, true, false },          /* MD5 with RSA */
        { "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.3.3", 24, false, false },   /* SHA-384 with DSA */
        { "1.2.3", "1.2.840.113549.1.1.1", 24, false, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct jar_algorithm a;
        const bool known = jar_algorithm_find(cases[i].digest, cases[i].signature, &a);
        assert_int_equal(known, cases[i].known);
        if (known)
            assert_int_equal(jar_algorithm_supported(&a, cases[i].min_sdk), cases[i].supported);
    }
}

static void every_length_of_a_signing_block(void **state)
{
    static const char *const files[] = { "signing_block/one-signer-v2", "signing_block/one-signer-v3" };

    (void)state;
    for (int f = 0; f < 2; f++) {
        const struct bytes whole = given(files[f]);
        for (size_t n = 0; n < whole.len; n++) {
            const struct bytes cut = exact_copy(whole.at, n);
            struct arena *arena = arena_new(0);
            struct block_signers s;
            block_signers_verify(f == 0 ? SCHEME_V2 : SCHEME_V3, cut, NULL, arena, &s);
            assert_true(s.malformed || n == whole.len);
            arena_free(arena);
            exact_copy_free(cut);
        }
        exact_copy_free(whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemes_count_by_platform), cmocka_unit_test(a_scheme_taken_off_is_missed),
        cmocka_unit_test(pairs_of_algorithms), cmocka_unit_test(every_length_of_a_signing_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
