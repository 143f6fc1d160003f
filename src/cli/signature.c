#include "cli/signature.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/memory.h"
#include "cli/command.h"
#include "fact/chain.h"
#include "protocol/crypto.h"

enum { SIGNATURE_BYTES = 64, BASE64_CHARS = 88, FILE_BYTES_MAX = 65536, PATH_BYTES_MAX = 4096 };
#define SIGNATURE_LINE "signature: "
#define KEY_LINE "key: "

struct signing_key {
    EVP_PKEY *pkey;
    char digest[SHA256_HEX]; /* of the public key */
};

static bool digest_public(EVP_PKEY *pkey, char hex[SHA256_HEX])
{
    uint8_t digest[SHA256_BYTES], *der = NULL;
    const int len = i2d_PUBKEY(pkey, &der);

    if (len <= 0)
        return false;
    sha256_of((struct bytes){ .at = der, .len = (size_t)len }, digest);
    hash_hex(digest, sizeof digest, hex);
    OPENSSL_free(der);
    return true;
}

static struct signing_key *take_key(EVP_PKEY *pkey, const char **why)
{
    struct signing_key *k = NULL;

    *why = "it holds no key in PEM";
    if (pkey && EVP_PKEY_get_base_id(pkey) != EVP_PKEY_ED25519)
        *why = "its key is not of Ed25519";
    else if (pkey) {
        k = memory_alloc_array(1, sizeof *k);
        k->pkey = pkey;
        if (digest_public(pkey, k->digest))
            return k;
        free(k);
    }
    EVP_PKEY_free(pkey);
    return NULL;
}

static FILE *open_key(const char *path, const char **why, struct stat *st)
{
    FILE *f = fopen(path, "re");

    if (f && (fstat(fileno(f), st) || !S_ISREG(st->st_mode))) {
        fclose(f);
        f = NULL;
    }
    *why = "it cannot be read";
    crypto_prepare();
    return f;
}

struct signing_key *signing_key_private(const char *path, const char **why)
{
    struct stat st;
    FILE *f = open_key(path, why, &st);

    if (!f)
        return NULL;
    if (st.st_mode & (S_IRGRP | S_IROTH))
        fprintf(stderr, "leash: warning: others can read the private key (mode %04o): chmod 600\n",
                (unsigned)st.st_mode & 07777);
    struct signing_key *k = take_key(PEM_read_PrivateKey(f, NULL, NULL, NULL), why);
    fclose(f);
    return k;
}

struct signing_key *signing_key_public(const char *path, const char **why)
{
    struct stat st;
    FILE *f = open_key(path, why, &st);

    if (!f)
        return NULL;
    EVP_PKEY *pkey = PEM_read_PUBKEY(f, NULL, NULL, NULL);
    if (!pkey) {
        rewind(f);
        pkey = PEM_read_PrivateKey(f, NULL, NULL, NULL);
    }
    fclose(f);
    return take_key(pkey, why);
}

void signing_key_free(struct signing_key *k)
{
    if (k)
        EVP_PKEY_free(k->pkey);
    free(k);
}

bool signature_path(const char *case_path, char into[4096])
{
    return snprintf(into, PATH_BYTES_MAX, "%s.sig", case_path) < PATH_BYTES_MAX;
}

static void put_text_line(FILE *out, const char *name, struct text value)
{
    struct json j;

    fprintf(out, "%s: ", name);
    json_init(&j, out, false);
    json_text(&j, value); /* a text of one line, whatever is in it */
    putc('\n', out);
}

static void put_reports(FILE *out, sqlite3 *db)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, "SELECT form, sha256 FROM leash_report ORDER BY fid", -1, &s, NULL) == SQLITE_OK)
        while (sqlite3_step(s) == SQLITE_ROW)
            fprintf(out, "report: %s %s\n", (const char *)sqlite3_column_text(s, 0),
                    (const char *)sqlite3_column_text(s, 1));
    sqlite3_finalize(s);
}

/* All but the line of the key; NUL-terminated, to be freed. */
static char *statement_of(struct fact_case *c, const char head[SHA256_HEX])
{
    struct arena *arena = arena_new(0);
    char *at = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&at, &len);

    if (out) {
        fprintf(out, "leash-signature/1\nschema: %d\nhead: %.*s\n", CASE_SCHEMA_VERSION, SHA256_HEX, head);
        put_text_line(out, "tool", case_get(c, "tool_version", arena));
        put_text_line(out, "started", case_get(c, "started", arena));
        put_text_line(out, "operator", case_get(c, "operator", arena));
        put_reports(out, case_db(c));
        if (fclose(out)) {
            free(at);
            at = NULL;
        }
    }
    arena_free(arena);
    return at;
}

