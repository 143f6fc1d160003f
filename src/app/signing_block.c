#include "app/signing_block.h"

#include "base/hash.h"

enum {
    BLOCK_FOOTER_BYTES = 24, /* size, "APK Sig Block 42" */
    CHUNK_BYTES = 1 << 20, VERITY_BLOCK_BYTES = 4096, VERITY_SALT_BYTES = 8,
    SIGNATURES_MAX = 64, CERTIFICATES_MAX = 64,
};

static bool read_pairs(struct signing_block *b, struct bytes pairs)
{
    struct cursor c = cursor_over(pairs);

    for (int i = 0; i < BLOCK_PAIRS_MAX && c.rest.len > 0; i++) {
        const uint64_t bytes = cursor_u64le(&c);
        struct cursor pair = cursor_over(cursor_take(&c, bytes < SIZE_MAX ? (size_t)bytes : SIZE_MAX));
        const uint32_t id = cursor_u32le(&pair);
        if (c.failed || pair.failed)
            return false;
        struct bytes *value = id == BLOCK_ID_V2 ? &b->v2 : id == (uint32_t)BLOCK_ID_V3
            ? &b->v3 : id == BLOCK_ID_V31 ? &b->v31 : NULL;
        if (value && value->at == NULL) /* the platform takes the first */
            *value = pair.rest;
    }
    return true;
}

void signing_block_find(const struct zip *z, struct signing_block *ret)
{
    const uint64_t directory_at = z->directory.origin - z->whole.origin;
    const struct bytes front = bytes_part(z->whole, 0, directory_at);

    *ret = (struct signing_block){ 0 };
    if (front.len < BLOCK_FOOTER_BYTES + 8 || memcmp(front.at + front.len - 16, "APK Sig Block 42", 16) != 0)
        return;
    struct cursor footer = cursor_over(bytes_part(front, front.len - BLOCK_FOOTER_BYTES, UINT64_MAX));
    const uint64_t size = cursor_u64le(&footer);
    if (size < BLOCK_FOOTER_BYTES || size > front.len - 8) {
        ret->malformed = true;
        return;
    }
    ret->block = bytes_part(front, front.len - size - 8, UINT64_MAX);
    struct cursor head = cursor_over(ret->block);
    const struct bytes pairs = bytes_part(ret->block, 8, size - BLOCK_FOOTER_BYTES);
    if (cursor_u64le(&head) != size) {
        ret->malformed = true;
        ret->block = (struct bytes){ 0 };
    } else if (!read_pairs(ret, pairs)) {
        ret->malformed = true;
    }
}

/* Digests of the content */

enum content_kind { CONTENT_SHA256, CONTENT_SHA512, CONTENT_VERITY, CONTENT_KIND_COUNT };

struct content_digests {
    struct bytes sections[3];  /* before the block, the directory, the end with the block's offset in it */
    struct arena *arena;
    uint8_t digest[CONTENT_KIND_COUNT][DIGEST_BYTES_MAX];
    size_t bytes[CONTENT_KIND_COUNT];
};

struct content_digests *content_digests_new(const struct zip *z, const struct signing_block *block, struct arena *arena)
{
    enum { DIRECTORY_OFFSET_AT = 16 };
    struct content_digests *d = arena_alloc(arena, 1, sizeof *d);
    uint8_t *end = arena_alloc(arena, z->end.len + 1, 1);
    const uint64_t before = block->block.origin - z->whole.origin;

    if (!d || !end || block->block.len == 0)
        return NULL;
    memcpy(end, z->end.at, z->end.len);
    for (int i = 0; i < 4; i++)
        end[DIRECTORY_OFFSET_AT + i] = (uint8_t)(before >> (8 * i));
    d->sections[0] = bytes_part(z->whole, 0, before);
    /* All up to the end record, whatever size that gives for the directory. */
    const uint64_t directory_at = z->directory.origin - z->whole.origin, end_at = z->end.origin - z->whole.origin;
    d->sections[1] = bytes_part(z->whole, directory_at, end_at - directory_at);
    d->sections[2] = (struct bytes){ .at = end, .len = z->end.len };
    d->arena = arena;
    return d;
}

static void put_u32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

