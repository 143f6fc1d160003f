#include "protocol/tls_handshake.h"

#include "protocol/certificate.h"
#include "protocol/encrypted_dns.h"
#include "protocol/fingerprint.h"
#include "protocol/tls_client_hello.h"

static void client_hello_met(struct tls_handshake *h, struct conversation *c, enum direction d, char transport,
                             struct bytes body, bool whole)
{
    struct tls_client_hello hello;
    char ja3[JA3_TEXT_LEN], ja4[JA4_TEXT_LEN];

    if (h->client_hello_seen)
        return;
    h->client_hello_seen = true;
    const enum parse_status status = tls_client_hello_parse(body, &hello);
    c->row.tls_sni = arena_text(c->arena, hello.server_name);
    c->row.tls_alpn = tls_alpn_list(hello.alpn, c->arena);
    if (hello.has_encrypted_client_hello)
        c->row.tls_ech = TEXT("offered");
    /* Of a connection that came in the name is that of the side under test. */
    if (text_known(c->row.tls_sni) && d == DIRECTION_OUT)
        conversation_host(c, c->row.tls_sni, "sni");
    if (transport == 't')
        encrypted_dns_met(c, false);
    if (status != PARSE_OK || !whole)
        return;
    if (transport == 't') /* JA3 was defined for TLS over TCP */
        c->row.tls_ja3 = arena_text(c->arena, ja3_of(&hello, ja3));
    c->row.tls_ja4 = arena_text(c->arena, ja4_of(&hello, transport, ja4));
}

/* RFC 8446, 4.1.3: a ServerHello with this "random" is a HelloRetryRequest. */
static const uint8_t retry_random[32] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

enum { TLS_1_3 = 0x0304, DTLS_FIRST = 0xfe00, DTLS_1_3 = 0xfefc };

static void server_hello_met(struct tls_handshake *h, struct conversation *c, enum direction d, struct bytes body)
{
    struct cursor at = cursor_over(body);
    struct bytes data;
    uint16_t type;

    uint16_t version = cursor_u16be(&at);
    const struct bytes random = cursor_take(&at, sizeof retry_random);
    if (at.failed)
        return;
    /* Drafts of TLS 1.3 before 22 wrote 0x7fNN and had no session id and no compression. */
    const bool early_draft = version >= TLS_1_3 && version < DTLS_FIRST;
    if (!early_draft)
        cursor_skip(&at, cursor_u8(&at));
    const uint16_t cipher = cursor_u16be(&at);
    if (!early_draft)
        cursor_skip(&at, 1);
    const bool has_cipher = !at.failed;
    struct cursor walk = cursor_over(cursor_take(&at, cursor_u16be(&at)));
    while (tls_extension_next(&walk, &type, &data))
        if (type == TLS_SUPPORTED_VERSIONS && data.len == 2)
            version = (uint16_t)(data.at[0] << 8 | data.at[1]);
    h->server = d;
    h->retry |= bytes_equal(random, retry_random, sizeof retry_random);
    if (h->server_hello_seen)
        return;
    h->server_hello_seen = true;
    h->tls13 = (version >= TLS_1_3 && version < DTLS_FIRST) || version == DTLS_1_3;
    c->row.tls_version = tls_version_text(version, c->arena);
    if (has_cipher)
        c->row.tls_cipher = tls_cipher_text(cipher, c->arena);
}

static void certificate_met(struct tls_handshake *h, struct conversation *c, enum direction d, struct bytes body)
{
    struct cursor at = cursor_over(body);
    struct certificate certificate;

    if (h->certificate_seen || !h->server_hello_seen || d != h->server || h->tls13)
        return;
    cursor_skip(&at, 3); /* length of the list */
    const size_t length = cursor_u24be(&at);
    if (at.failed || certificate_parse(bytes_part(at.rest, 0, length), c->arena, &certificate) != PARSE_OK)
        return;
    h->certificate_seen = true;
    c->row.tls_issuer = certificate.issuer;
    c->row.tls_subject = certificate.subject;
    if (text_known(certificate.host) && d == DIRECTION_IN)
        conversation_host(c, certificate.host, "certificate");
}

bool tls_handshake_wanted(uint8_t type)
{
    return type == TLS_CLIENT_HELLO || type == TLS_SERVER_HELLO || type == TLS_CERTIFICATE;
}

void tls_handshake_message(struct tls_handshake *h, struct conversation *c, enum direction d, char transport,
                           uint8_t type, struct bytes body, bool whole)
{
    if (type == TLS_CLIENT_HELLO)
        client_hello_met(h, c, d, transport, body, whole);
    else if (type == TLS_SERVER_HELLO)
        server_hello_met(h, c, d, body);
    else if (type == TLS_HELLO_RETRY_REQUEST)
        h->retry = true;
    else if (type == TLS_CERTIFICATE)
        certificate_met(h, c, d, body);
}
