#include "app/signature_jar.h"

#include <limits.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include "app/jar_manifest.h"
#include "app/jar_algorithms.h"

enum { CONTENT_BYTES_MAX = 256 << 20, SDK_ATTRIBUTES_FROM = 19, SDK_V2_FROM = 24, ATTRIBUTES_MAX = 64 };

struct jar {
    struct zip *z;
    struct reading *r;
    int64_t min_sdk;
    unsigned schemes_found;
    struct jar_manifest manifest;
    struct jar_result *result;
    struct jar_manifest files[JAR_SIGNERS_MAX];   /* the .SF of each signer */
    const struct zip_entry *blocks[JAR_SIGNERS_MAX], *file_entries[JAR_SIGNERS_MAX];
    struct buffer content;
};

static struct bytes kept_content(struct jar *j, const struct zip_entry *e)
{
    struct bytes content;

    if (zip_content(j->z, e, NULL, &j->content, &content) != ZIP_CONTENT_OK)
        return (struct bytes){ 0 };
    const struct text copy = arena_text(j->r->arena,
                                        (struct text){ .at = (const char *)content.at, .len = content.len });
    return (struct bytes){ .at = (const uint8_t *)copy.at, .len = copy.len };
}

static void fail(struct jar *j, const char *problem, struct text entry)
{
    if (j->result->problem)
        return;
    j->result->problem = problem;
    j->result->problem_entry = entry;
}

/* PKCS#7 */

static struct bytes certificate_bytes(struct jar *j, X509 *certificate)
{
    unsigned char *der = NULL;
    const int len = i2d_X509(certificate, &der);
    struct bytes copy = { 0 };

    if (len > 0) {
        const struct text t = arena_text(j->r->arena, (struct text){ .at = (const char *)der, .len = (size_t)len });
        copy = (struct bytes){ .at = (const uint8_t *)t.at, .len = t.len };
    }
    OPENSSL_free(der);
    return copy;
}

static bool message_digest_matches(PKCS7_SIGNER_INFO *info, enum digest_kind kind, struct bytes content)
{
    const ASN1_OCTET_STRING *claimed = PKCS7_digest_from_attributes(info->auth_attr);
    uint8_t digest[DIGEST_BYTES_MAX];
    const size_t len = digest_of_bytes(kind, content, digest);

    return claimed && len > 0 && (size_t)ASN1_STRING_length(claimed) == len &&
           memcmp(ASN1_STRING_get0_data(claimed), digest, len) == 0;
}

/* Each attribute once, the type of the content among them: platforms from 24 on ask for that.
 * NULL, or what is wrong; `ret_same_type` tells whether the type is that of the signed content. */
static const char *check_attributes(const PKCS7 *p7, const PKCS7_SIGNER_INFO *info, bool *ret_same_type)
{
    const int count = sk_X509_ATTRIBUTE_num(info->auth_attr);
    ASN1_TYPE *type = PKCS7_get_signed_attribute(info, NID_pkcs9_contentType);

    for (int i = 0; i < count && i < ATTRIBUTES_MAX; i++)
        for (int k = 0; k < i; k++)
            if (OBJ_cmp(X509_ATTRIBUTE_get0_object(sk_X509_ATTRIBUTE_value(info->auth_attr, i)),
                        X509_ATTRIBUTE_get0_object(sk_X509_ATTRIBUTE_value(info->auth_attr, k))) == 0)
                return "has a signed attribute twice";
    if (count > ATTRIBUTES_MAX || !type || type->type != V_ASN1_OBJECT)
        return "has signed attributes without the type of the content";
    const ASN1_OBJECT *signed_type = p7->d.sign->contents ? p7->d.sign->contents->type : NULL;
    *ret_same_type = signed_type && OBJ_cmp(type->value.object, signed_type) == 0;
    return NULL;
}

static void dotted(const X509_ALGOR *algorithm, char into[80])
{
    into[0] = '\0';
    if (algorithm && algorithm->algorithm)
        OBJ_obj2txt(into, 80, algorithm->algorithm, 1);
}

/* NULL when the signature file was signed so; else what is wrong, and in `ret_fatal` whether another
 * signer beside this one may not make up for it. */