static bool sign(const struct signing_key *k, const struct buffer *statement, uint8_t signature[SIGNATURE_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = SIGNATURE_BYTES;
    const bool done = context && EVP_DigestSignInit(context, NULL, NULL, NULL, k->pkey) == 1 &&
                      EVP_DigestSign(context, signature, &len, statement->at, statement->len) == 1 &&
                      len == SIGNATURE_BYTES;

    EVP_MD_CTX_free(context);
    return done;
}

static bool is_signed(const struct signing_key *k, struct text statement, const uint8_t signature[SIGNATURE_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool right = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, k->pkey) == 1 &&
                       EVP_DigestVerify(context, signature, SIGNATURE_BYTES, (const uint8_t *)statement.at,
                                        statement.len) == 1;

    EVP_MD_CTX_free(context);
    return right;
}

static int write_content(FILE *out, void *user)
{
    const struct buffer *content = user;

    return fwrite(content->at, 1, content->len, out) == content->len ? 0 : -EIO;
}

int signature_write(const char *case_path, struct fact_case *c, const char head[SHA256_HEX],
                    const struct signing_key *k)
{
    uint8_t signature[SIGNATURE_BYTES];
    unsigned char base64[BASE64_CHARS + 1];
    char path[PATH_BYTES_MAX], *statement = statement_of(c, head);
    struct buffer content;
    int status;

    if (!statement || !signature_path(case_path, path)) {
        free(statement);
        return run_error("the signature could not be made");
    }
    buffer_init(&content, FILE_BYTES_MAX);
    buffer_printf(&content, "%s" KEY_LINE "%.*s\n", statement, SHA256_HEX, k->digest);
    free(statement);
    if (!content.overflowed && sign(k, &content, signature)) {
        EVP_EncodeBlock(base64, signature, sizeof signature);
        buffer_printf(&content, SIGNATURE_LINE "%s\n", (const char *)base64);
        status = write_output(path, write_content, &content);
    } else {
        status = run_error("the signature could not be made");
    }
    buffer_done(&content);
    return status;
}

static bool read_whole(const char *path, char content[FILE_BYTES_MAX], size_t *len, bool *absent)
{
    struct stat st;

    *absent = stat(path, &st) != 0;
    FILE *f = !*absent && S_ISREG(st.st_mode) ? fopen(path, "re") : NULL;
    if (!f)
        return false;
    *len = fread(content, 1, FILE_BYTES_MAX, f);
    const bool whole = !ferror(f) && *len < FILE_BYTES_MAX;
    fclose(f);
    return whole;
}

/* The line at the end of `rest`, with its line break, which is taken off. */
static struct text last_line(struct text *rest)
{
    size_t start = rest->len ? rest->len - 1 : 0;

    while (start > 0 && rest->at[start - 1] != '\n')
        start--;
    const struct text line = { rest->at + start, rest->len - start };
    rest->len = start;
    return line;
}

static bool decode_signature(struct text line, uint8_t signature[SIGNATURE_BYTES])
{
    enum { PREFIX = sizeof SIGNATURE_LINE - 1, DECODED = BASE64_CHARS / 4 * 3 };
    unsigned char decoded[DECODED];

    if (line.len != PREFIX + BASE64_CHARS + 1 || !text_starts_with(line, TEXT(SIGNATURE_LINE)) ||
        line.at[line.len - 1] != '\n' ||
        EVP_DecodeBlock(decoded, (const unsigned char *)line.at + PREFIX, BASE64_CHARS) != DECODED)
        return false;
    memcpy(signature, decoded, SIGNATURE_BYTES);
    return true;
}

/* The first line of `stated` that is not in `expected` at its place. */
static void copy_other_line(struct text stated, const char *expected, char line[256])
{
    size_t same = 0, start = 0;

    while (same < stated.len && expected[same] && stated.at[same] == expected[same])
        if (stated.at[same++] == '\n')
            start = same;
    const char *end = memchr(stated.at + start, '\n', stated.len - start);
    const size_t len = end ? (size_t)(end - stated.at) - start : stated.len - start;
    snprintf(line, 256, "%.*s", (int)(len < 200 ? len : 200), stated.at + start);
}

enum signature_state signature_check(const char *case_path, struct fact_case *c, const char head[SHA256_HEX],
                                     const struct signing_key *k, char line[256])
{
    static char content[FILE_BYTES_MAX];
    char path[PATH_BYTES_MAX];
    uint8_t signature[SIGNATURE_BYTES];
    size_t len = 0;
    bool absent;

    if (!signature_path(case_path, path))
        return SIGNATURE_ABSENT;
    if (!read_whole(path, content, &len, &absent))
        return absent ? SIGNATURE_ABSENT : SIGNATURE_UNREADABLE;
    struct text rest = { content, len };
    if (!decode_signature(last_line(&rest), signature))
        return SIGNATURE_UNREADABLE;
    const struct text is_stated = rest, key = last_line(&rest);
    char *expected = statement_of(c, head);
    enum signature_state state = SIGNATURE_UNCHECKED;
    if (key.len != sizeof KEY_LINE - 1 + SHA256_HEX + 1 || !text_starts_with(key, TEXT(KEY_LINE)) || !expected)
        state = SIGNATURE_UNREADABLE;
    else if (!text_equal(rest, text_of(expected))) {
        state = SIGNATURE_OTHER;
        copy_other_line(rest, expected, line);
    } else if (k && memcmp(key.at + sizeof KEY_LINE - 1, k->digest, SHA256_HEX) != 0)
        state = SIGNATURE_OTHER_KEY;
    else if (k)
        state = is_signed(k, is_stated, signature) ? SIGNATURE_RIGHT : SIGNATURE_WRONG;
    free(expected);
    return state;
}
