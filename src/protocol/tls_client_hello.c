#include "protocol/tls_client_hello.h"

#include <string.h>

bool tls_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

bool tls_extension_next(struct cursor *c, uint16_t *ret_type, struct bytes *ret_data)
{
    if (c->rest.len == 0)
        return false;
    const uint16_t type = cursor_u16be(c);
    const struct bytes data = cursor_take(c, cursor_u16be(c));
    if (c->failed)
        return false;
    *ret_type = type;
    *ret_data = data;
    return true;
}

/* A vector with its length in `width` bytes in front; an extension's data is often
 * nothing but one. */
static struct bytes vector(struct bytes data, size_t width)
{
    struct cursor c = cursor_over(data);

    return cursor_take(&c, cursor_uint_be(&c, width));
}

/* RFC 6066, 3: a list of names by type; only type 0, host_name, was ever defined. */
static struct text server_name(struct bytes data)
{
    enum { HOST_NAME = 0 };
    struct cursor c = cursor_over(vector(data, 2));

    while (c.rest.len > 0) {
        const uint8_t type = cursor_u8(&c);
        const struct bytes name = cursor_take(&c, cursor_u16be(&c));
        if (!c.failed && type == HOST_NAME && name.len > 0)
            return text_of_bytes(name);
    }
    return TEXT_UNKNOWN;
}

static void keep_first(struct bytes *at, struct bytes content)
{
    if (at->len == 0)
        *at = content;
}

static void take_extension(struct tls_client_hello *h, uint16_t type, struct bytes data)
{
    switch (type) {
    case TLS_SERVER_NAME:
        if (!h->has_server_name)
            h->server_name = server_name(data);
        h->has_server_name = true;
        break;
    case TLS_SUPPORTED_GROUPS:
        keep_first(&h->supported_groups, vector(data, 2));
        break;
    case TLS_EC_POINT_FORMATS:
        keep_first(&h->point_formats, vector(data, 1));
        break;
    case TLS_SIGNATURE_ALGORITHMS:
        keep_first(&h->signature_algorithms, vector(data, 2));
        break;
    case TLS_ALPN:
        keep_first(&h->alpn, vector(data, 2));
        break;
    case TLS_SUPPORTED_VERSIONS:
        keep_first(&h->supported_versions, vector(data, 1));
        break;
    case TLS_ENCRYPTED_CLIENT_HELLO:
        h->has_encrypted_client_hello = true;
        break;
    default:
        break;
    }
}

enum parse_status tls_client_hello_parse(struct bytes body, struct tls_client_hello *ret)
{
    enum { RANDOM_BYTES = 32 };
    struct cursor c = cursor_over(body);
    struct bytes data;
    uint16_t type;

    *ret = (struct tls_client_hello){ .server_name = TEXT_UNKNOWN };
    ret->legacy_version = cursor_u16be(&c);
    cursor_skip(&c, RANDOM_BYTES);
    ret->session_id = cursor_take(&c, cursor_u8(&c));
    ret->cipher_suites = cursor_take(&c, cursor_u16be(&c));
    cursor_skip(&c, cursor_u8(&c)); /* compression methods */
    if (c.failed)
        return PARSE_TRUNCATED;
    if (ret->session_id.len > TLS_SESSION_ID_MAX || ret->cipher_suites.len % 2 != 0)
        return PARSE_INVALID;
    if (c.rest.len == 0) /* SSL 3.0 and some TLS 1.0 clients have no extensions at all */
        return PARSE_OK;

    const size_t length = cursor_u16be(&c);
    if (c.failed)
        return PARSE_TRUNCATED;
    const bool cut = length > c.rest.len;
    ret->extensions = bytes_part(c.rest, 0, length);
    struct cursor walk = cursor_over(ret->extensions);
    while (tls_extension_next(&walk, &type, &data))
        take_extension(ret, type, data);
    if (cut)
        return PARSE_TRUNCATED;
    return walk.failed ? PARSE_INVALID : PARSE_OK;
}

struct text_list tls_alpn_list(struct bytes alpn, struct arena *arena)
{
    enum { NAMES_MAX = 64 }; /* more are no list of protocols */
    struct text names[NAMES_MAX];
    struct cursor c = cursor_over(alpn);
    size_t count = 0;

    while (c.rest.len > 0 && count < NAMES_MAX) {
        const struct bytes name = cursor_take(&c, cursor_u8(&c));
        if (c.failed)
            break;
        names[count++] = text_of_bytes(name);
    }
    return arena_text_list(arena, (struct text_list){ count ? names : NULL, count });
}

struct text tls_version_text(uint16_t version, struct arena *arena)
{
    enum { DRAFT = 0x7f00 };

    switch (version) {
    case 0x0002: return TEXT("SSL 2.0");
    case 0x0300: return TEXT("SSL 3.0");
    case 0x0301: return TEXT("TLS 1.0");
    case 0x0302: return TEXT("TLS 1.1");
    case 0x0303: return TEXT("TLS 1.2");
    case 0x0304: return TEXT("TLS 1.3");
    case 0xfeff: return TEXT("DTLS 1.0");
    case 0xfefd: return TEXT("DTLS 1.2");
    case 0xfefc: return TEXT("DTLS 1.3");
    default:
        if ((version & 0xff00) == DRAFT)
            return arena_printf(arena, "TLS 1.3 draft-%u", version & 0xffu);
        return arena_printf(arena, "0x%04x", version);
    }
}

/* The IANA registry's names of those that clients of today and of ten years ago offer. */
struct text tls_cipher_text(uint16_t cipher, struct arena *arena)
{
    static const struct { uint16_t cipher; const char *name; } known[] = {
        { 0x0004, "TLS_RSA_WITH_RC4_128_MD5" }, { 0x0005, "TLS_RSA_WITH_RC4_128_SHA" },
        { 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA" }, { 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA" },
        { 0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA" }, { 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA" },
        { 0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" }, { 0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256" },
        { 0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256" }, { 0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256" },
        { 0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256" }, { 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256" },
        { 0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384" }, { 0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" },
        { 0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384" }, { 0x1301, "TLS_AES_128_GCM_SHA256" },
        { 0x1302, "TLS_AES_256_GCM_SHA384" }, { 0x1303, "TLS_CHACHA20_POLY1305_SHA256" },
        { 0x1304, "TLS_AES_128_CCM_SHA256" }, { 0x1305, "TLS_AES_128_CCM_8_SHA256" },
        { 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" }, { 0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" },
        { 0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA" }, { 0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" },
        { 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" }, { 0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" },
        { 0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" }, { 0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384" },
        { 0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" }, { 0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384" },
        { 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" }, { 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
        { 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" }, { 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
        { 0xc0a8, "TLS_PSK_WITH_AES_128_CCM_8" }, { 0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM" },
        { 0xc0ae, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8" }, { 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
        { 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
        { 0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].cipher == cipher)
            return text_of(known[i].name);
    return arena_printf(arena, "0x%04x", cipher);
}