static const char *verify_info(struct jar *j, PKCS7 *p7, PKCS7_SIGNER_INFO *info, struct bytes file,
                               struct jar_signer *signer,
                               bool *ret_fatal)
{
    char digest_oid[80], signature_oid[80];
    struct jar_algorithm a;
    X509 *certificate = PKCS7_cert_from_signer_info(p7, info);
    bool may_sign;

    if (!certificate)
        return "does not hold the certificate it was made with";
    signer->certificate = certificate_bytes(j, certificate);
    dotted(info->digest_alg, digest_oid);
    dotted(info->digest_enc_alg, signature_oid);
    if (!jar_algorithm_find(digest_oid, signature_oid, &a))
        return "uses an algorithm that no platform takes";
    if (!jar_algorithm_supported(&a, j->min_sdk))
        return "uses an algorithm that not all platforms take which the package is for";
    struct public_key *key = public_key_of_certificate(signer->certificate, &may_sign);
    const struct bytes signature = { .at = ASN1_STRING_get0_data(info->enc_digest),
                                     .len = (size_t)ASN1_STRING_length(info->enc_digest) };
    const char *problem = NULL;
    unsigned char *attributes = NULL;
    if (!key) {
        problem = "has a certificate whose key cannot be read";
    } else if (!may_sign) {
        problem = "has a certificate that is not for signatures";
    } else if (info->auth_attr && sk_X509_ATTRIBUTE_num(info->auth_attr) > 0) {
        const int len = ASN1_item_i2d((ASN1_VALUE *)info->auth_attr, &attributes, ASN1_ITEM_rptr(PKCS7_ATTR_VERIFY));
        const struct bytes signed_bytes = { .at = attributes, .len = len > 0 ? (size_t)len : 0 };
        bool same_type = false;
        const char *attribute_problem = check_attributes(p7, info, &same_type);
        *ret_fatal = attribute_problem || j->min_sdk < SDK_ATTRIBUTES_FROM;
        if (j->min_sdk < SDK_ATTRIBUTES_FROM)
            problem = "has signed attributes, which platforms before 19 do not take";
        else if (attribute_problem)
            problem = attribute_problem;
        else if (!same_type || !message_digest_matches(info, a.attribute_digest, file) ||
                 !public_key_verify(key, a.signature_digest, PADDING_DEFAULT, signed_bytes, signature))
            problem = "does not verify";
    } else if (!public_key_verify(key, a.signature_digest, PADDING_DEFAULT, file, signature)) {
        problem = "does not verify";
    }
    OPENSSL_free(attributes);
    public_key_free(key);
    return problem;
}

static const char *verify_block(struct jar *j, struct bytes block, struct bytes file, struct jar_signer *signer)
{
    const unsigned char *at = block.at;
    PKCS7 *p7 = block.len > 0 && block.len < LONG_MAX ? d2i_PKCS7(NULL, &at, (long)block.len) : NULL;
    STACK_OF(PKCS7_SIGNER_INFO) *infos = p7 && PKCS7_type_is_signed(p7) ? PKCS7_get_signer_info(p7) : NULL;
    const char *problem = infos && sk_PKCS7_SIGNER_INFO_num(infos) > 0 ? "does not verify" : "cannot be read";

    /* Platforms before 24 look at the first only. */
    const int count = !infos ? 0 : j->min_sdk < SDK_V2_FROM &&
        sk_PKCS7_SIGNER_INFO_num(infos) > 0 ? 1 : sk_PKCS7_SIGNER_INFO_num(infos);
    bool fatal = false;
    for (int i = 0; i < count && problem && !fatal && i < JAR_SIGNERS_MAX; i++)
        problem = verify_info(j, p7, sk_PKCS7_SIGNER_INFO_value(infos, i), file, signer, &fatal);
    PKCS7_free(p7);
    ERR_clear_error();
    return problem;
}

/* Signature files */

static bool digests_match(const struct jar_digest *digests, size_t count, struct bytes content)
{
    uint8_t actual[DIGEST_BYTES_MAX];

    for (size_t i = 0; i < count; i++) {
        const size_t len = digest_of_bytes(digests[i].kind, content, actual);
        if (len == 0 || len != digests[i].len || memcmp(actual, digests[i].value, len) != 0)
            return false;
    }
    return true;
}

/* By the digest that is known already, if that is all that is asked for. */
static bool entry_matches(struct jar *j, const struct zip_entry *e, const struct jar_digest *digests, size_t count)
{
    struct bytes content;

    if (count == 1 && e->digest_kind == digests[0].kind && digests[0].len == digest_bytes(e->digest_kind))
        return memcmp(e->digest, digests[0].value, digests[0].len) == 0;
    const enum zip_content_status status = zip_content(j->z, e, NULL, &j->content, &content);
    if (status == ZIP_CONTENT_TOO_LARGE) {
        j->result->unsupported = true;
        fail(j, "an entry is larger than is checked", e->name);
    }
    return status == ZIP_CONTENT_OK && digests_match(digests, count, content);
}

