#ifndef LEASH_CLI_SIGNATURE_H
#define LEASH_CLI_SIGNATURE_H

#include "base/buffer.h"
#include "base/hash.h"
#include "fact/case.h"

/* A detached Ed25519 signature (RFC 8032) of a case: the file CASE.sig beside it, which holds a
 * statement and the signature over exactly its bytes:
 *
 *   leash-signature/1
 *   schema: 1
 *   head: <the overall head of the chain, hex>
 *   tool: "0.1.0"
 *   started: "2026-10-01T08:30:00Z"
 *   operator: "Sgt. A. Example"             or null
 *   report: html <SHA-256 of it, hex>       a line for each report that the audit wrote
 *   key: <SHA-256 of the public key as SubjectPublicKeyInfo in DER, hex>
 *   signature: <base64 of 64 bytes>         not part of the statement
 *
 * Keys are PEM files, as `openssl genpkey -algorithm ed25519` makes them. */
struct signing_key;

/* NULL and `why` (a literal) when the file is no such key.  A private key that others can read is
 * warned about on standard error. */
struct signing_key *signing_key_private(const char *path, const char **why);
struct signing_key *signing_key_public(const char *path, const char **why); /* takes a private key file, too */
void signing_key_free(struct signing_key *k); /* NULL is fine */

/* "CASE.sig" for this case; false: too long. */
bool signature_path(const char *case_path, char into[4096]);

/* Writes CASE.sig, mode 0600, whole or not at all; `head` is the overall head of the sealed case.
 * Gives an exit_status, having said what is wrong. */
int signature_write(const char *case_path, struct fact_case *c, const char head[SHA256_HEX],
                    const struct signing_key *k);

enum signature_state {
    SIGNATURE_ABSENT,      /* there is no CASE.sig */
    SIGNATURE_UNREADABLE,  /* it has not the form above */
    SIGNATURE_OTHER,       /* it states something else than this case has: `line` is the first such line of it */
    SIGNATURE_OTHER_KEY,   /* it is about this case, by another key than the one given */
    SIGNATURE_WRONG,       /* it is about this case and key, and the key did not make it */
    SIGNATURE_UNCHECKED,   /* it is about this case; no key was given */
    SIGNATURE_RIGHT,
};

/* `head` as worked out anew; `k` may be NULL.  `line` gets a line of the file, raw, for SIGNATURE_OTHER. */
enum signature_state signature_check(const char *case_path, struct fact_case *c, const char head[SHA256_HEX],
                                     const struct signing_key *k, char line[256]);

#endif
