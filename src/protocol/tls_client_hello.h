#ifndef LEASH_PROTOCOL_TLS_CLIENT_HELLO_H
#define LEASH_PROTOCOL_TLS_CLIENT_HELLO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* The TLS ClientHello: RFC 8446, 4.1.2; RFC 5246, 7.4.1.2; extensions RFC 6066 (server_name),
 * RFC 7301 (ALPN), RFC 8422 (groups, point formats).  All views are into the message. */

enum tls_extension {
    TLS_SERVER_NAME = 0x0000,
    TLS_SUPPORTED_GROUPS = 0x000a,
    TLS_EC_POINT_FORMATS = 0x000b,
    TLS_SIGNATURE_ALGORITHMS = 0x000d,
    TLS_ALPN = 0x0010,
    TLS_PRE_SHARED_KEY = 0x0029,
    TLS_SUPPORTED_VERSIONS = 0x002b,
    TLS_ENCRYPTED_CLIENT_HELLO = 0xfe0d,
};

enum { TLS_SESSION_ID_MAX = 32 };

struct tls_client_hello {
    uint16_t legacy_version;
    struct bytes session_id;           /* at most 32 bytes */
    struct bytes cipher_suites;        /* 2 bytes each */
    struct bytes extensions;           /* all of them: type, length, data */
    /* Content of single extensions, the first of each kind; empty when absent. */
    struct bytes supported_groups;     /* 2 bytes each */
    struct bytes point_formats;        /* 1 byte each */
    struct bytes signature_algorithms; /* 2 bytes each */
    struct bytes supported_versions;   /* 2 bytes each */
    struct bytes alpn;                 /* length-prefixed protocol names */
    struct text server_name;           /* unknown when absent or malformed */
    bool has_server_name;              /* the extension is there */
    bool has_encrypted_client_hello;   /* real or GREASE: the visible name may be an outer one */
};

/* `body` is the message behind its 4-byte header.  On TRUNCATED and INVALID `ret` holds
 * what was read before; a fingerprint must then not be made of it. */
__attribute__((warn_unused_result))
enum parse_status tls_client_hello_parse(struct bytes body, struct tls_client_hello *ret);

/* Walks the extensions; false at the end. */
bool tls_extension_next(struct cursor *c, uint16_t *ret_type, struct bytes *ret_data);

/* RFC 8701: 0x0a0a, 0x1a1a ... 0xfafa. */
bool tls_grease(uint16_t value);

/* The protocol names offered, copied into `arena`; unknown when there are none. */
struct text_list tls_alpn_list(struct bytes alpn, struct arena *arena);

/* "TLS_AES_128_GCM_SHA256", or "0x1234" where the name is not known here. */
struct text tls_cipher_text(uint16_t cipher, struct arena *arena);

/* "TLS 1.3", "SSL 3.0", "DTLS 1.2", "TLS 1.3 draft-28", "0x1234" in `arena` or literal. */
struct text tls_version_text(uint16_t version, struct arena *arena);

#endif
