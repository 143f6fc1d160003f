#include "app/signature.h"

#include <stdarg.h>
#include <stdio.h>

#include "app/signature_jar.h"

const char *const signature_scheme_names[SIGNATURE_SCHEME_COUNT] = { "v1", "v2", "v3", "v3.1" };
const char *const signature_verdict_names[4] = { "absent", "valid", "invalid", "unsupported" };

/* Platforms that know a scheme, and that demand one. */
enum { SDK_V2 = 24, SDK_V3 = 28, SDK_V31 = 33, TARGET_NEEDS_V2 = 30 };

struct verification {
    struct zip *z;
    const struct manifest *m;
    struct reading *r;
    struct signing_block block;
    struct block_signers schemes[3];        /* enum block_scheme */
    struct jar_result jar;
    bool jar_verified;                      /* at jar_min_sdk */
    int64_t jar_min_sdk;
    struct package_signature *result;
    bool telling;                           /* problems are written down */
    bool failed, unsupported;
};

__attribute__((format(printf, 2, 3)))
static void problem(struct verification *v, const char *format, ...)
{
    char text[512];
    va_list arguments;

    v->failed = true;
    if (!v->telling || v->result->problem_count == SIGNATURE_PROBLEMS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    v->result->problems[v->result->problem_count++] = arena_text(v->r->arena, text_of(text));
}

/* Android names its preview platforms by a letter (public list of version codes). */
static int64_t sdk_of_codename(struct text codename)
{
    static const struct { char letter; int sdk; } letters[] = {
        { 'C', 2 }, { 'D', 3 }, { 'E', 4 }, { 'F', 7 }, { 'G', 8 }, { 'H', 10 }, { 'I', 13 }, { 'J', 15 }, { 'K', 18 }, { 'L', 20 },
        { 'M', 22 }, { 'N', 23 }, { 'O', 25 }, { 'P', 27 }, { 'Q', 28 }, { 'R', 29 }, { 'S', 30 }, { 'T', 32 }, { 'U', 33 }, { 'V', 34 },
    };

    for (size_t i = 0; codename.len > 0 && i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == codename.at[0])
            return letters[i].sdk;
    return 1;
}

static int64_t min_sdk_of(const struct manifest *m)
{
    if (!m)
        return 1;
    if (fact_known_int(m->min_sdk))
        return m->min_sdk > 1 ? m->min_sdk : 1;
    return sdk_of_codename(m->min_codename);
}

static bool check_block_signers(struct verification *v, enum block_scheme scheme, const char *name)
{
    const struct block_signers *s = &v->schemes[scheme];

    if (s->malformed)
        problem(v, "the block of scheme %s is malformed", name);
    for (size_t i = 0; i < s->count; i++) {
        if (s->signers[i].problem)
            problem(v, "signer %zu of scheme %s %s", i + 1, name, s->signers[i].problem);
        if (s->signers[i].unsupported) {
            v->unsupported = true;
            problem(v, "signer %zu of scheme %s uses algorithms that are not known", i + 1, name);
        }
    }
    return !v->failed;
}

/* The platforms that the signers are for must leave no gap from `from` up to `to`. */
static void check_platforms(struct verification *v, enum block_scheme scheme, const char *name, int64_t from,
                            int64_t to)
{
    const struct block_signers *s = &v->schemes[scheme];
    int64_t covered = from;
    bool grown = true;

    for (size_t round = 0; round <= s->count && grown; round++) {
        grown = false;
        for (size_t i = 0; i < s->count; i++) {
            if (s->signers[i].min_sdk <= covered && s->signers[i].max_sdk >= covered) {
                covered = s->signers[i].max_sdk + 1;
                grown = true;
            }
        }
    }
    if (covered <= to)
        problem(v, "the signers of scheme %s are not for all platforms from %lld on", name, (long long)from);
}

static void check_v3(struct verification *v, int64_t min_sdk, bool v31, int64_t rotation_min_sdk)
{
    const struct block_signers *s = &v->schemes[SCHEME_V3];

    if (!check_block_signers(v, SCHEME_V3, "v3"))
        return;
    check_platforms(v, SCHEME_V3, "v3", min_sdk > SDK_V3 ? min_sdk : SDK_V3, v31 ? rotation_min_sdk - 1 : INT32_MAX);
    for (size_t i = 0; i < s->count; i++)
        if (fact_known_int(s->signers[i].rotation_min_sdk) && !v31)
            problem(v, "signer %zu of scheme v3 says that scheme v3.1 was used too: that signature was taken off",
                    i + 1);
}

static const struct jar_result *jar_at(struct verification *v, int64_t min_sdk, unsigned schemes)
{
    if (!v->jar_verified || v->jar_min_sdk != min_sdk)
        jar_verify(v->z, v->r, min_sdk, schemes, &v->jar);
    v->jar_verified = true;
    v->jar_min_sdk = min_sdk;
    return &v->jar;
}

static bool same_certificate(struct bytes a, struct bytes b)
{
    return bytes_equal(a, b.at, b.len);
}

/* The signers of v1 and v2 must be the same; that of v3 must be that of the older scheme, or
 * stand in its lineage. */
static void check_agreement(struct verification *v, bool v1)
{
    const struct block_signers *v2 = &v->schemes[SCHEME_V2], *v3 = &v->schemes[SCHEME_V3];

    for (size_t i = 0; v1 && v2->found && i < v2->count; i++) {
        bool same = false;
        for (size_t k = 0; k < v->jar.signer_count; k++)
            same |= !v->jar.signers[k].ignored && same_certificate(v2->signers[i].certificate,
                                                                   v->jar.signers[k].certificate);
        if (!same)
            problem(v, "signer %zu of scheme v2 did not sign by scheme v1", i + 1);
    }
    for (size_t k = 0; v1 && v2->found && k < v->jar.signer_count; k++) {
        bool same = v->jar.signers[k].ignored;
        for (size_t i = 0; i < v2->count; i++)
            same |= same_certificate(v2->signers[i].certificate, v->jar.signers[k].certificate);
        if (!same)
            problem(v, "signer %zu of scheme v1 did not sign by scheme v2", k + 1);
    }
    if (!v3->found || v3->count == 0 || (!v1 && !v2->found))
        return;
    const struct bytes old = v1 && v->jar.signer_count > 0 ? v->jar.signers[0].certificate
                             : v2->count > 0 ? v2->signers[0].certificate : (struct bytes){ 0 };
    const struct block_signer *newest = &v3->signers[0];
    for (size_t i = 1; i < v3->count; i++)
        if (v3->signers[i].lineage_count > newest->lineage_count)
            newest = &v3->signers[i];
    const struct bytes first = newest->lineage_count > 0 ? newest->lineage[0] : newest->certificate;
    if (!same_certificate(first, old))
        problem(v, "the signer of scheme v3 does not descend from that of the older scheme");
}

/* The order and conditions of apksig: newer schemes first; an older one counts only for platforms
 * that do not know the newer, or where there is no newer one. */
static bool verify_from(struct verification *v, int64_t min_sdk)
{
    const bool v31 = v->schemes[SCHEME_V31].found;
    bool any = v31, v1 = false;
    unsigned schemes = 0;
    int64_t rotation_min_sdk = INT32_MAX;

    v->failed = v->unsupported = false;
    for (size_t i = 0; i < v->schemes[SCHEME_V31].count; i++)
        if (v->schemes[SCHEME_V31].signers[i].min_sdk < rotation_min_sdk)
            rotation_min_sdk = v->schemes[SCHEME_V31].signers[i].min_sdk;
    if (v31 && check_block_signers(v, SCHEME_V31, "v3.1"))
        check_platforms(v, SCHEME_V31, "v3.1", rotation_min_sdk > min_sdk ? rotation_min_sdk : min_sdk, INT32_MAX);
    if (v31 && !v->schemes[SCHEME_V3].found)
        problem(v, "scheme v3.1 was used without scheme v3");
    if (!v->failed && v->schemes[SCHEME_V3].found && (min_sdk < SDK_V31 || !any))
        check_v3(v, min_sdk, v31, rotation_min_sdk);
    any |= v->schemes[SCHEME_V3].found;
    schemes |= v->schemes[SCHEME_V3].found ? FOUND_V3 : 0;
    if (!v->failed && v->schemes[SCHEME_V2].found && (min_sdk < SDK_V3 || !any))
        check_block_signers(v, SCHEME_V2, "v2");
    for (size_t i = 0; !v->failed && i < v->schemes[SCHEME_V2].count && min_sdk < SDK_V3; i++)
        if (v->schemes[SCHEME_V2].signers[i].requires_v3 && !v->schemes[SCHEME_V3].found)
            problem(v, "signer %zu of scheme v2 says that scheme v3 was used too: that signature was taken off", i + 1);
    any |= v->schemes[SCHEME_V2].found;
    schemes |= v->schemes[SCHEME_V2].found ? FOUND_V2 : 0;

    if (v->m && fact_known_int(v->m->target_sandbox_version) && v->m->target_sandbox_version > 1 && !any)
        problem(v, "a package with a target sandbox version needs scheme v2 or later");
    if (!v->failed && (min_sdk < SDK_V2 || !any)) {
        const struct jar_result *jar = jar_at(v, min_sdk, schemes);
        v1 = jar->valid;
        v->unsupported |= jar->unsupported;
        if (!jar->found && any)
            problem(v, "platforms before %d, which the package is for, see no signature: scheme v1 is missing", SDK_V2);
        else if (jar->problem)
            problem(v, "scheme v1: %s%s%.*s", jar->problem, text_known(jar->problem_entry) ? ": " : "",
                    (int)jar->problem_entry.len, jar->problem_entry.at ? jar->problem_entry.at : "");
        else if (!jar->found)
            v->failed = true;
    }
    if (!v->failed)
        check_agreement(v, v1);
    if (!v->failed && v->m && fact_known_int(v->m->target_sdk) && v->m->target_sdk >= TARGET_NEEDS_V2 && !any)
        problem(v, "a package for SDK %d and later needs scheme v2 or later", TARGET_NEEDS_V2);
    return !v->failed;
}

static void add_signer(struct package_signature *s, struct bytes certificate, bool valid, enum signature_scheme scheme)
{
    size_t at = 0;

    if (certificate.len == 0)
        return;
    while (at < s->signer_count && !same_certificate(s->signers[at].certificate, certificate))
        at++;
    if (at == SIGNATURE_SIGNERS_MAX)
        return;
    if (at == s->signer_count)
        s->signers[s->signer_count++] = (struct package_signer){ .certificate = certificate };
    if (valid)
        s->signers[at].schemes |= 1u << scheme;
}

static void list_signers(struct verification *v)
{
    static const enum signature_scheme scheme_of[3] = { SIGNATURE_V2, SIGNATURE_V3, SIGNATURE_V31 };

    for (size_t i = 0; v->jar_verified && i < v->jar.signer_count; i++)
        if (!v->jar.signers[i].ignored)
            add_signer(v->result, v->jar.signers[i].certificate, v->jar.valid && v->jar.signers[i].valid, SIGNATURE_V1);
    for (int s = 0; s < 3; s++) {
        for (size_t i = 0; i < v->schemes[s].count; i++)
            add_signer(v->result, v->schemes[s].signers[i].certificate, v->schemes[s].signers[i].valid, scheme_of[s]);
        if (v->schemes[s].found)
            v->result->found |= 1u << scheme_of[s];
    }
}

enum digest_kind signature_wants_digest(struct zip *z, const struct manifest *m, struct buffer *content)
{
    struct signing_block block;

    signing_block_find(z, &block);
    return min_sdk_of(m) < SDK_V2 || block.block.len == 0 ? jar_digest_wanted(z, content) : DIGEST_NONE;
}

void signature_verify(struct zip *z, const struct manifest *m, struct reading *r, struct package_signature *ret)
{
    static const int64_t later[] = { 18, 19, 21, SDK_V2, SDK_V3, SDK_V31 };
    struct verification v = { .z = z, .m = m, .r = r, .result = ret, .telling = true };
    const int64_t min_sdk = min_sdk_of(m);

    *ret = (struct package_signature){ .valid_from_sdk = FACT_UNKNOWN_INT };
    signing_block_find(z, &v.block);
    struct content_digests *digests = content_digests_new(z, &v.block, r->arena);
    block_signers_verify(SCHEME_V2, v.block.v2, digests, r->arena, &v.schemes[SCHEME_V2]);
    block_signers_verify(SCHEME_V3, v.block.v3, digests, r->arena, &v.schemes[SCHEME_V3]);
    block_signers_verify(SCHEME_V31, v.block.v31, digests, r->arena, &v.schemes[SCHEME_V31]);
    const bool refused = z->tricks & ZIP_TRICK_TAIL;
    if (refused)
        problem(&v, "something stands behind the end of the package: no platform installs it");
    const bool valid = verify_from(&v, min_sdk) && !refused;
    if (v.block.malformed && !valid)
        problem(&v, "the signing block contradicts itself");
    const bool unsupported = v.unsupported, block_there = v.block.malformed || v.schemes[SCHEME_V2].found ||
        v.schemes[SCHEME_V3].found;
    const bool jar_there = zip_find(z, TEXT("META-INF/MANIFEST.MF")) && (!v.jar_verified || v.jar.found);
    list_signers(&v);
    if (v.jar_verified && v.jar.found)
        ret->found |= 1u << SIGNATURE_V1;
    ret->unprotected = v.jar_verified ? v.jar.unprotected : 0;
    ret->verdict = valid ? SIGNATURE_VALID : !block_there && !jar_there &&
        !v.schemes[SCHEME_V31].found ? SIGNATURE_ABSENT
                   : unsupported ? SIGNATURE_UNSUPPORTED : SIGNATURE_INVALID;
    v.telling = false;
    for (size_t i = 0; ret->verdict == SIGNATURE_INVALID && !refused && i < sizeof later / sizeof *later &&
         !fact_known_int(ret->valid_from_sdk); i++)
        if (later[i] > min_sdk && verify_from(&v, later[i]))
            ret->valid_from_sdk = later[i];
}