/* X-Android-APK-Signed lists the schemes that were used besides this one; taking them off must not go unseen. */
static bool was_stripped(struct jar *j, const struct jar_section *main)
{
    const struct text list = jar_attribute(main, TEXT("X-Android-APK-Signed"), j->r->arena);
    unsigned wanted = 0;

    for (size_t i = 0; text_known(list) && i < list.len; i++)
        if (list.at[i] == '2' || list.at[i] == '3')
            wanted |= 1u << (list.at[i] - '0');
    return wanted & ~j->schemes_found;
}

static const char *verify_sections(struct jar *j, const struct jar_manifest *file, const char *suffix,
                                   bool strip_last_line)
{
    struct jar_digest digests[2];

    for (size_t i = 0; i < file->count; i++) {
        const struct jar_section *s = &file->sections[i], *target = jar_section_find(&j->manifest, s->name);
        if (!target)
            return "names an entry that the manifest does not have";
        const size_t count = jar_digests(s, suffix, j->min_sdk, j->r->arena, digests);
        if (count == 0)
            return "has an entry without a digest";
        struct bytes content = target->bytes;
        if (strip_last_line && content.len >= 2 && content.at[content.len - 1] == '\n' &&
            content.at[content.len - 2] == '\n')
            content.len--;
        if (!digests_match(digests, count, content))
            return "does not match the manifest: the package was changed after it was signed";
    }
    return NULL;
}

static const char *verify_file(struct jar *j, const struct jar_manifest *file)
{
    struct jar_digest digests[2];

    if (!text_known(jar_attribute(&file->main, TEXT("Signature-Version"), j->r->arena)))
        return "has no version";
    if (was_stripped(j, &file->main))
        return "says that a signature of a later scheme was there: it was taken off";
    const struct text created_by = jar_attribute(&file->main, TEXT("Created-By"), j->r->arena);
    const bool signtool = text_known(created_by) && memmem(created_by.at, created_by.len, "signtool", 8) != NULL;
    size_t count = jar_digests(&file->main, signtool ? "-Digest" : "-Digest-Manifest", j->min_sdk, j->r->arena,
                               digests);
    const bool whole = count > 0 && digests_match(digests, count, j->manifest.whole);
    if (!signtool) {
        count = jar_digests(&file->main, "-Digest-Manifest-Main-Attributes", j->min_sdk, j->r->arena, digests);
        if (count > 0 && !digests_match(digests, count, j->manifest.main.bytes))
            return "does not match the manifest: the package was changed after it was signed";
    }
    if (file->nameless || file->duplicate)
        return "has sections without a name, or one name twice";
    return whole ? NULL : verify_sections(j, file, "-Digest", signtool);
}

/* Entries */

static bool in_meta_inf(struct text name)
{
    return text_starts_with(name, TEXT("META-INF/"));
}

static bool needs_digest(const struct zip_entry *e)
{
    return !in_meta_inf(e->name) && !text_ends_with(e->name, TEXT("/"));
}

static unsigned signers_of(struct jar *j, struct text name)
{
    unsigned signers = 0;

    for (size_t i = 0; i < j->result->signer_count; i++)
        if (j->result->signers[i].valid && jar_section_find(&j->files[i], name))
            signers |= 1u << i;
    return signers;
}

static void verify_entries(struct jar *j)
{
    unsigned of_all = 0;
    bool any = false;

    for (size_t i = 0; i < j->z->count && !j->result->problem; i++) {
        const struct zip_entry *e = &j->z->entries[i];
        struct jar_digest digests[2];
        if (!needs_digest(e))
            continue;
        const struct jar_section *s = jar_section_find(&j->manifest, e->name);
        const unsigned signers = s ? signers_of(j, e->name) : 0;
        const size_t count = s ? jar_digests(s, "-Digest", j->min_sdk, j->r->arena, digests) : 0;
        if (!s || count == 0) {
            fail(j, "an entry has no digest in the manifest", e->name);
        } else if (signers == 0) {
            fail(j, "an entry is not signed", e->name);
        } else if (any && signers != of_all) {
            fail(j, "not all entries have the same signers", e->name);
        } else if (!entry_matches(j, e, digests, count)) {
            fail(j, "an entry was changed after it was signed", e->name);
        }
        of_all = signers;
        any = true;
    }
    if (!any)
        fail(j, "nothing in the package is signed", TEXT_UNKNOWN);
    for (size_t i = 0; i < j->result->signer_count; i++)
        j->result->signers[i].ignored = any && !j->result->problem && !(of_all & 1u << i);
}