/* Chunks of a megabyte, each 0xa5, its length, its bytes; the whole 0x5a, their number, their digests. */
static size_t chunked(const struct content_digests *d, enum digest_kind kind, uint8_t into[DIGEST_BYTES_MAX])
{
    const size_t size = digest_bytes(kind);
    uint8_t *one = arena_alloc(d->arena, CHUNK_BYTES + 5, 1);
    uint64_t count = 0;

    for (int s = 0; s < 3; s++)
        count += (d->sections[s].len + CHUNK_BYTES - 1) / CHUNK_BYTES;
    uint8_t *all = count < UINT32_MAX / DIGEST_BYTES_MAX ? arena_alloc(d->arena, 5 + count * size, 1) : NULL;
    if (!one || !all)
        return 0;
    all[0] = 0x5a;
    put_u32(all + 1, (uint32_t)count);
    size_t at = 5;
    for (int s = 0; s < 3; s++) {
        for (uint64_t offset = 0; offset < d->sections[s].len; offset += CHUNK_BYTES) {
            const struct bytes piece = bytes_part(d->sections[s], offset, CHUNK_BYTES);
            one[0] = 0xa5;
            put_u32(one + 1, (uint32_t)piece.len);
            memcpy(one + 5, piece.at, piece.len);
            at += digest_of_bytes(kind, (struct bytes){ .at = one, .len = piece.len + 5 }, all + at);
        }
    }
    return digest_of_bytes(kind, (struct bytes){ .at = all, .len = at }, into);
}

/* One level of a tree of hashes: each block of 4096 bytes, filled up with zeros, behind a salt of zeros. */
static struct bytes verity_level(struct arena *arena, const struct bytes *parts, size_t part_count)
{
    uint8_t block[VERITY_SALT_BYTES + VERITY_BLOCK_BYTES] = { 0 };
    uint64_t total = 0;
    size_t filled = 0, at = 0;

    for (size_t i = 0; i < part_count; i++)
        total += parts[i].len;
    const uint64_t blocks = (total + VERITY_BLOCK_BYTES - 1) / VERITY_BLOCK_BYTES;
    const uint64_t room = (blocks * SHA256_BYTES + VERITY_BLOCK_BYTES - 1) / VERITY_BLOCK_BYTES * VERITY_BLOCK_BYTES;
    uint8_t *level = arena_alloc(arena, room + 1, 1);
    if (!level)
        return (struct bytes){ 0 };
    for (size_t i = 0; i < part_count; i++) {
        struct bytes rest = parts[i];
        while (rest.len > 0) {
            const struct bytes piece = bytes_part(rest, 0, VERITY_BLOCK_BYTES - filled);
            memcpy(block + VERITY_SALT_BYTES + filled, piece.at, piece.len);
            filled += piece.len;
            rest = bytes_part(rest, piece.len, UINT64_MAX);
            if (filled == VERITY_BLOCK_BYTES) {
                sha256_of((struct bytes){ .at = block, .len = sizeof block }, level + at);
                at += SHA256_BYTES;
                filled = 0;
            }
        }
    }
    if (filled > 0) {
        memset(block + VERITY_SALT_BYTES + filled, 0, VERITY_BLOCK_BYTES - filled);
        sha256_of((struct bytes){ .at = block, .len = sizeof block }, level + at);
        at += SHA256_BYTES;
    }
    return (struct bytes){ .at = level, .len = at <= SHA256_BYTES ? at : room };
}

/* The root of the tree, and the length of what it covers. */
static size_t verity(const struct content_digests *d, uint8_t into[DIGEST_BYTES_MAX])
{
    uint64_t total = 0;

    for (int s = 0; s < 3; s++)
        total += d->sections[s].len;
    struct bytes level = verity_level(d->arena, d->sections, 3);
    while (level.len > SHA256_BYTES)
        level = verity_level(d->arena, &level, 1);
    if (level.len != SHA256_BYTES)
        return 0;
    memcpy(into, level.at, SHA256_BYTES);
    for (int i = 0; i < 8; i++)
        into[SHA256_BYTES + i] = (uint8_t)(total >> (8 * i));
    return SHA256_BYTES + 8;
}

static struct bytes content_digest(struct content_digests *d, enum content_kind kind)
{
    if (d && d->bytes[kind] == 0)
        d->bytes[kind] = kind == CONTENT_VERITY ? verity(d, d->digest[kind])
                         : chunked(d, kind == CONTENT_SHA256 ? DIGEST_SHA256 : DIGEST_SHA512, d->digest[kind]);
    return d ? (struct bytes){ .at = d->digest[kind], .len = d->bytes[kind] } : (struct bytes){ 0 };
}

