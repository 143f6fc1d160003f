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
    enum { RANDOM_BYTES = 32, SESSION_ID_MAX = 32 };
    struct cursor c = cursor_over(body);
    struct bytes data;
    uint16_t type;

    *ret = (struct tls_client_hello){ .server_name = TEXT_UNKNOWN };
    ret->legacy_version = cursor_u16be(&c);
    cursor_skip(&c, RANDOM_BYTES);
    const struct bytes session_id = cursor_take(&c, cursor_u8(&c));
    ret->cipher_suites = cursor_take(&c, cursor_u16be(&c));
    cursor_skip(&c, cursor_u8(&c)); /* compression methods */
    if (c.failed)
        return PARSE_TRUNCATED;
    if (session_id.len > SESSION_ID_MAX || ret->cipher_suites.len % 2 != 0)
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
    default:
        if ((version & 0xff00) == DRAFT)
            return arena_printf(arena, "TLS 1.3 draft-%u", version & 0xffu);
        return arena_printf(arena, "0x%04x", version);
    }
}