static void find_signers(struct jar *j)
{
    static const char *const ends[] = { ".RSA", ".DSA", ".EC" };
    struct jar_result *result = j->result;

    for (size_t i = 0; i < j->z->count && result->signer_count < JAR_SIGNERS_MAX; i++) {
        const struct zip_entry *e = &j->z->entries[i];
        size_t end_len = 0;
        for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
            if (in_meta_inf(e->name) && text_ends_with(e->name, text_of(ends[k])))
                end_len = strlen(ends[k]);
        if (end_len == 0)
            continue;
        const struct text file = arena_printf(j->r->arena, "%.*s.SF", (int)(e->name.len - end_len), e->name.at);
        const struct zip_entry *file_entry = zip_find(j->z, file);
        if (!file_entry)
            continue;
        j->blocks[result->signer_count] = e;
        j->file_entries[result->signer_count] = file_entry;
        result->signer_count++;
    }
}

static void verify_signers(struct jar *j)
{
    struct jar_result *result = j->result;

    for (size_t i = 0; i < result->signer_count; i++) {
        struct jar_signer *s = &result->signers[i];
        const struct bytes block = kept_content(j, j->blocks[i]), file = kept_content(j, j->file_entries[i]);
        s->problem = file.len == 0 || !jar_manifest_parse(file, j->r->arena, &j->files[i]) ? "cannot be read"
                     : verify_block(j, block, file, s);
        if (!s->problem)
            s->problem = verify_file(j, &j->files[i]);
        s->valid = !s->problem;
        if (s->problem)
            fail(j, s->problem, j->blocks[i]->name);
    }
}

/* What is below META-INF and belongs to no signature that counts. */
static void count_unprotected(struct jar *j)
{
    for (size_t i = 0; i < j->z->count; i++) {
        const struct zip_entry *e = &j->z->entries[i];
        bool part = !in_meta_inf(e->name) || text_ends_with(e->name, TEXT("/")) ||
            text_equal(e->name, TEXT("META-INF/MANIFEST.MF"));
        for (size_t k = 0; k < j->result->signer_count; k++)
            part |= !j->result->signers[k].ignored && (e == j->blocks[k] || e == j->file_entries[k]);
        j->result->unprotected += !part;
    }
}

enum digest_kind jar_digest_wanted(struct zip *z, struct buffer *content)
{
    const struct zip_entry *manifest = zip_find(z, TEXT("META-INF/MANIFEST.MF"));
    struct bytes text;

    if (!manifest || zip_content(z, manifest, NULL, content, &text) != ZIP_CONTENT_OK)
        return DIGEST_NONE;
    if (memmem(text.at, text.len, "\nSHA-256-Digest:", 16))
        return DIGEST_SHA256;
    return memmem(text.at, text.len, "\nSHA1-Digest:", 13) ? DIGEST_SHA1 : DIGEST_NONE;
}

void jar_verify(struct zip *z, struct reading *r, int64_t min_sdk, unsigned schemes_found, struct jar_result *ret)
{
    const struct zip_entry *manifest = zip_find(z, TEXT("META-INF/MANIFEST.MF"));
    struct jar *j = arena_alloc(r->arena, 1, sizeof *j);

    *ret = (struct jar_result){ .manifest_found = manifest != NULL };
    if (!j || !manifest)
        return;
    j->z = z;
    j->r = r;
    j->min_sdk = min_sdk;
    j->schemes_found = schemes_found;
    j->result = ret;
    buffer_init(&j->content, CONTENT_BYTES_MAX);
    find_signers(j);
    ret->found = ret->signer_count > 0;
    const struct bytes content = ret->found ? kept_content(j, manifest) : (struct bytes){ 0 };
    if (ret->found && (content.len == 0 || !jar_manifest_parse(content, r->arena, &j->manifest)))
        fail(j, "the manifest of the signature cannot be read", manifest->name);
    if (ret->found && !ret->problem && (j->manifest.nameless || j->manifest.duplicate))
        fail(j, "the manifest of the signature has sections without a name, or one name twice", manifest->name);
    for (size_t i = 0; ret->found && !ret->problem && i < j->manifest.count; i++)
        if (!zip_find(z, j->manifest.sections[i].name))
            fail(j, "the manifest of the signature names an entry that is not there", j->manifest.sections[i].name);
    for (size_t i = 0; ret->found && i < z->count; i++)
        if (z->entries[i].shadowed)
            fail(j, "a name is there twice", z->entries[i].name);
    if (ret->found) /* also where something else is wrong already: whose signature it claims to be */
        verify_signers(j);
    if (ret->found && !ret->problem)
        verify_entries(j);
    if (ret->found && !ret->problem)
        count_unprotected(j);
    ret->valid = ret->found && !ret->problem;
    buffer_done(&j->content);
}