/* Algorithms; the platform takes the one with the best content digest. */
static const struct block_algorithm {
    uint32_t id;
    enum key_kind key;
    enum digest_kind digest;
    enum padding_kind padding;
    enum content_kind content;
    int rank;
} algorithms[] = {
    { 0x0101, KEY_RSA, DIGEST_SHA256, PADDING_PSS, CONTENT_SHA256, 1 },
    { 0x0102, KEY_RSA, DIGEST_SHA512, PADDING_PSS, CONTENT_SHA512, 3 },
    { 0x0103, KEY_RSA, DIGEST_SHA256, PADDING_DEFAULT, CONTENT_SHA256, 1 },
    { 0x0104, KEY_RSA, DIGEST_SHA512, PADDING_DEFAULT, CONTENT_SHA512, 3 },
    { 0x0201, KEY_EC, DIGEST_SHA256, PADDING_DEFAULT, CONTENT_SHA256, 1 },
    { 0x0202, KEY_EC, DIGEST_SHA512, PADDING_DEFAULT, CONTENT_SHA512, 3 },
    { 0x0301, KEY_DSA, DIGEST_SHA256, PADDING_DEFAULT, CONTENT_SHA256, 1 },
    { 0x0421, KEY_RSA, DIGEST_SHA256, PADDING_DEFAULT, CONTENT_VERITY, 2 },
    { 0x0423, KEY_EC, DIGEST_SHA256, PADDING_DEFAULT, CONTENT_VERITY, 2 },
    { 0x0425, KEY_DSA, DIGEST_SHA256, PADDING_DEFAULT, CONTENT_VERITY, 2 },
};

static const struct block_algorithm *find_algorithm(uint32_t id)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (algorithms[i].id == id)
            return &algorithms[i];
    return NULL;
}

/* What stands behind a u32 with its length. */
static struct cursor prefixed(struct cursor *c)
{
    return cursor_over(cursor_take(c, cursor_u32le(c)));
}

struct signatures {
    uint32_t ids[SIGNATURES_MAX];
    size_t count;
    const struct block_algorithm *best;
    struct bytes best_signature;
};

static bool read_signatures(struct cursor c, struct signatures *s)
{
    while (c.rest.len > 0 && s->count < SIGNATURES_MAX) {
        struct cursor one = prefixed(&c);
        const uint32_t id = cursor_u32le(&one);
        const struct bytes signature = prefixed(&one).rest;
        if (c.failed || one.failed)
            return false;
        s->ids[s->count++] = id;
        const struct block_algorithm *a = find_algorithm(id);
        if (a && (!s->best || a->rank > s->best->rank)) {
            s->best = a;
            s->best_signature = signature;
        }
    }
    return s->count > 0 && c.rest.len == 0;
}

/* NULL, or what is wrong.  The algorithms of the digests must be those of the signatures, in order. */
static const char *check_digests(struct cursor c, const struct signatures *s, struct content_digests *digests)
{
    size_t count = 0;
    const char *problem = "has no digest of the content";

    while (c.rest.len > 0) {
        struct cursor one = prefixed(&c);
        const uint32_t id = cursor_u32le(&one);
        const struct bytes digest = prefixed(&one).rest;
        if (c.failed || one.failed)
            return "has malformed digests";
        if (count >= s->count || s->ids[count] != id)
            return "names other algorithms for digests than for signatures";
        if (s->best->id == id) {
            const struct bytes actual = content_digest(digests, s->best->content);
            problem = actual.len > 0 && bytes_equal(digest, actual.at, actual.len)
                      ? NULL : "does not match the content: the package was changed after it was signed";
        }
        count++;
    }
    return count == s->count ? problem : "names other algorithms for digests than for signatures";
}

/* Proof of rotation (attribute 0x3ba06f8c): each certificate is signed by the one before it. */
static const char *read_lineage(struct cursor c, struct block_signer *signer)
{
    struct public_key *parent = NULL;
    const char *problem = NULL;
    uint32_t parent_algorithm = 0;

    if (cursor_u32le(&c) != 1)
        return "has a proof of rotation of an unknown version";
    while (c.rest.len > 0 && !problem) {
        struct cursor node = prefixed(&c);
        const struct bytes signed_data = prefixed(&node).rest;
        cursor_skip(&node, 4); /* flags */
        const uint32_t algorithm_id = cursor_u32le(&node);
        const struct bytes signature = prefixed(&node).rest;
        struct cursor data = cursor_over(signed_data);
        const struct bytes certificate = prefixed(&data).rest;
        const uint32_t signed_algorithm = cursor_u32le(&data);
        const struct block_algorithm *a = find_algorithm(parent_algorithm);
        bool may_sign;
        if (c.failed || node.failed || data.failed || signer->lineage_count == LINEAGE_MAX)
            problem = "has a malformed proof of rotation";
        else if (parent && (signed_algorithm != parent_algorithm || !a ||
                            !public_key_verify(parent, a->digest, a->padding, signed_data, signature)))
            problem = "has a proof of rotation that does not verify";
        if (problem)
            break;
        signer->lineage[signer->lineage_count++] = certificate;
        public_key_free(parent);
        parent = public_key_of_certificate(certificate, &may_sign);
        parent_algorithm = algorithm_id;
        if (!parent)
            problem = "has a proof of rotation with a certificate that cannot be read";
    }
    public_key_free(parent);
    if (!problem && (signer->lineage_count == 0 ||
                     !bytes_equal(signer->lineage[signer->lineage_count - 1], signer->certificate.at,
                                  signer->certificate.len)))
        problem = "has a proof of rotation to another certificate";
    return problem;
}

static const char *read_attributes(struct cursor c, enum block_scheme scheme, struct block_signer *signer)
{
    enum { STRIPPING_PROTECTION = (int)0xbeeff00d, PROOF_OF_ROTATION = 0x3ba06f8c, ROTATION_MIN_SDK = 0x559f8b02 };
    const char *problem = NULL;

    while (c.rest.len > 0 && !problem) {
        struct cursor one = prefixed(&c);
        const uint32_t id = cursor_u32le(&one);
        if (c.failed || one.failed)
            return "has malformed attributes";
        if (scheme == SCHEME_V2 && id == (uint32_t)STRIPPING_PROTECTION)
            signer->requires_v3 = cursor_u32le(&one) == 3;
        else if (scheme != SCHEME_V2 && id == PROOF_OF_ROTATION)
            problem = read_lineage(one, signer);
        else if (scheme == SCHEME_V3 && id == ROTATION_MIN_SDK)
            signer->rotation_min_sdk = cursor_u32le(&one);
    }
    return problem;
}

/* What is wrong with the signer, or NULL; unsupported is set where no algorithm is known. */
static const char *verify_signer(struct cursor c, enum block_scheme scheme, struct content_digests *digests,
                                 struct block_signer *signer)
{
    struct signatures signatures = { .count = 0 };
    const struct bytes signed_data = prefixed(&c).rest;
    const bool v3 = scheme != SCHEME_V2;

    if (v3) {
        signer->min_sdk = cursor_u32le(&c);
        signer->max_sdk = cursor_u32le(&c);
    }
    const struct cursor signature_list = prefixed(&c);
    const struct bytes key_der = prefixed(&c).rest;
    struct cursor data = cursor_over(signed_data);
    const struct cursor digest_list = prefixed(&data);
    struct cursor certificates = prefixed(&data);
    signer->certificate = prefixed(&certificates).rest;
    if (certificates.failed || signer->certificate.len == 0)
        signer->certificate = (struct bytes){ 0 };
    if (c.failed || data.failed || signer->certificate.len == 0 || !read_signatures(signature_list, &signatures))
        return "is malformed";
    if (!signatures.best) {
        signer->unsupported = true;
        return NULL;
    }

    bool may_sign;
    struct public_key *key = public_key_parse(key_der),
        *certified = public_key_of_certificate(signer->certificate, &may_sign);
    const char *problem = NULL;
    if (!key || public_key_kind(key) != signatures.best->key)
        problem = "has a public key that cannot be read";
    else if (!public_key_verify(key, signatures.best->digest, signatures.best->padding, signed_data,
                                signatures.best_signature))
        problem = "has a signature that does not verify";
    else if (!certified || !public_key_is(certified, key_der))
        problem = "was not made with the key of its certificate";
    public_key_free(key);
    public_key_free(certified);
    if (problem)
        return problem;
    if (v3 && (cursor_u32le(&data) != signer->min_sdk || cursor_u32le(&data) != signer->max_sdk ||
               signer->min_sdk > signer->max_sdk))
        return "names platforms that are not those it signed";
    const char *digest_problem = check_digests(digest_list, &signatures, digests);
    if (digest_problem)
        return digest_problem;
    return data.rest.len > 0 ? read_attributes(prefixed(&data), scheme, signer) : NULL;
}

void block_signers_verify(enum block_scheme scheme, struct bytes value, struct content_digests *digests,
                          struct arena *arena,
                          struct block_signers *ret)
{
    struct cursor c = cursor_over(value);

    *ret = (struct block_signers){ .found = value.at != NULL };
    if (!ret->found)
        return;
    struct cursor list = prefixed(&c);
    ret->signers = arena_alloc(arena, BLOCK_SIGNERS_MAX, sizeof *ret->signers);
    ret->malformed = c.failed || list.rest.len == 0 || !ret->signers;
    while (!ret->malformed && list.rest.len > 0) {
        struct cursor one = prefixed(&list);
        if (list.failed || ret->count == BLOCK_SIGNERS_MAX) {
            ret->malformed = true;
            break;
        }
        struct block_signer *signer = &ret->signers[ret->count++];
        signer->rotation_min_sdk = FACT_UNKNOWN_INT;
        signer->problem = verify_signer(one, scheme, digests, signer);
        signer->valid = !signer->problem && !signer->unsupported;
    }
}
